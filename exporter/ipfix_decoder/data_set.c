/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix_decoder/data_set.h"
#include "exporter/ipfix_decoder/field_names.h"
#include "exporter/ipfix_decoder/template_table.h"
#include <stddef.h>
#include <string.h>

/* The usual string: its length is one byte, and all of it is there. */
static inline bool short_value(ipfix_cursor_t *cursor, uint16_t length, ipfix_decoder_value_t *value)
{
    const size_t left = cursor_remaining(cursor);
    if (length != IPFIX_VARIABLE || left == 0 || *cursor->at == UINT8_MAX || *cursor->at >= left) {
        return false;
    }
    *value = (ipfix_decoder_value_t){cursor->at + 1, *cursor->at};
    cursor->at += 1 + value->length;
    return true;
}

/* Strings in a row, with a length of one byte each. Returns the first value that was not read: one with a
 * longer length, or @p end. */
static inline ipfix_decoder_value_t *short_values(ipfix_cursor_t *cursor, ipfix_decoder_value_t *value,
                                                  const ipfix_decoder_value_t *end)
{
    const uint8_t *const start = cursor->at;
    const size_t size = cursor_remaining(cursor);
    size_t at = 0;
    while (value < end && at < size && start[at] != UINT8_MAX) {
        const uint8_t length = start[at];
        *value++ = (ipfix_decoder_value_t){start + at + 1, length};
        at += 1u + length;
    }
    if (at > size) { /* of the last value that was read */
        cursor->failed = true;
        return value;
    }
    cursor->at = start + at;
    return value;
}

/* The values of the next record, except those at a fixed offset, which are checked together. */
static inline void read_values(ipfix_cursor_t *cursor, const ipfix_decoder_template_t *layout)
{
    if (cursor_take(cursor, layout->fixed_length) == NULL) {
        return;
    }
    ipfix_decoder_value_t *value = layout->values + layout->fixed_count;
    const ipfix_decoder_value_t *const end = layout->values + layout->field_count;
    if (layout->variable_tail) {
        value = short_values(cursor, value, end);
    }
    const ipfix_decoder_field_t *field = &layout->fields[value - layout->values];
    for (; value < end; field++, value++) {
        if (!short_value(cursor, field->length, value)) {
            *value = cursor_value(cursor, field->length);
        }
    }
}

static synfix_status_t check_limits(decoder_message_t *message, const uint8_t *start, uint32_t empty)
{
    if (empty > message->empty_left) {
        return decoder_refuse(message, start, SYNFIX_NO_MEMORY,
                              "more values without a byte than the message has bytes");
    }
    if (message->records_left == 0) {
        return decoder_refuse(message, start, SYNFIX_NO_MEMORY, "more records than the limit of one message");
    }
    message->empty_left -= empty;
    message->records_left--;
    return SYNFIX_OK;
}

/* Records with a meaning for later ones: base of relative times, type records. */
static void learn(const decoder_message_t *message, ipfix_decoder_record_t *record)
{
    ipfix_decoder_t *const reader = message->reader;
    const ipfix_decoder_template_t *const layout = record->layout;
    if (layout->init_time_field < layout->field_count) {
        const ipfix_decoder_value_t base = ipfix_decoder_value(record, layout->init_time_field);
        init_times_set(reader->init_times, message->domain, &base);
        record->init_time_ms = init_times_get(reader->init_times, message->domain);
    }
    if (layout->scope_count > 0) {
        type_information_learn(reader->types, record);
    }
}

/* Whether the user read the next record without its values. */
static inline bool read_direct(decoder_message_t *message, ipfix_cursor_t *cursor,
                               ipfix_decoder_record_t *record)
{
    ipfix_decoder_t *const reader = message->reader;
    record->start = cursor->at;
    const size_t length = message->records_left > 0
                              ? reader->events.direct(reader->events.user, record, cursor_remaining(cursor))
                              : 0;
    cursor->at += length;
    message->records_left -= length > 0;
    reader->stats.data_records += length > 0;
    return length > 0;
}

