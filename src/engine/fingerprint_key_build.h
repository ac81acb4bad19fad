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
#include "decode/header_fields.h"
#include "engine/fingerprint_key.h"

#define KEY_TIMESTAMPS_SIZE 10u /* bytes of the option */

/* The offset after the first kind 8 with length 10 among the options in the key, nearly always that of the
 * timestamp values. Such an option begins at byte 30 at most, so 32 bytes are enough. The search has no
 * branch that depends on the layout, because the processor would mispredict it: bit 38, which no option sets,
 * yields FINGERPRINT_NO_TIMESTAMPS. */
static inline unsigned key_find_timestamps(const fingerprint_key_t *key)
{
    const uint32_t pairs =
        match32_pairs((const uint8_t *)&key->words[2], SYNFIX_OPTION_TS, KEY_TIMESTAMPS_SIZE);
    return (unsigned)__builtin_ctzll(pairs | UINT64_C(1) << (FINGERPRINT_NO_TIMESTAMPS - 2)) + 2;
}

/*
 * Word 0 has the fields of IP where bytes 1 to 8 of an IPv4 header have them, as a little-endian number: ECN,
 * flags, TTL. Other facts use the places of header fields that do not belong to a fingerprint. Word 1
 * begins with bytes 12 to 15 of the TCP header: length, flags, window.
 */
#define KEY_ECN           UINT64_C(0x3)
#define KEY_IP_FLAGS      45u
#define KEY_TTL           56u
#define KEY_IPV4_FIELDS   (UINT64_C(0xFF) << KEY_TTL | UINT64_C(0x7) << KEY_IP_FLAGS | KEY_ECN)
#define KEY_OFFSET        2u /* of the timestamps */
#define KEY_IP_OPTIONS    8u
#define KEY_ZERO_NUMBERS  24u /* four bits: fragment id, flow label, sequence, acknowledgement is 0 */
#define KEY_NO_FLOW_LABEL 2u  /* the second of these bits: always, in IPv4 */
#define KEY_ZERO_STAMPS   28u
#define KEY_IPV6          30u
#define KEY_RARE          31u
#define KEY_TCP_FIELDS    0xFFFFFFF1u /* without the reserved bits */
#define KEY_ODD_LENGTH    1u          /* in place of the reserved bits: length of the options modulo 4 */
#define KEY_DATA_OFFSET   4u

/** Bits of the key for fields that are nearly always 0: urgent pointer, payload, and of an acknowledgement
 * number without ACK the bit that p0f's signatures contain (D5). */
static inline uint64_t key_rare_bits(bool urgent, bool payload, uint32_t stray_acknowledgement)
{
    return ((uint64_t)urgent | (uint64_t)payload << 1 | (uint64_t)(stray_acknowledgement >> 24 & 1) << 2)
           << KEY_RARE;
}

/** The fields of @p headers. */
static inline void key_take_fields(const synfix_headers_t *headers, fingerprint_key_t *key)
{
    _Static_assert(offsetof(synfix_headers_t, acknowledgement) ==
                       offsetof(synfix_headers_t, fragment_id) + 12,
                   "four numbers side by side");
    const bool ack = (headers->tcp_flags & SYNFIX_TCP_ACK) != 0;
    const unsigned length = headers->options_length;
    key->words[0] = (headers->traffic_class & KEY_ECN) |
                    (uint64_t)headers->ip_options_length << KEY_IP_OPTIONS |
                    (uint64_t)match4_u32(&headers->fragment_id, 0) << KEY_ZERO_NUMBERS |
                    (uint64_t)(headers->ip_version == 6) << KEY_IPV6 |
                    (uint64_t)(headers->ip_flags & 7u) << KEY_IP_FLAGS | (uint64_t)headers->ttl << KEY_TTL |
                    key_rare_bits(headers->urgent_pointer != 0, headers->payload_length != 0,
                                  ack ? 0 : headers->acknowledgement);
    key->words[1] = (headers->tcp_flags >> 8 & 1u) | (length & 3u) << KEY_ODD_LENGTH |
                    (FILL_TCP_MIN / 4 + length / 4) << KEY_DATA_OFFSET | (headers->tcp_flags & 0xFFu) << 8 |
                    (uint32_t)__builtin_bswap16(headers->window) << 16;
}

/** The same of the plain headers at @p ip (plain_frame.h), with @p payload bytes after them. */
static inline __attribute__((always_inline)) void key_take_plain_fields(const uint8_t *ip, uint32_t payload,
                                                                        fingerprint_key_t *key)
{
    const uint8_t *tcp = ip + FILL_IPV4_MIN;
    const uint32_t fields = read_le32(tcp + 12);
    const uint32_t stray = (tcp[13] & SYNFIX_TCP_ACK) != 0 ? 0 : read_be32(tcp + 8);
    const uint32_t urgent = read_be16(tcp + 18);
    const unsigned zero = (unsigned)(read_be16(ip + 4) == 0) | KEY_NO_FLOW_LABEL |
                          zero_halves(read_le64(tcp + 4)) << 2; /* sequence, acknowledgement */
    key->words[0] = (read_le64(ip + 1) & KEY_IPV4_FIELDS) | (uint64_t)zero << KEY_ZERO_NUMBERS;
    key->words[1] = fields & KEY_TCP_FIELDS;
    if (__builtin_expect((urgent | payload | stray) != 0, 0)) {
        key->words[0] |= key_rare_bits(urgent != 0, payload != 0, stray);
    }
}

