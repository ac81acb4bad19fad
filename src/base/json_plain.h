/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file json_plain.h
 * Finds the part of a text that stands in a JSON string as it is.
 */
#ifndef BASE_JSON_PLAIN_H
#define BASE_JSON_PLAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/simd.h"

/** Printable ASCII without quote and backslash. */
static inline bool json_is_plain(char byte)
{
    return byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '\\';
}

#ifdef __SSE2__
/** Bit i is set if byte i of the 16 at @p at is not plain. Bytes from 0x80 on are negative. */
static inline unsigned json_not_plain16(const char *at)
{
    const __m128i bytes = lanes_load(at);
    const __m128i control = _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20));
    const __m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
    const __m128i backslash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
    const __m128i delete = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7F));
    return (unsigned)_mm_movemask_epi8(
        _mm_or_si128(_mm_or_si128(control, quote), _mm_or_si128(backslash, delete)));
}
#endif

/** Plain bytes at the begin of the @p length bytes at @p text. */
static inline size_t json_plain_length(const char *text, size_t length)
{
    size_t at = 0;
#ifdef __SSE2__
    for (; at + 16 <= length; at += 16) {
        const unsigned found = json_not_plain16(text + at);
        if (found != 0) {
            return at + (unsigned)__builtin_ctz(found);
        }
    }
#endif
    while (at < length && json_is_plain(text[at])) {
        at++;
    }
    return at;
}

#endif
