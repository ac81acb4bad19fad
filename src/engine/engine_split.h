/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file engine_split.h
 * An engine in two threads, for the pipeline: one decodes packets (engine_take), another does the rest with
 * them. And host points that other workers' packets showed.
 */
#ifndef ENGINE_ENGINE_SPLIT_H
#define ENGINE_ENGINE_SPLIT_H

#include "engine/engine_internal.h"

/** What engine_take made of a stretch of packets. */
typedef struct engine_tally {
    uint64_t packets;
    uint64_t octets;
    uint64_t verdicts[SYNFIX_VERDICT_COUNT];
} engine_tally_t;

static inline void engine_tally_add(engine_tally_t *tally, const synfix_packet_t *packet,
                                    synfix_verdict_t verdict)
{
    tally->packets++;
    tally->octets += packet->original_length;
    tally->verdicts[verdict]++;
}

/** Adds @p tally to the engine's counters, and works through works[which[0]], works[which[1]] ... in this
 * order. */
void engine_push_works(synfix_engine_t *engine, const engine_tally_t *tally, engine_work_t *works,
                       const uint16_t *which, size_t count);

/** A host's timestamp value: with the work that showed it, all that synfix_host_point_t tells. */
typedef struct engine_point {
    uint32_t value;
    uint32_t echo;
    bool from_server;
} engine_point_t;

/** Instead of the engine's own hosts, from now on. Called by engine_push_works with one of its @p works. */
typedef void (*engine_point_fn)(const engine_work_t *work, const engine_point_t *point, void *user);
void engine_set_on_point(synfix_engine_t *engine, engine_point_fn on_point, void *user);

/** Takes points[which[0]] of works[which[0]] ... in this order, with their hosts fetched ahead. */
void engine_push_points(synfix_engine_t *engine, const engine_work_t *works, const engine_point_t *points,
                        const uint16_t *which, size_t count);

#endif
