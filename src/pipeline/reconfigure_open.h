/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file reconfigure_open.h
 * Of pipeline_change.c: what a pipeline that runs will have next, and taking leave of what it had. All with
 * the lock for changing.
 */
#ifndef PIPELINE_RECONFIGURE_OPEN_H
#define PIPELINE_RECONFIGURE_OPEN_H

#include "pipeline/pipeline_internal.h"

/** What will be there. */
typedef struct next {
    const output_config_t *wanted;
    sink_t *slots[PIPELINE_SINKS_MAX]; /* as in the pipeline, without those that leave */
    bool kept[PIPELINE_SINKS_MAX];     /* by place in wanted */
    bool deferred[PIPELINE_SINKS_MAX]; /* the same: its predecessor has what it needs */
    bool any_deferred;
    enricher_t *enrichers[PIPELINE_ENRICHERS_MAX]; /* as wanted */
    bool new_enrichers[PIPELINE_ENRICHERS_MAX];
    change_t *change;
} pending_outputs_t;

/** Keeps what there is in the same words, opens and starts the rest. On a failure nothing stays open; the
 * reason names what it was. What is deferred is left out. */
synfix_status_t pending_outputs_gather(pipeline_t *pipeline, const output_config_t *wanted,
                                       pending_outputs_t *next, synfix_error_t *error);

/** pipeline_release_retired.c: frees what no worker uses any more, and sinks that have ended; those that are
 * not wanted are sent home. How many have not ended yet. */
size_t retire_outputs(pipeline_t *pipeline);

#endif
