/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file fifo.h
 * Opens a path for writing that may be a named pipe.
 */
#ifndef EXPORTER_POSIX_FIFO_H
#define EXPORTER_POSIX_FIFO_H

#include "files/directory_entry.h"

/**
 * file_open(), which waits for the reader of a named pipe when @p wait, until SIGINT or SIGTERM (blocked, as
 * in threads of this program) is pending: EINTR. Without @p wait a pipe without a reader fails with ENXIO.
 */
int fifo_open(const directory_entry_t *entry, int access, mode_t mode, bool wait);

#endif
