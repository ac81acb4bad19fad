/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file set_associative.h
 * Eight-way sets of bounded tables on packet time: which way to evict. A search examines eight ways at most,
 * whatever the traffic. A stamp is a packet time in seconds; 0 is an empty way.
 */
#ifndef BASE_SET_ASSOCIATIVE_H
#define BASE_SET_ASSOCIATIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/simd.h"

#define BUCKET_WAYS 8u

#define BUCKET_USED 1u /* bit 0 of a stamp; bits 31 to 2: seconds */

/** Packet time in seconds as stamps store it (30 bits). */
static inline uint32_t bucket_seconds(int64_t time_ns)
{
    return __builtin_expect(time_ns >= 0, 1) ? (uint32_t)((uint64_t)time_ns / 1000000000u) << 2
                                             : (uint32_t)(time_ns / 1000000000) << 2;
}

/** Seconds since the stamp; 0 if packet time went backwards. */
static inline uint32_t bucket_age(uint32_t stamp, uint32_t seconds)
{
    const int32_t age = (int32_t)(seconds - (stamp & ~3u));
    return age < 0 ? 0 : (uint32_t)age >> 2;
}

/** Whether bucket_age(stamp, seconds) > lifetime_s; lifetime_s is at most 2^29. */
static inline bool bucket_is_older(uint32_t stamp, uint32_t seconds, uint32_t lifetime_s)
{
    return (int32_t)(seconds - (stamp & ~3u)) > (int32_t)(lifetime_s << 2);
}

/* Ages above BUCKET_AGE_MAX are equal; an empty way is older. */
#define BUCKET_AGE_EMPTY 0x7FFF
#define BUCKET_AGE_NONE  (-1) /* an empty way is younger */
#define BUCKET_AGE_MAX   0x3FFE

/* The first way in @p equal, starting with way @p turn. */
static inline unsigned bucket_first(uint32_t equal, unsigned turn)
{
    const uint32_t turned = (equal | equal << BUCKET_WAYS) >> turn;
    return ((unsigned)__builtin_ctz(turned) + turn) % BUCKET_WAYS;
}

/** A way, and the age of its stamp: BUCKET_AGE_MAX at most, or that of an empty way. */
typedef struct bucket_choice {
    unsigned way;
    int age;
} bucket_choice_t;

/** Scalar variant of bucket_choose. */
static inline bucket_choice_t bucket_choose_plain(const uint32_t stamps[BUCKET_WAYS], uint32_t tag,
                                                  uint32_t seconds, int empty)
{
    int most = INT16_MIN;
    uint32_t equal = 0;
    for (unsigned way = 0; way < BUCKET_WAYS; way++) {
        const uint32_t full = bucket_age(stamps[way], seconds);
        const int capped = full < BUCKET_AGE_MAX ? (int)full : BUCKET_AGE_MAX;
        const int age = (stamps[way] & BUCKET_USED) != 0 ? capped : empty;
        equal = age > most ? 0 : equal;
        most = age > most ? age : most;
        equal |= (uint32_t)(age == most) << way;
    }
    return (bucket_choice_t){bucket_first(equal, tag >> 9 & 7), most}; /* bits that do not select the set */
}

#ifdef __SSE2__
/* The maximum of eight 16-bit values, in all eight lanes. */
static inline __m128i bucket_greatest(__m128i scores)
{
    scores = _mm_max_epi16(scores, _mm_shuffle_epi32(scores, _MM_SHUFFLE(1, 0, 3, 2)));
    scores = _mm_max_epi16(scores, _mm_shuffle_epi32(scores, _MM_SHUFFLE(2, 3, 0, 1)));
    const __m128i low = _mm_shufflelo_epi16(scores, _MM_SHUFFLE(2, 3, 0, 1));
    return _mm_max_epi16(scores, _mm_shufflehi_epi16(low, _MM_SHUFFLE(2, 3, 0, 1)));
}

static inline __m128i bucket_ages(const uint32_t *stamps, uint32_t seconds)
{
    const __m128i now = _mm_set1_epi32((int32_t)(seconds | 3));
    return _mm_srai_epi32(_mm_sub_epi32(now, simd_load(stamps)), 2);
}

static inline bucket_choice_t bucket_choose_wide(const uint32_t stamps[BUCKET_WAYS], uint32_t tag,
                                                 uint32_t seconds, int empty)
{
    const __m128i zero = _mm_setzero_si128();
    const __m128i used = _mm_set1_epi32(BUCKET_USED);
    const __m128i marks =
        _mm_packs_epi32(_mm_and_si128(simd_load(stamps), used), _mm_and_si128(simd_load(stamps + 4), used));
    const __m128i full = _mm_packs_epi32(bucket_ages(stamps, seconds), bucket_ages(stamps + 4, seconds));
    const __m128i capped = _mm_min_epi16(_mm_max_epi16(full, zero), _mm_set1_epi16(BUCKET_AGE_MAX));
    const __m128i instead = _mm_and_si128(_mm_cmpeq_epi16(marks, zero), _mm_set1_epi16((int16_t)empty));
    const __m128i ages = _mm_or_si128(capped, instead); /* all bits of both values of @p empty */
    const __m128i most = bucket_greatest(ages);
    const __m128i equal = _mm_cmpeq_epi16(ages, most);
    const uint32_t ways = (uint32_t)_mm_movemask_epi8(_mm_packs_epi16(equal, zero));
    return (bucket_choice_t){bucket_first(ways, tag >> 9 & 7), (int16_t)_mm_extract_epi16(most, 0)};
}
#endif

/** The oldest way. @p empty: age of empty ways, BUCKET_AGE_EMPTY or BUCKET_AGE_NONE. Among equal ones @p tag
 * decides. */
static inline bucket_choice_t bucket_choose(const uint32_t stamps[BUCKET_WAYS], uint32_t tag,
                                            uint32_t seconds, int empty)
{
#ifdef __SSE2__
    return bucket_choose_wide(stamps, tag, seconds, empty);
#else
    return bucket_choose_plain(stamps, tag, seconds, empty);
#endif
}

/**
 * Selects the way to overwrite for @p tag: an empty way, else the oldest one. Among ways with the same second
 * (or above BUCKET_AGE_MAX) the tag decides; otherwise each new entry would evict its predecessor.
 */
static inline unsigned bucket_victim(const uint32_t stamps[BUCKET_WAYS], uint32_t tag, uint32_t seconds)
{
    return bucket_choose(stamps, tag, seconds, BUCKET_AGE_EMPTY).way;
}

#endif
