/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file paused_reader.h
 * Writes to a reader that may pause: another program behind a pipe or a socket, or a terminal. The caller
 * decides how long a write waits. Any thread, one at a time for each descriptor.
 */
#ifndef FILES_PAUSED_READER_H
#define FILES_PAUSED_READER_H

#include <stdbool.h>
#include <stddef.h>

typedef struct reader_patience {
    /** Called before the first wait and each STOP_CHECK_MS afterwards. @p waited_ms: since the reader last
     * made room. Returns whether the write waits on. */
    bool (*waits_on)(void *user, int waited_ms);
    void *user;
} reader_patience_t;

/** Whether @p fd accepts a byte without a wait: a pipe then accepts PIPE_BUF bytes. A broken descriptor is
 * ready, too: a write to it fails at once. */
bool reader_is_ready(int fd);

/** Waits until reader_is_ready(). False, with errno ETIMEDOUT: @p patience ended the wait. */
bool reader_await(int fd, const reader_patience_t *patience);

/**
 * Writes in pieces that a reader which is ready accepts without a wait. A terminal accepts fewer bytes at
 * times: only a descriptor with O_NONBLOCK does not wait there.
 * @return the bytes written; fewer than @p size with errno: ETIMEDOUT as reader_await(), or that of write(2)
 */
size_t reader_write(int fd, const void *data, size_t size, const reader_patience_t *patience);

/** Text for a user about the errno @p number of these functions: a reader that pauses, or file_reason(). */
const char *reader_reason(int number);

#endif
