/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file string_append.h
 * Appends to a GString without a call where there is room: a printed record has hundreds of short pieces.
 */
#ifndef EXPORTER_IPFIX_DECODER_STRING_APPEND_H
#define EXPORTER_IPFIX_DECODER_STRING_APPEND_H

#include <glib.h>
#include <stdint.h>
#include <string.h>

#define STRING_DECIMAL_MAX 20u /* digits of a uint64_t */

static inline void string_append_bytes(GString *text, const char *bytes, size_t length)
{
    if (length >= text->allocated_len - text->len) {
        g_string_append_len(text, bytes, (gssize)length);
        return;
    }
    memcpy(text->str + text->len, bytes, length);
    text->len += length;
    text->str[text->len] = '\0';
}

/** At least @p digits digits. */
static inline void string_append_decimal(GString *text, uint64_t number, unsigned digits)
{
    char buffer[STRING_DECIMAL_MAX];
    unsigned at = sizeof buffer;
    do {
        buffer[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0 || sizeof buffer - at < digits);
    string_append_bytes(text, buffer + at, sizeof buffer - at);
}

#endif
