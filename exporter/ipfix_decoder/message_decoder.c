/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix_decoder/message_decoder.h"
#include "exporter/ipfix_decoder/cursor.h"
#include "exporter/ipfix_decoder/field_names.h"
#include "exporter/ipfix_decoder/init_times.h"
#include <glib.h>
#include <string.h>

enum {
    NETFLOW_5 = 5,
    NETFLOW_9 = 9,
    VERSION = 10,
    SET_TEMPLATES = 2,
    SET_OPTIONS_TEMPLATES = 3,
    SET_DATA_MIN = 256,
    TEMPLATE_BYTES = 96, /* of a template without its fields, with its entry in the table */
};

struct ipfix_decoder {
    ipfix_decoder_names_t names;
    ipfix_decoder_limits_t limits;
    ipfix_decoder_events_t events;
    GHashTable *templates; /* (domain << 16 | id) as int64 -> ipfix_decoder_template_t */
    uint32_t fields;       /* fields of all templates */
    type_information_t *types;
    bool skip_data;
    init_times_t *init_times;
    ipfix_decoder_stats_t stats;
};

/* State of one message while it is decoded. */
typedef struct message {
    ipfix_decoder_t *reader;
    const uint8_t *data;
    uint32_t domain;
    uint32_t export_time;
    uint32_t records_left;
    uint32_t empty_left; /* values without a byte */
    bool cut;            /* the message goes on behind its data */
    synfix_error_t *error;
} message_t;

ipfix_decoder_t *ipfix_decoder_new(const ipfix_decoder_names_t *names, const ipfix_decoder_limits_t *limits,
                                   const ipfix_decoder_events_t *events)
{
    static const ipfix_decoder_limits_t usual = {.templates = READER_TEMPLATES_DEFAULT,
                                                 .fields = READER_FIELDS_DEFAULT,
                                                 .types = READER_TYPES_DEFAULT};
    ipfix_decoder_t *const reader = g_new0(ipfix_decoder_t, 1);
    reader->names = *names;
    reader->limits = limits != NULL ? *limits : usual;
    reader->events = *events;
    reader->templates = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    reader->types = type_information_new(reader->limits.types);
    reader->init_times = init_times_new(reader->limits.templates);
    return reader;
}

void ipfix_decoder_free(ipfix_decoder_t *reader)
{
    if (reader != NULL) {
        g_hash_table_destroy(reader->templates);
        type_information_free(reader->types);
        init_times_free(reader->init_times);
        g_free(reader);
    }
}

void ipfix_decoder_skip_data(ipfix_decoder_t *reader, bool skip)
{
    reader->skip_data = skip;
}

void ipfix_decoder_get_stats(const ipfix_decoder_t *reader, ipfix_decoder_stats_t *stats)
{
    *stats = reader->stats;
}

void ipfix_decoder_get_usage(const ipfix_decoder_t *reader, ipfix_decoder_usage_t *usage)
{
    usage->templates = g_hash_table_size(reader->templates);
    usage->fields = reader->fields;
    usage->bytes = sizeof *reader + usage->templates * TEMPLATE_BYTES +
                   usage->fields * (sizeof(ipfix_decoder_field_t) + sizeof(ipfix_decoder_value_t)) +
                   type_information_bytes(reader->types);
}

static synfix_status_t refuse(const message_t *message, const uint8_t *at, synfix_status_t status,
                              const char *reason)
{
    return synfix_fail(message->error, status, "byte %zu of the message: %s", (size_t)(at - message->data),
                       reason);
}

static gint64 template_key(uint32_t domain, uint16_t id)
{
    return ((gint64)domain << 16) | id;
}

static void forget_template(ipfix_decoder_t *reader, uint32_t domain, uint16_t id)
{
    const gint64 key = template_key(domain, id);
    const ipfix_decoder_template_t *const old = g_hash_table_lookup(reader->templates, &key);
    if (old != NULL) {
        reader->fields -= old->field_count;
        g_hash_table_remove(reader->templates, &key);
    }
}

/* A template withdrawal names one template; with the set id as template id, all templates of that kind in the
 * domain (RFC 7011 section 8.1). */
