/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file flow_set.h
 * The head of a set of eight ways, one cache line. A way holds one flow or none. The head says which ways may
 * hold a flow, and which way to overwrite. New flows take the ways in turn, so the oldest flow leaves. Kept
 * flows are skipped.
 */
#ifndef ENGINE_FLOW_SET_H
#define ENGINE_FLOW_SET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/set_associative.h"
#include "base/simd.h"

#define FLOW_WAYS 8u

typedef struct flow_set {
    _Alignas(64) uint16_t tags[FLOW_WAYS]; /* low bits of the hash; the set has the high ones */
    uint32_t stamps[FLOW_WAYS];            /* as those of base/set_associative.h; 0: empty */
    uint8_t kept;                          /* bit i: the flow in way i is among the last to be evicted */
    uint8_t kept_count;                    /* bits set in kept */
    uint8_t hand;                          /* the way whose turn is next */
} flow_set_t;

_Static_assert(sizeof(flow_set_t) == 64, "a cache line a set");

/** Bit i is set if way i has the tag of @p hash. The way may be empty. */
static inline uint32_t flow_set_candidates(const flow_set_t *set, uint32_t hash)
{
    return match8_u16(set->tags, (uint16_t)hash);
}

/**
 * The way to overwrite: the next way in turn that is not kept, so kept flows survive a flood of others. If
 * more than half of the ways are kept, the next one of these, so new flows still have ways to wait in. A
 * flow that is kept past its @p lifetime leaves when its turn comes.
 */
static inline unsigned flow_set_victim(const flow_set_t *set, uint32_t seconds, uint32_t lifetime)
{
    const unsigned hand = set->hand;
    if ((set->kept >> hand & 1) != 0 && bucket_is_older(set->stamps[hand], seconds, lifetime)) {
        return hand;
    }
    const unsigned leaving = set->kept_count > FLOW_WAYS / 2 ? set->kept : (uint8_t)~set->kept;
    const unsigned passed = (unsigned)__builtin_ctz((leaving | leaving << FLOW_WAYS) >> hand);
    return (hand + passed) % FLOW_WAYS;
}

/** Advances the turn after an entry was stored in @p way. */
static inline void flow_set_turn(flow_set_t *set, unsigned way)
{
    set->hand = (uint8_t)((way + 1) % FLOW_WAYS);
}

/** A flow begins in way @p way. */
static inline void flow_set_begin(flow_set_t *set, unsigned way, uint32_t hash, uint32_t seconds)
{
    set->tags[way] = (uint16_t)hash;
    set->stamps[way] = seconds | BUCKET_USED;
    set->kept_count = (uint8_t)(set->kept_count - (set->kept >> way & 1));
    set->kept = (uint8_t)(set->kept & ~(1u << way));
}

/** A packet of the flow in way @p way came; with @p keep it is kept from now on. */
static inline void flow_set_touch(flow_set_t *set, unsigned way, uint32_t seconds, bool keep)
{
    const unsigned kept = set->kept | (unsigned)keep << way;
    set->stamps[way] = seconds | BUCKET_USED;
    set->kept_count = (uint8_t)(set->kept_count + (kept != set->kept));
    set->kept = (uint8_t)kept;
}

#endif
