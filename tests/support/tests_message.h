/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file tests_message.h
 * IPFIX messages written byte by byte, for tests of what reads them.
 */
#ifndef TESTS_MESSAGE_H
#define TESTS_MESSAGE_H

#include "base/byte_order.h"
#include <glib.h>

static inline void put8(GByteArray *to, uint8_t value)
{
    g_byte_array_append(to, &value, 1);
}

static inline void put16(GByteArray *to, uint16_t value)
{
    uint8_t bytes[2];
    write_be16(bytes, value);
    g_byte_array_append(to, bytes, sizeof bytes);
}

static inline void put32(GByteArray *to, uint32_t value)
{
    uint8_t bytes[4];
    write_be32(bytes, value);
    g_byte_array_append(to, bytes, sizeof bytes);
}

static inline GByteArray *message_begin(uint32_t domain)
{
    GByteArray *const message = g_byte_array_new();
    put16(message, 10), put16(message, 0);
    put32(message, 1559059653), put32(message, 0), put32(message, domain);
    return message;
}

static inline void message_end(GByteArray *message)
{
    write_be16(message->data + 2, (uint16_t)message->len);
}

static inline size_t set_begin(GByteArray *message, uint16_t id)
{
    const size_t at = message->len;
    put16(message, id), put16(message, 0);
    return at;
}

static inline void set_end(GByteArray *message, size_t at)
{
    write_be16(message->data + at + 2, (uint16_t)(message->len - at));
}

/** A message of domain 7: the template of one element of two bytes, and @p records records (0, 1, ...). */
static inline GByteArray *message_of_numbers(unsigned records)
{
    GByteArray *const message = message_begin(7);
    size_t at = set_begin(message, 2);
    put16(message, 256), put16(message, 1), put16(message, 7), put16(message, 2);
    set_end(message, at);
    at = set_begin(message, 256);
    for (unsigned i = 0; i < records; i++) {
        put16(message, (uint16_t)i);
    }
    set_end(message, at);
    message_end(message);
    return message;
}

#endif
