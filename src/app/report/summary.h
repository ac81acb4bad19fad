/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file summary.h
 * The fate of every packet and every record, as text and as metrics.
 */
#ifndef APP_REPORT_SUMMARY_H
#define APP_REPORT_SUMMARY_H

#include "pipeline/pipeline.h"

#include <glib.h>

/** Appends the summary as text. Reasons with count 0 are omitted. */
void summary_format(const pipeline_summary_t *summary, GString *text);

/** Counters of each worker and of each capture handle. */
typedef struct summary_parts {
    const synfix_engine_counters_t *workers; /* array length: see the summary */
    const pipeline_handle_t *handles;
    size_t handle_count;
} summary_parts_t;

/** Appends a line for each worker as text. */
void summary_format_workers(const pipeline_summary_t *summary, const summary_parts_t *parts, GString *text);

/** Appends the metric of observations by family. @p families: char * to uint64_t *. Call before
 * summary_metrics().
 */
void summary_metric_families(GHashTable *families, GString *text);

/** Appends the counters of a query socket. Call before summary_metrics(). */
void summary_metric_queries(uint64_t answered, uint64_t refused, GString *text);
/** The counters of the metrics listener itself: new connections, and idle or slow ones, that were closed. */
void summary_metric_listener(uint64_t refused, uint64_t displaced, GString *text);

/** Appends everything as OpenMetrics text with the closing `# EOF`, counters with value 0 included. */
void summary_metrics(const pipeline_summary_t *summary, const summary_parts_t *parts, GString *text);

#endif
