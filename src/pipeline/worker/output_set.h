/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file output_set.h
 * Sinks, encoders and enrichers as one worker sees them.
 */
#ifndef PIPELINE_WORKER_OUTPUT_SET_H
#define PIPELINE_WORKER_OUTPUT_SET_H

#include "pipeline/worker/block_pool.h"
#include "pipeline/worker/enricher.h"
#include "pipeline/worker/sink.h"

/** Enrichers and encoder slots of one worker. */
typedef struct output_set {
    encoder_slot_t *slots[PIPELINE_SINKS_MAX];
    size_t slot_count;
    enricher_t *enrichers[PIPELINE_ENRICHERS_MAX];
    size_t enricher_count;
    encoder_slot_t *only;  /* the encoder slot of a worker with one and without enrichers, else NULL */
    encoder_slot_t *plain; /* the same, if the encoder accepts undecoded headers */
    bool reloadable;       /* an enricher has a reload function: workers lock around each batch */
} output_set_t;

/**
 * Makes the output sets of all workers, (*made)[worker]. Slots that fit are reused from the current sets.
 */
synfix_status_t outputs_make(pipeline_t *pipeline, sink_t *const *sinks, size_t sink_count,
                             enricher_t *const *enrichers, size_t enricher_count, output_set_t **made,
                             synfix_error_t *error);
/** Frees @p outputs that no worker uses, with the slots that were made for them. NULL is allowed. */
void outputs_discard(pipeline_t *pipeline, output_set_t *outputs);
bool outputs_have(const output_set_t *outputs, const encoder_slot_t *slot);

#endif
