/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file engine_split.h
 * An engine in two threads, for the pipeline: one decodes packets (engine_classify), another does the rest
 * with them. And host points that other workers' packets showed.
 */
#ifndef ENGINE_ENGINE_SPLIT_H
#define ENGINE_ENGINE_SPLIT_H

#include "engine/engine_internal.h"

/** What engine_classify made of a stretch of packets. */
typedef struct batch_counters {
    uint64_t packets;
    uint64_t bytes;
    uint64_t verdicts[SYNFIX_VERDICT_COUNT];
} batch_counters_t;

static inline void engine_tally_add(batch_counters_t *tally, const synfix_packet_t *packet,
                                    synfix_verdict_t verdict)
{
    tally->packets++;
    tally->bytes += packet->original_length;
    tally->verdicts[verdict]++;
}

/** Adds @p tally to the engine's counters, and works through works[which[0]], works[which[1]] ... in this
 * order. */
void engine_push_contexts(synfix_engine_t *engine, const batch_counters_t *tally, packet_context_t *contexts,
                          const uint16_t *which, size_t count);

/** A host's timestamp value: with the work that showed it, all that synfix_timestamp_sample_t tells. */
typedef struct engine_sample {
    uint32_t value;
    uint32_t echo;
    bool from_server;
} engine_sample_t;

/** Instead of the engine's own hosts, from now on. Called by engine_push_contexts with one of its @p works.
 */
typedef void (*engine_sample_fn)(const packet_context_t *work, const engine_sample_t *point, void *user);
void engine_set_on_sample(synfix_engine_t *engine, engine_sample_fn on_sample, void *user);

/** Takes points[which[0]] of works[which[0]] ... in this order, with their hosts fetched ahead. */
void engine_push_samples(synfix_engine_t *engine, const packet_context_t *contexts,
                         const engine_sample_t *points, const uint16_t *which, size_t count);

#endif
