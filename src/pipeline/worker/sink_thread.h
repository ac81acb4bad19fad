/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file sink_thread.h
 * The thread of a sink.
 */
#ifndef PIPELINE_WORKER_SINK_THREAD_H
#define PIPELINE_WORKER_SINK_THREAD_H

#include "pipeline/worker/sink.h"

/** Starts the threads of all sinks. After a failure none runs. */
synfix_status_t sinks_start(pipeline_t *pipeline, synfix_error_t *error);
/** Starts the thread of one sink. Errors as thread_start(). */
synfix_status_t sink_start(sink_t *sink, synfix_error_t *error);
/** Disables the sink: the first reason is kept and logged, further blocks are counted as lost. Any thread. */
void sink_disable(sink_t *sink, synfix_status_t status, const synfix_error_t *error);

#endif
