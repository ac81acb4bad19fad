/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix/options_records.h"
#include "base/ntp_time.h"
#include "exporter/ipfix/element_values.h"
#include "exporter/ipfix/fixbuf_adapter.h"
#include "exporter/ipfix/packet_values.h"
#include <string.h>

/* Flags of a field specification: fields that only some structures have. */
#define INTERNAL_ONLY 1u

struct options_writer {
    const ipfix_settings_t *settings;
    fbInfoModel_t *model;
    fbSession_t *session; /* owned by the buffer after the buffer exists */
    fbExporter_t *exporter;
    fBuf_t *buffer;
    uint8_t *bytes;
    uint32_t records; /* records in the open message */
    bool interfaces;
    bool used; /* the open message is not empty */
    options_message_fn receive;
    void *user;
};

typedef struct metering_statistics {
    uint32_t domain;
    uint32_t process;
    uint64_t messages;
    uint64_t records;
    uint64_t bytes;
} metering_statistics_t;

typedef struct metering_reliability {
    uint32_t domain;
    uint32_t process;
    uint64_t packets;
    uint64_t bytes;
    uint64_t first_ms;
    uint64_t last; /* last_time */
} metering_reliability_t;

typedef struct exporting_reliability {
    uint32_t process;
    uint8_t padding[4];
    uint64_t flows;
    uint64_t packets;
    uint64_t bytes;
    uint64_t first_ms;
    uint64_t last; /* last_time */
} exporting_reliability_t;

typedef struct flow_keys {
    uint16_t template_id;
    uint8_t padding[6];
    uint64_t keys;
} flow_keys_t;

typedef struct database_record {
    uint32_t domain;
    uint32_t process;
    fbVarfield_t name;
    fbVarfield_t version;
    uint32_t entries;
    uint8_t padding[4];
} database_record_t;

typedef struct label_record {
    uint32_t id;
    uint8_t padding[4];
    fbVarfield_t label;
    fbVarfield_t class_name;
    fbVarfield_t family;
    fbVarfield_t flavor;
} label_record_t;

typedef struct interface_record {
    uint32_t index;
    uint8_t padding[4];
    fbVarfield_t name;
    fbVarfield_t description;
} interface_record_t;

#define SPEC(name, length)                                                                                   \
    {                                                                                                        \
        (char *)(uintptr_t)(name), length, 0                                                                 \
    }
#define SPEC_PADDING(length)                                                                                 \
    {                                                                                                        \
        (char *)(uintptr_t) "paddingOctets", length, INTERNAL_ONLY                                           \
    }
#define SPEC_END                                                                                             \
    {                                                                                                        \
        NULL, 0, 0                                                                                           \
    }

static const struct options_shape {
    uint16_t id;
    uint16_t scopes;
    fbInfoElementSpec_t fields[8];
} shapes[] = {
    {OPTIONS_METERING_STATISTICS,
     2,
     {SPEC("observationDomainId", 4), SPEC("meteringProcessId", 4), SPEC("exportedMessageTotalCount", 8),
      SPEC("exportedFlowRecordTotalCount", 8), SPEC("exportedOctetTotalCount", 8), SPEC_END}},
    {OPTIONS_METERING_RELIABILITY,
     2,
     {SPEC("observationDomainId", 4), SPEC("meteringProcessId", 4), SPEC("ignoredPacketTotalCount", 8),
      SPEC("ignoredOctetTotalCount", 8), SPEC("observationTimeMilliseconds", 8),
      SPEC("observationTimeMicroseconds", 8), SPEC_END}},
    {OPTIONS_EXPORTING_RELIABILITY,
     1,
     {SPEC("exportingProcessId", 4), SPEC_PADDING(4), SPEC("notSentFlowTotalCount", 8),
      SPEC("notSentPacketTotalCount", 8), SPEC("notSentOctetTotalCount", 8),
      SPEC("observationTimeMilliseconds", 8), SPEC("observationTimeMicroseconds", 8), SPEC_END}},
    {OPTIONS_FLOW_KEYS, 1, {SPEC("templateId", 2), SPEC_PADDING(6), SPEC("flowKeyIndicator", 8), SPEC_END}},
    {OPTIONS_DATABASE,
     2,
     {SPEC("observationDomainId", 4), SPEC("meteringProcessId", 4), SPEC("signatureDatabaseName", 0),
      SPEC("signatureDatabaseVersion", 0), SPEC("signatureDatabaseEntryCount", 4), SPEC_PADDING(4),
      SPEC_END}},
    {OPTIONS_LABEL,
     1,
     {SPEC("osLabelId", 4), SPEC_PADDING(4), SPEC("osLabel", 0), SPEC("osClass", 0), SPEC("osFamily", 0),
      SPEC("osFlavor", 0), SPEC_END}},
    {OPTIONS_INTERFACE,
     1,
     {SPEC("ingressInterface", 4), SPEC_PADDING(4), SPEC("interfaceName", 0), SPEC("interfaceDescription", 0),
      SPEC_END}},
};

