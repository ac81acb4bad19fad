/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file json_plain.h
 * Finds the part of a text that needs no escape in a JSON string.
 */
#ifndef BASE_JSON_PLAIN_H
#define BASE_JSON_PLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

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
    const __m128i bytes = simd_load(at);
    const __m128i control = _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20));
    const __m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
    const __m128i backslash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
    const __m128i delete = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7F));
    return (unsigned)_mm_movemask_epi8(
        _mm_or_si128(_mm_or_si128(control, quote), _mm_or_si128(backslash, delete)));
}
#endif

#ifdef __SSE2__
/** Copies 16 bytes. False: one of them is not plain. */
static inline bool json_copy16(char *to, const char *from)
{
    const unsigned found = json_not_plain16(from);
    memcpy(to, from, 16);
    return found == 0;
}

/** The same with the first and the last bytes of 4 to 15: both halves are checked together. */
static inline bool json_copy_short(char *to, const char *from, size_t length)
{
    char both[16];
    const size_t half = length >= 8 ? 8 : 4;
    memcpy(both, from, 4);
    memcpy(both + 4, from + half - 4, 4);
    memcpy(both + 8, from + length - half, 4);
    memcpy(both + 12, from + length - 4, 4);
    memcpy(to, both, 4);
    memcpy(to + half - 4, both + 4, 4);
    memcpy(to + length - half, both + 8, 4);
    memcpy(to + length - 4, both + 12, 4);
    return json_not_plain16(both) == 0;
}
#endif

/** Copies @p length bytes to @p to. False: some of them are not plain, and the copy is void. */
static inline bool json_copy_plain(char *to, const char *from, size_t length)
{
    size_t at = 0;
#ifdef __SSE2__
    for (; at + 16 <= length; at += 16) {
        if (!json_copy16(to + at, from + at)) {
            return false;
        }
    }
    if (at > 0) { /* the rest with bytes that were copied before */
        return at == length || json_copy16(to + length - 16, from + length - 16);
    }
    if (length >= 4) {
        return json_copy_short(to, from, length);
    }
#endif
    for (; at < length; at++) {
        to[at] = from[at];
        if (!json_is_plain(from[at])) {
            return false;
        }
    }
    return true;
}

/** Number of plain bytes at the start of the @p length bytes at @p text. */
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
