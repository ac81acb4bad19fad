/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/thread_start.h"

#include <errno.h>
#include <string.h>

synfix_status_t thread_start(pthread_t *thread, void *(*run)(void *user), void *user, const char *what,
                             synfix_error_t *error)
{
    const int reason = pthread_create(thread, NULL, run, user);
    if (reason == 0) {
        return SYNFIX_OK;
    }
    return synfix_fail(
        error, SYNFIX_NO_MEMORY, "%s: no thread: %s%s", what, strerror(reason),
        reason == EAGAIN ? "; raise the limit of processes (ulimit -u) or of memory (ulimit -v, -d)" : "");
}
