/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file output_set.h
 * Sinks, encoders and enrichers as one worker sees them.
 */
#ifndef PIPELINE_OUTPUT_SET_H
#define PIPELINE_OUTPUT_SET_H

#include "pipeline/block_pool.h"
#include "pipeline/module_instances.h"

/** Where the observations of one worker go. */
typedef struct outputs {
    encoder_slot_t *stages[PIPELINE_SINKS_MAX];
    size_t stage_count;
    enricher_t *enrichers[PIPELINE_ENRICHERS_MAX];
    size_t enricher_count;
    bool reloadable; /* some enricher can reload: only then is the lock taken */
} output_set_t;

/** Outputs of all workers (*made[worker]); stages that fit are taken over from those they have. */
synfix_status_t outputs_make(pipeline_t *pipeline, sink_t *const *sinks, size_t sink_count,
                             enricher_t *const *enrichers, size_t enricher_count, output_set_t **made,
                             synfix_error_t *error);
/** Frees @p outputs that no worker has taken, with the stages that are new in them. NULL is allowed. */
void outputs_discard(pipeline_t *pipeline, output_set_t *outputs);
bool outputs_have(const output_set_t *outputs, const encoder_slot_t *stage);

#endif
