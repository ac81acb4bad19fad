/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file text_writer.h
 * A bounded writer for text records without heap and printf. A value that does not fit sets `full` and is
 * omitted; the caller checks once at the end.
 */
#ifndef EVENT_TEXT_WRITER_H
#define EVENT_TEXT_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <synfix/address.h>
#include <synfix/module.h>

typedef struct text_writer {
    char *at;
    char *end;
    bool full;
} text_writer_t;

/** Continues after the existing content of @p block. */
static inline text_writer_t writer_begin(const synfix_block_t *block)
{
    char *data = (char *)block->data;
    return (text_writer_t){.at = data + block->length, .end = data + block->capacity, .full = false};
}

/**
 * Adds the written text to the block, or returns the status that synfix_encoding_t.encode specifies for a
 * full block.
 */
synfix_status_t writer_commit(const text_writer_t *line, const synfix_observation_t *observation,
                              synfix_block_t *block);

/** Copies to @p at, where there is room. Returns the byte after it. */
static inline char *writer_put(char *at, const char *bytes, size_t length)
{
    memcpy(at, bytes, length);
    return at + length;
}

static inline bool writer_has_room(const text_writer_t *line, size_t length)
{
    return !line->full && (size_t)(line->end - line->at) >= length;
}

static inline void writer_bytes(text_writer_t *line, const char *bytes, size_t length)
{
    if (!writer_has_room(line, length)) {
        line->full = true;
        return;
    }
    line->at = writer_put(line->at, bytes, length);
}

static inline void writer_text(text_writer_t *line, const char *text)
{
    writer_bytes(line, text, strlen(text));
}

static inline void writer_char(text_writer_t *line, char byte)
{
    writer_bytes(line, &byte, 1);
}

/** Writes @p value in decimal digits. */
void writer_unsigned(text_writer_t *line, uint64_t value);
/** Writes at least @p width digits with leading zeros. */
void writer_padded(text_writer_t *line, uint64_t value, unsigned width);
/** Writes 16 hexadecimal digits as a JSON string: 64 bits do not fit in a number of JavaScript. */
void writer_hexadecimal(text_writer_t *line, uint64_t value);
/** Writes hundredths as a number with two decimals. */
void writer_hundredths(text_writer_t *line, uint64_t hundredths);
/** RFC 5952. */
void writer_address(text_writer_t *line, const synfix_address_t *address, uint8_t version);
/** Writes an address in p0f's format: IPv6 as eight groups without `::`. */
void writer_address_long(text_writer_t *line, const synfix_address_t *address, uint8_t version);
/** Writes a quoted string, escaped as in RFC 8259; invalid UTF-8 becomes U+FFFD. */
void writer_json_string(text_writer_t *line, const char *text);
/**
 * Writes the date and time of seconds since the epoch (years 0 to 9999) with the three given separators:
 * "2022-10-28T09:46:19".
 */
void writer_date_time(text_writer_t *line, int64_t seconds, char date, char between);
/** Writes days, hours and minutes with @p separator between them, and the modulus: "3 days, 4 hrs, 5 min
 * (modulo 49 days)". */
void writer_uptime(text_writer_t *line, const synfix_uptime_t *uptime, const char *separator);
/** Splits nanoseconds into seconds (rounded down, also before 1970) and the remainder. */
int64_t writer_seconds(int64_t time_ns, uint32_t *rest_ns);

/** Returns the MTU of the MSS, also above 65,535, the limit of the observation's own field. */
static inline uint32_t writer_mtu(const synfix_fingerprint_t *fingerprint)
{
    const uint32_t headers = fingerprint->signature.ip_version == 6 ? 60 : 40;
    return fingerprint->link_mtu == UINT16_MAX ? fingerprint->signature.mss + headers : fingerprint->link_mtu;
}

#endif