static synfix_status_t read_record(decoder_message_t *message, ipfix_cursor_t *cursor,
                                   ipfix_decoder_record_t *record)
{
    ipfix_decoder_t *const reader = message->reader;
    const uint8_t *const start = cursor->at;
    record->start = start;
    read_values(cursor, record->layout);
    if (cursor->failed) {
        return message->cut ? SYNFIX_OK
                            : decoder_refuse(message, start, SYNFIX_INVALID, "record longer than its set");
    }
    const synfix_status_t status = check_limits(message, start, record->layout->empty_count);
    if (status < 0) {
        return status;
    }
    *(record->layout->scope_count > 0 ? &reader->stats.options_records : &reader->stats.data_records) += 1;
    learn(message, record);
    return reader->events.record != NULL ? reader->events.record(reader->events.user, record, message->error)
                                         : SYNFIX_OK;
}

static synfix_status_t read_records(decoder_message_t *message, ipfix_cursor_t *cursor,
                                    const ipfix_decoder_template_t *layout)
{
    const ipfix_decoder_t *const reader = message->reader;
    ipfix_decoder_record_t record = {.decoder = reader,
                                     .domain = message->domain,
                                     .export_time = message->export_time,
                                     .init_time_ms = init_times_get(reader->init_times, message->domain),
                                     .layout = layout,
                                     .values = layout->values};
    const bool direct = reader->events.direct != NULL && layout->scope_count == 0 &&
                        layout->empty_count == 0 && layout->init_time_field == layout->field_count;
    while (!cursor->failed && cursor_remaining(cursor) >= layout->minimum_length) {
        if (direct && read_direct(message, cursor, &record)) {
            continue;
        }
        const synfix_status_t status = read_record(message, cursor, &record);
        if (status < 0) {
            return status;
        }
    }
    return SYNFIX_OK;
}

/* Whether the set consists of records of @p layout, with padding of at most three zeros. */
static bool fills_set(const ipfix_decoder_template_t *layout, ipfix_cursor_t set)
{
    while (cursor_remaining(&set) >= layout->minimum_length) {
        if (!cursor_record(&set, layout, layout->values)) {
            return false;
        }
    }
    static const uint8_t zeros[3];
    return cursor_remaining(&set) <= 3 && memcmp(set.at, zeros, cursor_remaining(&set)) == 0;
}

/* A copy of a template that another decoder knows. NULL without one, where the set does not fit it, or when
 * the limits are reached. */
static ipfix_decoder_template_t *adopt_template(decoder_message_t *message, const ipfix_cursor_t *set,
                                                uint16_t id)
{
    const ipfix_decoder_events_t *events = &message->reader->events;
    const ipfix_decoder_template_t *known =
        events->missing != NULL ? events->missing(events->user, message->domain, id) : NULL;
    if (known == NULL || !fills_set(known, *set)) {
        return NULL;
    }
    ipfix_decoder_template_t *const layout = template_new(known->field_count);
    ipfix_decoder_value_t *const values = layout->values;
    memcpy(layout, known,
           offsetof(ipfix_decoder_template_t, fields) + known->field_count * sizeof known->fields[0]);
    layout->values = values;
    if (template_add(message, layout, message->data) != SYNFIX_OK) {
        return NULL;
    }
    message->reader->stats.adopted++;
    return template_find(message->reader, known->domain, known->id); /* not the copy, if the table had one */
}

synfix_status_t data_set_read(decoder_message_t *message, ipfix_cursor_t *cursor, uint16_t id)
{
    ipfix_decoder_t *const reader = message->reader;
    ipfix_decoder_template_t *layout = template_find(reader, message->domain, id);
    layout = layout != NULL ? layout : adopt_template(message, cursor, id);
    if (layout == NULL) {
        reader->stats.sets_without_template++;
        return SYNFIX_OK;
    }
    if (reader->skip_data && layout->scope_count == 0) {
        return SYNFIX_OK;
    }
    /* Naming costs as much as the template is long: only a record, not an empty set, may cause it. */
    if (layout->types_seen != type_information_count(reader->types) &&
        cursor_remaining(cursor) >= layout->minimum_length) {
        field_names_set(layout, &reader->names, reader->types);
    }
    /* Bytes shorter than any record are padding; a set of padding alone does not fit its template. */
    reader->stats.sets_without_record +=
        !message->cut && cursor_remaining(cursor) > 0 && cursor_remaining(cursor) < layout->minimum_length;
    return read_records(message, cursor, layout);
}
