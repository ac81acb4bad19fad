/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file summary.h
 * What became of every packet and every record, for people and for scrapers.
 */
#ifndef APP_SUMMARY_H
#define APP_SUMMARY_H

#include "engine/pipeline.h"

#include <glib.h>

/** Several lines for a person. Reasons that did not occur are left out. */
void summary_format(const pipeline_summary_t *summary, GString *text);

/** All of it as OpenMetrics text, the closing `# EOF` included; counters that are 0 too. */
void summary_metrics(const pipeline_summary_t *summary, const synfix_engine_counters_t *workers,
                     GString *text);

#endif
