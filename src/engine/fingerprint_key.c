/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "engine/fingerprint_key.h"

#include <stddef.h>
#include <string.h>
#include <synfix/tcp_options.h>

#include "base/byte_order.h"
#include "base/hash_mix.h"
#include "base/simd.h"

enum { TIMESTAMPS_SIZE = 10 };

/* Bytes of a well-formed option, 0 when it is not one. */
static unsigned option_size(const uint8_t *options, unsigned at, unsigned length)
{
    static const uint8_t fixed[9] = {[SYNFIX_OPTION_MSS] = 4,
                                     [SYNFIX_OPTION_WS] = 3,
                                     [SYNFIX_OPTION_SOK] = 2,
                                     [SYNFIX_OPTION_TS] = TIMESTAMPS_SIZE};
    const uint8_t kind = options[at];
    if (kind == SYNFIX_OPTION_NOP) {
        return 1;
    }
    if (kind == SYNFIX_OPTION_EOL || at + 1 >= length) {
        return 0;
    }
    const unsigned size = options[at + 1];
    if (size < 2 || size > length - at) {
        return 0;
    }
    if (kind < sizeof fixed && fixed[kind] != 0 && size != fixed[kind]) {
        return 0;
    }
    if (kind == SYNFIX_OPTION_SACK && (size < 10 || size > 34)) {
        return 0;
    }
    return size;
}

/* Offset of the values of the only timestamp option, if all options before it are well-formed. The options
 * behind it do not matter, since the key holds them. With two timestamp options neither counts. */
static unsigned find_timestamps_slowly(const uint8_t *options, unsigned length)
{
    unsigned found = 0;
    unsigned count = 0;
    for (unsigned at = 0; at < length && count < SYNFIX_OPTION_LAYOUT_MAX; count++) {
        const unsigned size = option_size(options, at, length);
        if (options[at] == SYNFIX_OPTION_TS) {
            if (found != 0 || size == 0) {
                return 0;
            }
            found = at + 2;
        }
        if (size == 0) {
            return options[at] == SYNFIX_OPTION_EOL ? found : 0;
        }
        at += size;
    }
    return found;
}

bool fingerprint_key_is_right(const synfix_headers_t *headers, uint8_t place)
{
    const unsigned length = headers->options_length;
    return place == FINGERPRINT_NO_PLACE ||
           find_timestamps_slowly(headers->options, length) + FINGERPRINT_OPTIONS_MAX - length == place;
}

enum { OPTIONS_MAX = FINGERPRINT_OPTIONS_MAX };

const uint8_t fingerprint_key_masks[2 * OPTIONS_MAX + 8] = {
    [0 ... OPTIONS_MAX - 1] = 0xFF,
    [OPTIONS_MAX + 8 ... 2 * OPTIONS_MAX + 7] = 0xFF,
};

/* Offset of kind 8 with length 10 among the 40 bytes, nearly always the timestamps. The search has no
 * branch that depends on the layout, which the processor would predict wrongly. */
static unsigned find_timestamps(const uint8_t *end, unsigned length)
{
    const uint64_t inside = ~UINT64_C(0) << (OPTIONS_MAX - length);
    const uint64_t found = bytes_pair(end - OPTIONS_MAX, SYNFIX_OPTION_TS, TIMESTAMPS_SIZE) & inside;
    const unsigned at = (unsigned)__builtin_ctzll(found | UINT64_C(1) << 63);
    const unsigned whole = at + TIMESTAMPS_SIZE <= OPTIONS_MAX;
    return OPTIONS_MAX - ((OPTIONS_MAX - 2 - at) & -whole);
}

static uint64_t bit(bool value, unsigned position)
{
    return (uint64_t)value << position;
}

/* The bit of an acknowledgement number without ACK that p0f's signatures ask for (D5). */
static bool stray_bit(const synfix_headers_t *headers)
{
    return ((headers->tcp_flags & SYNFIX_TCP_ACK) == 0) & ((headers->acknowledgement & 0x01000000u) != 0);
}

