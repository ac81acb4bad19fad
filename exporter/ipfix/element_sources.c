/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Where the value of each element comes from. */
#include "exporter/ipfix/element_values.h"
#include <glib.h>

static const element_source_t fields[] = {
#define PACKET_FIELD(name, size, space, id, value)                                                           \
    {space, id, ELEMENT_FROM_PACKET, PACKET_##name, FAMILY_ANY},
    PACKET_FIELDS(PACKET_FIELD)
#undef PACKET_FIELD
        {0, 238, ELEMENT_FROM_FINGERPRINT, FP_WINDOW_SCALE, FAMILY_ANY},
    {0, 520, ELEMENT_FROM_FINGERPRINT, FP_OPTIONS_FULL, FAMILY_ANY},
    {1, 14, ELEMENT_FROM_FINGERPRINT, FP_MSS, FAMILY_ANY},
    {1, 16, ELEMENT_FROM_FINGERPRINT, FP_QUIRKS, FAMILY_ANY},
    {1, 10, ELEMENT_FROM_FINGERPRINT, FP_DISTANCE, FAMILY_ANY},
    {1, 11, ELEMENT_FROM_FINGERPRINT, FP_INITIAL_TTL, FAMILY_ANY},
    {1, 12, ELEMENT_FROM_FINGERPRINT, FP_LINK_MTU, FAMILY_ANY},
    {1, 6, ELEMENT_FROM_FINGERPRINT, FP_MATCH_KIND, FAMILY_ANY},
    {1, 7, ELEMENT_FROM_FINGERPRINT, FP_QUALITY, FAMILY_ANY},
    {1, 38, ELEMENT_FROM_FINGERPRINT, FP_FAMILY_QUALITY, FAMILY_ANY},
    {1, 8, ELEMENT_FROM_FINGERPRINT, FP_CANDIDATES, FAMILY_ANY},
    {1, 9, ELEMENT_FROM_FINGERPRINT, FP_LABEL_ID, FAMILY_ANY},
    {1, 1, ELEMENT_FROM_FINGERPRINT, FP_SIGNATURE, FAMILY_ANY},
    {1, 15, ELEMENT_FROM_FINGERPRINT, FP_LAYOUT, FAMILY_ANY},
    {1, 2, ELEMENT_FROM_FINGERPRINT, FP_LABEL, FAMILY_ANY},
    {1, 3, ELEMENT_FROM_FINGERPRINT, FP_CLASS, FAMILY_ANY},
    {1, 4, ELEMENT_FROM_FINGERPRINT, FP_FAMILY, FAMILY_ANY},
    {1, 5, ELEMENT_FROM_FINGERPRINT, FP_FLAVOR, FAMILY_ANY},
    {1, 13, ELEMENT_FROM_FINGERPRINT, FP_LINK_LABEL, FAMILY_ANY},
    {1, 93, ELEMENT_FROM_FINGERPRINT, FP_OTHER_LABELS, FAMILY_ANY},
    {2, 36, ELEMENT_FROM_FINGERPRINT, FP_FAMILY, FAMILY_ANY},
    {2, 37, ELEMENT_FROM_FINGERPRINT, FP_FLAVOR, FAMILY_ANY},
    {2, 107, ELEMENT_FROM_FINGERPRINT, FP_SIGNATURE, FAMILY_ANY},
    {0, 154, ELEMENT_FROM_CALL, CALL_MICROSECONDS, FAMILY_ANY},
    {0, 155, ELEMENT_FROM_CALL, CALL_MICROSECONDS, FAMILY_ANY},
    {0, 324, ELEMENT_FROM_CALL, CALL_MICROSECONDS, FAMILY_ANY},
    {0, 156, ELEMENT_FROM_CALL, CALL_NANOSECONDS, FAMILY_ANY},
    {0, 157, ELEMENT_FROM_CALL, CALL_NANOSECONDS, FAMILY_ANY},
    {1, 26, ELEMENT_FROM_CALL, CALL_COMMUNITY_ID, FAMILY_ANY},
    {1, 27, ELEMENT_FROM_CALL, CALL_MUON_FINGERPRINT, FAMILY_ANY},
    {1, 41, ELEMENT_FROM_CALL, CALL_LABEL_BEFORE, FAMILY_ANY},
    {1, 42, ELEMENT_FROM_CALL, CALL_LABEL_AFTER, FAMILY_ANY},
};

/* Elements of some templates only: the same rows with their family, searched first. */
#define IN_FAMILY(space, id, name, family)                                                                   \
    {                                                                                                        \
        space, id, ELEMENT_FROM_PACKET, PACKET_##name, family                                                \
    }
static const element_source_t family_fields[] = {
    IN_FAMILY(0, 8, SOURCE_IPV4, FAMILY_IPV4),
    IN_FAMILY(0, 12, DESTINATION_IPV4, FAMILY_IPV4),
    IN_FAMILY(0, 197, FRAGMENT_FLAGS, FAMILY_IPV4),
    IN_FAMILY(0, 27, SOURCE_IPV6, FAMILY_IPV6),
    IN_FAMILY(0, 28, DESTINATION_IPV6, FAMILY_IPV6),
    IN_FAMILY(0, 31, FLOW_LABEL, FAMILY_IPV6),
    IN_FAMILY(0, 515, EXTENSION_HEADERS, FAMILY_IPV6),
    IN_FAMILY(0, 351, SEGMENT_ID, FAMILY_TUNNEL),
    IN_FAMILY(1, 28, ENCAPSULATION_KIND, FAMILY_TUNNEL),
    IN_FAMILY(1, 29, ENCAPSULATION_ID, FAMILY_TUNNEL),
    IN_FAMILY(1, 92, ENCAPSULATION_DEPTH, FAMILY_TUNNEL),
    {1, 43, ELEMENT_FROM_CALL, CALL_OUTER_ENCAPSULATION, FAMILY_TUNNEL},
    IN_FAMILY(1, 30, OUTER_SOURCE_IPV4, FAMILY_OUTER_IPV4),
    IN_FAMILY(1, 31, OUTER_DESTINATION_IPV4, FAMILY_OUTER_IPV4),
    IN_FAMILY(1, 32, OUTER_SOURCE_IPV6, FAMILY_OUTER_IPV6),
    IN_FAMILY(1, 33, OUTER_DESTINATION_IPV6, FAMILY_OUTER_IPV6),
};

static const element_source_t *find_in(const element_source_t *table, size_t count, uint8_t space,
                                       uint16_t id)
{
    for (size_t i = 0; i < count; i++) {
        if (table[i].id == id && table[i].space == space) { /* few rows have the same id */
            return &table[i];
        }
    }
    return NULL;
}

const element_source_t *element_source_find(const ipfix_element_t *element)
{
    static const element_source_t annotation = {
        .source = ELEMENT_FROM_CALL, .code = CALL_ANNOTATION, .family = FAMILY_ANY};
    if (element->annotation != NULL) {
        return &annotation;
    }
    if (!element->own && element->pen != 0 && element->pen != IPFIX_PEN_CERT) {
        return NULL;
    }
    const uint8_t space = element->own ? 1 : element->pen == 0 ? 0 : 2;
    const element_source_t *field = find_in(family_fields, G_N_ELEMENTS(family_fields), space, element->id);
    return field != NULL ? field : find_in(fields, G_N_ELEMENTS(fields), space, element->id);
}

bool field_is_wanted(uint32_t pen, uint16_t id)
{
    const ipfix_element_t element = {.pen = pen, .id = id};
    return pen == IPFIX_PEN_DEFAULT || element_source_find(&element) != NULL;
}

uint32_t element_source_size_max(const element_source_t *field)
{
    if (field->source == ELEMENT_FROM_CALL) {
        return field->code <= CALL_NANOSECONDS ? 8 : 3 + TEXT_LABEL_MAX;
    }
    switch (field->code) {
    case FP_OPTIONS_FULL:
        return OPTIONS_FULL_SIZE;
    case FP_SIGNATURE:
        return 3 + TEXT_SIGNATURE_MAX;
    case FP_LAYOUT:
        return 3 + TEXT_LAYOUT_MAX;
    case FP_LABEL:
    case FP_LINK_LABEL:
        return 3 + TEXT_LABEL_MAX;
    case FP_CLASS:
    case FP_FAMILY:
    case FP_FLAVOR:
        return 3 + TEXT_WORD_MAX;
    case FP_OTHER_LABELS:
        return 3 + TEXT_OTHERS_MAX;
    default:
        return 4;
    }
}
