/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file fingerprint_key.h
 * The input of a signature, its match and its text, as a few words that are compared as a whole: header
 * fields and options of a SYN or SYN+ACK. The values of the timestamps stand in the key, but do not count.
 * fingerprint_key_build.h makes keys.
 */
#ifndef ENGINE_FINGERPRINT_KEY_H
#define ENGINE_FINGERPRINT_KEY_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <synfix/headers.h>

#include "base/simd.h"

#define FINGERPRINT_KEY_WORDS 7u

#define FINGERPRINT_OPTIONS_MAX   40u /* bytes of options in a key */
#define FINGERPRINT_NO_TIMESTAMPS 40u /* as an offset: no bytes are left out */

/* The parts of a SYN that the signature and match of its SYN+ACK may depend on: MSS, and SYNFIX_OFFER_*
 * shifted. */
#define FINGERPRINT_SYN_MSS          0x0000FFFFu
#define FINGERPRINT_SYN_OFFERS       0x00FF0000u
#define FINGERPRINT_SYN_OFFERS_SHIFT 16u

/**
 * [0] and [1]: header fields (fingerprint_key_build.h). [2] to [6]: the options, right-aligned in 40 bytes,
 * with zeros before them.
 */
typedef struct fingerprint_key {
    uint64_t words[FINGERPRINT_KEY_WORDS];
} fingerprint_key_t;

/**
 * Makes the key of a SYN or SYN+ACK whose options were captured whole, without the SYN that it answers
 * (fingerprint_key_set_syn), and its @p hash. The 40 bytes before the end of the options must be readable: in
 * a packet the IP and TCP headers stand there. Returns the probable offset of the timestamp values among the
 * key's 40 bytes; FINGERPRINT_NO_TIMESTAMPS: there are none. Neither the hash nor comparisons include the
 * values. Store only keys whose offset is right (fingerprint_key_is_right).
 */
uint8_t fingerprint_key_make(const synfix_headers_t *headers, fingerprint_key_t *key, uint32_t *hash);

/** Length of the options in the key. */
uint8_t fingerprint_key_options_length(const fingerprint_key_t *key);

/**
 * Whether the bytes at @p offset are the values of the only timestamp option. FINGERPRINT_NO_TIMESTAMPS is
 * always right.
 */
bool fingerprint_key_is_right(const fingerprint_key_t *key, uint8_t offset);

/** Makes all bytes count, after a wrong offset. Returns the new hash. */
uint32_t fingerprint_key_make_whole(fingerprint_key_t *key);

/** The options in the key, @p length bytes. */
static inline const uint8_t *fingerprint_key_options(const fingerprint_key_t *key, unsigned length)
{
    return (const uint8_t *)&key->words[FINGERPRINT_KEY_WORDS] - length;
}

/** A window of 40 bytes that begins at byte 40 - offset is a mask for the options: zeros in the eight bytes
 * from the offset on, else ones. The window of offset 40 has ones only. */
extern const uint8_t fingerprint_key_masks[2 * FINGERPRINT_OPTIONS_MAX + 8];

/** The bytes of the options that count: all but eight from @p offset on (40: all). */
static inline const uint8_t *fingerprint_key_mask_bytes(unsigned offset)
{
    return fingerprint_key_masks + FINGERPRINT_OPTIONS_MAX - offset;
}

/** The bytes that count in word @p i of the options. */
static inline uint64_t fingerprint_key_mask(unsigned offset, unsigned i)
{
    uint64_t mask;
    memcpy(&mask, fingerprint_key_mask_bytes(offset) + (size_t)i * 8, sizeof mask);
    return mask;
}

/** Word @p i of the options, without the bytes that do not count. */
static inline uint64_t fingerprint_key_word(const fingerprint_key_t *key, unsigned offset, unsigned i)
{
    return key->words[2 + i] & fingerprint_key_mask(offset, i);
}

/** The byte at @p offset. */
static inline const uint8_t *fingerprint_key_at(const fingerprint_key_t *key, uint8_t offset)
{
    return (const uint8_t *)&key->words[2] + offset;
}

/** Adds the SYN that is answered, as in fingerprint_slot_t.as_syn. Header fields use only the lower half of
 * the word (fingerprint_key_build.h). */
static inline void fingerprint_key_set_syn(fingerprint_key_t *key, uint32_t syn)
{
    const uint64_t mss = syn & FINGERPRINT_SYN_MSS;
    const uint64_t offers = syn >> FINGERPRINT_SYN_OFFERS_SHIFT;
    key->words[1] |= mss << 48 | offers << 40;
}

/** Whether two keys are the same but for the eight bytes at @p offset. */
static inline bool fingerprint_key_equal(const fingerprint_key_t *a, const fingerprint_key_t *b,
                                         unsigned offset)
{
#ifdef __SSE2__
    const uint8_t *mask = fingerprint_key_mask_bytes(offset);
    __m128i differ = _mm_xor_si128(simd_load(a->words), simd_load(b->words));
    for (unsigned i = 0; i + 2 <= FINGERPRINT_OPTIONS_MAX / 8; i += 2) {
        const __m128i bytes = _mm_xor_si128(simd_load(a->words + 2 + i), simd_load(b->words + 2 + i));
        differ = _mm_or_si128(differ, _mm_and_si128(bytes, simd_load(mask + (size_t)i * 8)));
    }
    uint64_t last;
    memcpy(&last, mask + FINGERPRINT_OPTIONS_MAX - sizeof last, sizeof last);
    last &= a->words[6] ^ b->words[6];
    return last == 0 && _mm_movemask_epi8(_mm_cmpeq_epi8(differ, _mm_setzero_si128())) == 0xFFFF;
#else
    uint64_t different = (a->words[0] ^ b->words[0]) | (a->words[1] ^ b->words[1]);
    for (unsigned i = 0; i < FINGERPRINT_OPTIONS_MAX / 8; i++) {
        different |= (a->words[2 + i] ^ b->words[2 + i]) & fingerprint_key_mask(offset, i);
    }
    return different == 0;
#endif
}

#endif
