/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file set_associative.h
 * The head of an eight-way set in a bounded table: one cache line that states which ways may hold a key and
 * which way to evict. A search examines eight ways at most, whatever the traffic. A stamp is a packet time
 * in seconds with a mark for preferred entries; 0 is an empty way.
 */
#ifndef BASE_SET_ASSOCIATIVE_H
#define BASE_SET_ASSOCIATIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/simd.h"

#define BUCKET_WAYS 8u

typedef struct bucket {
    _Alignas(64) uint32_t tags[BUCKET_WAYS];
    uint32_t stamps[BUCKET_WAYS]; /* bits 31 to 2: seconds; bit 1: preferred; bit 0: in use */
} bucket_t;

#define BUCKET_USED 1u
#define BUCKET_KEEP 2u

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

/** Bit i is set if way i has this tag. The way may be empty. */
static inline uint32_t bucket_candidates(const bucket_t *bucket, uint32_t tag)
{
    return match8_u32(bucket->tags, tag);
}

/* Eviction scores: the way with the greatest score is evicted. Ages above BUCKET_AGE_MAX are equal. */
#define BUCKET_SCORE_EMPTY 0x7FFF
#define BUCKET_SCORE_DROP  0x4000 /* not preferred */
#define BUCKET_AGE_MAX     0x3FFE

/* The first way in @p equal, starting with way @p turn. */
static inline unsigned bucket_first(uint32_t equal, unsigned turn)
{
    const uint32_t turned = (equal | equal << BUCKET_WAYS) >> turn;
    return ((unsigned)__builtin_ctz(turned) + turn) % BUCKET_WAYS;
}

/** Scalar variant of bucket_victim. */
static inline unsigned bucket_victim_plain(const uint32_t stamps[BUCKET_WAYS], uint32_t tag, uint32_t seconds,
                                           uint32_t lifetime)
{
    uint32_t scores[BUCKET_WAYS];
    unsigned kept = 0;
    for (unsigned way = 0; way < BUCKET_WAYS; way++) {
        const uint32_t stamp = stamps[way];
        const uint32_t full_age = bucket_age(stamp, seconds);
        const uint32_t age = full_age < INT16_MAX ? full_age : INT16_MAX;
        const bool keep = (stamp & BUCKET_KEEP) != 0 && age <= lifetime;
        kept += keep;
        scores[way] = (age < BUCKET_AGE_MAX ? age : BUCKET_AGE_MAX) | (keep ? 0 : BUCKET_SCORE_DROP);
        if ((stamp & BUCKET_USED) == 0) {
            scores[way] = BUCKET_SCORE_EMPTY;
        }
    }
    uint32_t most = 0;
    uint32_t equal = 0;
    for (unsigned way = 0; way < BUCKET_WAYS; way++) {
        if (kept > BUCKET_WAYS / 2 && scores[way] != BUCKET_SCORE_EMPTY) {
            scores[way] ^= BUCKET_SCORE_DROP;
        }
        if (scores[way] > most) {
            equal = 0;
        }
        most = scores[way] > most ? scores[way] : most;
        equal |= (uint32_t)(scores[way] == most) << way;
    }
    return bucket_first(equal, tag >> 9 & 7); /* bits that select neither the shard nor the set */
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
    return _mm_srai_epi32(_mm_sub_epi32(now, lanes_load(stamps)), 2);
}

static inline unsigned bucket_victim_wide(const uint32_t stamps[BUCKET_WAYS], uint32_t tag, uint32_t seconds,
                                          uint32_t lifetime)
{
    const __m128i zero = _mm_setzero_si128();
    const __m128i three = _mm_set1_epi32(BUCKET_USED | BUCKET_KEEP);
    const __m128i marks = _mm_packs_epi32(_mm_and_si128(lanes_load(stamps), three),
                                          _mm_and_si128(lanes_load(stamps + 4), three));
    const __m128i ages = _mm_packs_epi32(bucket_ages(stamps, seconds), bucket_ages(stamps + 4, seconds));
    const __m128i last = _mm_set1_epi16((int16_t)(lifetime < INT16_MAX ? lifetime : INT16_MAX));
    const __m128i keep = _mm_andnot_si128(_mm_cmpgt_epi16(ages, last),
                                          _mm_cmpeq_epi16(marks, _mm_set1_epi16(BUCKET_USED | BUCKET_KEEP)));
    const int kept = _mm_cvtsi128_si32(_mm_sad_epu8(_mm_packs_epi16(keep, zero), zero)); /* by 255 each */
    const __m128i others = _mm_set1_epi16(kept > 255 * (int)BUCKET_WAYS / 2 ? 0 : -1);
    const __m128i drop = _mm_and_si128(_mm_xor_si128(keep, others), _mm_set1_epi16(BUCKET_SCORE_DROP));
    __m128i scores = _mm_min_epi16(_mm_max_epi16(ages, zero), _mm_set1_epi16(BUCKET_AGE_MAX));
    scores = _mm_or_si128(scores, drop);
    scores =
        _mm_or_si128(scores, _mm_and_si128(_mm_cmpeq_epi16(marks, zero), _mm_set1_epi16(BUCKET_SCORE_EMPTY)));
    const __m128i equal = _mm_cmpeq_epi16(scores, bucket_greatest(scores));
    return bucket_first((uint32_t)_mm_movemask_epi8(_mm_packs_epi16(equal, zero)), tag >> 9 & 7);
}
#endif

/**
 * Selects the way to overwrite for @p tag: an empty way, else the oldest way that is not preferred. Among
 * ways with the same second (or above BUCKET_AGE_MAX) the tag decides; otherwise each new entry would evict
 * its predecessor. Entries older than @p lifetime are not preferred. At most half of the ways are
 * preferred: preferred entries survive a flood of others, and new entries still have as many ways to wait
 * in.
 */
static inline unsigned bucket_victim(const uint32_t stamps[BUCKET_WAYS], uint32_t tag, uint32_t seconds,
                                     uint32_t lifetime)
{
#ifdef __SSE2__
    return bucket_victim_wide(stamps, tag, seconds, lifetime);
#else
    return bucket_victim_plain(stamps, tag, seconds, lifetime);
#endif
}

/**
 * The way where a lookup of @p tag probably ends: a way with this tag, else the victim. For prefetching
 * only.
 */
static inline unsigned bucket_likely(const bucket_t *bucket, uint32_t tag, uint32_t seconds,
                                     uint32_t lifetime)
{
    const uint32_t found = bucket_candidates(bucket, tag);
    return found != 0 ? (unsigned)__builtin_ctz(found)
                      : bucket_victim(bucket->stamps, tag, seconds, lifetime);
}

#endif
