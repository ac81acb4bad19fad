/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "files/paused_reader.h"
#include "base/stop_check.h"
#include "files/file_error.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <unistd.h>

/* Whether @p fd becomes ready within @p wait_ms. */
static bool becomes_ready(int fd, int wait_ms)
{
    struct pollfd reader = {.fd = fd, .events = POLLOUT};
    const int ready = poll(&reader, 1, wait_ms);
    return ready > 0 || (ready < 0 && errno != EINTR); /* the write reports a wrong descriptor */
}

bool reader_is_ready(int fd)
{
    return becomes_ready(fd, 0);
}

/* One step of a wait; @p fd -1: for time only. False, with errno: the caller ended the wait. */
static bool wait_step(int fd, const reader_patience_t *patience, int *waited_ms)
{
    if (!patience->waits_on(patience->user, *waited_ms)) {
        errno = ETIMEDOUT;
        return false;
    }
    *waited_ms += becomes_ready(fd, STOP_CHECK_MS) ? 0 : STOP_CHECK_MS;
    return true;
}

bool reader_await(int fd, const reader_patience_t *patience)
{
    int waited_ms = 0;
    while (!reader_is_ready(fd)) {
        if (!wait_step(fd, patience, &waited_ms)) {
            return false;
        }
    }
    return true;
}

/* The bytes written; -1 with errno. EAGAIN: none now, and @p awaited is the descriptor for wait_step. */
static ssize_t write_piece(int fd, const char *data, size_t size, int *awaited)
{
    *awaited = fd;
    if (!reader_is_ready(fd)) {
        errno = EAGAIN;
        return -1;
    }
    *awaited = -1; /* a terminal is ready while it has less room than a line end needs */
    return write(fd, data, size < PIPE_BUF ? size : PIPE_BUF);
}

size_t reader_write(int fd, const void *data, size_t size, const reader_patience_t *patience)
{
    size_t done = 0;
    int waited_ms = 0;
    while (done < size) {
        int awaited;
        const ssize_t count = write_piece(fd, (const char *)data + done, size - done, &awaited);
        if (count >= 0) {
            done += (size_t)count;
            waited_ms = 0;
        } else if (errno == EAGAIN) {
            if (!wait_step(awaited, patience, &waited_ms)) {
                break;
            }
        } else if (errno != EINTR) {
            break;
        }
    }
    return done;
}

const char *reader_reason(int number)
{
    return number == ETIMEDOUT ? "the reader pauses; continue or restart the reader" : file_reason(number);
}
