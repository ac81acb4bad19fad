/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix/fixbuf_adapter.h"
#include "exporter/ipfix/options_records_internal.h"
#include <string.h>

/* Flags of a field specification: fields that only some structures have. */
#define INTERNAL_ONLY 1u

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

bool options_needs_type(const ipfix_element_t *element)
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

bool options_has_own_elements(const options_writer_t *writer)
{
    return has_elements(writer, is_own);
}

bool options_has_types(const options_writer_t *writer)
{
    return has_elements(writer, options_needs_type);
}

/* A profile with IANA elements only is for collectors that reject enterprise elements. */
static bool shape_is_used(const options_writer_t *writer, const struct options_shape *shape)
{
    if (writer->settings->options != OPTIONS_ALL) {
        return false;
    }
    switch (shape->id) {
    case OPTIONS_DATABASE:
        return options_has_own_elements(writer);
    case OPTIONS_LABEL:
        return writer->settings->profile->label_table;
    case OPTIONS_INTERFACE:
        return writer->interfaces;
    default:
        return true;
    }
}

uint16_t options_template_at(const options_writer_t *writer, size_t index)
{
    for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++) {
        if (shape_is_used(writer, &shapes[i]) && index-- == 0) {
            return shapes[i].id;
        }
    }
    return 0;
}

bool options_add_templates(options_writer_t *writer, GError **problem)
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
