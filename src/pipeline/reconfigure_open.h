/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file reconfigure_open.h
 * The two ends of a reconfiguration: opening the next outputs, and retiring the previous ones. The caller
 * holds the lock `changing`.
 */
#ifndef PIPELINE_RECONFIGURE_OPEN_H
#define PIPELINE_RECONFIGURE_OPEN_H

#include "pipeline/pipeline.h"
#include "pipeline/worker/pipeline_state.h"

/** Outputs after the change. */
typedef struct pending_outputs {
    const output_config_t *wanted;
    sink_t *slots[PIPELINE_SINKS_MAX]; /* slots as in the pipeline, without sinks that are leaving */
    bool kept[PIPELINE_SINKS_MAX];     /* by index in wanted */
    bool deferred[PIPELINE_SINKS_MAX]; /* by index in wanted: waits for its predecessor */
    bool any_deferred;
    enricher_t *enrichers[PIPELINE_ENRICHERS_MAX]; /* in the order of wanted */
    bool new_enrichers[PIPELINE_ENRICHERS_MAX];
    change_t *change;
} pending_outputs_t;

/**
 * Keeps sinks and enrichers with equal specifications, opens and starts the others; deferred ones are left
 * out. On failure nothing stays open, and the error names the module.
 */
synfix_status_t pending_outputs_gather(pipeline_t *pipeline, const output_config_t *wanted,
                                       pending_outputs_t *next, synfix_error_t *error);

/**
 * Frees outputs that no worker uses, and sinks that have ended; stops removed sinks. Returns the number of
 * sinks that have not ended. In reconfigure_close.c.
 */
size_t retire_outputs(pipeline_t *pipeline);

#endif
