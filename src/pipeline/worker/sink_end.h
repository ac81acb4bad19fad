/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file sink_end.h
 * Deadlines of sinks, and the end of all sinks.
 */
#ifndef PIPELINE_WORKER_SINK_END_H
#define PIPELINE_WORKER_SINK_END_H

#include "pipeline/worker/sink.h"

/** Drains, stops or abandons all sinks; no worker runs. Reconfiguration ends here. */
void sinks_finish(pipeline_t *pipeline);
/** Limit for waiting for a stuck sink. INT64_MAX: none. */
int64_t sink_timeout_limit_ns(const sink_t *sink);
/** Time since the sink last made progress, counted from @p since_ns at the earliest. */
int64_t sink_stuck_ns(const sink_t *sink, int64_t since_ns);

#endif
