/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "files/file_lock.h"

#include <errno.h>
#include <string.h>
#include <sys/file.h>

int file_lock(int descriptor)
{
    int result = 0;
    do {
        result = flock(descriptor, LOCK_EX | LOCK_NB);
    } while (result != 0 && errno == EINTR);
    return result;
}

bool file_lock_is_held(int number)
{
    return number == EWOULDBLOCK;
}

synfix_status_t file_lock_fail(const char *path, const char *held, synfix_error_t *error)
{
    const int number = errno;
    if (file_lock_is_held(number)) {
        return synfix_fail(error, SYNFIX_IO, "%s: %s", path, held);
    }
    return synfix_fail(error, SYNFIX_IO,
                       "%s: the file system cannot lock the file: %s; use a local file system, or for NFS "
                       "start rpc.statd, or mount with local_lock=flock",
                       path, strerror(number));
}
