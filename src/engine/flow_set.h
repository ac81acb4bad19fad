/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file flow_set.h
 * The head of a set of eight ways, one cache line. A way holds one flow or none. The head states which ways
 * may hold a flow, and which way to overwrite. New flows use the ways in turn, so the oldest flow leaves. The
 * ways of kept flows are skipped: a flow is kept once its SYN and SYN+ACK were seen, so a flood of SYNs
 * evicts it only if more than half of the ways are kept.
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
    uint32_t absent;       /* bit i: a flow that is displaced from this set has i in the low bits of its tag;
                              a bit may remain until absent_count is 0 */
    uint32_t full_until;   /* as in stamps; valid if settled is not 0 */
    uint16_t absent_count; /* flows that are displaced from this set */
    uint16_t changed_in;   /* low bits of the group in which the set changed, see flow_table_t.group */
    uint8_t kept;          /* bit i: the flow in way i is among the last to be evicted */
    uint8_t displaced;     /* bit i: this set is the second one of the flow in way i */
    uint8_t hand;          /* the way whose turn is next */
    uint8_t settled; /* not 0: until full_until a new flow replaces the flow whose turn is next, without a
                        search for room; bit i: the flow in way i is not displaced */
} flow_set_t;

_Static_assert(sizeof(flow_set_t) == 64, "a cache line a set");

/** Bit i is set if way i has the tag of @p hash. The way may be empty. */
static inline uint32_t flow_set_candidates(const flow_set_t *set, uint32_t hash)
{
    return match8_u16(set->tags, (uint16_t)hash);
}

/** Whether a flow with @p hash may be displaced from @p set, its first one. */
static inline bool flow_set_may_miss(const flow_set_t *set, uint32_t hash)
{
    return (set->absent >> (hash & 31) & 1) != 0;
}

/** By flow_set_t.kept: the ways that new flows may overwrite, twice in a row, so that a shift is a rotation.
 * They are the ways that are not kept; if more than half of the ways are kept, they are all ways, so new
 * flows still have ways to wait in. */
extern const uint16_t flow_set_leaving[1u << FLOW_WAYS];

/** Whether a flow with @p stamp has been quiet for more than @p lifetime. Here and below, @p lifetime: in the
 * unit of stamps, a quarter of a second. */
static inline bool flow_set_is_over(uint32_t stamp, uint32_t now, uint32_t lifetime)
{
    return (int32_t)(now - stamp) > (int32_t)lifetime; /* STAMP_USED changes no result: others are 0 there */
}

/**
 * The way to overwrite: the next way in turn that is not kept, so kept flows survive a flood of others; or
 * the next way, if its flow is kept past its @p lifetime or if more than half of the ways are kept.
 */
static inline unsigned flow_set_victim(const flow_set_t *set, uint32_t now, uint32_t lifetime)
{
    const unsigned hand = set->hand;
    const unsigned kept = set->kept;
    if ((kept >> hand & 1) != 0 && flow_set_is_over(set->stamps[hand], now, lifetime)) {
        return hand;
    }
    return (hand + (unsigned)__builtin_ctz((unsigned)flow_set_leaving[kept] >> hand)) % FLOW_WAYS;
}

/** Scalar variant of flow_set_free. */
static inline uint32_t flow_set_free_scalar(const flow_set_t *set, uint32_t now, uint32_t lifetime)
{
    uint32_t ways = 0;
    for (unsigned way = 0; way < FLOW_WAYS; way++) {
        const uint32_t stamp = set->stamps[way];
        ways |= (uint32_t)(stamp == 0 || flow_set_is_over(stamp, now, lifetime)) << way;
    }
    return ways;
}

#ifdef __SSE2__
static inline __m128i flow_set_free_four(const uint32_t *stamps, __m128i now, __m128i lifetime)
{
    const __m128i four = simd_load(stamps);
    return _mm_or_si128(_mm_cmpeq_epi32(four, _mm_setzero_si128()),
                        _mm_cmpgt_epi32(_mm_sub_epi32(now, four), lifetime));
}
#endif

/** Bit i is set if way i is empty, or its flow is over. */
static inline uint32_t flow_set_free(const flow_set_t *set, uint32_t now, uint32_t lifetime)
{
#ifdef __SSE2__
    const __m128i current = _mm_set1_epi32((int32_t)now);
    const __m128i most = _mm_set1_epi32((int32_t)lifetime);
    const __m128i ways = _mm_packs_epi32(flow_set_free_four(set->stamps, current, most),
                                         flow_set_free_four(set->stamps + FLOW_WAYS / 2, current, most));
    return (uint32_t)_mm_movemask_epi8(_mm_packs_epi16(ways, _mm_setzero_si128()));
#else
    return flow_set_free_scalar(set, now, lifetime);
#endif
}

/** Whether flow_set_t.settled still holds. It does not when packet time went far backwards. */
static inline bool flow_set_is_full(const flow_set_t *set, uint32_t now, uint32_t lifetime)
{
    return set->full_until - now <= lifetime;
}

/** Advances the turn after an entry was stored in @p way. */
static inline void flow_set_turn(flow_set_t *set, unsigned way)
{
    set->hand = (uint8_t)((way + 1) % FLOW_WAYS);
}

/** A flow begins in way @p way. */
static inline void flow_set_begin(flow_set_t *set, unsigned way, uint32_t hash, uint32_t now)
{
    set->tags[way] = (uint16_t)hash;
    set->stamps[way] = now | STAMP_USED;
    set->kept = (uint8_t)(set->kept & ~(1u << way));
}

/** A packet of the flow in way @p way came; with @p keep it is kept from now on. */
static inline void flow_set_touch(flow_set_t *set, unsigned way, uint32_t now, bool keep)
{
    set->stamps[way] = now | STAMP_USED;
    set->kept = (uint8_t)(set->kept | (unsigned)keep << way);
}

#endif
