/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file sink.h
 * An open sink, with the queues between the workers and its thread.
 */
#ifndef PIPELINE_WORKER_SINK_H
#define PIPELINE_WORKER_SINK_H

#include "base/spsc_ring.h"
#include "base/wake_event.h"
#include "module/module_spec.h"
#include "pipeline/worker/sink_queue.h"
#include <pthread.h>

struct sink {
    pipeline_t *pipeline;
    synfix_module_context_t context; /* context of the pipeline, with the observation domain of this sink */
    const synfix_module_t *module;
    const synfix_sink_t *functions; /* NULL: not opened */
    module_spec_t *spec;            /* a reference */
    const char *name;               /* as long as the pipeline */
    void *instance;
    const synfix_encoding_t *encoding;
    const void *settings;
    const char *key;
    uint32_t block_size;
    sink_queue_t *queues;  /* one for each worker */
    bool leaving;          /* removed by a reconfiguration; guarded by sinks_lock */
    int64_t left_ns;       /* start of leaving; monotonic */
    atomic_bool dismissed; /* no worker will send it another block */
    pthread_t thread;
    bool running;
    wake_event_t filled;
    synfix_block_t copy; /* block that was read back from disk */
    uint8_t *copy_data;
    int64_t timeout_ns;
    _Atomic int64_t completed_ns; /* time of the last completed call; monotonic */
    _Atomic uint64_t accepted;    /* records passed to the module */
    atomic_bool enough;           /* disabled without failure: the module wants no further records */
    atomic_bool finishing;
    atomic_bool ended;
    atomic_bool abandoned;
    atomic_bool blocked_reported;
    atomic_bool late_reported;
    uint64_t left; /* records still queued when the sink was abandoned */
    atomic_bool failed;
    atomic_bool reload;
    pthread_mutex_t mutex; /* guards reason */
    char reason[256];
};

/**
 * Opens a sink and allocates its queues; sink_start() starts the thread. The name differs from those of @p
 * siblings (PIPELINE_SINKS_MAX entries, may be NULL). @p spec stays the caller's; the sink holds a
 * reference.
 */
synfix_status_t sink_new(pipeline_t *pipeline, module_spec_t *spec, sink_t *const *siblings, sink_t **made,
                         synfix_error_t *error);
/** Closes a sink whose thread does not run. NULL is allowed. */
void sink_free(sink_t *sink);
/** Adds the sink to the pipeline, which owns it from here on. */
void sink_register(pipeline_t *pipeline, sink_t *sink, size_t slot);

#endif
