/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file cursor.h
 * Bounded reads with a sticky error: read on and check `failed` once at the end. A failed read returns 0.
 */
#ifndef EXPORTER_IPFIX_DECODER_CURSOR_H
#define EXPORTER_IPFIX_DECODER_CURSOR_H

#include "base/byte_order.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct reader_cursor {
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

/** Returns the next @p length bytes as a cursor. */
static inline ipfix_cursor_t cursor_sub(ipfix_cursor_t *cursor, size_t length)
{
    const uint8_t *const at = cursor_take(cursor, length);
    return (ipfix_cursor_t){.at = at, .end = at ? at + length : NULL, .failed = !at};
}

#endif