/* Bit i is set where number i is 0: fragment id, flow label, sequence, acknowledgement. */
static unsigned zero_numbers(const synfix_headers_t *headers)
{
    _Static_assert(offsetof(synfix_headers_t, acknowledgement) ==
                       offsetof(synfix_headers_t, fragment_id) + 12,
                   "four numbers side by side");
    return match4_u32(&headers->fragment_id, 0);
}

#define IP_FIELDS UINT64_C(0xFFFFFF03FFFF) /* of the traffic class only ECN */

/* The first fields are adjacent in the headers, so the compiler loads them at once. */
static inline __attribute__((always_inline)) void take_fields(const synfix_headers_t *headers,
                                                              fingerprint_key_t *key)
{
    const uint64_t ip = (uint64_t)headers->ip_version | (uint64_t)headers->ttl << 8 |
                        (uint64_t)headers->traffic_class << 16 | (uint64_t)headers->ip_flags << 24 |
                        (uint64_t)headers->ip_options_length << 32 |
                        (uint64_t)headers->ip_header_length << 48;
    key->words[0] = (ip & IP_FIELDS) | (uint64_t)zero_numbers(headers) << 48 |
                    bit(headers->urgent_pointer == 0, 52) | bit(headers->payload_length == 0, 53) |
                    bit(stray_bit(headers), 54);
    key->words[1] = (uint64_t)headers->tcp_flags | (uint64_t)headers->window << 16 |
                    (uint64_t)headers->options_length << 32 | (uint64_t)headers->tcp_header_length << 40;
}

static uint64_t load(const uint8_t *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

/* The options end at byte 40, so loading them needs no branch; the key holds their length as well. The
 * stores have eight bytes, the size of the loads that follow: smaller stores would delay these loads. */
static void take_options(const synfix_headers_t *headers, fingerprint_key_t *key)
{
    static const uint8_t masks[2 * OPTIONS_MAX] = {[OPTIONS_MAX... 2 * OPTIONS_MAX - 1] = 0xFF};
    const unsigned length = headers->options_length;
    const uint8_t *begin = headers->options + length - OPTIONS_MAX;
    for (unsigned at = 0; at < OPTIONS_MAX; at += 8) {
        key->words[2 + at / 8] = load(begin + at) & load(masks + length + at);
    }
}

/* The same number on each processor. */
static inline uint64_t hash_word(const fingerprint_key_t *key, unsigned place, unsigned i)
{
    return LE64(fingerprint_key_word(key, place, i));
}

/* Three products that do not wait for each other. */
static inline __attribute__((always_inline)) uint32_t hash_of(const fingerprint_key_t *key, unsigned place)
{
    const uint64_t fields = hash_mix(key->words[0], key->words[1]);
    const uint64_t begin = hash_mix(hash_word(key, place, 0) + 1, hash_word(key, place, 1));
    const uint64_t end =
        hash_mix(hash_word(key, place, 2) + 2, hash_word(key, place, 3) ^ hash_word(key, place, 4) << 1);
    const uint64_t mixed = fields ^ begin ^ end;
    return (uint32_t)(mixed ^ mixed >> 32);
}

uint8_t fingerprint_key_make(const synfix_headers_t *headers, fingerprint_key_t *key, uint32_t *hash)
{
    const uint8_t *end = headers->options + headers->options_length;
    const unsigned place = find_timestamps(end, headers->options_length);
    const bool found = place != OPTIONS_MAX;
    const uint8_t *values = end - OPTIONS_MAX + (found ? place : 0);
    take_options(headers, key);
    take_fields(headers, key);
    key->words[0] |= bit(found & (read_be32(values) != 0), 55) |
                     bit(found & (read_be32(values + 4) != 0), 56) | (uint64_t)place << 58;
    *hash = hash_of(key, place);
    return (uint8_t)place;
}

uint32_t fingerprint_key_make_whole(const synfix_headers_t *headers, fingerprint_key_t *key)
{
    take_fields(headers, key);
    key->words[0] |= (uint64_t)FINGERPRINT_NO_PLACE << 58;
    return hash_of(key, FINGERPRINT_NO_PLACE);
}
