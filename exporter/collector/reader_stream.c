/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/collector/reader_stream.h"
#include <errno.h>
#include <glib.h>
#include <limits.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

/* A wait sees a request to end after this time. */
#define STEP_MS 100

typedef struct reader_stream {
    int fd;
    bool owned;
    bool given_up;
    bool noted; /* the present pause was logged */
    const char *name;
    reader_wait_t *wait;
} reader_stream_t;

bool reader_stream_is_needed(int fd)
{
    struct stat status;
    return fstat(fd, &status) == 0 && !S_ISREG(status.st_mode);
}

static void note_pause(reader_stream_t *stream)
{
    g_autofree char *text = g_strdup_printf(
        "%s: the reader does not read it; no message is received until it reads", stream->name);
    stream->noted = true;
    stream->wait->log(stream->wait->log_user, text);
}

/* A pipe is ready when PIPE_BUF bytes fit. A closed one is ready, too: writing fails. */
static bool wait_for_reader(reader_stream_t *stream)
{
    struct pollfd reader = {.fd = stream->fd, .events = POLLOUT};
    int waited_ms = 0;
    int ending_ms = 0;
    while (poll(&reader, 1, STEP_MS) == 0) {
        const unsigned ends = atomic_load(&stream->wait->ends);
        waited_ms += STEP_MS;
        ending_ms += ends > 0 ? STEP_MS : 0;
        if (ends > 1 || ending_ms >= READER_STREAM_END_MS) {
            return false;
        }
        if (waited_ms >= READER_STREAM_NOTE_MS && !stream->noted) {
            note_pause(stream);
        }
    }
    return true;
}

/* The bytes written; fewer than @p size after a failure, as fopencookie(3) expects. */
static ssize_t write_all(void *cookie, const char *data, size_t size)
{
    reader_stream_t *const stream = cookie;
    size_t done = 0;
    while (done < size) {
        stream->given_up = stream->given_up || !wait_for_reader(stream);
        if (stream->given_up) {
            errno = ETIMEDOUT;
            break;
        }
        const ssize_t count = write(stream->fd, data + done, MIN(size - done, PIPE_BUF));
        if (count < 0 && errno != EINTR && errno != EAGAIN) {
            break;
        }
        done += count > 0 ? (size_t)count : 0;
    }
    stream->noted = stream->noted && done < size;
    return (ssize_t)done;
}

static int close_stream(void *cookie)
{
    reader_stream_t *const stream = cookie;
    const int result = stream->owned ? close(stream->fd) : 0;
    g_free(stream);
    return result;
}

FILE *reader_stream_open(int fd, bool owned, const char *name, reader_wait_t *wait)
{
    const cookie_io_functions_t functions = {.write = write_all, .close = close_stream};
    reader_stream_t *const stream = g_new0(reader_stream_t, 1);
    *stream = (reader_stream_t){.fd = fd, .owned = owned, .name = name, .wait = wait};
    FILE *const out = fopencookie(stream, "w", functions);
    if (out == NULL) {
        const int reason = errno;
        g_free(stream);
        errno = reason;
    }
    return out;
}
