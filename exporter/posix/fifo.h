/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file fifo.h
 * Opening what may be a named pipe for writing.
 */
#ifndef EXPORTER_POSIX_FIFO_H
#define EXPORTER_POSIX_FIFO_H

#include <stdbool.h>
#include <sys/types.h>

/**
 * open(), which does not hang in a named pipe that nobody reads. Its reader is waited for when @p wait, until
 * SIGINT or SIGTERM (blocked, as in threads of this program) is pending: EINTR. Else ENXIO. The descriptor
 * blocks when written to, as that of open does.
 */
int pipe_open(const char *path, int flags, mode_t mode, bool wait);

/** strerror, with a word of its own for a pipe that nobody reads. */
const char *pipe_reason(int number);

#endif
