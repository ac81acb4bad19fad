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

/* Offset of kind 8 with length 10 among the 40 bytes, nearly always the timestamps. The search has no
 * branch that depends on the layout, which the processor would predict wrongly. */
static inline unsigned key_find_timestamps(const uint8_t *end, unsigned length)
{
    const uint64_t inside = ~UINT64_C(0) << (FINGERPRINT_OPTIONS_MAX - length);
    const uint64_t found =
        bytes_pair(end - FINGERPRINT_OPTIONS_MAX, SYNFIX_OPTION_TS, KEY_TIMESTAMPS_SIZE) & inside;
    const unsigned at = (unsigned)__builtin_ctzll(found | UINT64_C(1) << 63);
    const unsigned whole = at + KEY_TIMESTAMPS_SIZE <= FINGERPRINT_OPTIONS_MAX;
    return FINGERPRINT_OPTIONS_MAX - ((FINGERPRINT_OPTIONS_MAX - 2 - at) & -whole);
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

#define KEY_IP_FIELDS UINT64_C(0xFFFFFF03FFFF) /* of the traffic class only ECN */

/* The first fields are adjacent in the headers, so the compiler loads them at once. */
static inline __attribute__((always_inline)) void key_take_fields(const synfix_headers_t *headers,
                                                                  fingerprint_key_t *key)
{
    const uint64_t ip = (uint64_t)headers->ip_version | (uint64_t)headers->ttl << 8 |
                        (uint64_t)headers->traffic_class << 16 | (uint64_t)headers->ip_flags << 24 |
                        (uint64_t)headers->ip_options_length << 32 |
                        (uint64_t)headers->ip_header_length << 48;
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
static inline void key_take_options(const synfix_headers_t *headers, fingerprint_key_t *key)
{
    static const uint8_t masks[2 * FINGERPRINT_OPTIONS_MAX] = {
        [FINGERPRINT_OPTIONS_MAX... 2 * FINGERPRINT_OPTIONS_MAX - 1] = 0xFF};
    const unsigned length = headers->options_length;
    const uint8_t *begin = headers->options + length - FINGERPRINT_OPTIONS_MAX;
#ifdef __SSE2__
    for (unsigned at = 0; at + 16 <= FINGERPRINT_OPTIONS_MAX; at += 16) {
        _mm_storeu_si128((__m128i *)&key->words[2 + at / 8],
                         _mm_and_si128(lanes_load(begin + at), lanes_load(masks + length + at)));
    }
    key->words[6] = key_load(begin + 32) & key_load(masks + length + 32);
#else
    for (unsigned at = 0; at < FINGERPRINT_OPTIONS_MAX; at += 8) {
        key->words[2 + at / 8] = key_load(begin + at) & key_load(masks + length + at);
    }
#endif
}

/* The same number on each processor. */
static inline uint64_t key_hash_word(const fingerprint_key_t *key, unsigned place, unsigned i)
{
    return LE64(fingerprint_key_word(key, place, i));
}

/* Three products that do not wait for each other. */
static inline __attribute__((always_inline)) uint32_t key_hash(const fingerprint_key_t *key, unsigned place)
{
    const uint64_t fields = hash_mix(key->words[0], key->words[1]);
    const uint64_t begin = hash_mix(key_hash_word(key, place, 0) + 1, key_hash_word(key, place, 1));
    const uint64_t end = hash_mix(key_hash_word(key, place, 2) + 2,
                                  key_hash_word(key, place, 3) ^ key_hash_word(key, place, 4) << 1);
    const uint64_t mixed = fields ^ begin ^ end;
    return (uint32_t)(mixed ^ mixed >> 32);
}

/** fingerprint_key_make. */
static inline __attribute__((always_inline)) uint8_t
fingerprint_key_build(const synfix_headers_t *headers, fingerprint_key_t *key, uint32_t *hash)
{
    const uint8_t *end = headers->options + headers->options_length;
    const unsigned place = key_find_timestamps(end, headers->options_length);
    const bool found = place != FINGERPRINT_OPTIONS_MAX;
    const uint8_t *at = end - FINGERPRINT_OPTIONS_MAX + (found ? place : 0);
    const uint64_t values = LE64(key_load(at)) & -(uint64_t)found;
    key_take_options(headers, key);
    key_take_fields(headers, key);
    key->words[0] |=
        key_bit((uint32_t)values != 0, 55) | key_bit(values >> 32 != 0, 56) | (uint64_t)place << 58;
    *hash = key_hash(key, place);
    return (uint8_t)place;
}

#endif
