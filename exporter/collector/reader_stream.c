/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/collector/reader_stream.h"
#include "files/paused_reader.h"
#include <errno.h>
#include <glib.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct reader_stream {
    int fd;
    bool owned;
    bool ended;        /* a write reached its limit */
    bool noted;        /* the current pause was logged */
    int before_end_ms; /* of the present pause, before the first request to end */
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
        "%s: the reader pauses; no message is received until the reader continues", stream->name);
    stream->noted = true;
    stream->wait->log(stream->wait->log_user, text);
}

static bool waits_on(void *user, int waited_ms)
{
    reader_stream_t *const stream = user;
    const unsigned ends = atomic_load(&stream->wait->ends);
    if (ends == 0 || waited_ms == 0) {
        stream->before_end_ms = waited_ms;
    }
    if ((ends > 1 && waited_ms > 0) || waited_ms - stream->before_end_ms >= READER_STREAM_END_MS) {
        return false;
    }
    if (waited_ms >= READER_STREAM_NOTE_MS && !stream->noted) {
        note_pause(stream);
    }
    return true;
}

/* The bytes written; fewer than @p size after a failure, as fopencookie(3) expects. */
static ssize_t write_all(void *cookie, const char *data, size_t size)
{
    reader_stream_t *const stream = cookie;
    const reader_patience_t patience = {.waits_on = waits_on, .user = stream};
    if (stream->ended) {
        errno = ETIMEDOUT;
        return 0;
    }
    const size_t done = reader_write(stream->fd, data, size, &patience);
    stream->ended = done < size && errno == ETIMEDOUT;
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
