/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <string.h>
#include <synfix/tcp_options.h>

#include "base/byte_order.h"

/* Sizes of an option with its kind and length bytes. */
enum {
    SIZE_MSS = 4,
    SIZE_WINDOW_SCALE = 3,
    SIZE_SACK_PERMITTED = 2,
    SIZE_TIMESTAMPS = 10,
    SIZE_SACK_MIN = 10,
    SIZE_SACK_MAX = 34,
    SIZE_UNKNOWN_MIN = 2,
    SIZE_UNKNOWN_MAX = 40,
};

enum {
    OPTIONS_MAX = 40, /* bytes that the data offset can state */
    SCALE_MAX = 14,   /* RFC 7323, section 2.3 */
};

/* An option of fixed size: a wrong length byte is marked as malformed and does not change the start of the
 * next option (as in p0f). Returns the size, 0 if the option exceeds the header. */
static size_t fixed_size(const uint8_t *option, size_t left, size_t size, synfix_tcp_options_t *result)
{
    if (left < size) {
        return 0;
    }
    if (option[1] != size) {
        result->malformed = true;
    }
    return size;
}

static size_t variable_size(const uint8_t *option, size_t left, size_t least, size_t most)
{
    if (left < 2 || option[1] < least || option[1] > most || option[1] > left) {
        return 0;
    }
    return option[1];
}

static size_t read_timestamps(const uint8_t *option, size_t left, synfix_tcp_options_t *result)
{
    const size_t size = fixed_size(option, left, SIZE_TIMESTAMPS, result);
    if (size == 0) {
        return 0;
    }
    result->has_timestamps = true;
    result->timestamp_value = read_be32(option + 2);
    result->timestamp_echo = read_be32(option + 6);
    result->zero_timestamp |= result->timestamp_value == 0;
    result->nonzero_echo |= result->timestamp_echo != 0;
    return size;
}

static size_t read_padding(const uint8_t *option, size_t left, synfix_tcp_options_t *result)
{
    result->eol_padding = (uint8_t)(left - 1);
    for (size_t i = 1; i < left; i++) {
        if (option[i] != 0) {
            result->nonzero_padding = true;
        }
    }
    return left;
}

static size_t read_mss(const uint8_t *option, size_t left, synfix_tcp_options_t *result)
{
    const size_t size = fixed_size(option, left, SIZE_MSS, result);
    if (size != 0) {
        result->has_mss = true;
        result->mss = read_be16(option + 2);
    }
    return size;
}

static size_t read_window_scale(const uint8_t *option, size_t left, synfix_tcp_options_t *result)
{
    const size_t size = fixed_size(option, left, SIZE_WINDOW_SCALE, result);
    if (size != 0) {
        result->has_window_scale = true;
        result->window_scale = option[2];
        result->excess_scale |= option[2] > SCALE_MAX;
    }
    return size;
}

/* Size of the option in bytes, 0 if parsing must stop. */
static size_t read_option(const uint8_t *option, size_t left, synfix_tcp_options_t *result)
{
    switch (option[0]) {
    case SYNFIX_OPTION_EOL:
        return read_padding(option, left, result);
    case SYNFIX_OPTION_NOP:
        return 1;
    case SYNFIX_OPTION_MSS:
        return read_mss(option, left, result);
    case SYNFIX_OPTION_WS:
        return read_window_scale(option, left, result);
    case SYNFIX_OPTION_SOK:
        return fixed_size(option, left, SIZE_SACK_PERMITTED, result);
    case SYNFIX_OPTION_SACK:
        return variable_size(option, left, SIZE_SACK_MIN, SIZE_SACK_MAX);
    case SYNFIX_OPTION_TS:
        return read_timestamps(option, left, result);
    default:
        return variable_size(option, left, SIZE_UNKNOWN_MIN, SIZE_UNKNOWN_MAX);
    }
}

void synfix_tcp_options_read(const uint8_t *options, size_t length, synfix_tcp_options_t *result)
{
    memset(result, 0, sizeof *result);
    if (length > OPTIONS_MAX) {
        length = OPTIONS_MAX;
    }
    size_t at = 0;
    while (at < length && result->layout_count < SYNFIX_OPTION_LAYOUT_MAX) {
        result->layout[result->layout_count++] = options[at];
        const size_t size = read_option(options + at, length - at, result);
        if (size == 0) {
            break;
        }
        at += size;
    }
    if (at < length) {
        result->malformed = true;
    }
}
