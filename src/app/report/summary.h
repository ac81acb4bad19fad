/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file summary.h
 * What became of every packet and every record, for people and for scrapers.
 */
#ifndef APP_REPORT_SUMMARY_H
#define APP_REPORT_SUMMARY_H

#include "pipeline/pipeline.h"

#include <glib.h>

/** Several lines for a person. Reasons that did not occur are left out. */
void summary_format(const pipeline_summary_t *summary, GString *text);

/** What is known of each worker and of each handle on an interface. */
typedef struct summary_parts {
    const synfix_engine_counters_t *workers; /* as many as the summary says */
    const pipeline_handle_t *handles;
    size_t handle_count;
} summary_parts_t;

/** A line for each worker, for a person. */
void summary_format_workers(const pipeline_summary_t *summary, const summary_parts_t *parts, GString *text);

/** All of it as OpenMetrics text, the closing `# EOF` included; counters that are 0 too. */
void summary_metrics(const pipeline_summary_t *summary, const summary_parts_t *parts, GString *text);

#endif
