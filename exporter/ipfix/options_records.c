/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Options records are few and have text of any length, so libfixbuf encodes them and checks their templates
 * against the information model. Data records have an encoder of their own (message_encoder.c): libfixbuf
 * copies each record through an internal template, and a worker must not allocate.
 */
#include "base/ntp_time.h"
#include "exporter/ipfix/element_values.h"
#include "exporter/ipfix/options_records_internal.h"
#include "exporter/ipfix/packet_values.h"

static bool put_template(options_writer_t *writer, const void *item, GError **problem)
{
    const uint16_t *id = item;
    return fbSessionExportTemplate(writer->session, *id, problem);
}

static bool put_type(options_writer_t *writer, const void *item, GError **problem)
{
    const ipfix_element_t *element = item;
    const fbInfoElement_t *known = fbInfoModelGetElementByID(writer->model, element->id, element->pen);
    return fbInfoElementWriteOptionsRecord(writer->buffer, known, OPTIONS_TYPE, OPTIONS_TYPE, problem);
}

synfix_status_t options_types(options_writer_t *writer, synfix_error_t *error)
{
    if (writer->settings->options == OPTIONS_NONE || !options_has_types(writer)) {
        return SYNFIX_OK;
    }
    const uint16_t id = OPTIONS_TYPE;
    synfix_status_t status = options_put(writer, put_template, &id, 0, error);
    const ipfix_model_t *model = writer->settings->model;
    for (size_t i = 0; status == SYNFIX_OK && i < ipfix_model_count(model); i++) {
        const ipfix_element_t *element = ipfix_model_at(model, i);
        if (options_needs_type(element)) {
            status = options_put(writer, put_type, element, 1, error);
        }
    }
    return status;
}

static bool is_repeated(const ipfix_profile_t *profile, unsigned variant)
{
    for (unsigned i = 0; i < variant; i++) {
        if (profile->templates[i].id == profile->templates[variant].id) {
            return true;
        }
    }
    return profile->templates[variant].id == 0;
}

void options_with_interfaces(options_writer_t *writer)
{
    writer->interfaces = true;
}

static synfix_status_t put_data_templates(options_writer_t *writer, synfix_error_t *error)
{
    const ipfix_profile_t *profile = writer->settings->profile;
    synfix_status_t status = SYNFIX_OK;
    for (unsigned i = 0; status == SYNFIX_OK && i < IPFIX_VARIANTS; i++) {
        if (!is_repeated(profile, i)) {
            status = options_put(writer, put_template, &profile->templates[i].id, 0, error);
        }
    }
    return status;
}

synfix_status_t options_templates(options_writer_t *writer, synfix_error_t *error)
{
    synfix_status_t status = put_data_templates(writer, error);
    uint16_t id = 0;
    for (size_t i = 0; status == SYNFIX_OK && (id = options_template_at(writer, i)) != 0; i++) {
        status = options_flush(writer, error); /* libfixbuf would put them into one set */
        status = status == SYNFIX_OK ? options_put(writer, put_template, &id, 0, error) : status;
    }
    return status;
}

/* As dateTimeMicroseconds: an element that occurs twice in a template stops the Logstash codec. */
static uint64_t last_time(uint64_t milliseconds)
{
    return ntp_from_ns((int64_t)milliseconds * NS_PER_MS, true);
}

synfix_status_t options_metering(options_writer_t *writer, const metering_numbers_t *numbers,
                                 synfix_error_t *error)
{
    const metering_statistics_t statistics = {writer->settings->domain, 1, numbers->messages,
                                              numbers->records, numbers->bytes};
    const metering_reliability_t reliability = {writer->settings->domain, 1,
                                                numbers->ignored_packets, 0,
                                                numbers->first_ms,        last_time(numbers->last_ms)};
    const synfix_status_t status =
        options_put_record(writer, OPTIONS_METERING_STATISTICS, &statistics, sizeof statistics, error);
    return status != SYNFIX_OK ? status
                               : options_put_record(writer, OPTIONS_METERING_RELIABILITY, &reliability,
                                                    sizeof reliability, error);
}

synfix_status_t options_exporting(options_writer_t *writer, const exporting_numbers_t *numbers,
                                  synfix_error_t *error)
{
    const exporting_reliability_t reliability = {.process = 1,
                                                 .flows = numbers->not_sent,
                                                 .packets = numbers->not_sent,
                                                 .first_ms = numbers->first_ms,
                                                 .last = last_time(numbers->last_ms)};
    return options_put_record(writer, OPTIONS_EXPORTING_RELIABILITY, &reliability, sizeof reliability, error);
}