static void withdraw(const message_t *message, uint16_t id, bool options)
{
    ipfix_decoder_t *const reader = message->reader;
    reader->stats.withdrawals++;
    if (id != (options ? SET_OPTIONS_TEMPLATES : SET_TEMPLATES)) {
        forget_template(reader, message->domain, id);
        return;
    }
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, reader->templates);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const ipfix_decoder_template_t *const layout = value;
        if (layout->domain == message->domain && (layout->scope_count > 0) == options) {
            reader->fields -= layout->field_count;
            g_hash_table_iter_remove(&iter);
        }
    }
}

/* Values and fields in one piece of memory: the values first, which need the greater alignment. */
static ipfix_decoder_template_t *new_template(uint16_t field_count)
{
    const size_t head =
        offsetof(ipfix_decoder_template_t, fields) + field_count * sizeof(ipfix_decoder_field_t);
    const size_t values =
        (head + _Alignof(ipfix_decoder_value_t) - 1) & ~(_Alignof(ipfix_decoder_value_t) - 1);
    uint8_t *const room = g_malloc0(values + field_count * sizeof(ipfix_decoder_value_t));
    ipfix_decoder_template_t *const layout = (ipfix_decoder_template_t *)(void *)room;
    layout->values = (ipfix_decoder_value_t *)(void *)(room + values);
    layout->field_count = field_count;
    return layout;
}

static void read_fields(ipfix_cursor_t *cursor, ipfix_decoder_template_t *layout)
{
    layout->init_time_field = layout->field_count;
    layout->variable_tail = true;
    for (uint16_t i = 0; i < layout->field_count && !cursor->failed; i++) {
        ipfix_decoder_field_t *const field = &layout->fields[i];
        const uint16_t id = cursor_u16(cursor);
        field->length = cursor_u16(cursor);
        field->id = id & 0x7FFF;
        field->pen = (id & 0x8000) ? cursor_u32(cursor) : 0;
        layout->minimum_length += field->length == IPFIX_VARIABLE ? 1 : field->length;
        layout->empty_count = (uint16_t)(layout->empty_count + (field->length == 0));
        if (layout->fixed_count == i && field->length != IPFIX_VARIABLE) {
            field->offset = (uint16_t)layout->fixed_length; /* beyond 65,535 there is no record */
            layout->fixed_count = (uint16_t)(i + 1);
            layout->fixed_length += field->length;
        }
        layout->variable_tail &= i < layout->fixed_count || field->length == IPFIX_VARIABLE;
        if (init_times_is_base(field)) {
            layout->init_time_field = i;
        }
    }
}

static synfix_status_t add_template(const message_t *message, ipfix_decoder_template_t *layout,
                                    const uint8_t *at)
{
    ipfix_decoder_t *const reader = message->reader;
    if (g_hash_table_size(reader->templates) >= reader->limits.templates ||
        layout->field_count > reader->limits.fields - reader->fields) {
        g_free(layout);
        return refuse(message, at, SYNFIX_NO_MEMORY, "more templates than the limit");
    }
    const gint64 key = template_key(layout->domain, layout->id);
    reader->fields += layout->field_count;
    reader->stats.templates++;
    field_names_set(layout, &reader->names, reader->types);
    g_hash_table_insert(reader->templates, g_memdup2(&key, sizeof key), layout);
    if (reader->events.layout != NULL) {
        reader->events.layout(reader->events.user, layout);
    }
    return SYNFIX_OK;
}

static synfix_status_t read_template(const message_t *message, ipfix_cursor_t *cursor, bool options)
{
    const uint8_t *const start = cursor->at;
    const uint16_t id = cursor_u16(cursor);
    const uint16_t count = cursor_u16(cursor);
    if (count == 0) {
        withdraw(message, id, options);
        return SYNFIX_OK;
    }
    /* Its data has a new layout, even when this layout is refused below. */
    forget_template(message->reader, message->domain, id);
    const uint16_t scope = options ? cursor_u16(cursor) : 0;
    if (id < SET_DATA_MIN) {
        return refuse(message, start, SYNFIX_INVALID, "template id below 256");
    }
    if (count > READER_TEMPLATE_FIELDS) {
        return refuse(message, start, SYNFIX_INVALID, "template with more than 2,048 fields");
    }
    if (count > cursor_remaining(cursor) / 4) {
        return refuse(message, start, SYNFIX_INVALID, "template with more fields than its set holds");
    }
    if (options && (scope == 0 || scope > count)) {
        return refuse(message, start, SYNFIX_INVALID,
                      "options template with an impossible number of scope fields");
    }
    ipfix_decoder_template_t *const layout = new_template(count);
    layout->domain = message->domain;
    layout->id = id;
    layout->scope_count = scope;
    read_fields(cursor, layout);
    if (cursor->failed || layout->minimum_length == 0) {
        g_free(layout);
        return refuse(message, start, SYNFIX_INVALID,
                      cursor->failed ? "template longer than its set" : "template of records without a byte");
    }
    return add_template(message, layout, start);
}

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

