/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file decode_message.h
 * For tests of the IPFIX decoder: a few elements, a message with a record of each kind of field, and the
 * records of a message as printed text.
 */
#ifndef SUPPORT_DECODE_MESSAGE_H
#define SUPPORT_DECODE_MESSAGE_H

#include "exporter/collector/record_printer.h"
#include "exporter/ipfix_decoder/message_decoder.h"
#include "support/tests_message.h"
#include <stdlib.h>
#include <string.h>

static const ipfix_element_t elements[] = {
    {.name = "sourceIPv4Address", .id = 8, .length = 4, .type = IPFIX_IPV4_ADDRESS},
    {.name = "flowStartMilliseconds", .id = 152, .length = 8, .type = IPFIX_MILLISECONDS},
    {.name = "flowId", .id = 148, .length = 8, .type = IPFIX_UNSIGNED64},
    {.name = "interfaceName", .id = 82, .length = IPFIX_VARIABLE, .type = IPFIX_STRING},
};

static const ipfix_element_t *find_element(const void *user, uint32_t pen, uint16_t id)
{
    (void)user;
    for (size_t i = 0; i < G_N_ELEMENTS(elements); i++) {
        if (elements[i].pen == pen && elements[i].id == id) {
            return &elements[i];
        }
    }
    return NULL;
}

static const ipfix_decoder_names_t names = {.find = find_element};

/** Decodes @p message with @p limits. Returns the printed records; free() them. @p status and @p error: of
 * ipfix_decoder_message(). */
static inline char *decode(const GByteArray *message, dump_format_t format,
                           const ipfix_decoder_limits_t *limits, synfix_status_t *status,
                           synfix_error_t *error)
{
    char *text = NULL;
    size_t size = 0;
    FILE *const out = open_memstream(&text, &size);
    dump_t *const dump = dump_new(format, true, out);
    const ipfix_decoder_events_t events = {.record = dump_record, .layout = dump_layout, .user = dump};
    ipfix_decoder_t *const reader = ipfix_decoder_new(&names, limits, &events);
    *status = ipfix_decoder_message(reader, message->data, message->len, error);
    ipfix_decoder_free(reader);
    dump_free(dump);
    fclose(out);
    return text;
}

/** A record of five fields in domain 7, template 256: reduced, variable and unknown ones, with padding. */
static inline GByteArray *example(void)
{
    GByteArray *const m = message_begin(7);
    const size_t templates = set_begin(m, 2);
    put16(m, 256), put16(m, 5);
    put16(m, 8), put16(m, 4);
    put16(m, 152), put16(m, 8);
    put16(m, 148), put16(m, 3); /* reduced */
    put16(m, 82), put16(m, IPFIX_VARIABLE);
    put16(m, 0x8001), put16(m, 2), put32(m, 4242);
    set_end(m, templates);
    const size_t data = set_begin(m, 256);
    put32(m, 0x01020304);
    put32(m, 0x0000016B), put32(m, 0x1A01E240); /* 1559509459520 ms */
    put8(m, 1), put8(m, 0), put8(m, 0);
    put8(m, 3), put8(m, 'a'), put8(m, '"'), put8(m, '\n');
    put16(m, 0xBEEF);
    put8(m, 0), put8(m, 0); /* padding */
    set_end(m, data);
    message_end(m);
    return m;
}

#define CUT_RECORDS 6u

/** Two sets of records with a number and a string; @p ends: offset after each record. */
static inline GByteArray *message_of_records(uint32_t ends[CUT_RECORDS])
{
    GByteArray *const m = message_begin(7);
    const size_t templates = set_begin(m, 2);
    put16(m, 256), put16(m, 2);
    put16(m, 8), put16(m, 4);
    put16(m, 82), put16(m, IPFIX_VARIABLE);
    set_end(m, templates);
    for (unsigned set = 0; set < 2; set++) {
        const size_t data = set_begin(m, 256);
        for (unsigned i = 0; i < CUT_RECORDS / 2; i++) {
            put32(m, 0x01020304 + i);
            put8(m, (uint8_t)i);
            for (unsigned byte = 0; byte < i; byte++) {
                put8(m, 'x');
            }
            ends[set * (CUT_RECORDS / 2) + i] = m->len;
        }
        set_end(m, data);
    }
    message_end(m);
    return m;
}

#endif