static synfix_status_t fixbuf_failed(const char *what, const GError *problem, synfix_error_t *error)
{
    return synfix_fail(error, SYNFIX_INVALID, "%s: %s", what,
                       problem != NULL ? problem->message : "libfixbuf failed");
}

static bool add_shape(options_writer_t *writer, const struct options_shape *shape, GError **problem)
{
    for (int internal = 0; internal < 2; internal++) {
        fbTemplate_t *template = fbTemplateAlloc(writer->model);
        fbInfoElementSpec_t fields[G_N_ELEMENTS(shape->fields)];
        memcpy(fields, shape->fields, sizeof fields);
        if (!fbTemplateAppendSpecArray(template, fields, internal ? INTERNAL_ONLY : 0, problem)) {
            fbTemplateFreeUnused(template);
            return false;
        }
        if (!internal) {
            fbTemplateSetOptionsScope(template, shape->scopes);
        }
        if (fbSessionAddTemplate(writer->session, internal != 0, shape->id, template, problem) == 0) {
            return false;
        }
    }
    return true;
}

/* libfixbuf's own type information template contains padding bytes, which waste space on the wire. */
static fbTemplate_t *type_template(options_writer_t *writer, GError **problem)
{
    fbInfoElementSpec_t fields[] = {
        SPEC("privateEnterpriseNumber", 4),       SPEC("informationElementId", 2),
        SPEC("informationElementDataType", 1),    SPEC("informationElementSemantics", 1),
        SPEC("informationElementUnits", 2),       SPEC("informationElementRangeBegin", 8),
        SPEC("informationElementRangeEnd", 8),    SPEC("informationElementName", 0),
        SPEC("informationElementDescription", 0), SPEC_END};
    fbTemplate_t *template = fbTemplateAlloc(writer->model);
    if (!fbTemplateAppendSpecArray(template, fields, 0, problem)) {
        fbTemplateFreeUnused(template);
        return NULL;
    }
    fbTemplateSetOptionsScope(template, 2);
    return template;
}

static bool add_types(options_writer_t *writer, GError **problem)
{
    fbTemplate_t *internal = fbInfoElementAllocTypeTemplate(writer->model, problem);
    if (internal == NULL ||
        fbSessionAddTemplate(writer->session, TRUE, OPTIONS_TYPE, internal, problem) == 0) {
        return false;
    }
    fbTemplate_t *external = type_template(writer, problem);
    return external != NULL &&
           fbSessionAddTemplate(writer->session, FALSE, OPTIONS_TYPE, external, problem) != 0;
}

static bool add_data_templates(options_writer_t *writer, GError **problem)
{
    for (unsigned i = 0; i < IPFIX_VARIANTS; i++) {
        const ipfix_template_t *template = &writer->settings->profile->templates[i];
        if (template->id == 0 || fbSessionGetTemplate(writer->session, FALSE, template->id, NULL) != NULL) {
            continue;
        }
        fbTemplate_t *made = fixbuf_template(writer->model, template, problem);
        if (made == NULL || fbSessionAddTemplate(writer->session, FALSE, template->id, made, problem) == 0) {
            return false;
        }
    }
    return true;
}

typedef bool (*element_test_t)(const ipfix_element_t *element);

static bool is_own(const ipfix_element_t *element)
{
    return element->own;
}

