/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file pipeline.h
 * Sources, workers with their engines, enrichers, and sinks, put together and run.
 *
 *     source -> [reader] -> worker: engine, enrichers, encoders -> queue of blocks -> sink thread
 *
 * From files one worker runs in the calling thread; more of them are fed by the calling thread. Live, each
 * worker has a thread and its own handle on each interface.
 */
#ifndef PIPELINE_PIPELINE_H
#define PIPELINE_PIPELINE_H

#include "pipeline/header_filter.h"
#include <synfix/engine.h>
#include <synfix/module.h>

typedef struct pipeline pipeline_t;
typedef struct module_spec module_spec_t; /* module/module_spec.h */

#define PIPELINE_WORKERS_MAX      64u
#define PIPELINE_SINKS_MAX        32u
#define PIPELINE_SOURCES_MAX      65536u
#define PIPELINE_ENRICHERS_MAX    16u
#define PIPELINE_FLUSH_DEFAULT    1000u               /* milliseconds */
#define PIPELINE_QUEUE_DEFAULT    (1u << 20)          /* bytes for each sink and worker */
#define PIPELINE_OVERFLOW_DEFAULT (UINT64_C(1) << 28) /* bytes on disk for each sink */
#define PIPELINE_PATIENCE_DEFAULT 60000u              /* milliseconds */
#define PIPELINE_GRACE_DEFAULT    5000u               /* milliseconds */

/** Start from pipeline_config_init. */
typedef struct pipeline_config {
    /** Specifications belong to the caller; the pipeline takes references. Sources, files: all are opened
     * first (a mistake in one ends it), then read one after the other, packet numbers run on; live: all at
     * once. */
    module_spec_t *const *sources;
    size_t source_count;
    module_spec_t *const *enrichers; /* in this order */
    size_t enricher_count;
    module_spec_t *const *sinks;
    size_t sink_count;
    synfix_engine_config_t
        engine;       /* callbacks for observations, points and the filter are the pipeline's own */
    filter_t *filter; /* NULL: everything passes; the pipeline takes its own reference */
    unsigned workers; /* 1 with SYNFIX_UPTIME_P0F, and on files with an enricher that is in_order, whatever
                         stands here */
    const int *cpus;  /* one a worker, to run on; NULL: anywhere */
    bool live;
    bool drop_when_full; /* files: a sink whose queue is full loses records; live it is always so */
    uint32_t observation_domain;
    uint32_t flush_ms;    /* a partly filled block leaves this long after its first record */
    uint32_t queue_bytes; /* bound of what waits for one sink from one worker */
    /** Files: what finds no room in the queue of one sink while there are others waits in files without names
     * in overflow_folder (NULL: /var/tmp; lives as long as the pipeline), so many bytes for a sink (0:
     * none). When that is full too, the reading waits for the sink; when it takes nothing for
     * sink_timeout_ms, its records are lost until it does. */
    uint64_t overflow_bytes;
    const char *overflow_folder;
    /** Also how long the end waits for a sink that takes nothing: after grace_ms more it is asked to stop,
     * and after as much again it is abandoned. A module's own option `sink-timeout` or `timeout` counts when
     * it is longer. For the only sink of a file the end waits for ever. */
    uint32_t sink_timeout_ms;
    uint32_t grace_ms;
    /** Called once all sources are open, before enrichers, sinks and any thread: the place to give rights up,
     * so that what is opened then can be opened again later. A failure is pipeline_new's. NULL: nothing. */
    synfix_status_t (*on_sources_open)(void *user, synfix_error_t *error);
    void *sources_open_user;
    void (*log)(void *user, int level, const char *text); /* any thread; NULL: nobody listens */
    void *log_user;
} pipeline_config_t;

void pipeline_config_init(pipeline_config_t *config);