/* Bit n: field n of the template is a flow key (RFC 7011 section 4.4, flowKeyIndicator). */
static uint64_t key_bits(const ipfix_template_t *template)
{
    static const uint16_t keys[] = {4, 7, 8, 11, 12, 27, 28};
    uint64_t bits = 0;
    for (unsigned i = 0; i < template->field_count && i < 64; i++) {
        for (size_t j = 0; j < G_N_ELEMENTS(keys); j++) {
            if (template->fields[i]->pen == 0 && template->fields[i]->id == keys[j]) {
                bits |= (uint64_t)1 << i;
            }
        }
    }
    return bits;
}

synfix_status_t options_flow_keys(options_writer_t *writer, synfix_error_t *error)
{
    const ipfix_profile_t *profile = writer->settings->profile;
    synfix_status_t status = SYNFIX_OK;
    for (unsigned i = 0; status == SYNFIX_OK && i < IPFIX_VARIANTS; i++) {
        if (!is_repeated(profile, i)) {
            const flow_keys_t record = {.template_id = profile->templates[i].id,
                                        .keys = key_bits(&profile->templates[i])};
            status = options_put_record(writer, OPTIONS_FLOW_KEYS, &record, sizeof record, error);
        }
    }
    return status;
}

/* Copies a string as records carry it into @p room. */
static fbVarfield_t varfield(uint8_t *room, const char *text, uint32_t maximum)
{
    const uint8_t *end = string_write(room, text, maximum);
    return (fbVarfield_t){.len = (size_t)(end - room) - 1, .buf = room + 1};
}

synfix_status_t options_database(options_writer_t *writer, const synfix_sigdb_t *sigdb, synfix_error_t *error)
{
    if (sigdb == NULL || !options_has_own_elements(writer)) {
        return SYNFIX_OK;
    }
    synfix_sigdb_info_t info;
    synfix_sigdb_info(sigdb, &info);
    uint8_t name[TEXT_LABEL_MAX + 3];
    uint8_t version[TEXT_LABEL_MAX + 3];
    const database_record_t record = {.domain = writer->settings->domain,
                                      .process = 1,
                                      .name = varfield(name, info.name, TEXT_LABEL_MAX),
                                      .version = varfield(version, info.version, TEXT_LABEL_MAX),
                                      .entries = info.request_entries + info.response_entries};
    return options_put_record(writer, OPTIONS_DATABASE, &record, sizeof record, error);
}

synfix_status_t options_labels(options_writer_t *writer, const synfix_sigdb_t *sigdb, synfix_error_t *error)
{
    if (sigdb == NULL || !writer->settings->profile->label_table) {
        return SYNFIX_OK;
    }
    synfix_sigdb_info_t info;
    synfix_sigdb_info(sigdb, &info);
    synfix_status_t status = SYNFIX_OK;
    for (uint32_t i = 0; status == SYNFIX_OK && i < info.label_count; i++) {
        const synfix_label_t *label = synfix_sigdb_label(sigdb, i);
        uint8_t rooms[4][TEXT_LABEL_MAX + 3];
        const label_record_t record = {.id = label->id,
                                       .label = varfield(rooms[0], label->text, TEXT_LABEL_MAX),
                                       .class_name = varfield(rooms[1], label->os_class, TEXT_WORD_MAX),
                                       .family = varfield(rooms[2], label->name, TEXT_WORD_MAX),
                                       .flavor = varfield(rooms[3], label->flavor, TEXT_WORD_MAX)};
        status = options_put_record(writer, OPTIONS_LABEL, &record, sizeof record, error);
    }
    return status;
}

synfix_status_t options_interface(options_writer_t *writer, const interface_entry_t *interface,
                                  synfix_error_t *error)
{
    uint8_t rooms[2][TEXT_LABEL_MAX + 3];
    const interface_record_t record = {.index = interface->index,
                                       .name = varfield(rooms[0], interface->name, TEXT_LABEL_MAX),
                                       .description =
                                           varfield(rooms[1], interface->description, TEXT_LABEL_MAX)};
    return options_put_record(writer, OPTIONS_INTERFACE, &record, sizeof record, error);
}
