/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file set_associative.h
 * Eight-way sets of bounded tables on packet time: which way to evict. A search examines eight ways at most,
 * whatever the traffic. A way holds one entry or none. Its stamp is the packet time of the last use with
 * STAMP_USED; 0: the way is empty.
 */
#ifndef BASE_SET_ASSOCIATIVE_H
#define BASE_SET_ASSOCIATIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/simd.h"

#define SET_WAYS 8u

/** Bit 0 of a stamp, so that no time is 0. Bits 31 to 2: seconds, modulo 2^30. Bit 1: 0. */
#define STAMP_USED 1u

/** Packet time as stamps store it, without STAMP_USED. Parameters `now` of the tables are such times. */
static inline uint32_t stamp_time(int64_t time_ns)
{
    return __builtin_expect(time_ns >= 0, 1) ? (uint32_t)((uint64_t)time_ns / 1000000000u) << 2
                                             : (uint32_t)(time_ns / 1000000000) << 2;
}

/** Seconds from @p stamp to @p now; 0 if packet time went backwards. */
static inline uint32_t stamp_age(uint32_t stamp, uint32_t now)
{
    const int32_t age = (int32_t)(now - (stamp & ~3u));
    return age < 0 ? 0 : (uint32_t)age >> 2;
}

/** Whether stamp_age(stamp, now) > lifetime_s; lifetime_s is at most 2^29. */
static inline bool stamp_is_older(uint32_t stamp, uint32_t now, uint32_t lifetime_s)
{
    return (int32_t)(now - (stamp & ~3u)) > (int32_t)(lifetime_s << 2);
}

/* Ages have 16 bits: a vector holds those of all ways. Ages above SET_AGE_MAX (4.5 hours) are equal. */
#define SET_AGE_MAX   0x3FFE
#define SET_AGE_EMPTY 0x7FFF /* an empty way is older than any other */
#define SET_AGE_NONE  (-1)   /* an empty way is younger */

/* The first way in the bits of @p equal (not 0), starting with way @p turn. The bits stand twice in a row, so
 * a shift is a rotation. */
static inline unsigned set_first_way(uint32_t equal, unsigned turn)
{
    const uint32_t turned = (equal | equal << SET_WAYS) >> turn;
    return ((unsigned)__builtin_ctz(turned) + turn) % SET_WAYS;
}

/* The way with which a choice among equally old ways starts: from bits of the hash that select no set. */
static inline unsigned set_turn(uint32_t tag)
{
    return tag >> 9 & (SET_WAYS - 1);
}

/** A way, and the age of its stamp: SET_AGE_MAX at most, or that of an empty way. */
typedef struct set_choice {
    unsigned way;
    int age;
} set_choice_t;

/** Scalar variant of set_choose. */
static inline set_choice_t set_choose_scalar(const uint32_t stamps[SET_WAYS], uint32_t tag, uint32_t now,
                                             int empty)
{
    int most = INT16_MIN;
    uint32_t equal = 0;
    for (unsigned way = 0; way < SET_WAYS; way++) {
        const uint32_t full = stamp_age(stamps[way], now);
        const int capped = full < SET_AGE_MAX ? (int)full : SET_AGE_MAX;
        const int age = (stamps[way] & STAMP_USED) != 0 ? capped : empty;
        equal = age > most ? 0 : equal;
        most = age > most ? age : most;
        equal |= (uint32_t)(age == most) << way;
    }
    return (set_choice_t){set_first_way(equal, set_turn(tag)), most};
}

#ifdef __SSE2__
/* The maximum of eight 16-bit values, in all eight lanes. */
static inline __m128i set_greatest(__m128i scores)
{
    scores = _mm_max_epi16(scores, _mm_shuffle_epi32(scores, _MM_SHUFFLE(1, 0, 3, 2)));
    scores = _mm_max_epi16(scores, _mm_shuffle_epi32(scores, _MM_SHUFFLE(2, 3, 0, 1)));
    const __m128i low = _mm_shufflelo_epi16(scores, _MM_SHUFFLE(2, 3, 0, 1));
    return _mm_max_epi16(scores, _mm_shufflehi_epi16(low, _MM_SHUFFLE(2, 3, 0, 1)));
}

static inline __m128i set_ages(const uint32_t *stamps, uint32_t now)
{
    const __m128i current = _mm_set1_epi32((int32_t)(now | 3));
    return _mm_srai_epi32(_mm_sub_epi32(current, simd_load(stamps)), 2);
}

static inline set_choice_t set_choose_wide(const uint32_t stamps[SET_WAYS], uint32_t tag, uint32_t now,
                                           int empty)
{
    const __m128i zero = _mm_setzero_si128();
    const __m128i used = _mm_set1_epi32(STAMP_USED);
    const __m128i marks =
        _mm_packs_epi32(_mm_and_si128(simd_load(stamps), used), _mm_and_si128(simd_load(stamps + 4), used));
    const __m128i full = _mm_packs_epi32(set_ages(stamps, now), set_ages(stamps + 4, now));
    const __m128i capped = _mm_min_epi16(_mm_max_epi16(full, zero), _mm_set1_epi16(SET_AGE_MAX));
    const __m128i instead = _mm_and_si128(_mm_cmpeq_epi16(marks, zero), _mm_set1_epi16((int16_t)empty));
    const __m128i ages = _mm_or_si128(capped, instead); /* all bits of both values of @p empty */
    const __m128i most = set_greatest(ages);
    const __m128i equal = _mm_cmpeq_epi16(ages, most);
    const uint32_t ways = (uint32_t)_mm_movemask_epi8(_mm_packs_epi16(equal, zero));
    return (set_choice_t){set_first_way(ways, set_turn(tag)), (int16_t)_mm_extract_epi16(most, 0)};
}
#endif

/** The oldest way. @p empty: age of empty ways, SET_AGE_EMPTY or SET_AGE_NONE. Among equal ones @p tag
 * decides. */
static inline set_choice_t set_choose(const uint32_t stamps[SET_WAYS], uint32_t tag, uint32_t now, int empty)
{
#ifdef __SSE2__
    return set_choose_wide(stamps, tag, now, empty);
#else
    return set_choose_scalar(stamps, tag, now, empty);
#endif
}

/**
 * Selects the way to overwrite for @p tag: an empty way, else the oldest one. Among ways with the same second
 * (or above SET_AGE_MAX) the tag decides; otherwise each new entry would evict its predecessor.
 */
static inline unsigned set_victim(const uint32_t stamps[SET_WAYS], uint32_t tag, uint32_t now)
{
    return set_choose(stamps, tag, now, SET_AGE_EMPTY).way;
}

#endif
