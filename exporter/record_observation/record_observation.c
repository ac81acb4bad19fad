/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/record_observation/record_observation.h"
#include "exporter/record_observation/record_fingerprints.h"
#include "exporter/record_observation/record_headers.h"
#include <glib.h>
#include <string.h>
#include <synfix/packet.h>

struct record_converter {
    record_extent_t extent;
    record_tables_t *tables;
    record_labels_t *labels;
    record_fingerprints_t *fingerprints;
    record_converter_stats_t stats;
    record_values_t values;
    synfix_headers_t headers;
    synfix_tcp_options_t options;
    char community_id[256];
    char muon_fingerprint[256];
    char before[256];
    char after[256];
    synfix_host_change_t change;
    synfix_observation_t observation;
};

record_converter_t *record_converter_new(record_extent_t extent)
{
    record_converter_t *const converter = g_new0(record_converter_t, 1);
    converter->extent = extent;
    converter->tables = record_tables_new();
    converter->labels = record_labels_new();
    converter->fingerprints = record_fingerprints_new(converter->labels);
    converter->observation.headers = &converter->headers;
    converter->observation.options = &converter->options;
    return converter;
}

void record_converter_free(record_converter_t *converter)
{
    if (converter != NULL) {
        record_tables_free(converter->tables);
        record_fingerprints_free(converter->fingerprints);
        record_labels_free(converter->labels);
        g_free(converter);
    }
}

const char *record_reason_text(record_reason_t reason)
{
    static const char *const texts[] = {
#define REASON_TEXT(identifier, text) text,
        RECORD_REASONS(REASON_TEXT)
#undef REASON_TEXT
    };
    return texts[reason];
}

void record_converter_get_stats(const record_converter_t *converter, record_converter_stats_t *stats)
{
    *stats = converter->stats;
}

void record_converter_layout(record_converter_t *converter, const ipfix_decoder_template_t *layout)
{
    record_tables_layout(converter->tables, layout);
}

static const synfix_observation_t *refuse(record_converter_t *converter, record_reason_t reason,
                                          const char *element)
{
    if (converter->stats.refused[reason]++ == 0 && element != NULL) {
        g_strlcpy(converter->stats.element[reason], element, READER_NAME_SIZE);
    }
    return NULL;
}

/* Text that no fingerprint keeps; NULL without one. */
static const char *own_text(const record_values_t *values, record_text_t text, char room[256])
{
    const ipfix_decoder_value_t *value = &values->texts[text];
    if (value->length == 0 || (value->length == 1 && value->data[0] == '?') ||
        !g_utf8_validate((const char *)value->data, (gssize)value->length, NULL)) {
        return NULL;
    }
    memcpy(room, value->data, value->length);
    room[value->length] = '\0';
    return room;
}

static void set_uptime(synfix_observation_t *observation, const uint64_t *numbers)
{
    observation->from_server = numbers[RECORD_DIRECTION] == 2;
    observation->fingerprint = NULL;
    observation->uptime = (synfix_uptime_t){
        .frequency = (uint16_t)numbers[RECORD_FREQUENCY],
        .frequency_centihertz = (uint32_t)numbers[RECORD_FREQUENCY_MEASURED],
        .uptime_seconds = numbers[RECORD_UPTIME],
        .modulus_seconds = numbers[RECORD_MODULUS],
        .reliability = (uint8_t)numbers[RECORD_RELIABILITY],
    };
}

