/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file pipeline.h
 * Pipeline runtime: sources, workers with their engines, enrichers, and sinks.
 *
 *     source -> [reader] -> worker: engine, enrichers, encoders -> queue of blocks -> sink thread
 *
 * Files: one worker runs in the calling thread; several workers are fed by the calling thread. Interfaces:
 * each worker has a thread and its own handle on each interface.
 */
#ifndef PIPELINE_PIPELINE_H
#define PIPELINE_PIPELINE_H

#include "pipeline/worker/pipeline_config.h"
#include "pipeline/worker/sink_summary.h"

/** Fills in the defaults: no source, sink or enricher, one worker. */
void pipeline_config_init(pipeline_config_t *config);

/** Opens all modules. On a failure nothing stays open, and @p error names the module and has a cause. */
synfix_status_t pipeline_new(const pipeline_config_t *config, pipeline_t **pipeline,
                             synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Closes everything. Not while the pipeline runs. NULL is allowed. After pipeline_abandoned() nothing is
 * freed, because the thread of the sink still uses it: the program then ends with _exit() and unloads no
 * module.
 */
void pipeline_free(pipeline_t *pipeline);

/**
 * Runs until the sources end or pipeline_stop(), then drains the sinks. Once for each pipeline. A failure
 * is that of a source; packets read before it are delivered. Failed sinks show in the summary only.
 */
synfix_status_t pipeline_run(pipeline_t *pipeline, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Enriches @p observation, which has no annotations, and encodes it for the sinks. */
void pipeline_feed_put(pipeline_feed_t *feed, const synfix_observation_t *observation);
/** Sends blocks that are due and applies changes. False: pipeline_stop() was called, no further observation.
 */
bool pipeline_feed_turn(pipeline_feed_t *feed);

/** Ends a run and drains the sinks. Any thread. The second call does not wait for peers. */
void pipeline_stop(pipeline_t *pipeline);

/**
 * Replaces the database. Each worker changes between two batches. Any thread. The pipeline holds its own
 * reference.
 */
void pipeline_set_sigdb(pipeline_t *pipeline, synfix_sigdb_t *sigdb);
/**
 * Replaces the header filter; NULL passes everything, and may fail to take effect without memory: pass an
 * empty filter where that matters. Any thread. The pipeline holds its own reference.
 */
void pipeline_set_filter(pipeline_t *pipeline, header_filter_t *filter);

/**
 * Live: changes the uptime mode between off and regression. Changes from or to p0f's mode are ignored, they
 * need a restart. The socket filter follows with pipeline_use_kernel_filter(). Any thread.
 */
void pipeline_set_uptime(pipeline_t *pipeline, synfix_uptime_mode_t mode);

/** Live: changes how signatures are formed. Any thread. */
void pipeline_set_signatures(pipeline_t *pipeline, synfix_signature_mode_t mode);

/**
 * Live: whether the process may run on each of the CPUs: the calling thread moves there and back. One thread.
 * @param cpus  as for pipeline_set_cpus()
 * @return SYNFIX_INVALID: a CPU is offline, or not one of the process
 */
synfix_status_t pipeline_check_cpus(const pipeline_t *pipeline, const int *cpus,
                                    synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Live: changes the CPU of each worker; NULL: any CPU of the process. Any thread. */
void pipeline_set_cpus(pipeline_t *pipeline, const int *cpus);

/** Live: switches promiscuous mode of all interfaces, or, after a failure, of none. One thread at a time. */
synfix_status_t pipeline_set_promiscuous(pipeline_t *pipeline, bool promiscuous,
                                         synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Socket filters of all interfaces, made and not yet attached. */
typedef struct pending_filter pending_filter_t;

/**
 * Live: makes socket filters for all handles, and checks that the kernel accepts each of them. Nothing
 * changes before pipeline_use_kernel_filter(), which cannot fail. Any thread.
 * @param expression     libpcap expression; NULL: none
 * @param kernel_filter  whether the kernel drops packets that no analysis needs
 * @param uptime         mode that the filter must serve, see pipeline_set_uptime()
 * @param encapsulations tunnels and tags that must pass
 * @param made           the caller's: pipeline_use_kernel_filter() or pipeline_discard_kernel_filter()
 */
synfix_status_t pipeline_make_kernel_filter(pipeline_t *pipeline, const char *expression, bool kernel_filter,
                                            synfix_uptime_mode_t uptime,
                                            synfix_encapsulations_t encapsulations, pending_filter_t **made,
                                            synfix_error_t *error) SYNFIX_MUST_CHECK;
/** Each handle attaches its filter with the next read. */
void pipeline_use_kernel_filter(pipeline_t *pipeline, pending_filter_t *made);
/** NULL is allowed. */
void pipeline_discard_kernel_filter(pending_filter_t *made);

/** Changes flush_ms. Any thread. */
void pipeline_set_flush(pipeline_t *pipeline, uint32_t flush_ms);

/** Sinks, enrichers and observation domain of a pipeline, in this order. */
typedef struct output_config {
    module_spec_t *const *sinks;
    size_t sink_count;
    module_spec_t *const *enrichers;
    size_t enricher_count;
    uint32_t observation_domain;
} output_config_t;

/**
 * Live: changes sinks, enrichers and observation domain. All or nothing. Those with an equal specification
 * stay, and get a reload request (a sink in its thread, an enricher while no worker processes packets). New
 * ones are opened first; then each worker changes between two batches; then those that are removed drain and
 * end, which is logged. A failed one is opened again; if that fails, it stays failed.
 *
 * A sink that needs the spool of its predecessor is opened after the predecessor has ended; observations in
 * between are counted as `before`. If opening fails then, the previous sinks are opened again.
 *
 * Blocks until all is open (modules may connect), and some seconds for workers and predecessors. Call
 * pipeline_reap() periodically afterwards. Any thread, one call at a time.
 */
synfix_status_t pipeline_set_outputs(pipeline_t *pipeline, const output_config_t *wanted,
                                     synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Frees sinks and enrichers that have finished since the last call. Call from the thread that calls
 * pipeline_set_outputs().
 */
void pipeline_reap(pipeline_t *pipeline);

typedef struct pipeline_summary {
    synfix_engine_counters_t engine; /* all workers */
    synfix_source_stats_t sources;   /* all sources */
    uint64_t samples_dropped;        /* timestamp samples dropped between workers (live) */
    unsigned workers;
    bool live;
    int64_t first_ns; /* packet times */
    int64_t last_ns;
    size_t sink_count;
    size_t sinks_failed;
    size_t enrichers_failed;
    pipeline_sink_summary_t sinks[PIPELINE_SINKS_MAX];
    size_t removed_count;            /* sinks removed by reconfigurations */
    pipeline_sink_summary_t removed; /* their sum; no name */
} pipeline_summary_t;

/** Whether a sink was abandoned: its thread did not return. */
bool pipeline_abandoned(const pipeline_t *pipeline);

/** A snapshot. Any thread, also while it runs. Names live as long as the pipeline. */
void pipeline_summary(const pipeline_t *pipeline, pipeline_summary_t *summary);

/** Counters of one worker. Any thread. */
void pipeline_worker_counters(const pipeline_t *pipeline, unsigned worker,
                              synfix_engine_counters_t *counters);

/**
 * Calls @p visit with a family of labels (`Linux`; `unknown` without a label) and its observations of SYNs
 * and SYN+ACKs; a family may come several times. Any thread.
 */
void pipeline_families(const pipeline_t *pipeline,
                       void (*visit)(void *user, const char *family, uint64_t observations), void *user);

/** One worker's handle on one interface, or a file. */
typedef struct pipeline_handle {
    const char *name; /* of the interface; as long as the pipeline lives */
    unsigned worker;
    synfix_source_stats_t stats;
} pipeline_handle_t;

/** Handle @p index, counted from 0; false when there are no more. Any thread. */
bool pipeline_handle(const pipeline_t *pipeline, size_t index, pipeline_handle_t *handle);

/** Index of a live worker that has completed no iteration for @p limit_ms; -1: none. Any thread. */
int pipeline_stuck(const pipeline_t *pipeline, int64_t limit_ms);

/**
 * Number of workers of a pipeline of @p config. When it is less than configured, @p reason names what needs
 * packet order.
 */
unsigned pipeline_workers_of(const pipeline_config_t *config, const char **reason);

/** Number of workers. */
unsigned pipeline_workers(const pipeline_t *pipeline);

#endif
