/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "engine/fingerprint_key.h"

#include <string.h>
#include <synfix/tcp_options.h>

#include "base/bytes.h"
#include "base/hash.h"

enum { TIMESTAMPS_SIZE = 10 };

/* Octets of a well-formed option, 0 when it is not one. */
static unsigned option_size(const uint8_t *options, unsigned at, unsigned length)
{
    static const uint8_t fixed[9] = {[SYNFIX_OPTION_MSS] = 4,
                                     [SYNFIX_OPTION_WS] = 3,
                                     [SYNFIX_OPTION_SOK] = 2,
                                     [SYNFIX_OPTION_TS] = TIMESTAMPS_SIZE};
    const uint8_t kind = options[at];
    if (kind == SYNFIX_OPTION_NOP)
        return 1;
    if (kind == SYNFIX_OPTION_EOL || at + 1 >= length)
        return 0;
    const unsigned size = options[at + 1];
    if (size < 2 || size > length - at)
        return 0;
    if (kind < sizeof fixed && fixed[kind] != 0 && size != fixed[kind])
        return 0;
    if (kind == SYNFIX_OPTION_SACK && (size < 10 || size > 34))
        return 0;
    return size;
}

/*
 * Offset of the only timestamp option's values, if all options up to it are well formed. Whatever follows may
 * be anything: it stands in the key. A second timestamp option could overrule the first, so then none counts.
 */
static unsigned find_timestamps_slowly(const uint8_t *options, unsigned length)
{
    unsigned found = 0;
    unsigned count = 0;
    for (unsigned at = 0; at < length && count < SYNFIX_OPTION_LAYOUT_MAX; count++) {
        const unsigned size = option_size(options, at, length);
        if (options[at] == SYNFIX_OPTION_TS) {
            if (found != 0 || size == 0)
                return 0;
            found = at + 2;
        }
        if (size == 0)
            return options[at] == SYNFIX_OPTION_EOL ? found : 0;
        at += size;
    }
    return found;
}

bool fingerprint_key_is_right(const synfix_headers_t *headers, uint8_t timestamps)
{
    return timestamps == 0 || find_timestamps_slowly(headers->options, headers->options_length) == timestamps;
}

/* Bit 8 * i + 7 is set where octet i of @p word is @p octet (others may be set above the lowest such one). */
static uint64_t octets_equal(uint64_t word, uint8_t octet)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    const uint64_t zero = word ^ ones * octet;
    return ~(((zero & ~(ones << 7)) + ~(ones << 7)) | zero) & ones << 7;
}

/*
 * Where kind 8 is followed by length 10: nearly always the timestamps. No branches that depend on the layout,
 * which the processor would guess wrong. Returns the offset of the values, 0 for none.
 */
static unsigned find_timestamps(const uint64_t *words, unsigned length)
{
    for (unsigned i = 0; i < 5; i++) {
        const uint64_t next = i < 4 ? words[i + 1] : 0;
        const uint64_t shifted = words[i] >> 8 | next << 56;
        const uint64_t found =
            octets_equal(words[i], SYNFIX_OPTION_TS) & octets_equal(shifted, TIMESTAMPS_SIZE);
        if (found == 0)
            continue;
        const unsigned offset = i * 8 + (unsigned)__builtin_ctzll(found) / 8 + 2;
        return offset + 8 <= length ? offset : 0;
    }
    return 0;
}

static uint64_t bit(bool value, unsigned position)
{
    return (uint64_t)value << position;
}

static void take_fields(const synfix_headers_t *headers, fingerprint_key_t *key)
{
    key->words[0] = (uint64_t)headers->ttl | (uint64_t)headers->tcp_flags << 8 |
                    (uint64_t)headers->ip_flags << 20 | (uint64_t)headers->options_length << 24 |
                    bit(headers->ip_version == 6, 32) | bit((headers->traffic_class & 3) != 0, 33) |
                    bit(headers->fragment_id == 0, 34) | bit(headers->flow_label == 0, 35) |
                    bit(headers->sequence == 0, 36) | bit(headers->acknowledgement == 0, 37) |
                    bit(headers->urgent_pointer == 0, 38) | bit(headers->payload_length == 0, 39) |
                    (uint64_t)headers->tcp_header_length << 48;
    key->words[1] = (uint64_t)headers->window | (uint64_t)headers->ip_options_length << 16 |
                    (uint64_t)headers->ip_header_length << 32;
}

/* Eight octets at a time, as they are read again: smaller stores would have to reach the cache first. */
static void take_options(const synfix_headers_t *headers, fingerprint_key_t *key)
{
    const unsigned length = headers->options_length;
    for (unsigned i = 0; i < 5; i++) {
        uint64_t word = 0;
        if (length >= i * 8 + 8) {
            memcpy(&word, headers->options + (size_t)i * 8, 8);
        } else if (length >= i * 8 + 4) {
            uint32_t half;
            memcpy(&half, headers->options + (size_t)i * 8, 4);
            word = half;
        }
        key->words[2 + i] = word;
    }
}

void fingerprint_key_make_whole(const synfix_headers_t *headers, fingerprint_key_t *key)
{
    take_fields(headers, key);
    take_options(headers, key);
}

uint8_t fingerprint_key_make(const synfix_headers_t *headers, fingerprint_key_t *key)
{
    fingerprint_key_make_whole(headers, key);
    uint64_t *words = &key->words[2];
    const unsigned offset = find_timestamps(words, headers->options_length);
    if (offset == 0)
        return 0;
    const unsigned shift = offset % 8 * 8;
    words[offset / 8] &= (UINT64_C(1) << shift) - 1;
    if (shift != 0)
        words[offset / 8 + 1] &= ~UINT64_C(0) << shift;
    else
        words[offset / 8] = 0;
    key->words[0] |= bit(read_be32(headers->options + offset) != 0, 40) |
                     bit(read_be32(headers->options + offset + 4) != 0, 41) | bit(true, 42) |
                     (uint64_t)offset << 56;
    return (uint8_t)offset;
}

uint32_t fingerprint_key_hash(const fingerprint_key_t *key)
{
    uint64_t mixed = hash_mix(key->words[0], key->words[1]);
    mixed ^= hash_mix(key->words[2] + mixed, key->words[3]);
    mixed ^= hash_mix(key->words[4] + mixed, key->words[5] ^ key->words[6] << 1);
    return (uint32_t)(mixed ^ mixed >> 32);
}