static inline uint64_t key_load(const uint8_t *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

/* @p window: 40 bytes, at the end of which the options stand; the mask clears the bytes before them. Loads
 * and stores of fixed length need no branch. No store is smaller than the loads that follow: smaller stores
 * would delay these loads. The key holds the length of the options as well. */
static inline void key_take_options(const uint8_t *window, unsigned length, fingerprint_key_t *key)
{
    static const uint8_t masks[2 * FINGERPRINT_OPTIONS_MAX] = {
        [FINGERPRINT_OPTIONS_MAX... 2 * FINGERPRINT_OPTIONS_MAX - 1] = 0xFF};
#ifdef __SSE2__
    for (unsigned at = 0; at + 16 <= FINGERPRINT_OPTIONS_MAX; at += 16) {
        _mm_storeu_si128((__m128i *)&key->words[2 + at / 8],
                         _mm_and_si128(simd_load(window + at), simd_load(masks + length + at)));
    }
    key->words[6] = key_load(window + 32) & key_load(masks + length + 32);
#else
    for (unsigned at = 0; at < FINGERPRINT_OPTIONS_MAX; at += 8) {
        key->words[2 + at / 8] = key_load(window + at) & key_load(masks + length + at);
    }
#endif
}

/* The options without the timestamps as two sums of their five words, the same on each processor. Sums in
 * vectors cost less than further products; equal hashes of different options cost only a comparison. */
static inline void key_fold_options(const fingerprint_key_t *key, unsigned offset, uint64_t folded[2])
{
#if defined __SSE2__ && defined __x86_64__
    const uint8_t *mask = fingerprint_key_mask_bytes(offset);
    const __m128i low = _mm_and_si128(simd_load(key->words + 2), simd_load(mask));
    const __m128i high = _mm_and_si128(simd_load(key->words + 4), simd_load(mask + 16));
    const __m128i sum = _mm_add_epi64(low, _mm_shuffle_epi32(high, _MM_SHUFFLE(1, 0, 3, 2)));
    folded[0] = (uint64_t)_mm_cvtsi128_si64(sum);
    folded[1] = (uint64_t)_mm_cvtsi128_si64(_mm_unpackhi_epi64(sum, sum));
#else
    folded[0] = LE64(fingerprint_key_word(key, offset, 0)) + LE64(fingerprint_key_word(key, offset, 3));
    folded[1] = LE64(fingerprint_key_word(key, offset, 1)) + LE64(fingerprint_key_word(key, offset, 2));
#endif
    folded[0] += LE64(fingerprint_key_word(key, offset, 4));
}

static inline __attribute__((always_inline)) uint32_t key_hash(const fingerprint_key_t *key, unsigned offset)
{
    uint64_t options[2];
    key_fold_options(key, offset, options);
    /* turned: otherwise bits that change together in header fields and options might cancel each other */
    const uint64_t turned = options[0] << 23 | options[0] >> 41;
    const uint64_t mixed = hash_mix(key->words[0] ^ turned, key->words[1] ^ options[1]);
    return (uint32_t)(mixed ^ mixed >> 32);
}

/* Whether the value (bit 0) and the echo (bit 1) are 0; both are without timestamps. */
static inline unsigned key_zero_stamps(const uint8_t *window, unsigned offset)
{
    const bool found = offset != FINGERPRINT_NO_TIMESTAMPS;
    return zero_halves(LE64(key_load(window + (found ? offset : 0))) & -(uint64_t)found);
}

/** Completes a key whose fields are set: options, timestamps, hash. Returns the offset of the timestamps. */
static inline __attribute__((always_inline)) uint8_t key_finish(const uint8_t *options, unsigned length,
                                                                fingerprint_key_t *key, uint32_t *hash)
{
    const uint8_t *window = options + length - FINGERPRINT_OPTIONS_MAX;
    key_take_options(window, length, key);
    const unsigned offset = key_find_timestamps(key);
    key->words[0] |= (uint64_t)offset << KEY_OFFSET | (uint64_t)key_zero_stamps(window, offset)
                                                          << KEY_ZERO_STAMPS;
    *hash = key_hash(key, offset);
    return (uint8_t)offset;
}

/** fingerprint_key_make of the plain headers at @p ip: @p lengths bytes, with @p payload bytes after them.
 */
static inline __attribute__((always_inline)) uint8_t
fingerprint_key_make_plain(const uint8_t *ip, uint32_t lengths, uint32_t payload, fingerprint_key_t *key,
                           uint32_t *hash)
{
    key_take_plain_fields(ip, payload, key);
    return key_finish(ip + FILL_IPV4_MIN + FILL_TCP_MIN, lengths - FILL_IPV4_MIN - FILL_TCP_MIN, key, hash);
}

#endif
