/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file string_append.h
 * Appends to a GString without a call where there is room: a printed record has hundreds of short pieces.
 */
#ifndef EXPORTER_IPFIX_DECODER_STRING_APPEND_H
#define EXPORTER_IPFIX_DECODER_STRING_APPEND_H

#include "base/decimal_digits.h"
#include <glib.h>
#include <stdint.h>
#include <string.h>

/** The end of @p text, with room for @p length bytes and a NUL after them. */
static inline char *string_room(GString *text, size_t length)
{
    if (length >= text->allocated_len - text->len) {
        const gsize before = text->len;
        g_string_set_size(text, before + length);
        text->len = before;
    }
    return text->str + text->len;
}

/** Copies into the room. Returns the byte after it. */
static inline char *string_put(char *at, const char *bytes, size_t length)
{
    memcpy(at, bytes, length);
    return at + length;
}

/** The text ends at @p end, in the room. */
static inline void string_end(GString *text, char *end)
{
    *end = '\0';
    text->len = (gsize)(end - text->str);
}

static inline void string_append_bytes(GString *text, const char *bytes, size_t length)
{
    string_end(text, string_put(string_room(text, length), bytes, length));
}

static inline void string_append_decimal(GString *text, uint64_t number)
{
    string_end(text, decimal_put(string_room(text, DECIMAL_DIGITS_MAX), number));
}

#endif
