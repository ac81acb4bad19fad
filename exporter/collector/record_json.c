/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/collector/record_json.h"
#include "exporter/ipfix_decoder/relative_times.h"
#include "exporter/ipfix_decoder/string_append.h"
#include "exporter/ipfix_decoder/structured_data.h"
#include "exporter/ipfix_decoder/value_text.h"

/* Lists in lists: deeper ones are printed as bytes. */
#define DEPTH_MAX 8u
/* A list whose records have more fields without a byte is printed as bytes. */
#define EMPTY_FIELDS_MAX 8u

/* RFC 6313 4.4: default semantic of a list. */
enum {
    SEMANTIC_ALL_OF = 3,
    SEMANTIC_UNDEFINED = 255,
    ELEMENT_BASIC_LIST = 291,
};

static void append_object(GString *text, const ipfix_decoder_record_t *record, unsigned depth);

static void append_text(GString *text, const ipfix_decoder_field_t *field, const ipfix_decoder_value_t *value)
{
    if (field->type != IPFIX_STRING) { /* a time, an address or digits: nothing to escape */
        string_append_bytes(text, "\"", 1);
        value_append(text, field->type, value);
        string_append_bytes(text, "\"", 1);
        return;
    }
    if (value->length > 0 && value->data[value->length - 1] != 0) {
        value_append_json(text, (const char *)value->data, value->length);
        return;
    }
    g_autoptr(GString) plain = g_string_sized_new(64);
    value_append(plain, field->type, value);
    value_append_json(text, plain->str, plain->len);
}

static bool append_list(GString *text, const ipfix_decoder_record_t *record,
                        const ipfix_decoder_field_t *field, const ipfix_decoder_value_t *value,
                        unsigned depth);

/* A malformed list is printed as its bytes. */
static void append_value(GString *text, const ipfix_decoder_record_t *record,
                         const ipfix_decoder_field_t *field, const ipfix_decoder_value_t *value,
                         unsigned depth)
{
    if (value_is_number(field->type, value)) {
        value_append(text, field->type, value);
        return;
    }
    const gsize before = text->len;
    if (append_list(text, record, field, value, depth)) {
        return;
    }
    if (text->len != before) {
        g_string_truncate(text, before);
    }
    append_text(text, field, value);
}

static bool append_basic_list(GString *text, const ipfix_decoder_record_t *record,
                              const ipfix_decoder_value_t *value, unsigned depth)
{
    basic_list_t list;
    if (!basic_list_open(&list, record->decoder, value)) {
        return false;
    }
    g_string_append_c(text, '[');
    for (bool first = true; cursor_remaining(&list.rest) > 0; first = false) {
        const ipfix_decoder_value_t item = cursor_value(&list.rest, list.field.length);
        if (list.rest.failed) {
            return false;
        }
        g_string_append(text, first ? "" : ",");
        append_value(text, record, &list.field, &item, depth + 1);
    }
    g_string_append_c(text, ']');
    return true;
}

/* Values without a byte cost input nothing and output much: few of them are usual. */
static bool has_many_empty_fields(const ipfix_decoder_template_t *layout)
{
    unsigned empty = 0;
    for (uint16_t i = 0; i < layout->field_count; i++) {
        empty += layout->fields[i].length == 0;
    }
    return empty > EMPTY_FIELDS_MAX;
}

static bool append_list_record(GString *text, record_list_t *list, const ipfix_decoder_record_t *parent,
                               unsigned depth)
{
    if (has_many_empty_fields(list->layout)) {
        return false;
    }
    g_autofree ipfix_decoder_value_t *values = g_new(ipfix_decoder_value_t, list->layout->field_count);
    ipfix_decoder_record_t record = *parent;
    record.layout = list->layout;
    record.values = values;
    record.start = list->records.at;
    if (!cursor_record(&list->records, list->layout, values)) {
        return false;
    }
    append_object(text, &record, depth + 1);
    return true;
}

static bool append_record_list(GString *text, const ipfix_decoder_record_t *record,
                               const ipfix_decoder_value_t *value, bool multi, unsigned depth)
{
    record_list_t list;
    if (!record_list_open(&list, record, value, multi)) {
        return false;
    }
    g_string_append_c(text, '[');
    for (bool first = true; record_list_more(&list, record); first = false) {
        g_string_append(text, first ? "" : ",");
        if (!append_list_record(text, &list, record, depth)) {
            return false;
        }
    }
    g_string_append_c(text, ']');
    return !list.rest.failed && (list.layout != NULL || cursor_remaining(&list.records) == 0);
}

