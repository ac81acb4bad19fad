/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file cursor.h
 * Bounded reads with a sticky error: read on and check `failed` once at the end. A failed read returns 0.
 */
#ifndef EXPORTER_IPFIX_DECODER_CURSOR_H
#define EXPORTER_IPFIX_DECODER_CURSOR_H

#include "base/byte_order.h"
#include "exporter/ipfix_decoder/message_decoder.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ipfix_cursor {
    const uint8_t *at;
    const uint8_t *end;
    bool failed;
} ipfix_cursor_t;

static inline size_t cursor_remaining(const ipfix_cursor_t *cursor)
{
    return (size_t)(cursor->end - cursor->at);
}

/** Returns NULL and sets failed when fewer than @p length bytes remain. */
static inline const uint8_t *cursor_take(ipfix_cursor_t *cursor, size_t length)
{
    if (cursor->failed || cursor_remaining(cursor) < length) {
        cursor->failed = true;
        return NULL;
    }
    const uint8_t *const at = cursor->at;
    cursor->at += length;
    return at;
}

static inline uint8_t cursor_u8(ipfix_cursor_t *cursor)
{
    const uint8_t *const at = cursor_take(cursor, 1);
    return at ? *at : 0;
}

static inline uint16_t cursor_u16(ipfix_cursor_t *cursor)
{
    const uint8_t *const at = cursor_take(cursor, 2);
    return at ? read_be16(at) : 0;
}

static inline uint32_t cursor_u32(ipfix_cursor_t *cursor)
{
    const uint8_t *const at = cursor_take(cursor, 4);
    return at ? read_be32(at) : 0;
}

/** The next field value; @p length IPFIX_VARIABLE: the value begins with its length (RFC 7011 7). */
static inline ipfix_decoder_value_t cursor_value(ipfix_cursor_t *cursor, uint16_t length)
{
    ipfix_decoder_value_t value = {.length = length};
    if (length == IPFIX_VARIABLE) {
        value.length = cursor_u8(cursor);
        value.length = value.length < 255 ? value.length : cursor_u16(cursor);
    }
    value.data = cursor_take(cursor, value.length);
    return value;
}

/** The next record of @p layout; @p values has room for all fields. False: it goes beyond the end. */
static inline bool cursor_record(ipfix_cursor_t *cursor, const ipfix_decoder_template_t *layout,
                                 ipfix_decoder_value_t *values)
{
    for (uint16_t i = 0; i < layout->field_count; i++) {
        values[i] = cursor_value(cursor, layout->fields[i].length);
    }
    return !cursor->failed;
}

/** The next @p length bytes as a cursor of their own. */
static inline ipfix_cursor_t cursor_sub(ipfix_cursor_t *cursor, size_t length)
{
    const uint8_t *const at = cursor_take(cursor, length);
    return (ipfix_cursor_t){.at = at, .end = at ? at + length : NULL, .failed = !at};
}

#endif
