/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/common/standard_error.h"
#include "base/plural.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A wait sees a call of standard_error_skip() after this time. */
#define STEP_MS 100

static atomic_bool skipping;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static unsigned missed; /* lines since the reader paused; with the mutex */

/* A pipe is ready when PIPE_BUF bytes fit: a line is shorter. A closed pipe is ready, too: writing fails. */
static bool is_ready(int wait_ms)
{
    struct pollfd reader = {.fd = STDERR_FILENO, .events = POLLOUT};
    return poll(&reader, 1, wait_ms) != 0;
}

static bool wait_for_reader(void)
{
    int waited_ms = 0;
    while (!is_ready(missed > 0 ? 0 : STEP_MS)) {
        waited_ms += STEP_MS;
        if (atomic_load(&skipping) && (missed > 0 || waited_ms >= STANDARD_ERROR_WAIT_MS)) {
            return false;
        }
    }
    return true;
}

static void write_line(const char *line, size_t length)
{
    if (!wait_for_reader()) {
        missed++;
        return;
    }
    if (missed > 0) {
        fprintf(stderr, "synfix: %u line%s of the log omitted, because the reader of standard error paused\n",
                missed, plural(missed));
        missed = 0;
    }
    (void)fwrite(line, 1, length, stderr);
}

void standard_error_write(const char *text)
{
    (void)pthread_mutex_lock(&mutex);
    for (size_t length = 0; *text != '\0'; text += length) {
        const char *end = strchr(text, '\n');
        length = end != NULL ? (size_t)(end - text) + 1 : strlen(text);
        write_line(text, length);
    }
    (void)pthread_mutex_unlock(&mutex);
}

void standard_error_skip(void)
{
    atomic_store(&skipping, true);
}
