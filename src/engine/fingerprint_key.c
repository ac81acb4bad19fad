/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "engine/fingerprint_key.h"

#include <string.h>
#include <synfix/tcp_options.h>

#include "base/bytes.h"
#include "base/hash.h"

enum { TIMESTAMPS_SIZE = 10, OPTIONS_MAX = 40 };

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
static unsigned find_timestamps(const uint8_t *options, unsigned length)
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

static uint64_t bit(bool value, unsigned position)
{
    return (uint64_t)value << position;
}

void fingerprint_key_make(const synfix_headers_t *headers, fingerprint_key_t *key, uint8_t *timestamps)
{
    const unsigned length = headers->options_length;
    uint8_t *bytes = (uint8_t *)&key->words[2];
    memset(bytes, 0, OPTIONS_MAX);
    for (unsigned at = 0; at < length; at += 4)
        memcpy(bytes + at, headers->options + at, 4);
    const unsigned offset = find_timestamps(bytes, length);
    bool own = false;
    bool echo = false;
    if (offset != 0) {
        own = read_be32(bytes + offset) != 0;
        echo = read_be32(bytes + offset + 4) != 0;
        memset(bytes + offset, 0, 8);
    }
    *timestamps = (uint8_t)offset;
    key->words[0] = (uint64_t)headers->ttl | (uint64_t)headers->tcp_flags << 8 |
                    (uint64_t)headers->ip_flags << 20 | (uint64_t)length << 24 |
                    bit(headers->ip_version == 6, 32) | bit((headers->traffic_class & 3) != 0, 33) |
                    bit(headers->fragment_id == 0, 34) | bit(headers->flow_label == 0, 35) |
                    bit(headers->sequence == 0, 36) | bit(headers->acknowledgement == 0, 37) |
                    bit(headers->urgent_pointer == 0, 38) | bit(headers->payload_length == 0, 39) |
                    bit(own, 40) | bit(echo, 41) | bit(offset != 0, 42) |
                    (uint64_t)headers->tcp_header_length << 48;
    key->words[1] = (uint64_t)headers->window | (uint64_t)headers->ip_options_length << 16 |
                    (uint64_t)headers->ip_header_length << 32;
}

uint32_t fingerprint_key_hash(const fingerprint_key_t *key)
{
    uint64_t mixed = hash_mix(key->words[0], key->words[1]);
    mixed ^= hash_mix(key->words[2] + mixed, key->words[3]);
    mixed ^= hash_mix(key->words[4] + mixed, key->words[5] ^ key->words[6] << 1);
    return (uint32_t)(mixed ^ mixed >> 32);
}
