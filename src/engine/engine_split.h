/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file engine_split.h
 * An engine split between two threads, for the pipeline: one thread calls engine_classify, the other one
 * does the rest. And samples of host clocks from the packets of other workers.
 */
#ifndef ENGINE_ENGINE_SPLIT_H
#define ENGINE_ENGINE_SPLIT_H

#include "engine/engine_internal.h"

/** Counts of a batch of packets that engine_classify handled. */
typedef struct batch_counters {
    uint64_t packets;
    uint64_t bytes;
    uint64_t verdicts[SYNFIX_VERDICT_COUNT];
} batch_counters_t;

static inline void batch_counters_add(batch_counters_t *counters, const synfix_packet_t *packet,
                                      synfix_verdict_t verdict)
{
    counters->packets++;
    counters->bytes += packet->original_length;
    counters->verdicts[verdict]++;
}

/**
 * Adds @p counters to the engine's counters, and processes contexts[which[0]], contexts[which[1]] ... in this
 * order.
 */
void engine_push_contexts(synfix_engine_t *engine, const batch_counters_t *counters,
                          packet_context_t *contexts, const uint16_t *which, size_t count);

/**
 * Receives the samples instead of the engine's own host table. engine_push_contexts calls it with one of
 * its @p contexts, which holds the sample for engine_push_samples.
 */
typedef void (*engine_sample_fn)(packet_context_t *context, void *user);
void engine_set_on_sample(synfix_engine_t *engine, engine_sample_fn on_sample, void *user);

/** Processes the samples of contexts[which[0]] ... in this order, and fetches their hosts ahead. */
void engine_push_samples(synfix_engine_t *engine, packet_context_t *contexts, const uint16_t *which,
                         size_t count);

#endif
