/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file pipeline_config.h
 * Configuration and limits of a pipeline.
 */
#ifndef PIPELINE_WORKER_PIPELINE_CONFIG_H
#define PIPELINE_WORKER_PIPELINE_CONFIG_H

#include "filter/header_filter.h"
#include <synfix/engine.h>
#include <synfix/module.h>

typedef struct pipeline pipeline_t;
typedef struct pipeline_feed pipeline_feed_t;
typedef struct module_spec module_spec_t; /* module/module_spec.h */
typedef struct host_model host_model_t;   /* hosts/host_model.h */

#define PIPELINE_WORKERS_MAX          64u
#define PIPELINE_SINKS_MAX            32u
#define PIPELINE_SOURCES_MAX          65536u
#define PIPELINE_ENRICHERS_MAX        16u
#define PIPELINE_FLUSH_DEFAULT        1000u               /* milliseconds */
#define PIPELINE_QUEUE_DEFAULT        (1u << 20)          /* bytes for each sink and worker */
#define PIPELINE_OVERFLOW_DEFAULT     (UINT64_C(1) << 28) /* bytes on disk for each sink */
#define PIPELINE_SINK_TIMEOUT_DEFAULT 60000u              /* milliseconds */
#define PIPELINE_GRACE_DEFAULT        5000u               /* milliseconds */

/** Start from pipeline_config_init. */
typedef struct pipeline_config {
    /** Specifications belong to the caller; the pipeline takes references. Sources, files: all are opened
     * first (a mistake in one ends it), then read one after the other, packet numbers run on; live: all at
     * once. */
    module_spec_t *const *sources;
    size_t source_count;
    /**
     * Instead of sources: pipeline_run() calls it once, in the calling thread. It passes each observation to
     * pipeline_feed_put() and calls pipeline_feed_turn() at least between two inputs. One worker.
     */
    synfix_status_t (*observations)(void *user, pipeline_feed_t *feed, synfix_error_t *error);
    void *observations_user;
    module_spec_t *const *enrichers; /* in this order */
    size_t enricher_count;
    module_spec_t *const *sinks;
    size_t sink_count;
    synfix_engine_config_t engine; /* callbacks and filter are set by the pipeline */
    header_filter_t *filter;       /* NULL: everything passes; the pipeline takes its own reference */
    /* forced to 1 with SYNFIX_UPTIME_P0F, and for files with host changes or an enricher that is in_order */
    unsigned workers;
    const int *cpus;     /* CPU of each worker; NULL: any */
    host_model_t *hosts; /* of the caller, outlives the pipeline; gets all observations; NULL: none */
    bool host_changes;   /* with hosts: changes of hosts become observations */
    bool live;
    /* Sources without an end (a followed directory): the run ends when the last sink fails. Otherwise,
     * captures would count as processed, although no sink has their records. */
    bool ends_without_sinks;
    bool drop_when_full; /* files: records are dropped when the queue of a sink is full; always so for
                            interfaces */
    uint32_t observation_domain;
    uint32_t flush_ms;    /* a partly filled block is sent this long after its first record */
    uint32_t queue_bytes; /* limit of the queue from one worker to one sink */
    /**
     * Files with several sinks: limit of the bytes on disk that extend the queue of one sink; 0: none. The
     * files have no names and lie in overflow_directory (NULL: /var/tmp; the text lives as long as the
     * pipeline). When the limit is reached, reading waits for the sink; a sink that accepts nothing for
     * sink_timeout_ms loses records until it does.
     */
    uint64_t overflow_bytes;
    const char *overflow_directory;
    /**
     * Limit for a stuck sink, also at the end: after grace_ms more the sink is stopped, and after the same
     * time again it is abandoned. The module option `sink-timeout` or `timeout` counts when it is
     * longer. No limit for the only sink of a file.
     */
    uint32_t sink_timeout_ms;
    uint32_t grace_ms;
    /**
     * Called after all sources are open and before enrichers, sinks and threads are made: drop privileges
     * here, so that files opened afterwards can be reopened with the reduced rights. An error is returned
     * by pipeline_new(). May be NULL.
     */
    synfix_status_t (*on_sources_open)(void *user, synfix_error_t *error);
    void *sources_open_user;
    void (*log)(void *user, int level, const char *text); /* any thread; NULL: no log */
    void *log_user;
} pipeline_config_t;

#endif
