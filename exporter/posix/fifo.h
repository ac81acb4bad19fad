/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file fifo.h
 * Opens a path for writing that may be a named pipe.
 */
#ifndef EXPORTER_POSIX_FIFO_H
#define EXPORTER_POSIX_FIFO_H

#include <stdbool.h>
#include <sys/types.h>

/**
 * open() that does not block on a named pipe without a reader. With @p wait the function waits for a reader
 * until SIGINT or SIGTERM is pending (both blocked, as in all threads of this program) and then fails with
 * EINTR; without @p wait the function fails with ENXIO. Writes to the descriptor block. Returns the
 * descriptor, or -1 and errno.
 */
int pipe_open(const char *path, int flags, mode_t mode, bool wait);

/** strerror() with a message of its own for ENXIO, a pipe without a reader. */
const char *pipe_reason(int number);

#endif
