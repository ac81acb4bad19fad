/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file simd.h
 * Compares several numbers at once with SSE2, which every x86-64 processor has; scalar code on other
 * processors.
 */
#ifndef BASE_SIMD_H
#define BASE_SIMD_H

#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>

static inline __m128i simd_load(const void *at)
{
    return _mm_loadu_si128((const __m128i *)at);
}
#endif

/** Bit i is set if at[i] equals @p wanted. */
static inline uint32_t match8_u32(const uint32_t at[8], uint32_t wanted)
{
#ifdef __SSE2__
    const __m128i all = _mm_set1_epi32((int32_t)wanted);
    const __m128i same =
        _mm_packs_epi32(_mm_cmpeq_epi32(simd_load(at), all), _mm_cmpeq_epi32(simd_load(at + 4), all));
    return (uint32_t)_mm_movemask_epi8(_mm_packs_epi16(same, _mm_setzero_si128()));
#else
    uint32_t same = 0;
    for (unsigned i = 0; i < 8; i++) {
        same |= (uint32_t)(at[i] == wanted) << i;
    }
    return same;
#endif
}

/** Variant for 16-bit numbers. */
static inline uint32_t match8_u16(const uint16_t at[8], uint16_t wanted)
{
#ifdef __SSE2__
    const __m128i same = _mm_cmpeq_epi16(simd_load(at), _mm_set1_epi16((int16_t)wanted));
    return (uint32_t)_mm_movemask_epi8(_mm_packs_epi16(same, _mm_setzero_si128()));
#else
    uint32_t same = 0;
    for (unsigned i = 0; i < 8; i++) {
        same |= (uint32_t)(at[i] == wanted) << i;
    }
    return same;
#endif
}

/** The same for four numbers. */
static inline uint32_t match4_u32(const void *at, uint32_t wanted)
{
#ifdef __SSE2__
    const __m128i same = _mm_cmpeq_epi32(simd_load(at), _mm_set1_epi32((int32_t)wanted));
    return (uint32_t)_mm_movemask_ps(_mm_castsi128_ps(same));
#else
    uint32_t numbers[4];
    uint32_t same = 0;
    memcpy(numbers, at, sizeof numbers);
    for (unsigned i = 0; i < 4; i++) {
        same |= (uint32_t)(numbers[i] == wanted) << i;
    }
    return same;
#endif
}

/** Bit i is set if at[i] equals at[i - 1]; bit 0 is not. */
static inline uint32_t match8_previous_u32(const uint32_t at[8])
{
#ifdef __SSE2__
    const __m128i first = simd_load(at);
    const __m128i same = _mm_packs_epi32(_mm_cmpeq_epi32(first, _mm_slli_si128(first, 4)),
                                         _mm_cmpeq_epi32(simd_load(at + 4), simd_load(at + 3)));
    return (uint32_t)_mm_movemask_epi8(_mm_packs_epi16(same, _mm_setzero_si128())) & 0xFEu;
#else
    uint32_t same = 0;
    for (unsigned i = 1; i < 8; i++) {
        same |= (uint32_t)(at[i] == at[i - 1]) << i;
    }
    return same;
#endif
}

/** Copies the four bytes at @p from to @p to, and twelve zeros after them, in one store. */
static inline void copy4_of_16(uint8_t to[16], const uint8_t *from)
{
#ifdef __SSE2__
    int32_t bytes;
    memcpy(&bytes, from, sizeof bytes);
    _mm_storeu_si128((__m128i *)(void *)to, _mm_cvtsi32_si128(bytes));
#else
    uint64_t words[2] = {0, 0};
    memcpy(words, from, 4);
    memcpy(to, words, sizeof words);
#endif
}

/** Bits 0 and 1 are set where the lower and the upper half of @p pair are 0. */
static inline unsigned zero_halves(uint64_t pair)
{
#if defined __SSE2__ && defined __x86_64__
    const __m128i same = _mm_cmpeq_epi32(_mm_cvtsi64_si128((int64_t)pair), _mm_setzero_si128());
    return (unsigned)_mm_movemask_ps(_mm_castsi128_ps(same)) & 3u;
#else
    return (unsigned)((uint32_t)pair == 0) | (unsigned)(pair >> 32 == 0) << 1;
#endif
}

/** Bit i is set where byte i of the 32 at @p at is @p first and the byte after it, also one of these, @p
 * second. */
static inline uint32_t match32_pairs(const uint8_t at[32], uint8_t first, uint8_t second)
{
#ifdef __SSE2__
    const __m128i firsts = _mm_set1_epi8((char)first);
    const __m128i seconds = _mm_set1_epi8((char)second);
    const __m128i low = simd_load(at);
    const __m128i high = simd_load(at + 16);
    const uint32_t found = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(low, firsts)) |
                           (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(high, firsts)) << 16;
    const uint32_t behind = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(low, seconds)) |
                            (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(high, seconds)) << 16;
    return found & behind >> 1;
#else
    uint32_t found = 0;
    for (unsigned i = 0; i < 31; i++) {
        found |= (uint32_t)(at[i] == first && at[i + 1] == second) << i;
    }
    return found;
#endif
}

#endif
