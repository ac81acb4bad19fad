/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file value_text.h
 * Values of decoded records as numbers and as text.
 */
#ifndef EXPORTER_IPFIX_DECODER_VALUE_TEXT_H
#define EXPORTER_IPFIX_DECODER_VALUE_TEXT_H

#include "base/byte_order.h"
#include "exporter/ipfix_decoder/message_decoder.h"
#include <glib.h>

/** Returns up to eight bytes in network order as a number; of longer values, the last eight bytes. Nearly all
 * numbers have the length of a machine word. */
static inline uint64_t value_unsigned(const ipfix_decoder_value_t *value)
{
    uint64_t number = 0;
    switch (value->length) {
    case 1:
        return value->data[0];
    case 2:
        return read_be16(value->data);
    case 4:
        return read_be32(value->data);
    case 8:
        return read_be64(value->data);
    default:
        for (uint32_t i = 0; i < value->length; i++) {
            number = number << 8 | value->data[i];
        }
        return number;
    }
}

/** Returns true if the JSON form is a number, boolean or null. */
bool value_is_number(unsigned type, const ipfix_decoder_value_t *value);

/**
 * Appends the plain text: decimal numbers, times as ISO 8601 in UTC (at least milliseconds), addresses, bytes
 * in hexadecimal, bit sets of 256 bits as `0x...` without leading zeros, strings as valid UTF-8. Strings may
 * still contain control characters. A length that the type cannot have results in hexadecimal; a time after
 * the year 9999 in `out of range: SECONDS s`.
 */
void value_append(GString *text, unsigned type, const ipfix_decoder_value_t *value);

#define VALUE_TIME_ROOM 64u /* bytes of a time at most */

/** Writes a time since 1970 to @p at, which has VALUE_TIME_ROOM bytes, as value_append does. @p fraction: the
 * @p digits (3, 6 or 9) after the second. Returns the byte after it. */
char *value_put_time(char *at, uint64_t seconds, uint64_t fraction, unsigned digits);

/** Appends a time since 1970 as value_append does, with 3 or 6 digits after the second. */
void value_append_milliseconds(GString *text, uint64_t milliseconds);
void value_append_microseconds(GString *text, uint64_t microseconds);

/** Appends a JSON string with quotes. @p plain may contain any bytes. */
void value_append_json(GString *text, const char *plain, size_t length);

#endif
