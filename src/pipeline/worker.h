/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file worker.h
 * One worker: an engine, enrichers and encoders in one thread.
 */
#ifndef PIPELINE_WORKER_H
#define PIPELINE_WORKER_H

#include "pipeline/header_filter.h"
#include "pipeline/reconfigure.h"
#include <synfix/batch.h>

typedef struct worker worker_t;

#define WORKER_SAMPLES SYNFIX_BATCH_MAX /* a packet gives one at most */

struct worker {
    pipeline_t *pipeline;
    unsigned index;
    synfix_engine_t *engine;
    output_set_t outputs;
    encoder_slot_t *retired; /* stages that some block has not come home to */
    _Atomic(change_t *) next_change;
    _Atomic uint64_t enricher_failures;
    synfix_annotation_t annotations[SYNFIX_ANNOTATIONS_MAX];
    event_t room; /* a queue was emptied */
    filter_t *filter;
    _Atomic(synfix_sigdb_t *) next_sigdb;
    _Atomic(filter_t *) next_filter;
    int64_t now_ns;           /* monotonic, as of the last batch */
    _Atomic int64_t alive_ns; /* live: when it last came round; 0: does not run */
    int uptime;               /* live: of pipeline's, what is in use */
    int signatures;           /* the same */
    unsigned cpus_changed;
    pthread_t thread;
    bool running;
    struct live_worker *live;                              /* on interfaces */
    synfix_timestamp_sample_t own_samples[WORKER_SAMPLES]; /* live: of own hosts, taken after the batch */
    size_t own_count;
};

synfix_status_t worker_open(worker_t *worker, pipeline_t *pipeline, unsigned index, synfix_error_t *error);
void worker_close(worker_t *worker);
/** Takes over what was reloaded, sends blocks that are old enough. Between batches. */
void worker_apply_updates(worker_t *worker);
void worker_flush(worker_t *worker);
/** Any thread: the worker changes over with its next batch; at once when its thread has ended. It has taken
 * the change before. */
void worker_offer_change(worker_t *worker, change_t *change);
/** The worker's thread ends: it takes what it was offered, and nothing more. */
void worker_last_change(worker_t *worker);
/** Packets and points go into the engine between these two: no enricher is reloaded meanwhile. */
void worker_lock_enrichers(worker_t *worker);
void worker_unlock_enrichers(worker_t *worker);

#endif
