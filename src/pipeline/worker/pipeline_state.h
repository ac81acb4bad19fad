/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file pipeline_state.h
 * State of a pipeline that its workers, its sinks and the functions of pipeline.h share.
 */
#ifndef PIPELINE_WORKER_PIPELINE_STATE_H
#define PIPELINE_WORKER_PIPELINE_STATE_H

#include "base/clock.h"
#include "base/wake_event.h"
#include "pipeline/worker/output_set.h"
#include "pipeline/worker/sink_summary.h"
#include "pipeline/worker/worker.h"
#include "pipeline/worker/worker_updates.h"

typedef struct source source_t; /* pipeline/run_single.h */

typedef struct name {
    struct name *next;
    char text[];
} name_t;

struct pipeline {
    pipeline_config_t config; /* sources, enrichers and sinks are not valid after pipeline_new() */
    synfix_module_context_t context;
    source_t *sources;
    size_t source_count;
    bool few_packets;         /* the sources are small files */
    pthread_mutex_t changing; /* serialises reconfiguration; readers use sinks_lock */
    bool begun;               /* sinks run; guarded by changing */
    change_t *change;         /* pending in some worker; guarded by changing */
    pthread_mutex_t
        sinks_lock; /* guards all down to removed_count; held briefly, never over a call that may block */
    enricher_t *enrichers[PIPELINE_ENRICHERS_MAX];
    size_t enricher_count;
    size_t sink_count;                                   /* without those that are leaving */
    sink_t *sinks[PIPELINE_SINKS_MAX];                   /* may contain NULL */
    _Atomic(const void *) instances[PIPELINE_SINKS_MAX]; /* instances of sinks, readable without the lock */
    pipeline_sink_summary_t removed;                     /* sums of removed sinks */
    size_t removed_count;
    enricher_t
        *retired_enrichers[PIPELINE_ENRICHERS_MAX]; /* may still be in use by a worker; guarded by changing */
    name_t *names;                                  /* names of all sinks, also of removed ones */
    worker_t *workers;
    unsigned worker_count;
    _Atomic(header_filter_t *) next_filter; /* for the thread that reads files */
    _Atomic uint32_t flush_ms;              /* current value */
    atomic_int uptime;                      /* the same */
    atomic_int signatures;                  /* the same */
    atomic_int cpus[PIPELINE_WORKERS_MAX];  /* the same; -1: any */
    atomic_uint cpus_changed;               /* number of changes */
    atomic_uint stops;
    atomic_bool drained; /* no worker will send another block */
    wake_event_t sink_ended;
    pthread_mutex_t mutex; /* guards sigdb, and opening and closing of sources */
    synfix_sigdb_t *sigdb;
    synfix_source_stats_t ended; /* sums of closed sources */
    synfix_status_t left_out;    /* files: the first source that could not be opened */
    synfix_error_t left_out_error;
    _Atomic int64_t first_ns;
    _Atomic int64_t last_ns;
    atomic_bool any_packet;
    _Atomic uint64_t samples_dropped;
    pthread_rwlock_t at_packets; /* read: a worker with a batch; write: enrichers reload */
};

/**
 * Turns the result of a module's open function into a result of the pipeline: never positive, and with a
 * message on failure. @p own is the error that the module wrote, empty before the call; its cause is kept.
 */
synfix_status_t pipeline_opened(const char *name, synfix_status_t status, const synfix_error_t *own,
                                synfix_error_t *error);
/** Writes a line to the log of the caller. @p level: as in synfix_module_context_t. Any thread. */
void pipeline_log(const pipeline_t *pipeline, int level, const char *format, ...) SYNFIX_PRINTF(3, 4);
/** Whether pipeline_stop() or pipeline_end() was called. Any thread. */
bool pipeline_stopping(const pipeline_t *pipeline);
/** Ends the run unless it is ending: never a second stop, which would not wait for peers. */
void pipeline_end(pipeline_t *pipeline);
/** Records the times of the first and the last packet of a batch. Any worker. */
void pipeline_note_times(pipeline_t *pipeline, int64_t first_ns, int64_t last_ns);
/** Stores the CPU of each worker; NULL: any. The workers follow with pipeline_pin(). */
void pipeline_store_cpus(pipeline_t *pipeline, const int *cpus);
/** Moves the calling thread, which runs @p worker, to its CPU. A failure is logged. */
void pipeline_pin(const pipeline_t *pipeline, const worker_t *worker);

#endif
