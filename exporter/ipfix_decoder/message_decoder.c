/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix_decoder/message_decoder.h"
#include "base/export_protocol.h"
#include "exporter/ipfix_decoder/cursor.h"
#include "exporter/ipfix_decoder/data_set.h"
#include "exporter/ipfix_decoder/decoder_state.h"
#include "exporter/ipfix_decoder/field_names.h"
#include "exporter/ipfix_decoder/key_tree.h"
#include "exporter/ipfix_decoder/template_record.h"
#include "exporter/ipfix_decoder/template_table.h"
#include <glib.h>

enum {
    VERSION = 10,
    TEMPLATE_BYTES = 256, /* memory of a template without fields, with its entries in two trees */
};

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
    reader->templates = key_tree_new(g_free);
    reader->by_kind = key_tree_new(NULL);
    reader->types = type_information_new(reader->limits.types);
    reader->init_times = init_times_new(reader->limits.templates);
    return reader;
}

void ipfix_decoder_free(ipfix_decoder_t *reader)
{
    if (reader != NULL) {
        g_tree_destroy(reader->by_kind);
        g_tree_destroy(reader->templates);
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
    usage->templates = (uint32_t)g_tree_nnodes(reader->templates);
    usage->fields = reader->fields;
    usage->bytes = sizeof *reader + usage->templates * TEMPLATE_BYTES +
                   usage->fields * (sizeof(ipfix_decoder_field_t) + sizeof(ipfix_decoder_value_t)) +
                   type_information_bytes(reader->types);
}

synfix_status_t decoder_refuse(const decoder_message_t *message, const uint8_t *at, synfix_status_t status,
                               const char *reason)
{
    return synfix_fail(message->error, status, "byte %zu of the message: %s", (size_t)(at - message->data),
                       reason);
}

static synfix_status_t read_set(decoder_message_t *message, ipfix_cursor_t *cursor)
{
    const uint8_t *const start = cursor->at;
    const uint16_t id = cursor_u16(cursor);
    uint16_t length = cursor_u16(cursor);
    if (message->cut && !cursor->failed && length >= 4) {
        length = (uint16_t)MIN(length, 4 + cursor_remaining(cursor));
    }
    if (cursor->failed || length < 4 || (size_t)(length - 4) > cursor_remaining(cursor)) {
        return decoder_refuse(message, start, SYNFIX_INVALID, "set with an impossible length");
    }
    ipfix_cursor_t set = cursor_sub(cursor, (size_t)(length - 4));
    if (id >= SET_DATA_MIN) {
        return data_set_read(message, &set, id);
    }
    if (id != SET_TEMPLATES && id != SET_OPTIONS_TEMPLATES) {
        message->reader->stats.reserved_sets++; /* RFC 7011 3.3.2: skipped, the rest of the message is good */
        return SYNFIX_OK;
    }
    /* Padding is at most three bytes of zero, and a template record has at least four. */
    while (cursor_remaining(&set) >= 4) {
        const synfix_status_t status = template_read(message, &set, id == SET_OPTIONS_TEMPLATES);
        if (status < 0) {
            return message->cut ? SYNFIX_OK : status;
        }
    }
    return SYNFIX_OK;
}

/* A program or an option that reads the messages of @p protocol; NULL: none that is known. */
static const char *reader_of(export_protocol_t protocol)
{
    switch (protocol) {
    case EXPORT_NETFLOW_5:
    case EXPORT_NETFLOW_9:
        return "ipfixcol2 converts it to IPFIX";
    case EXPORT_SFLOW_5:
        return "synfix capture -i sflow:// receives it";
    case EXPORT_TLS:
        return "listen on tls://";
    case EXPORT_DTLS:
        return "listen on dtls://";
    default:
        return NULL;
    }
}

static synfix_status_t refuse_protocol(const uint8_t *data, synfix_error_t *error)
{
    const export_protocol_t protocol = export_protocol_of(data);
    const char *const reader = reader_of(protocol);
    return reader != NULL
               ? synfix_fail(error, SYNFIX_INVALID, "no IPFIX message, but %s; %s",
                             export_protocol_name(protocol), reader)
               : synfix_fail(error, SYNFIX_INVALID, "no IPFIX message (version %u, not 10)", read_be16(data));
}

synfix_status_t ipfix_decoder_header(const uint8_t *data, size_t *length, synfix_error_t *error)
{
    *length = read_be16(data + 2);
    if (read_be16(data) != VERSION) {
        return refuse_protocol(data, error);
    }
    if (*length < READER_HEADER_SIZE) {
        return synfix_fail(error, SYNFIX_INVALID, "message length %zu is shorter than its header", *length);
    }
    return SYNFIX_OK;
}

static synfix_status_t read_sets(ipfix_decoder_t *reader, const uint8_t *data, size_t length, bool cut,
                                 synfix_error_t *error)
{
    decoder_message_t message = {.reader = reader,
                                 .data = data,
                                 .export_time = read_be32(data + 4),
                                 .domain = read_be32(data + 12),
                                 .records_left =
                                     reader->limits.records > 0 ? reader->limits.records : UINT32_MAX,
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
        return synfix_fail(error, SYNFIX_INVALID, "message of %zu bytes states a length of %zu", length,
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
    return template_find(reader, domain, id);
}

void ipfix_decoder_describe(const ipfix_decoder_t *reader, ipfix_decoder_field_t *field)
{
    field_name_set(field, &reader->names, reader->types);
}

const ipfix_element_t *ipfix_decoder_find_in_model(const void *user, uint32_t pen, uint16_t id)
{
    return user != NULL ? ipfix_model_by_id(user, pen, id) : NULL;
}
