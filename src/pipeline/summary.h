/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file summary.h
 * Sums over sinks, sources and workers.
 */
#ifndef PIPELINE_SUMMARY_H
#define PIPELINE_SUMMARY_H

#include "pipeline/pipeline.h"
#include "pipeline/worker/worker.h"

/** Adds the current counters of @p sink. */
void sink_add_up(pipeline_t *pipeline, sink_t *sink, pipeline_sink_summary_t *sum);
void sources_add_up(pipeline_t *pipeline, synfix_source_stats_t *sum);
void counters_add_up(const pipeline_t *pipeline, synfix_engine_counters_t *sum);

#endif
