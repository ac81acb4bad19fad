/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file reader_stream.h
 * A stream to a reader that may pause: another program behind a pipe or socket, or a terminal. A write waits
 * for the reader; requests to end the program limit the wait.
 */
#ifndef EXPORTER_COLLECTOR_READER_STREAM_H
#define EXPORTER_COLLECTOR_READER_STREAM_H

#include "exporter/collector/limit_report.h"
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>

/* Time that a write waits for a paused reader after the first request to end. */
#define READER_STREAM_END_MS 5000
/* A longer pause is logged. */
#define READER_STREAM_NOTE_MS 1000

typedef struct reader_wait {
    atomic_uint ends; /* requests to end; after the second one no write waits */
    collect_log_function *log;
    void *log_user;
} reader_wait_t;

/** Whether the reader of @p fd may pause: all but regular files. */
bool reader_stream_is_needed(int fd);

/**
 * Returns a buffered stream to @p fd, called @p name in messages; fclose() closes @p fd if @p owned. All
 * pointers stay valid until then. A write that reaches its limit fails with ETIMEDOUT, and so do all later
 * ones. NULL, with errno: out of memory.
 */
FILE *reader_stream_open(int fd, bool owned, const char *name, reader_wait_t *wait);

#endif
