/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file fingerprint_key_build.h
 * Makes the key of a fingerprint. The functions are inline because each SYN needs them once: a call would
 * cost a tenth of their work.
 */
#ifndef ENGINE_FINGERPRINT_KEY_BUILD_H
#define ENGINE_FINGERPRINT_KEY_BUILD_H

#include <stddef.h>
#include <string.h>
#include <synfix/tcp_options.h>

#include "base/byte_order.h"
#include "base/hash_mix.h"
#include "base/simd.h"
#include "engine/fingerprint_key.h"

#define KEY_TIMESTAMPS_SIZE 10u /* bytes of the option */

/** Bits of the key for fields that are nearly always 0: urgent pointer, payload, stray acknowledgement. */
uint64_t key_rare_bits(const synfix_headers_t *headers);

/* The place behind the first kind 8 with length 10 among the 40 bytes of @p window, nearly always that of the
 * timestamp values. Such an option begins at byte 30 at most. The search has no branch that depends on the
 * layout, which the processor would predict wrongly: bit 38 stands for FINGERPRINT_NO_PLACE. */
static inline unsigned key_find_timestamps(const uint8_t *window, unsigned length)
{
    const uint32_t pairs =
        match32_pairs(window, SYNFIX_OPTION_TS, KEY_TIMESTAMPS_SIZE) & UINT32_C(0x7FFFFFFF);
    const uint64_t inside = ~UINT64_C(0) << (FINGERPRINT_OPTIONS_MAX - length);
    const uint64_t found = (pairs & inside) | UINT64_C(1) << (FINGERPRINT_NO_PLACE - 2);
    return (unsigned)__builtin_ctzll(found) + 2;
}

static inline uint64_t key_bit(bool value, unsigned position)
{
    return (uint64_t)value << position;
}

/* Bit i is set where number i is 0: fragment id, flow label, sequence, acknowledgement. */
static inline unsigned key_zero_numbers(const synfix_headers_t *headers)
{
    _Static_assert(offsetof(synfix_headers_t, acknowledgement) ==
                       offsetof(synfix_headers_t, fragment_id) + 12,
                   "four numbers side by side");
    return match4_u32(&headers->fragment_id, 0);
}

/* The acknowledgement number of a packet without ACK, else 0. */
static inline uint32_t key_stray_acknowledgement(const synfix_headers_t *headers)
{
    return (headers->tcp_flags & SYNFIX_TCP_ACK) != 0 ? 0 : headers->acknowledgement;
}

#define KEY_IP_FIELDS   UINT64_C(0xFFFFFF03FFFF) /* of the traffic class only ECN */
#define KEY_PLACE_SHIFT 18u                      /* where the rest of the traffic class stood */

_Static_assert(offsetof(synfix_headers_t, ip_header_length) == offsetof(synfix_headers_t, ip_version) + 6,
               "eight bytes of IP fields side by side");

static inline __attribute__((always_inline)) void key_take_fields(const synfix_headers_t *headers,
                                                                  fingerprint_key_t *key)
{
    const uint64_t ip = read_le64((const uint8_t *)headers + offsetof(synfix_headers_t, ip_version));
    const uint32_t rare =
        headers->urgent_pointer | headers->payload_length | key_stray_acknowledgement(headers);
    key->words[0] = (ip & KEY_IP_FIELDS) | (uint64_t)key_zero_numbers(headers) << 48;
    key->words[1] = (uint64_t)headers->tcp_flags | (uint64_t)headers->window << 16 |
                    (uint64_t)headers->options_length << 32;
    if (__builtin_expect(rare != 0, 0)) {
        key->words[0] |= key_rare_bits(headers);
    }
}

static inline uint64_t key_load(const uint8_t *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

/* The options end at byte 40, so loading them needs no branch; the key holds their length as well. No store
 * is smaller than the loads that follow: smaller stores would delay these loads. */
static inline void key_take_options(const uint8_t *window, unsigned length, fingerprint_key_t *key)
{
    static const uint8_t masks[2 * FINGERPRINT_OPTIONS_MAX] = {
        [FINGERPRINT_OPTIONS_MAX... 2 * FINGERPRINT_OPTIONS_MAX - 1] = 0xFF};
#ifdef __SSE2__
    for (unsigned at = 0; at + 16 <= FINGERPRINT_OPTIONS_MAX; at += 16) {
        _mm_storeu_si128((__m128i *)&key->words[2 + at / 8],
                         _mm_and_si128(lanes_load(window + at), lanes_load(masks + length + at)));
    }
    key->words[6] = key_load(window + 32) & key_load(masks + length + 32);
#else
    for (unsigned at = 0; at < FINGERPRINT_OPTIONS_MAX; at += 8) {
        key->words[2 + at / 8] = key_load(window + at) & key_load(masks + length + at);
    }
#endif
}

/* The options without the timestamps as two numbers, which are the same on each processor. */
static inline void key_fold_options(const fingerprint_key_t *key, unsigned place, uint64_t folded[2])
{
#if defined __SSE2__ && defined __x86_64__
    const uint8_t *mask = fingerprint_key_mask_bytes(place);
    const __m128i low = _mm_and_si128(lanes_load(key->words + 2), lanes_load(mask));
    const __m128i high = _mm_and_si128(lanes_load(key->words + 4), lanes_load(mask + 16));
    const __m128i sum = _mm_add_epi64(low, _mm_shuffle_epi32(high, _MM_SHUFFLE(1, 0, 3, 2)));
    folded[0] = (uint64_t)_mm_cvtsi128_si64(sum);
    folded[1] = (uint64_t)_mm_cvtsi128_si64(_mm_unpackhi_epi64(sum, sum));
#else
    folded[0] = LE64(fingerprint_key_word(key, place, 0)) + LE64(fingerprint_key_word(key, place, 3));
    folded[1] = LE64(fingerprint_key_word(key, place, 1)) + LE64(fingerprint_key_word(key, place, 2));
#endif
    folded[0] += LE64(fingerprint_key_word(key, place, 4));
}

static inline __attribute__((always_inline)) uint32_t key_hash(const fingerprint_key_t *key, unsigned place)
{
    uint64_t options[2];
    key_fold_options(key, place, options);
    const uint64_t mixed =
        hash_mix(key->words[0] ^ (options[0] << 23 | options[0] >> 41), key->words[1] ^ options[1]);
    return (uint32_t)(mixed ^ mixed >> 32);
}

/* Whether the value (bit 0) and the echo (bit 1) are 0; both are without timestamps. */
static inline unsigned key_zero_stamps(const uint8_t *window, unsigned place)
{
    const bool found = place != FINGERPRINT_NO_PLACE;
    return zero_halves(LE64(key_load(window + (found ? place : 0))) & -(uint64_t)found);
}

/** fingerprint_key_make. */
static inline __attribute__((always_inline)) uint8_t
fingerprint_key_build(const synfix_headers_t *headers, fingerprint_key_t *key, uint32_t *hash)
{
    const unsigned length = headers->options_length;
    const uint8_t *window = headers->options + length - FINGERPRINT_OPTIONS_MAX;
    const unsigned place = key_find_timestamps(window, length);
    key_take_options(window, length, key);
    key_take_fields(headers, key);
    key->words[0] |= (uint64_t)place << KEY_PLACE_SHIFT | (uint64_t)key_zero_stamps(window, place) << 55;
    *hash = key_hash(key, place);
    return (uint8_t)place;
}

#endif
