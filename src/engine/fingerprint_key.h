/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file fingerprint_key.h
 * Everything that a signature, its match and its text depend on, as a few words that are compared whole.
 */
#ifndef ENGINE_FINGERPRINT_KEY_H
#define ENGINE_FINGERPRINT_KEY_H

#include <stdbool.h>
#include <stdint.h>
#include <synfix/headers.h>

#define FINGERPRINT_KEY_WORDS 7u

/** [0] and [1] header fields, [2] to [6] the options at the end of 40 octets, with the timestamps' values
 * blanked. */
typedef struct fingerprint_key {
    uint64_t words[FINGERPRINT_KEY_WORDS];
} fingerprint_key_t;

/**
 * Makes the key of a SYN or SYN+ACK whose options were captured whole, without the peer's MSS
 * (fingerprint_key_set_peer). The 40 octets before the end of the options must be readable: in a packet the
 * IP and TCP headers stand there. Returns the offset of the timestamp values in the options, which it guessed
 * and blanked in the key; 0 when it found none. Only a key whose guess is right may be stored.
 */
uint8_t fingerprint_key_make(const synfix_headers_t *headers, fingerprint_key_t *key);

/** Whether the octets at @p timestamps are the values of the only timestamp option. 0 is always right. */
bool fingerprint_key_is_right(const synfix_headers_t *headers, uint8_t timestamps);

/** Makes the key without blanking anything. */
void fingerprint_key_make_whole(const synfix_headers_t *headers, fingerprint_key_t *key);

static inline void fingerprint_key_set_peer(fingerprint_key_t *key, uint16_t syn_mss)
{
    key->words[1] |= (uint64_t)syn_mss << 48;
}

uint32_t fingerprint_key_hash(const fingerprint_key_t *key);

static inline bool fingerprint_key_equal(const fingerprint_key_t *a, const fingerprint_key_t *b)
{
    uint64_t different = 0;
    for (unsigned i = 0; i < FINGERPRINT_KEY_WORDS; i++)
        different |= a->words[i] ^ b->words[i];
    return different == 0;
}

#endif