/* Collectors do not know the element from a registry. */
static bool needs_type(const ipfix_element_t *element)
{
    return element->own || element->annotation != NULL;
}

static bool has_elements(const options_writer_t *writer, element_test_t test)
{
    const ipfix_profile_t *profile = writer->settings->profile;
    for (unsigned i = 0; i < IPFIX_VARIANTS; i++) {
        for (unsigned j = 0; j < profile->templates[i].field_count; j++) {
            if (test(profile->templates[i].fields[j])) {
                return true;
            }
        }
    }
    return false;
}

static bool has_own_elements(const options_writer_t *writer)
{
    return has_elements(writer, is_own);
}

/* A profile with IANA elements only is for collectors that reject enterprise elements. */
static bool shape_is_used(const options_writer_t *writer, const struct options_shape *shape)
{
    switch (shape->id) {
    case OPTIONS_DATABASE:
        return has_own_elements(writer);
    case OPTIONS_LABEL:
        return writer->settings->profile->label_table;
    case OPTIONS_INTERFACE:
        return writer->interfaces;
    default:
        return true;
    }
}

static bool add_templates(options_writer_t *writer, GError **problem)
{
    if (!add_types(writer, problem)) {
        return false;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++) {
        if (!add_shape(writer, &shapes[i], problem)) {
            return false;
        }
    }
    return add_data_templates(writer, problem);
}

synfix_status_t options_writer_new(const ipfix_settings_t *settings, uint32_t message_size,
                                   options_writer_t **writer, synfix_error_t *error)
{
    g_autoptr(GError) problem = NULL;
    options_writer_t *made = g_new0(options_writer_t, 1);
    made->settings = settings;
    made->bytes = g_malloc0(message_size);
    made->model = fixbuf_model(settings->model);
    made->session = fbSessionAlloc(made->model);
    fbSessionSetDomain(made->session, settings->domain);
    /* libfixbuf sends templates at once that are added after the buffer exists. */
    if (!add_templates(made, &problem)) {
        fbSessionFree(made->session);
        made->session = NULL;
        options_writer_free(made);
        return fixbuf_failed("templates", problem, error);
    }
    made->exporter = fbExporterAllocBuffer(made->bytes, (uint16_t)message_size);
    made->buffer = fBufAllocForExport(made->session, made->exporter);
    fBufSetAutomaticMode(made->buffer, FALSE);
    *writer = made;
    return SYNFIX_OK;
}

void options_writer_free(options_writer_t *writer)
{
    if (writer == NULL) {
        return;
    }
    if (writer->buffer != NULL) {
        fBufFree(writer->buffer); /* frees session and exporter */
    }
    fbInfoModelFree(writer->model);
    g_free(writer->bytes);
    g_free(writer);
}

void options_receiver(options_writer_t *writer, options_message_fn receive, void *user)
{
    writer->receive = receive;
    writer->user = user;
}

synfix_status_t options_flush(options_writer_t *writer, synfix_error_t *error)
{
    if (!writer->used) {
        return SYNFIX_OK; /* fbExporterGetMsgLen keeps the old length after an empty emit */
    }
    g_autoptr(GError) problem = NULL;
    const uint32_t records = writer->records;
    writer->used = false;
    writer->records = 0;
    if (!fBufEmit(writer->buffer, &problem)) {
        return fixbuf_failed("options records", problem, error);
    }
    return writer->receive(writer->user, writer->bytes, fbExporterGetMsgLen(writer->exporter), records,
                           error);
}

/* Appends one item to the message; called again with an empty message when the item did not fit. */
typedef bool (*put_fn)(options_writer_t *writer, const void *what, GError **problem);

static synfix_status_t put(options_writer_t *writer, put_fn function, const void *what, uint32_t records,
                           synfix_error_t *error)
{
    g_autoptr(GError) problem = NULL;
    bool done = function(writer, what, &problem);
    if (!done && g_error_matches(problem, FB_ERROR_DOMAIN, FB_ERROR_EOM)) {
        g_clear_error(&problem);
        const synfix_status_t status = options_flush(writer, error);
        if (status != SYNFIX_OK) {
            return status;
        }
        done = function(writer, what, &problem);
    }
    if (!done && g_error_matches(problem, FB_ERROR_DOMAIN, FB_ERROR_EOM)) {
        return synfix_fail(error, SYNFIX_INVALID, "message size too small for templates and options records");
    }
    if (!done) {
        return fixbuf_failed("options records", problem, error);
    }
    writer->used = true;
    writer->records += records;
    return SYNFIX_OK;
}

