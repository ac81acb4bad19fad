/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file pipeline_internal.h
 * The pipeline itself. Only the files of src/pipeline include it.
 */
#ifndef PIPELINE_PIPELINE_INTERNAL_H
#define PIPELINE_PIPELINE_INTERNAL_H

#include "base/clock.h"
#include "pipeline/output_set.h"
#include "pipeline/pipeline.h"
#include "pipeline/reconfigure.h"
#include "pipeline/run_single.h"
#include "pipeline/worker.h"

typedef struct name {
    struct name *next;
    char text[];
} name_t;

struct pipeline {
    pipeline_config_t config; /* without the parts */
    synfix_module_context_t host;
    source_t *sources;
    size_t source_count;
    pthread_mutex_t changing;   /* held as long as sinks and enrichers change, and not by who only looks */
    bool begun;                 /* sinks run; with changing */
    change_t *change;           /* that some worker may not have taken; with changing */
    pthread_mutex_t sinks_lock; /* of all down to removed_count; short, with no call that may wait */
    enricher_t *enrichers[PIPELINE_ENRICHERS_MAX];
    size_t enricher_count;
    size_t sink_count;                                   /* without those that leave */
    sink_t *sinks[PIPELINE_SINKS_MAX];                   /* with NULL in between */
    _Atomic(const void *) instances[PIPELINE_SINKS_MAX]; /* theirs, to be looked at without the lock */
    pipeline_sink_summary_t removed;                     /* what those that ended had counted */
    size_t removed_count;
    enricher_t *retired_enrichers[PIPELINE_ENRICHERS_MAX]; /* that some worker may still use; with changing */
    name_t *names;                                         /* of all sinks that there were */
    worker_t *workers;
    unsigned worker_count;
    _Atomic(filter_t *) next_filter;       /* of who reads files */
    _Atomic uint32_t flush_ms;             /* as configured, or as changed since */
    atomic_int uptime;                     /* the same */
    atomic_int signatures;                 /* the same */
    atomic_int cpus[PIPELINE_WORKERS_MAX]; /* the same; -1: any */
    atomic_uint cpus_changed;              /* how often */
    atomic_uint stops;
    atomic_bool drained; /* no worker will send another block */
    event_t sink_ended;
    pthread_mutex_t mutex; /* of sigdb and of opening and closing sources */
    synfix_sigdb_t *sigdb;
    synfix_source_stats_t ended; /* of sources closed already */
    _Atomic int64_t first_ns;
    _Atomic int64_t last_ns;
    atomic_bool any_packet;
    _Atomic uint64_t samples_dropped;
    pthread_rwlock_t at_packets; /* read: a worker with a batch; write: enrichers reload */
};

/** What a module's open (or the like) answered, as the pipeline's own answer: never positive, and a failure
 * always with its reason. @p own is what the module wrote, empty before the call. */
synfix_status_t pipeline_opened(const char *name, synfix_status_t status, const synfix_error_t *own,
                                synfix_error_t *error);
void pipeline_log(const pipeline_t *pipeline, int level, const char *format, ...) SYNFIX_PRINTF(3, 4);
bool pipeline_stopping(const pipeline_t *pipeline);
/** Ends the run unless it is ending already: never the second stop, which would not wait for peers. */
void pipeline_end(pipeline_t *pipeline);
void pipeline_note_times(pipeline_t *pipeline, const synfix_packet_t *packets, size_t count);
void pipeline_pin(const pipeline_t *pipeline, const worker_t *worker);

#endif
