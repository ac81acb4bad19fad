/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file module_instances.h
 * Open sinks and enrichers.
 */
#ifndef PIPELINE_MODULE_INSTANCES_H
#define PIPELINE_MODULE_INSTANCES_H

#include "base/spsc_ring.h"
#include "module/module_spec.h"
#include "pipeline/sink_queue.h"
#include <pthread.h>

struct sink {
    pipeline_t *pipeline;
    synfix_module_context_t host; /* the pipeline's, with its own observation domain */
    const synfix_module_t *module;
    const synfix_sink_t *functions; /* NULL: not opened */
    module_spec_t *spec;            /* a reference */
    const char *name;               /* as long as the pipeline */
    void *instance;
    const synfix_encoding_t *encoding;
    const void *settings;
    const char *key;
    uint32_t block_size;
    sink_queue_t *links;   /* one a worker */
    bool leaving;          /* not wanted any more; with the lock for listing */
    int64_t left_ns;       /* when that began; monotonic */
    atomic_bool dismissed; /* no worker will send it another block */
    pthread_t thread;
    bool running;
    event_t filled;
    synfix_block_t copy; /* of what comes back from disk */
    uint8_t *copy_data;
    int64_t timeout_ns;
    _Atomic int64_t taken_ns; /* when it was last done with something; monotonic */
    _Atomic uint64_t taken;   /* records that it took */
    atomic_bool enough;       /* off, but not failed: wants no more */
    atomic_bool finishing;
    atomic_bool ended;
    atomic_bool abandoned;
    atomic_bool blocked_reported;
    atomic_bool late_reported;
    uint64_t left; /* records that it had not taken when it was abandoned */
    atomic_bool failed;
    atomic_bool reload;
    pthread_mutex_t mutex; /* of reason */
    char reason[256];
};

typedef struct enricher {
    const synfix_module_t *module;
    module_spec_t *spec; /* a reference */
    void *instance;
    bool open;
    void **states;        /* one a worker */
    unsigned state_count; /* of those that are open */
    atomic_bool failed;
    atomic_bool reload;
} enricher_t;

/** Opens it, with all that lies between it and the workers. It does not run. Its name is another than those
 * of
 * @p siblings (PIPELINE_SINKS_MAX, with NULL in between). */
synfix_status_t sink_new(pipeline_t *pipeline, module_spec_t *spec, sink_t *const *siblings, sink_t **made,
                         synfix_error_t *error);
/** It does not run any more. NULL is allowed. */
void sink_free(sink_t *sink);
/** From now on it is one of the pipeline's. */
void sink_register(pipeline_t *pipeline, sink_t *sink, size_t slot);
/** Opens it, and its state for every worker. */
synfix_status_t enricher_new(pipeline_t *pipeline, module_spec_t *spec, enricher_t **made,
                             synfix_error_t *error);
void enricher_free(enricher_t *enricher);

#endif
