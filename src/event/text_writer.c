/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "event/text_writer.h"
#include "base/clock.h"
#include "base/decimal_digits.h"
#include "base/json_plain.h"
#include "base/message_text.h"

#define UTF8_REPLACE "\xEF\xBF\xBD"

synfix_status_t writer_commit(const text_writer_t *line, const synfix_observation_t *observation,
                              synfix_block_t *block)
{
    if (line->full) {
        return block->length == 0 ? SYNFIX_INVALID : SYNFIX_AGAIN;
    }
    if (block->records == 0) {
        block->first_time_ns = observation->time_ns;
        block->first_number = observation->packet_number;
    }
    block->last_time_ns = observation->time_ns;
    block->last_number = observation->packet_number;
    block->length = (uint32_t)(line->at - (char *)block->data);
    block->records++;
    return SYNFIX_OK;
}

void writer_padded(text_writer_t *line, uint64_t value, unsigned width)
{
    const unsigned own = decimal_length(value);
    const unsigned length = own > width ? own : width;
    if (!writer_has_room(line, length)) {
        line->full = true;
        return;
    }
    line->at = decimal_put_padded(line->at, value, length);
}

void writer_unsigned(text_writer_t *line, uint64_t value)
{
    if (writer_has_room(line, DECIMAL_DIGITS_MAX)) {
        line->at = decimal_put_wide(line->at, value);
    } else { /* the last bytes of a block */
        writer_padded(line, value, 1);
    }
}

void writer_hexadecimal(text_writer_t *line, uint64_t value)
{
    static const char digits[] = "0123456789abcdef";
    char text[18] = {'"', [17] = '"'};
    for (unsigned i = 0; i < 16; i++) {
        text[1 + i] = digits[value >> (60 - 4 * i) & 0xF];
    }
    writer_bytes(line, text, sizeof text);
}

void writer_hundredths(text_writer_t *line, uint64_t hundredths)
{
    writer_unsigned(line, hundredths / 100);
    writer_char(line, '.');
    writer_padded(line, hundredths % 100, 2);
}

void writer_address(text_writer_t *line, const synfix_address_t *address, uint8_t version)
{
    char text[SYNFIX_ADDRESS_TEXT_SIZE];
    writer_bytes(line, text, synfix_address_format(address, version, text));
}

static void hex_group(text_writer_t *line, unsigned value)
{
    static const char digits[] = "0123456789abcdef";
    char text[4];
    size_t at = sizeof text;
    do {
        text[--at] = digits[value & 0xF];
        value >>= 4;
    } while (value != 0);
    writer_bytes(line, text + at, sizeof text - at);
}

void writer_address_long(text_writer_t *line, const synfix_address_t *address, uint8_t version)
{
    if (version != 6) {
        writer_address(line, address, version);
        return;
    }
    for (size_t group = 0; group < 8; group++) {
        if (group > 0) {
            writer_char(line, ':');
        }
        hex_group(line, (unsigned)address->bytes[2 * group] << 8 | address->bytes[2 * group + 1]);
    }
}

/* Writes the character at @p at, which is not plain, and returns the byte after it. */
static const char *write_escaped(text_writer_t *line, const char *at)
{
    const unsigned char first = (unsigned char)*at;
    const size_t length = utf8_length(at);
    if (length == 0) {
        writer_text(line, UTF8_REPLACE);
        return at + 1;
    }
    if (first == '"' || first == '\\') {
        writer_char(line, '\\');
        writer_char(line, *at);
    } else if (first < 0x20) {
        writer_text(line, first < 0x10 ? "\\u000" : "\\u001");
        hex_group(line, first & 0xF);
    } else {
        writer_bytes(line, at, length);
    }
    return at + length;
}

/* Text with characters that are escaped, or near the end of the block. */
static __attribute__((noinline)) void write_string(text_writer_t *line, const char *text, const char *end)
{
    const char *at = text;
    writer_char(line, '"');
    for (;;) {
        const size_t plain = json_plain_length(at, (size_t)(end - at));
        writer_bytes(line, at, plain);
        at += plain;
        if (at == end) {
            break;
        }
        at = write_escaped(line, at);
    }
    writer_char(line, '"');
}

void writer_json_string(text_writer_t *line, const char *text)
{
    const size_t length = strlen(text);
    if (!writer_has_room(line, length + 2) || !json_copy_plain(line->at + 1, text, length)) {
        write_string(line, text, text + length);
        return;
    }
    line->at[0] = '"';
    line->at[length + 1] = '"';
    line->at += length + 2;
}

int64_t writer_seconds(int64_t time_ns, uint32_t *rest_ns)
{
    int64_t seconds = time_ns / NS_PER_S;
    int64_t rest = time_ns % NS_PER_S;
    if (rest < 0) {
        rest += NS_PER_S;
        seconds--;
    }
    *rest_ns = (uint32_t)rest;
    return seconds;
}

void writer_date_time(text_writer_t *line, int64_t seconds, char date, char between)
{
    char text[CIVIL_TIME_LENGTH];
    (void)civil_time_put(text, seconds, date, between);
    writer_bytes(line, text, sizeof text);
}

void writer_uptime(text_writer_t *line, const synfix_uptime_t *uptime, const char *separator)
{
    const uint64_t minutes = uptime->uptime_seconds / 60;
    writer_unsigned(line, minutes / 60 / 24);
    writer_text(line, " days");
    writer_text(line, separator);
    writer_unsigned(line, minutes / 60 % 24);
    writer_text(line, " hrs");
    writer_text(line, separator);
    writer_unsigned(line, minutes % 60);
    writer_text(line, " min (modulo ");
    writer_unsigned(line, uptime->modulus_seconds / S_PER_DAY);
    writer_text(line, " days)");
}
