/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file worker.h
 * One worker: an engine, enrichers and encoders in one thread.
 */
#ifndef PIPELINE_WORKER_WORKER_H
#define PIPELINE_WORKER_WORKER_H

#include "base/wake_event.h"
#include "filter/header_filter.h"
#include "hosts/host_tracking.h"
#include "pipeline/worker/family_counts.h"
#include "pipeline/worker/output_set.h"
#include <synfix/batch.h>

typedef struct worker worker_t;
typedef struct change change_t; /* pipeline/worker_updates.h */

#define WORKER_SAMPLES SYNFIX_BATCH_MAX /* at most one for each packet */

struct worker {
    _Alignas(64) pipeline_t *pipeline; /* no worker writes to a cache line of another one */
    unsigned index;
    synfix_engine_t *engine;
    output_set_t outputs;
    host_tracking_t hosts;
    family_counts_t families;
    encoder_slot_t *retired; /* slots with blocks that sinks still hold */
    _Atomic(change_t *) next_change;
    _Atomic uint64_t enricher_failures;
    synfix_annotation_t annotations[SYNFIX_ANNOTATIONS_MAX];
    wake_event_t room; /* signalled when a queue has room */
    header_filter_t *filter;
    _Atomic(synfix_sigdb_t *) next_sigdb;
    _Atomic(header_filter_t *) next_filter;
    int64_t now_ns;           /* monotonic, as of the last batch */
    _Atomic int64_t alive_ns; /* live: time of the last iteration; 0: not running */
    int uptime;               /* live: applied value of the pipeline's setting */
    int signatures;           /* the same */
    unsigned cpus_changed;
    pthread_t thread;
    bool running;
    struct sample_rings *sample_rings; /* live: between all workers, of run_live() */
    synfix_timestamp_sample_t
        own_samples[WORKER_SAMPLES]; /* live: samples of own hosts, added after the batch */
    size_t own_count;
};

/** Makes the engine and the state of worker @p index (zeroed before), in the thread that builds the pipeline.
 * Also after a failure: worker_close(). */
synfix_status_t worker_open(worker_t *worker, pipeline_t *pipeline, unsigned index, synfix_error_t *error);
/** Frees what worker_open() made, when no thread uses the worker. */
void worker_close(worker_t *worker);
/** Enriches and encodes one observation. In the worker's thread, between worker_lock_enrichers() and
 * worker_unlock_enrichers(). */
void worker_observe(worker_t *worker, const synfix_observation_t *observation);
/** Sends the blocks of all encoder slots that hold records. */
void worker_flush(worker_t *worker);
/** Between batches: packets pass @p filter from now on, whose reference the worker takes over. NULL: all
 * pass. */
void worker_set_filter(worker_t *worker, header_filter_t *filter);
/** Sends the block of one slot if it holds records. */
void worker_flush_slot(worker_t *worker, encoder_slot_t *slot);
/** Number of observations. */
uint64_t worker_observations(const worker_t *worker);
/**
 * Packets and timestamp samples are pushed between these two calls, so that no enricher is reloaded
 * meanwhile.
 */
void worker_lock_enrichers(worker_t *worker);
void worker_unlock_enrichers(worker_t *worker);

#endif
