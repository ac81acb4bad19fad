/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file lanes.h
 * Four 32-bit numbers in one register, in the compiler's own vector notation: any processor that it knows.
 * And a search in 40 octets at once.
 */
#ifndef BASE_LANES_H
#define BASE_LANES_H

#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

typedef int32_t lanes_t __attribute__((vector_size(16)));
typedef uint32_t unsigned_lanes_t __attribute__((vector_size(16)));

static inline lanes_t lanes_load(const uint32_t *at)
{
    lanes_t lanes;
    memcpy(&lanes, at, sizeof lanes);
    return lanes;
}

static inline lanes_t lanes_all(uint32_t value)
{
    const int32_t number = (int32_t)value;
    return (lanes_t){number, number, number, number};
}

/** a - b, modulo 2^32: signed numbers must not overflow. */
static inline lanes_t lanes_difference(lanes_t a, lanes_t b)
{
    return (lanes_t)((unsigned_lanes_t)a - (unsigned_lanes_t)b);
}

/** All four combined with OR. */
static inline uint32_t lanes_or(lanes_t lanes)
{
    lanes |= __builtin_shufflevector(lanes, lanes, 2, 3, 0, 1);
    lanes |= __builtin_shufflevector(lanes, lanes, 1, 0, 3, 2);
    return (uint32_t)lanes[0];
}

/** Lane by lane the greater one, signed. */
static inline lanes_t lanes_max(lanes_t a, lanes_t b)
{
    const lanes_t greater = a > b;
    return (greater & a) | (~greater & b);
}

static inline int32_t lanes_greatest(lanes_t lanes)
{
    lanes = lanes_max(lanes, __builtin_shufflevector(lanes, lanes, 2, 3, 0, 1));
    lanes = lanes_max(lanes, __builtin_shufflevector(lanes, lanes, 1, 0, 3, 2));
    return lanes[0];
}

static inline int32_t lanes_sum(lanes_t lanes)
{
    lanes += __builtin_shufflevector(lanes, lanes, 2, 3, 0, 1);
    lanes += __builtin_shufflevector(lanes, lanes, 1, 0, 3, 2);
    return lanes[0];
}

/** Bit i is set where octet i of the 40 at @p at is @p first and the one behind it @p second. */
static inline uint64_t octets_pair(const uint8_t *at, uint8_t first, uint8_t second)
{
    uint64_t found = 0;
#ifdef __SSE2__
    static const uint8_t starts[] = {0, 16, 24, 1, 17, 23}; /* pairs at even places, then at odd ones */
    const __m128i pair = _mm_set1_epi16((short)(first | second << 8));
    for (unsigned i = 0; i < sizeof starts; i++) {
        const __m128i octets = _mm_loadu_si128((const __m128i *)(const void *)(at + starts[i]));
        const unsigned equal = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi16(octets, pair));
        found |= (uint64_t)(equal & 0x5555) << starts[i];
    }
#else
    for (unsigned i = 0; i < 39; i++)
        found |= (uint64_t)(at[i] == first && at[i + 1] == second) << i;
#endif
    return found;
}

#endif
