/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file small_record.h
 * A decoded IPFIX record of a few values, made without a message.
 */
#ifndef TESTS_SMALL_RECORD_H
#define TESTS_SMALL_RECORD_H

#include "exporter/record_observation/record_observation.h"
#include <glib.h>
#include <string.h>

typedef struct small_record {
    ipfix_decoder_template_t layout;
    ipfix_decoder_field_t fields[16];
    ipfix_decoder_value_t values[16];
} small_record_t;

static inline void add_value(small_record_t *record, const char *name, const void *data, uint32_t length)
{
    g_strlcpy(record->fields[record->layout.field_count].name, name, READER_NAME_SIZE);
    record->values[record->layout.field_count++] = (ipfix_decoder_value_t){data, length};
}

static const synfix_observation_t *convert_small(record_converter_t *converter, const small_record_t *record)
{
    union {
        ipfix_decoder_template_t layout;
        uint8_t bytes[sizeof(ipfix_decoder_template_t) + sizeof record->fields];
    } whole;
    memcpy(whole.bytes, &record->layout, sizeof record->layout);
    memcpy(whole.bytes + offsetof(ipfix_decoder_template_t, fields), record->fields, sizeof record->fields);
    const ipfix_decoder_record_t one = {.layout = &whole.layout, .values = record->values};
    record_converter_layout(converter, &whole.layout);
    return record_converter_convert(converter, &one);
}

#endif
