/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "engine/fingerprint_key.h"

#include <stddef.h>
#include <string.h>
#include <synfix/tcp_options.h>

#include "engine/fingerprint_key_build.h"

/* Bytes of a well-formed option, 0 when it is not one. */
static unsigned option_size(const uint8_t *options, unsigned at, unsigned length)
{
    static const uint8_t fixed[9] = {[SYNFIX_OPTION_MSS] = 4,
                                     [SYNFIX_OPTION_WS] = 3,
                                     [SYNFIX_OPTION_SOK] = 2,
                                     [SYNFIX_OPTION_TS] = KEY_TIMESTAMPS_SIZE};
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

/* Offset of the values of the only timestamp option, if all options before it are well-formed; else 0. The
 * options after it do not matter, since the key holds them. With two timestamp options neither counts. */
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

bool fingerprint_key_is_right(const fingerprint_key_t *key, uint8_t offset)
{
    const unsigned length = fingerprint_key_options_length(key);
    return offset == FINGERPRINT_NO_TIMESTAMPS ||
           find_timestamps_slowly(fingerprint_key_options(key, length), length) + FINGERPRINT_OPTIONS_MAX -
                   length ==
               offset;
}

const uint8_t fingerprint_key_masks[2 * FINGERPRINT_OPTIONS_MAX + 8] = {
    [0 ... FINGERPRINT_OPTIONS_MAX - 1] = 0xFF,
    [FINGERPRINT_OPTIONS_MAX + 8 ... 2 * FINGERPRINT_OPTIONS_MAX + 7] = 0xFF,
};

uint8_t fingerprint_key_make(const synfix_headers_t *headers, fingerprint_key_t *key, uint32_t *hash)
{
    key_take_fields(headers, key);
    return key_finish(headers->options, headers->options_length, key, hash);
}

uint8_t fingerprint_key_options_length(const fingerprint_key_t *key)
{
    const unsigned words = key->words[1] >> KEY_DATA_OFFSET & 0xFu;
    return (uint8_t)(words * 4 - FILL_TCP_MIN + (key->words[1] >> KEY_ODD_LENGTH & 3u));
}

uint32_t fingerprint_key_make_whole(fingerprint_key_t *key)
{
    key->words[0] &= ~(UINT64_C(0x3F) << KEY_OFFSET | UINT64_C(0x3) << KEY_ZERO_STAMPS);
    key->words[0] |= (uint64_t)FINGERPRINT_NO_TIMESTAMPS << KEY_OFFSET;
    return key_hash(key, FINGERPRINT_NO_TIMESTAMPS);
}
