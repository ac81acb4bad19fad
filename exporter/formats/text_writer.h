/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file text_writer.h
 * A bounded writer for text records: no heap, no printf. What does not fit sets `full` and is left out; the
 * caller looks once, at the end.
 */
#ifndef EXPORTER_FORMATS_TEXT_WRITER_H
#define EXPORTER_FORMATS_TEXT_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <synfix/address.h>
#include <synfix/module.h>

typedef struct line {
    char *at;
    char *end;
    bool full;
} line_t;

/** Writes behind what @p block already holds. */
static inline line_t line_begin(const synfix_block_t *block)
{
    char *data = (char *)block->data;
    return (line_t){.at = data + block->length, .end = data + block->capacity, .full = false};
}

/** Takes what was written into the block, or answers as synfix_encoding_t.encode must when it did not fit. */
synfix_status_t line_commit(const line_t *line, const synfix_observation_t *observation,
                            synfix_block_t *block);

static inline void line_bytes(line_t *line, const char *bytes, size_t length)
{
    if (line->full || (size_t)(line->end - line->at) < length) {
        line->full = true;
        return;
    }
    memcpy(line->at, bytes, length);
    line->at += length;
}

static inline void line_text(line_t *line, const char *text)
{
    line_bytes(line, text, strlen(text));
}

static inline void line_char(line_t *line, char byte)
{
    line_bytes(line, &byte, 1);
}

void line_unsigned(line_t *line, uint64_t value);
/** At least @p width digits, zeros in front. */
void line_padded(line_t *line, uint64_t value, unsigned width);
/** Hundredths as a number with two decimals. */
void line_hundredths(line_t *line, uint64_t hundredths);
/** RFC 5952. */
void line_address(line_t *line, const synfix_address_t *address, uint8_t version);
/** p0f's manner: IPv6 as eight groups, none left out. */
void line_address_long(line_t *line, const synfix_address_t *address, uint8_t version);
/** In quotes, escaped by RFC 8259; bytes that are no UTF-8 become U+FFFD. */
void line_json_string(line_t *line, const char *text);
/** Year to second of a count since the epoch, with the three separators given: "2022-10-28T09:46:19". */
void line_civil(line_t *line, int64_t seconds, char date, char between);
/** Splits nanoseconds into seconds (rounded down, also before 1970) and the rest. */
int64_t line_seconds(int64_t time_ns, uint32_t *rest_ns);

/** The MTU that the MSS tells, also beyond the 65,535 that the observation's own field can hold. */
static inline uint32_t line_mtu(const synfix_fingerprint_t *fingerprint)
{
    const uint32_t headers = fingerprint->signature.ip_version == 6 ? 60 : 40;
    return fingerprint->link_mtu == UINT16_MAX ? fingerprint->signature.mss + headers : fingerprint->link_mtu;
}

#endif
