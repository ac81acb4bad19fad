/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file collect_metrics.h
 * Counters of a collecting process, over HTTP and in a file.
 */
#ifndef APP_COMMAND_COLLECT_METRICS_H
#define APP_COMMAND_COLLECT_METRICS_H

#include "exporter/collector/collecting_process.h"

typedef struct collect_metrics collect_metrics_t;

/**
 * Serves the counters of @p collect at @p address and writes them to @p file; either may be NULL. The text is
 * renewed each second on the default main context. @p metrics receives NULL when both are NULL.
 */
synfix_status_t collect_metrics_open(const collect_t *collect, const char *address, const char *file,
                                     collect_metrics_t **metrics, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Writes the file once more. Call before collect_free. @p metrics may be NULL. */
void collect_metrics_close(collect_metrics_t *metrics);

#endif