/* Fields that a record never sets are zero from the start. */
static void fill_observation(record_converter_t *converter)
{
    const record_values_t *values = &converter->values;
    const uint64_t *numbers = values->numbers;
    synfix_observation_t *observation = &converter->observation;
    observation->kind = (uint8_t)numbers[RECORD_KIND];
    observation->from_server = numbers[RECORD_KIND] == SYNFIX_OBSERVATION_SYN_ACK;
    observation->flags = (uint32_t)numbers[RECORD_FLAGS];
    observation->packet_number = numbers[RECORD_FLOW_ID] & SYNFIX_PACKET_NUMBER_MAX;
    observation->flow_id = numbers[RECORD_FLOW_ID];
    observation->interface_id = (uint32_t)numbers[RECORD_INTERFACE];
    observation->fingerprint = NULL;
    observation->host_change = NULL;
    observation->uptime = (synfix_uptime_t){.frequency = 0};
    observation->community_id = own_text(values, RECORD_TEXT_COMMUNITY_ID, converter->community_id);
    observation->muon_fingerprint =
        own_text(values, RECORD_TEXT_MUON_FINGERPRINT, converter->muon_fingerprint);
}

static const synfix_observation_t *convert_uptime(record_converter_t *converter, const record_table_t *table)
{
    const uint64_t *numbers = converter->values.numbers;
    converter->options = (synfix_tcp_options_t){.has_timestamps = true};
    fill_observation(converter);
    set_uptime(&converter->observation, numbers);
    record_headers_fill(&converter->headers, &converter->values, table, NULL);
    return &converter->observation;
}

static const char *label_text(const record_values_t *values, record_text_t text, char room[256])
{
    const char *label = own_text(values, text, room);
    return label != NULL ? label : "?";
}

static const synfix_observation_t *convert_change(record_converter_t *converter, const record_table_t *table)
{
    const record_values_t *values = &converter->values;
    converter->options =
        (synfix_tcp_options_t){.has_timestamps = values->numbers[RECORD_TIMESTAMP_VALUE] != 0 ||
                                                 values->numbers[RECORD_TIMESTAMP_ECHO] != 0};
    fill_observation(converter);
    converter->change = (synfix_host_change_t){
        .reasons = (uint32_t)values->numbers[RECORD_CHANGE_REASONS],
        .score = (uint8_t)values->numbers[RECORD_SHARING_SCORE],
        .before = label_text(values, RECORD_TEXT_LABEL_BEFORE, converter->before),
        .after = label_text(values, RECORD_TEXT_LABEL_AFTER, converter->after),
    };
    converter->observation.from_server = values->numbers[RECORD_DIRECTION] == 2;
    converter->observation.host_change = &converter->change;
    record_headers_fill(&converter->headers, values, table, NULL);
    return &converter->observation;
}

static const synfix_observation_t *refuse_value(record_converter_t *converter,
                                                const ipfix_decoder_record_t *record, uint16_t field)
{
    return refuse(converter, RECORD_VALUE, record->layout->fields[field].name);
}

static const synfix_observation_t *convert_packet(record_converter_t *converter, const record_table_t *table,
                                                  const ipfix_decoder_record_t *record)
{
    const record_fingerprint_t *found = NULL;
    uint16_t field = 0;
    const synfix_status_t status =
        record_fingerprints_get(converter->fingerprints, table, record, &converter->values, &found, &field);
    if (status == SYNFIX_UNSUPPORTED) {
        return refuse_value(converter, record, field);
    }
    if (status != SYNFIX_OK) {
        return refuse(converter,
                      status == SYNFIX_INVALID     ? RECORD_SIGNATURE
                      : status == SYNFIX_NOT_FOUND ? RECORD_LABEL
                                                   : RECORD_LIMIT,
                      NULL);
    }
    converter->options = found->options;
    converter->options.has_timestamps |=
        found->stamps && converter->values.numbers[RECORD_TIMESTAMP_VALUE] != 0;
    fill_observation(converter);
    converter->observation.fingerprint = &found->fingerprint;
    record_headers_fill(&converter->headers, &converter->values, table, &found->fingerprint.signature);
    return &converter->observation;
}

/* Sets time and timestamps, which are the same for all kinds. */
static const synfix_observation_t *finish(record_converter_t *converter, const record_table_t *table)
{
    const uint64_t *numbers = converter->values.numbers;
    converter->observation.time_ns = record_time(&converter->values, table);
    converter->options.timestamp_value = (uint32_t)numbers[RECORD_TIMESTAMP_VALUE];
    converter->options.timestamp_echo = (uint32_t)numbers[RECORD_TIMESTAMP_ECHO];
    converter->stats.converted++;
    return &converter->observation;
}

