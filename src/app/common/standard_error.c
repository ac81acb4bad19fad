/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/common/standard_error.h"
#include "base/clock.h"
#include "base/message_text.h"
#include "files/paused_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static atomic_bool skipping;
static pthread_once_t opened = PTHREAD_ONCE_INIT;
static int terminal = -1; /* standard error with O_NONBLOCK; -1: not a terminal, or not opened */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
/* protected by the mutex */
static unsigned missed;  /* lines omitted or cut since the last report */
static int64_t began_ns; /* the present line */
static bool cut;         /* the last line has no end */

/* A terminal that is ready may have less room than a line needs, and the write would block. Other programs
 * share the open file description, so O_NONBLOCK needs a description of this process. */
static void open_terminal(void)
{
    if (isatty(STDERR_FILENO) == 1) {
        terminal = open("/proc/self/fd/2", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    }
}

static bool waits_on(void *user, int waited_ms)
{
    (void)user;
    (void)waited_ms; /* since the last part of the line; the limit is that of the whole line */
    return !atomic_load(&skipping) ||
           (missed == 0 && monotonic_ns() - began_ns < STANDARD_ERROR_WAIT_MS * NS_PER_MS);
}

static bool waits_never(void *user, int waited_ms)
{
    (void)user;
    (void)waited_ms;
    return false;
}

static int descriptor(void)
{
    return terminal >= 0 ? terminal : STDERR_FILENO;
}

/* False: the reader pauses. True also after the end of the reader: no line is then counted as missing. */
static bool write_text(const char *text, size_t length)
{
    static const reader_patience_t patience = {.waits_on = waits_on};
    const size_t done = reader_write(descriptor(), text, length, &patience);
    const bool paused = done < length && errno == ETIMEDOUT;
    cut = done > 0 ? text[done - 1] != '\n' : cut;
    return !paused;
}

/* Reports the lines that the reader did not receive, in a separate line. */
static bool write_missed(void)
{
    char text[128];
    const int length = snprintf(
        text, sizeof text,
        "%ssynfix: %u line%s of the log omitted or cut, because the reader of standard error paused\n",
        cut ? "\n" : "", missed, plural(missed));
    return write_text(text, (size_t)length);
}

static void write_line(const char *line, size_t length)
{
    began_ns = monotonic_ns();
    if (missed > 0 && write_missed()) {
        missed = 0;
    }
    missed += missed > 0 || !write_text(line, length);
}

void standard_error_write(const char *text)
{
    (void)pthread_once(&opened, open_terminal);
    (void)pthread_mutex_lock(&mutex);
    for (size_t length = 0; *text != '\0'; text += length) {
        const char *end = strchr(text, '\n');
        length = end != NULL ? (size_t)(end - text) + 1 : strlen(text);
        write_line(text, length);
    }
    (void)pthread_mutex_unlock(&mutex);
}

void standard_error_show(const char *text)
{
    static const reader_patience_t patience = {.waits_on = waits_never};
    (void)pthread_once(&opened, open_terminal);
    if (pthread_mutex_trylock(&mutex) == 0) { /* otherwise a thread waits with a line */
        (void)reader_write(descriptor(), text, strlen(text), &patience);
        (void)pthread_mutex_unlock(&mutex);
    }
}

void standard_error_skip(void)
{
    (void)pthread_once(&opened, open_terminal); /* before the program drops privileges */
    atomic_store(&skipping, true);
}