/** Opens all modules. On a failure nothing stays open, and @p error names the module and has a cause. */
synfix_status_t pipeline_new(const pipeline_config_t *config, pipeline_t **pipeline,
                             synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Not while it runs. NULL is allowed. When a sink was abandoned its thread goes on using what there is, so
 * everything stays: a program ends with _exit, and unloads no module. */
void pipeline_free(pipeline_t *pipeline);

/**
 * Works until the sources end or pipeline_stop, then drains the sinks. Once for each pipeline. A negative
 * status is a source's (what was read before it is delivered all the same); failed sinks do not show here but
 * in the summary.
 */
synfix_status_t pipeline_run(pipeline_t *pipeline, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Ends a run in good order. Any thread. The second call gives up waiting for peers. */
void pipeline_stop(pipeline_t *pipeline);

/** Each worker changes over between two batches. Any thread. The pipeline takes its own reference. */
void pipeline_set_sigdb(pipeline_t *pipeline, synfix_sigdb_t *sigdb);
/** NULL: everything passes. */
void pipeline_set_filter(pipeline_t *pipeline, filter_t *filter);

/** Live: another mode, OFF or LINES; nothing happens where one or the other is p0f's, which takes a restart.
 * The socket filter follows with pipeline_use_kernel_filter. Any thread. */
void pipeline_set_uptime(pipeline_t *pipeline, synfix_uptime_mode_t mode);

/** Live: signatures are formed in another way. Any thread. */
void pipeline_set_signatures(pipeline_t *pipeline, synfix_signature_mode_t mode);

/** Live: other CPUs, one a worker; NULL: any of those that the process may use. Any thread. */
void pipeline_set_cpus(pipeline_t *pipeline, const int *cpus);

/** Live: whether the interfaces show what is not for this host. What can't be changed is told. Any thread. */
void pipeline_set_promiscuous(pipeline_t *pipeline, bool promiscuous);

/** Filters for the sockets of all interfaces, made and not yet in use. */
typedef struct pending_filter pending_filter_t;

/**
 * Live: another libpcap expression, and what the kernel may drop. Any thread. Nothing changes before
 * pipeline_use_kernel_filter(), which cannot fail.
 * @param expression     NULL: none
 * @param kernel_filter  whether the kernel drops what no analysis needs
 * @param uptime         mode for which packets must pass, see pipeline_set_uptime()
 * @param encapsulations tunnels and tags that must pass
 * @param made           the caller's: pipeline_use_kernel_filter() or pipeline_discard_kernel_filter()
 */
synfix_status_t pipeline_make_kernel_filter(pipeline_t *pipeline, const char *expression, bool kernel_filter,
                                            synfix_uptime_mode_t uptime,
                                            synfix_encapsulations_t encapsulations, pending_filter_t **made,
                                            synfix_error_t *error) SYNFIX_MUST_CHECK;
/** Each handle attaches its filter with the next read; one that the kernel refuses is logged, and the handle
 * keeps its old one. */
void pipeline_use_kernel_filter(pipeline_t *pipeline, pending_filter_t *made);
/** NULL is allowed. */
void pipeline_discard_kernel_filter(pending_filter_t *made);

/** Another PIPELINE_FLUSH_DEFAULT. Any thread. */
void pipeline_set_flush(pipeline_t *pipeline, uint32_t flush_ms);

/** Asks sinks (in their threads) and enrichers (while no worker is at work on packets) to reload. Any thread.
 */
void pipeline_reload(pipeline_t *pipeline);

/** Where observations go, and what is added to them on the way; in this order. */
typedef struct pipeline_outputs {
    module_spec_t *const *sinks;
    size_t sink_count;
    module_spec_t *const *enrichers;
    size_t enricher_count;
    uint32_t observation_domain;
} output_config_t;

/**
 * Live: other sinks, enrichers, observation domain. Those with an equal specification stay as they are (and
 * are asked to reload); new ones are opened first, then every worker changes over between two batches, then
 * those that are not wanted any more get the rest of their records, end, and are told. One that has failed is
 * opened anew; when that fails again it stays so. On a failure nothing changes.
 *
 * A sink that can't be opened as long as its predecessor has the same spool is opened when that has ended;
 * observations in between are not its own (`before`). If it fails then, what there was is opened again.
 *
 * Waits until all is open (modules may connect), and at most some seconds for workers and predecessors.
 * pipeline_reap must be called now and then. Any thread, one at a time.
 */
synfix_status_t pipeline_set_outputs(pipeline_t *pipeline, const output_config_t *wanted,
                                     synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Takes leave of sinks and enrichers that have ended since. The thread of pipeline_set_outputs. */
void pipeline_reap(pipeline_t *pipeline);

typedef struct pipeline_sink_summary {
    const char *name;          /* `scheme:target` */
    synfix_sink_stats_t stats; /* the sink's own words */
    uint64_t before;           /* observations made before the sink was there */
    uint64_t queued;           /* records that its queue took */
    uint64_t dropped;          /* records that its queue had no room for, or that came after it failed */
    uint64_t unencodable;      /* records too large for a block */
    uint64_t left;             /* records on disk when it was taken out: `found` by who has the spool next */
    uint64_t lost;             /* dropped, unencodable or given up; 0 when it had enough */
    bool failed;               /* switched off */
    bool enough;               /* it wanted no more: what it did not get is no loss */
    char reason[256];          /* the line that went with the failure */
} pipeline_sink_summary_t;

typedef struct pipeline_summary {
    synfix_engine_counters_t engine; /* all workers */
    synfix_source_stats_t sources;   /* all sources */
    uint64_t samples_dropped;        /* host points that found no room between workers (live) */
    unsigned workers;
    bool live;
    int64_t first_ns; /* packet times */
    int64_t last_ns;
    size_t sink_count;
    size_t sinks_failed;
    size_t enrichers_failed;
    pipeline_sink_summary_t sinks[PIPELINE_SINKS_MAX];
    size_t removed_count;            /* sinks that a change has taken out */
    pipeline_sink_summary_t removed; /* all of them together; no name */
} pipeline_summary_t;

/** Whether the run left a sink behind whose thread did not come back. */
bool pipeline_abandoned(const pipeline_t *pipeline);

/** A snapshot. Any thread, also while it runs. Names live as long as the pipeline. */
void pipeline_summary(const pipeline_t *pipeline, pipeline_summary_t *summary);

/** Counters of one worker. Any thread. */
void pipeline_worker_counters(const pipeline_t *pipeline, unsigned worker,
                              synfix_engine_counters_t *counters);

/** One worker's handle on one interface, or a file. */
typedef struct pipeline_handle {
    const char *name; /* of the interface; as long as the pipeline lives */
    unsigned worker;
    synfix_source_stats_t stats;
} pipeline_handle_t;

/** Handle @p index, counted from 0; false when there are no more. Any thread. */
bool pipeline_handle(const pipeline_t *pipeline, size_t index, pipeline_handle_t *handle);

/** A live worker that has not come round for @p limit_ms although it runs; -1 when all do. Any thread. */
int pipeline_stuck(const pipeline_t *pipeline, int64_t limit_ms);

/** Workers that a pipeline of @p config has; when less than asked for, what in it needs the order of packets.
 */
unsigned pipeline_workers_of(const pipeline_config_t *config, const char **reason);

/** Workers that will run. */
unsigned pipeline_workers(const pipeline_t *pipeline);

#endif