/* A packet's fingerprint is looked up before its values are read; other records are checked as a whole. */
static bool has_wrong_value(record_converter_t *converter, const record_table_t *table,
                            const ipfix_decoder_record_t *record, bool whole)
{
    uint16_t field = 0;
    if (!record_values_read(&converter->values, table, record, &field) ||
        (whole && !record_values_read_fingerprint(&converter->values, table, record, &field))) {
        refuse_value(converter, record, field);
        return true;
    }
    if (converter->values.numbers[RECORD_KIND] == 0) {
        refuse(converter, RECORD_VALUE, "observationKind");
        return true;
    }
    return false;
}

static const synfix_observation_t *convert_kind(record_converter_t *converter, const record_table_t *table,
                                                const ipfix_decoder_record_t *record)
{
    const uint8_t kind = (uint8_t)converter->values.numbers[RECORD_KIND];
    const char *missing = table->missing[converter->extent][record_shape(kind)];
    if (missing != NULL) {
        return refuse(converter, RECORD_INCOMPLETE, missing);
    }
    return kind == SYNFIX_OBSERVATION_HOST_CHANGE ? convert_change(converter, table)
           : kind == SYNFIX_OBSERVATION_UPTIME    ? convert_uptime(converter, table)
                                                  : convert_packet(converter, table, record);
}

static void set_direct(record_converter_t *converter, const record_fingerprint_t *found,
                       const record_direct_t *direct)
{
    converter->options = found->options;
    converter->options.has_timestamps |= found->stamps && direct->timestamp_value != 0;
    converter->options.timestamp_value = direct->timestamp_value;
    converter->options.timestamp_echo = direct->timestamp_echo;
    converter->observation = (synfix_observation_t){
        .kind = direct->kind,
        .from_server = direct->kind == SYNFIX_OBSERVATION_SYN_ACK,
        .flags = direct->flags,
        .packet_number = direct->flow_id & SYNFIX_PACKET_NUMBER_MAX,
        .flow_id = direct->flow_id,
        .interface_id = direct->interface_id,
        .time_ns = direct->time_ns,
        .headers = &converter->headers,
        .options = &converter->options,
        .fingerprint = &found->fingerprint,
    };
    converter->stats.converted++;
}

const synfix_observation_t *record_converter_direct(record_converter_t *converter,
                                                    const ipfix_decoder_record_t *record, size_t available,
                                                    size_t *length)
{
    record_direct_t direct;
    const record_table_t *table = record_tables_get(converter->tables, record->layout);
    *length = 0;
    if (!table->direct || available < record->layout->minimum_length ||
        !record_direct_begin(table, record->start, &direct)) {
        return NULL;
    }
    const record_fingerprint_t *found = record_fingerprints_find(
        converter->fingerprints, table, record->start, available, direct.flags, length);
    if (found == NULL) {
        return NULL;
    }
    record_direct_fill(table, record->start, &found->fingerprint.signature, &converter->headers, &direct);
    set_direct(converter, found, &direct);
    return &converter->observation;
}

const synfix_observation_t *record_converter_convert(record_converter_t *converter,
                                                     const ipfix_decoder_record_t *record)
{
    if (record->layout->scope_count > 0) {
        record_labels_learn(converter->labels, record);
        return NULL;
    }
    const record_table_t *table = record_tables_get(converter->tables, record->layout);
    if ((table->has.numbers & RECORD_BIT(RECORD_KIND)) == 0) {
        return refuse(converter, RECORD_FOREIGN, NULL);
    }
    const bool whole = table->missing[converter->extent][0] != NULL; /* no packet of this template converts */
    if (has_wrong_value(converter, table, record, whole)) {
        return NULL;
    }
    const synfix_observation_t *converted = convert_kind(converter, table, record);
    return converted != NULL ? finish(converter, table) : NULL;
}