static bool append_list(GString *text, const ipfix_decoder_record_t *record,
                        const ipfix_decoder_field_t *field, const ipfix_decoder_value_t *value,
                        unsigned depth)
{
    if (depth >= DEPTH_MAX) {
        return false;
    }
    switch (field->type) {
    case IPFIX_BASIC_LIST:
        return append_basic_list(text, record, value, depth);
    case IPFIX_SUB_TEMPLATE_LIST:
    case IPFIX_SUB_TEMPLATE_MULTI_LIST:
        return append_record_list(text, record, value, field->type == IPFIX_SUB_TEMPLATE_MULTI_LIST, depth);
    default:
        return false;
    }
}

static void append_note(GString *text, const char *name, const char *suffix, const char *value)
{
    g_string_append_printf(text, ",\"%s.%s\":", name, suffix);
    value_append_json(text, value, strlen(value));
}

/* Adds facts that the value does not show: its element, a meaning other than "all of them", and that it is
 * not an array but the bytes of the list (@p undecoded). */
static void append_notes(GString *text, const ipfix_decoder_record_t *record,
                         const ipfix_decoder_field_t *field, const ipfix_decoder_value_t *value,
                         bool undecoded)
{
    basic_list_t list;
    if (field->type < IPFIX_BASIC_LIST || field->type > IPFIX_SUB_TEMPLATE_MULTI_LIST) {
        return;
    }
    const uint8_t semantic = value->length > 0 ? value->data[0] : SEMANTIC_UNDEFINED;
    if (field->type == IPFIX_BASIC_LIST && field->pen == 0 && field->id == ELEMENT_BASIC_LIST &&
        basic_list_open(&list, record->decoder, value)) {
        append_note(text, field->name, "element", list.field.name);
    }
    if (semantic != SEMANTIC_ALL_OF && semantic != SEMANTIC_UNDEFINED) {
        append_note(text, field->name, "semantic", structured_semantic_text(semantic));
    }
    if (undecoded) {
        g_string_append_printf(text, ",\"%s.undecoded\":true", field->name);
    }
}

/* Returns false, and appends nothing, for all other elements. */
static bool append_relative_time(GString *text, const ipfix_decoder_record_t *record, uint16_t index)
{
    if (!relative_time_is(&record->layout->fields[index])) {
        return false;
    }
    const gsize before = text->len;
    string_append_bytes(text, "\"", 1);
    if (!relative_time_append(text, record, index)) {
        g_string_truncate(text, before);
        return false;
    }
    string_append_bytes(text, "\"", 1);
    return true;
}

static void append_name(GString *text, const char *name, bool first)
{
    const size_t length = strlen(name);
    char *at = string_room(text, length + 4);
    *at = ',';
    at += !first;
    *at++ = '"';
    at = string_put(at, name, length);
    *at++ = '"';
    *at++ = ':';
    string_end(text, at);
}

static void append_member_value(GString *text, const ipfix_decoder_record_t *record, uint16_t index,
                                unsigned depth)
{
    const ipfix_decoder_field_t *const field = &record->layout->fields[index];
    if (!append_relative_time(text, record, index)) {
        const ipfix_decoder_value_t value = ipfix_decoder_value(record, index);
        const gsize before = text->len;
        append_value(text, record, field, &value, depth);
        append_notes(text, record, field, &value, text->str[before] == '"');
    }
}

static void append_object(GString *text, const ipfix_decoder_record_t *record, unsigned depth)
{
    const ipfix_decoder_template_t *const layout = record->layout;
    g_string_append_c(text, '{');
    for (uint16_t i = 0; i < layout->field_count; i++) {
        append_name(text, layout->fields[i].name, i == 0);
        append_member_value(text, record, i, depth);
    }
    g_string_append_c(text, '}');
}

void record_json_append_value(GString *text, const ipfix_decoder_record_t *record, uint16_t index)
{
    append_member_value(text, record, index, 0);
}

void record_text_append(GString *text, const ipfix_decoder_record_t *record, uint16_t index)
{
    const ipfix_decoder_field_t *const field = &record->layout->fields[index];
    const ipfix_decoder_value_t value = ipfix_decoder_value(record, index);
    const gsize before = text->len;
    if (relative_time_append(text, record, index) || append_list(text, record, field, &value, 0)) {
        return;
    }
    g_string_truncate(text, before);
    value_append(text, field->type, &value);
}