static synfix_status_t check_limits(message_t *message, const uint8_t *start, uint32_t empty)
{
    if (empty > message->empty_left) {
        return refuse(message, start, SYNFIX_NO_MEMORY,
                      "more values without a byte than the message has bytes");
    }
    if (message->records_left == 0) {
        return refuse(message, start, SYNFIX_NO_MEMORY, "more records than the limit of one message");
    }
    message->empty_left -= empty;
    message->records_left--;
    return SYNFIX_OK;
}

/* Records with a meaning for later ones: base of relative times, type records. */
static void learn(const message_t *message, ipfix_decoder_record_t *record)
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

static synfix_status_t read_record(message_t *message, ipfix_cursor_t *cursor, ipfix_decoder_record_t *record)
{
    ipfix_decoder_t *const reader = message->reader;
    const uint8_t *const start = cursor->at;
    record->start = start;
    read_values(cursor, record->layout);
    if (cursor->failed) {
        return message->cut ? SYNFIX_OK
                            : refuse(message, start, SYNFIX_INVALID, "record longer than its set");
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

static synfix_status_t read_records(message_t *message, ipfix_cursor_t *cursor,
                                    const ipfix_decoder_template_t *layout)
{
    const ipfix_decoder_t *const reader = message->reader;
    ipfix_decoder_record_t record = {.decoder = reader,
                                     .domain = message->domain,
                                     .export_time = message->export_time,
                                     .init_time_ms = init_times_get(reader->init_times, message->domain),
                                     .layout = layout,
                                     .values = layout->values};
    while (!cursor->failed && cursor_remaining(cursor) >= layout->minimum_length) {
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
static ipfix_decoder_template_t *adopt_template(message_t *message, const ipfix_cursor_t *set, uint16_t id)
{
    const ipfix_decoder_events_t *events = &message->reader->events;
    const ipfix_decoder_template_t *known =
        events->missing != NULL ? events->missing(events->user, message->domain, id) : NULL;
    if (known == NULL || !fills_set(known, *set)) {
        return NULL;
    }
    ipfix_decoder_template_t *const layout = new_template(known->field_count);
    ipfix_decoder_value_t *const values = layout->values;
    memcpy(layout, known,
           offsetof(ipfix_decoder_template_t, fields) + known->field_count * sizeof known->fields[0]);
    layout->values = values;
    if (add_template(message, layout, message->data) != SYNFIX_OK) {
        return NULL;
    }
    message->reader->stats.adopted++;
    return layout;
}

static synfix_status_t read_data(message_t *message, ipfix_cursor_t *cursor, uint16_t id)
{
    ipfix_decoder_t *const reader = message->reader;
    const gint64 key = template_key(message->domain, id);
    ipfix_decoder_template_t *layout = g_hash_table_lookup(reader->templates, &key);
    layout = layout != NULL ? layout : adopt_template(message, cursor, id);
    if (layout == NULL) {
        reader->stats.sets_without_template++;
        return SYNFIX_OK;
    }
    if (reader->skip_data && layout->scope_count == 0) {
        return SYNFIX_OK;
    }
    if (layout->types_seen != type_information_count(reader->types)) {
        field_names_set(layout, &reader->names, reader->types);
    }
    /* Bytes shorter than any record are padding; a set of padding alone does not fit its template. */
    reader->stats.sets_without_record +=
        !message->cut && cursor_remaining(cursor) > 0 && cursor_remaining(cursor) < layout->minimum_length;
    return read_records(message, cursor, layout);
}

static synfix_status_t read_set(message_t *message, ipfix_cursor_t *cursor)
{
    const uint8_t *const start = cursor->at;
    const uint16_t id = cursor_u16(cursor);
    uint16_t length = cursor_u16(cursor);
    if (message->cut && !cursor->failed && length >= 4) {
        length = (uint16_t)MIN(length, 4 + cursor_remaining(cursor));
    }
    if (cursor->failed || length < 4 || (size_t)(length - 4) > cursor_remaining(cursor)) {
        return refuse(message, start, SYNFIX_INVALID, "set with an impossible length");
    }
    ipfix_cursor_t set = cursor_sub(cursor, (size_t)(length - 4));
    if (id >= SET_DATA_MIN) {
        return read_data(message, &set, id);
    }
    if (id != SET_TEMPLATES && id != SET_OPTIONS_TEMPLATES) {
        message->reader->stats.reserved_sets++; /* RFC 7011 3.3.2: skipped, the rest of the message is good */
        return SYNFIX_OK;
    }
    /* Padding is at most three bytes of zero, and a template record has at least four. */
    while (cursor_remaining(&set) >= 4) {
        const synfix_status_t status = read_template(message, &set, id == SET_OPTIONS_TEMPLATES);
        if (status < 0) {
            return message->cut ? SYNFIX_OK : status;
        }
    }
    return SYNFIX_OK;
}

synfix_status_t ipfix_decoder_header(const uint8_t *data, size_t *length, synfix_error_t *error)
{
    const uint16_t version = read_be16(data);
    *length = read_be16(data + 2);
    if (version == NETFLOW_5 || version == NETFLOW_9) {
        return synfix_fail(error, SYNFIX_INVALID,
                           "no IPFIX message, but NetFlow version %u; ipfixcol2 converts it to IPFIX",
                           version);
    }
    if (version != VERSION) {
        return synfix_fail(error, SYNFIX_INVALID, "no IPFIX message (version %u, not 10)", version);
    }
    if (*length < READER_HEADER_SIZE) {
        return synfix_fail(error, SYNFIX_INVALID, "message length %zu is shorter than its header", *length);
    }
    return SYNFIX_OK;
}

static synfix_status_t read_sets(ipfix_decoder_t *reader, const uint8_t *data, size_t length, bool cut,
                                 synfix_error_t *error)
{
    message_t message = {.reader = reader,
                         .data = data,
                         .export_time = read_be32(data + 4),
                         .domain = read_be32(data + 12),
                         .records_left = reader->limits.records > 0 ? reader->limits.records : UINT32_MAX,
                         .empty_left = (uint32_t)length,
                         .cut = cut,
                         .error = error};
    ipfix_cursor_t cursor = {.at = data + READER_HEADER_SIZE, .end = data + length};
    synfix_status_t status = SYNFIX_OK;
    reader->stats.messages++;
    while (status >= 0 && cursor_remaining(&cursor) > (cut ? 3u : 0u)) {
        status = read_set(&message, &cursor);
    }
    return status < 0 ? status : SYNFIX_OK;
}

synfix_status_t ipfix_decoder_message(ipfix_decoder_t *reader, const uint8_t *data, size_t length,
                                      synfix_error_t *error)
{
    size_t announced = 0;
    if (length < READER_HEADER_SIZE) {
        return synfix_fail(error, SYNFIX_TRUNCATED, "message of %zu bytes, shorter than a header", length);
    }
    const synfix_status_t status = ipfix_decoder_header(data, &announced, error);
    if (status < 0) {
        return status;
    }
    if (announced != length) {
        return synfix_fail(error, SYNFIX_INVALID, "message of %zu bytes says that it has %zu", length,
                           announced);
    }
    return read_sets(reader, data, length, false, error);
}

synfix_status_t ipfix_decoder_cut_message(ipfix_decoder_t *reader, const uint8_t *data, size_t length,
                                          synfix_error_t *error)
{
    size_t announced = 0;
    if (length < READER_HEADER_SIZE) {
        return SYNFIX_OK;
    }
    const synfix_status_t status = ipfix_decoder_header(data, &announced, error);
    return status < 0 ? status : read_sets(reader, data, MIN(length, announced), true, error);
}

const ipfix_decoder_template_t *ipfix_decoder_template(const ipfix_decoder_t *reader, uint32_t domain,
                                                       uint16_t id)
{
    const gint64 key = template_key(domain, id);
    return g_hash_table_lookup(reader->templates, &key);
}

void ipfix_decoder_describe(const ipfix_decoder_t *reader, ipfix_decoder_field_t *field)
{
    field_name_set(field, &reader->names, reader->types);
}

const ipfix_element_t *ipfix_decoder_find_in_model(const void *user, uint32_t pen, uint16_t id)
{
    return user != NULL ? ipfix_model_by_id(user, pen, id) : NULL;
}