static bool put_template(options_writer_t *writer, const void *what, GError **problem)
{
    const uint16_t *id = what;
    return fbSessionExportTemplate(writer->session, *id, problem);
}

static bool put_type(options_writer_t *writer, const void *what, GError **problem)
{
    const ipfix_element_t *element = what;
    const fbInfoElement_t *known = fbInfoModelGetElementByID(writer->model, element->id, element->pen);
    return fbInfoElementWriteOptionsRecord(writer->buffer, known, OPTIONS_TYPE, OPTIONS_TYPE, problem);
}

typedef struct record {
    uint16_t template_id;
    const void *data;
    size_t size;
} record_t;

static bool put_record(options_writer_t *writer, const void *what, GError **problem)
{
    const record_t *record = what;
    return fBufSetInternalTemplate(writer->buffer, record->template_id, problem) &&
           fBufSetExportTemplate(writer->buffer, record->template_id, problem) &&
           fBufAppend(writer->buffer, (uint8_t *)(uintptr_t)record->data, record->size, problem);
}

static synfix_status_t put_data(options_writer_t *writer, uint16_t template_id, const void *data, size_t size,
                                synfix_error_t *error)
{
    const record_t record = {template_id, data, size};
    return put(writer, put_record, &record, 1, error);
}

synfix_status_t options_types(options_writer_t *writer, synfix_error_t *error)
{
    if (!has_elements(writer, needs_type)) {
        return SYNFIX_OK;
    }
    const uint16_t id = OPTIONS_TYPE;
    synfix_status_t status = put(writer, put_template, &id, 0, error);
    const ipfix_model_t *model = writer->settings->model;
    for (size_t i = 0; status == SYNFIX_OK && i < ipfix_model_count(model); i++) {
        const ipfix_element_t *element = ipfix_model_at(model, i);
        if (needs_type(element)) {
            status = put(writer, put_type, element, 1, error);
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
            status = put(writer, put_template, &profile->templates[i].id, 0, error);
        }
    }
    return status;
}

synfix_status_t options_templates(options_writer_t *writer, synfix_error_t *error)
{
    synfix_status_t status = put_data_templates(writer, error);
    for (size_t i = 0; status == SYNFIX_OK && i < G_N_ELEMENTS(shapes); i++) {
        if (shape_is_used(writer, &shapes[i])) {
            status = options_flush(writer, error); /* libfixbuf would put them into one set */
            status = status == SYNFIX_OK ? put(writer, put_template, &shapes[i].id, 0, error) : status;
        }
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
        put_data(writer, OPTIONS_METERING_STATISTICS, &statistics, sizeof statistics, error);
    return status != SYNFIX_OK
               ? status
               : put_data(writer, OPTIONS_METERING_RELIABILITY, &reliability, sizeof reliability, error);
}

synfix_status_t options_exporting(options_writer_t *writer, const exporting_numbers_t *numbers,
                                  synfix_error_t *error)
{
    const exporting_reliability_t reliability = {.process = 1,
                                                 .flows = numbers->not_sent,
                                                 .packets = numbers->not_sent,
                                                 .first_ms = numbers->first_ms,
                                                 .last = last_time(numbers->last_ms)};
    return put_data(writer, OPTIONS_EXPORTING_RELIABILITY, &reliability, sizeof reliability, error);
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
            status = put_data(writer, OPTIONS_FLOW_KEYS, &record, sizeof record, error);
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
    if (sigdb == NULL || !has_own_elements(writer)) {
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
    return put_data(writer, OPTIONS_DATABASE, &record, sizeof record, error);
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
        status = put_data(writer, OPTIONS_LABEL, &record, sizeof record, error);
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
    return put_data(writer, OPTIONS_INTERFACE, &record, sizeof record, error);
}
