/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix_decoder/value_text.h"
#include "base/byte_order.h"
#include "base/clock.h"
#include "base/json_plain.h"
#include "base/message_text.h"
#include "base/ntp_time.h"
#include "exporter/ipfix_decoder/string_append.h"
#include <arpa/inet.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* 9999-12-31T23:59:59Z: ISO 8601 years have four digits. */
#define LAST_SECOND 253402300799u

static int64_t value_signed(const ipfix_decoder_value_t *value)
{
    const unsigned unused = 64 - 8 * value->length;
    return (int64_t)(value_unsigned(value) << unused) >> unused;
}

static double value_float(const ipfix_decoder_value_t *value)
{
    if (value->length == 4) {
        const uint32_t bits = (uint32_t)value_unsigned(value);
        float number;
        memcpy(&number, &bits, sizeof number);
        return (double)number;
    }
    const uint64_t bits = value_unsigned(value);
    double number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

/* The lengths that a value of a type may have, reduced-size encoding (RFC 7011, section 6.2) included. Other
 * types may have any length. */
typedef struct value_lengths {
    uint8_t least;
    uint8_t most;
} value_lengths_t;

static const value_lengths_t lengths[] = {
    [IPFIX_UNSIGNED8] = {1, 1},    [IPFIX_UNSIGNED16] = {1, 2},   [IPFIX_UNSIGNED32] = {1, 4},
    [IPFIX_UNSIGNED64] = {1, 8},   [READER_SIGNED8] = {1, 1},     [READER_SIGNED16] = {1, 2},
    [READER_SIGNED32] = {1, 4},    [READER_SIGNED64] = {1, 8},    [READER_FLOAT32] = {4, 4},
    [READER_FLOAT64] = {4, 8},     [READER_BOOLEAN] = {1, 1},     [READER_MAC_ADDRESS] = {6, 6},
    [IPFIX_SECONDS] = {4, 4},      [IPFIX_MILLISECONDS] = {8, 8}, [IPFIX_MICROSECONDS] = {8, 8},
    [IPFIX_NANOSECONDS] = {8, 8},  [IPFIX_IPV4_ADDRESS] = {4, 4}, [IPFIX_IPV6_ADDRESS] = {16, 16},
    [IPFIX_UNSIGNED256] = {1, 32},
};

static bool fits(unsigned type, uint32_t length)
{
    if (type >= sizeof lengths / sizeof *lengths || lengths[type].most == 0) {
        return true;
    }
    if (type == READER_FLOAT64 && length != 4 && length != 8) {
        return false;
    }
    return length >= lengths[type].least && length <= lengths[type].most;
}

bool value_is_number(unsigned type, const ipfix_decoder_value_t *value)
{
    return fits(type, value->length) && type >= IPFIX_UNSIGNED8 && type <= READER_BOOLEAN;
}

static void append_hex(GString *text, const ipfix_decoder_value_t *value, char separator)
{
    static const char digits[] = "0123456789abcdef";
    for (uint32_t i = 0; i < value->length; i++) {
        if (separator && i) {
            g_string_append_c(text, separator);
        }
        g_string_append_c(text, digits[value->data[i] >> 4]);
        g_string_append_c(text, digits[value->data[i] & 15]);
    }
}

/* Date and time of the last second that was printed: the times of a record are near to each other. */
typedef struct printed_second {
    uint64_t seconds;
    bool valid;
    char text[CIVIL_TIME_LENGTH];
} printed_second_t;

/* False: beyond the year 9999. */
static bool print_second(printed_second_t *last, uint64_t seconds)
{
    last->valid = seconds <= LAST_SECOND;
    if (last->valid) {
        (void)civil_time_put(last->text, (int64_t)seconds, '-', 'T');
        last->seconds = seconds;
    }
    return last->valid;
}

char *value_put_time(char *at, uint64_t seconds, uint64_t fraction, unsigned digits)
{
    static _Thread_local printed_second_t last;
    if ((!last.valid || last.seconds != seconds) && !print_second(&last, seconds)) {
        return at + snprintf(at, VALUE_TIME_ROOM,
                             "out of range: %" G_GUINT64_FORMAT ".%0*" G_GUINT64_FORMAT " s", seconds,
                             (int)digits, fraction);
    }
    memcpy(at, last.text, CIVIL_TIME_LENGTH);
    at[CIVIL_TIME_LENGTH] = '.';
    at = decimal_put_padded(at + CIVIL_TIME_LENGTH + 1, fraction, digits);
    *at = 'Z';
    return at + 1;
}

static void append_time(GString *text, uint64_t seconds, uint64_t fraction, unsigned digits)
{
    string_end(text, value_put_time(string_room(text, VALUE_TIME_ROOM), seconds, fraction, digits));
}

static void append_ntp(GString *text, uint64_t ntp, uint64_t unit, unsigned digits)
{
    append_time(text, ntp_seconds(ntp), ntp_fraction(ntp, unit), digits);
}

/* Leading zeros are left out, so that a reduced encoding (RFC 7011 6.2) gives the same text. */
static void append_bits(GString *text, const ipfix_decoder_value_t *value)
{
    ipfix_decoder_value_t rest = *value;
    while (rest.length > 1 && *rest.data == 0) {
        rest.data++;
        rest.length--;
    }
    g_string_append(text, "0x");
    append_hex(text, &rest, 0);
}

static void append_float(GString *text, double number)
{
    char buffer[G_ASCII_DTOSTR_BUF_SIZE];
    if (isfinite(number)) {
        g_string_append(text, g_ascii_dtostr(buffer, sizeof buffer, number));
    } else {
        g_string_append(text, "null");
    }
}

static void append_ipv4(GString *text, const uint8_t *data)
{
    for (unsigned i = 0; i < 4; i++) {
        string_append_bytes(text, ".", i > 0);
        string_append_decimal(text, data[i]);
    }
}

static void append_ipv6(GString *text, const uint8_t *data)
{
    char buffer[INET6_ADDRSTRLEN];
    g_string_append(text, inet_ntop(AF_INET6, data, buffer, sizeof buffer));
}

/* Strings of a fixed length are filled up with NUL bytes. */
static void append_string(GString *text, const ipfix_decoder_value_t *value)
{
    uint32_t length = value->length;
    while (length > 0 && value->data[length - 1] == 0) {
        length--;
    }
    if (g_utf8_validate_len((const char *)value->data, length, NULL)) {
        string_append_bytes(text, (const char *)value->data, length);
        return;
    }
    g_autofree char *valid = g_utf8_make_valid((const char *)value->data, (gssize)length);
    g_string_append(text, valid);
}

/* Types for which value_is_number() is true. */
static void append_number(GString *text, unsigned type, const ipfix_decoder_value_t *value)
{
    switch (type) {
    case READER_SIGNED8:
    case READER_SIGNED16:
    case READER_SIGNED32:
    case READER_SIGNED64:
        g_string_append_printf(text, "%" G_GINT64_FORMAT, value_signed(value));
        break;
    case READER_FLOAT32:
    case READER_FLOAT64:
        append_float(text, value_float(value));
        break;
    case READER_BOOLEAN:
        g_string_append(text, value->data[0] == 1 ? "true" : value->data[0] == 2 ? "false" : "null");
        break;
    default:
        string_append_decimal(text, value_unsigned(value));
    }
}

static void append_other(GString *text, unsigned type, const ipfix_decoder_value_t *value)
{
    switch (type) {
    case READER_MAC_ADDRESS:
        append_hex(text, value, ':');
        break;
    case IPFIX_STRING:
        append_string(text, value);
        break;
    case IPFIX_SECONDS:
        append_time(text, value_unsigned(value), 0, 3);
        break;
    case IPFIX_MILLISECONDS:
        value_append_milliseconds(text, value_unsigned(value));
        break;
    case IPFIX_MICROSECONDS:
        append_ntp(text, value_unsigned(value), 1000000, 6);
        break;
    case IPFIX_NANOSECONDS:
        append_ntp(text, value_unsigned(value), 1000000000, 9);
        break;
    case IPFIX_IPV4_ADDRESS:
        append_ipv4(text, value->data);
        break;
    case IPFIX_IPV6_ADDRESS:
        append_ipv6(text, value->data);
        break;
    case IPFIX_UNSIGNED256:
        append_bits(text, value);
        break;
    default:
        append_hex(text, value, 0);
    }
}

void value_append(GString *text, unsigned type, const ipfix_decoder_value_t *value)
{
    if (!fits(type, value->length)) {
        append_hex(text, value, 0);
    } else if (type >= IPFIX_UNSIGNED8 && type <= READER_BOOLEAN) {
        append_number(text, type, value);
    } else {
        append_other(text, type, value);
    }
}

void value_append_milliseconds(GString *text, uint64_t milliseconds)
{
    append_time(text, milliseconds / 1000, milliseconds % 1000, 3);
}

void value_append_microseconds(GString *text, uint64_t microseconds)
{
    append_time(text, microseconds / 1000000, microseconds % 1000000, 6);
}

void value_append_json(GString *text, const char *plain, size_t length)
{
    if (json_plain_length(plain, length) == length) {
        string_append_bytes(text, "\"", 1);
        string_append_bytes(text, plain, length);
        string_append_bytes(text, "\"", 1);
        return;
    }
    g_autofree char *valid = g_utf8_make_valid(plain, (gssize)length);
    g_string_append_c(text, '"');
    for (const char *at = valid; *at; at++) {
        const size_t control = control_length(at);
        if (control > 0) {
            at += control - 1; /* the last byte of U+0080 to U+009F is its number */
            g_string_append_printf(text, "\\u%04x", (unsigned char)*at);
        } else {
            if (*at == '"' || *at == '\\') {
                g_string_append_c(text, '\\');
            }
            g_string_append_c(text, *at);
        }
    }
    g_string_append_c(text, '"');
}
