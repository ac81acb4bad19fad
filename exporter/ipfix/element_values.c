/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix/element_values.h"
#include "base/byte_order.h"
#include "base/json_plain.h"
#include "base/ntp_time.h"
#include "exporter/ipfix/packet_values.h"
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
        if (table[i].space == space && table[i].id == id) {
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

/* Returns the length of the next character if the character is valid UTF-8 and not a control character,
 * otherwise 0. */
static uint32_t character_size(const char *text)
{
    const gunichar character = g_utf8_get_char_validated(text, -1);
    if (character == (gunichar)-1 || character == (gunichar)-2 || character < 0x20 ||
        (character >= 0x7F && character < 0xA0)) {
        return 0;
    }
    return (uint32_t)g_utf8_skip[(uint8_t)*text];
}

static uint32_t string_copy(uint8_t *at, const char *text, uint32_t maximum)
{
    const size_t whole = strnlen(text, maximum);
    if (json_copy_plain((char *)at, text, whole)) { /* nearly always: sixteen bytes at once */
        return (uint32_t)whole;
    }
    uint32_t length = 0;
    while (*text != '\0' && length < maximum) {
        const uint8_t plain = (uint8_t)*text;
        if (plain >= 0x20 && plain < 0x7F) {
            at[length++] = plain;
            text++;
            continue;
        }
        const uint32_t size = character_size(text);
        if (size > maximum - length) {
            break;
        }
        if (size == 0) {
            at[length++] = '?';
            text++;
            continue;
        }
        memcpy(at + length, text, size);
        length += size;
        text += size;
    }
    return length;
}

uint8_t *string_write(uint8_t *at, const char *text, uint32_t maximum)
{
    if (text == NULL || text[0] == '\0') {
        text = "?";
    }
    const uint32_t length = string_copy(at + 1, text, maximum);
    if (length < 255) {
        at[0] = (uint8_t)length;
        return at + 1 + length;
    }
    memmove(at + 3, at + 1, length);
    at[0] = 255;
    write_be16(at + 1, (uint16_t)length);
    return at + 3 + length;
}

/* Bytes of @p text up to @p length that end no character in the middle. */
static uint32_t whole_characters(const uint8_t *text, uint32_t length, uint32_t maximum)
{
    if (length <= maximum) {
        return length;
    }
    while (maximum > 0 && (text[maximum] & 0xC0) == 0x80) {
        maximum--;
    }
    return maximum;
}

uint8_t *string_fix_length(uint8_t *at, const uint8_t *end, uint16_t length)
{
    const unsigned prefix = at[0] == 255 ? 3 : 1;
    const uint32_t given = (uint32_t)(end - at) - prefix;
    const uint32_t kept = whole_characters(at + prefix, given, length);
    memmove(at, at + prefix, kept);
    memset(at + kept, 0, length - kept);
    return at + length;
}

static uint8_t *put8(uint8_t *at, uint8_t value)
{
    *at = value;
    return at + 1;
}

static uint8_t *put16(uint8_t *at, uint16_t value)
{
    write_be16(at, value);
    return at + 2;
}

static uint8_t *put32(uint8_t *at, uint32_t value)
{
    write_be32(at, value);
    return at + 4;
}

/* The labels that fit as well, whole ones only: no label has a colon (src/sigdb/labels.c). */
static uint8_t *write_other_labels(uint8_t *at, const synfix_match_t *match)
{
    char joined[TEXT_OTHERS_MAX + 1];
    size_t length = 0;
    for (unsigned i = 0; i < SYNFIX_OTHERS_MAX && match->others[i] != NULL; i++) {
        const size_t more = strlen(match->others[i]->text);
        if (length + more + 1 > TEXT_OTHERS_MAX) {
            break;
        }
        if (length > 0) {
            joined[length++] = ':';
        }
        memcpy(joined + length, match->others[i]->text, more);
        length += more;
    }
    joined[length] = '\0';
    return string_write(at, joined, TEXT_OTHERS_MAX);
}

/* RFC 9740 section 4.1: option kind N is bit N, counted from the last bit. */
static uint8_t *put_options(uint8_t *at, const synfix_signature_t *signature)
{
    memset(at, 0, OPTIONS_FULL_SIZE);
    for (unsigned i = 0; i < signature->layout_count; i++) {
        const uint8_t kind = signature->layout[i];
        at[OPTIONS_FULL_SIZE - 1 - kind / 8] |= (uint8_t)(1u << kind % 8);
    }
    return at + OPTIONS_FULL_SIZE;
}

static uint8_t *write_text_field(uint8_t *at, fingerprint_field_t field,
                                 const synfix_fingerprint_t *fingerprint)
{
    const synfix_label_t *label = fingerprint->match.label;
    switch (field) {
    case FP_SIGNATURE:
        return string_write(at, fingerprint->text, TEXT_SIGNATURE_MAX);
    case FP_LAYOUT:
        return string_write(at, fingerprint->layout_text, TEXT_LAYOUT_MAX);
    case FP_LABEL:
        return string_write(at, label != NULL ? label->text : NULL, TEXT_LABEL_MAX);
    case FP_CLASS:
        return string_write(at, label != NULL ? label->os_class : NULL, TEXT_WORD_MAX);
    case FP_FAMILY:
        return string_write(at, label != NULL ? label->name : NULL, TEXT_WORD_MAX);
    case FP_FLAVOR:
        return string_write(at, label != NULL ? label->flavor : NULL, TEXT_WORD_MAX);
    case FP_OTHER_LABELS:
        return write_other_labels(at, &fingerprint->match);
    default:
        return string_write(at, fingerprint->link_label, TEXT_LABEL_MAX);
    }
}

uint8_t *fingerprint_field_write(uint8_t *at, fingerprint_field_t field,
                                 const synfix_observation_t *observation)
{
    static const synfix_fingerprint_t nothing; /* signature fields of an uptime record */
    const bool known = observation->fingerprint != NULL;
    const synfix_fingerprint_t *fingerprint = known ? observation->fingerprint : &nothing;
    const synfix_match_t *match = &fingerprint->match;
    switch (field) {
    case FP_WINDOW_SCALE:
        return put16(at, known ? fingerprint->signature.window_scale : observation->options->window_scale);
    case FP_MSS:
        return put16(at, known ? fingerprint->signature.mss : observation->options->mss);
    case FP_QUIRKS:
        return put32(at, fingerprint->signature.quirks);
    case FP_DISTANCE:
        return put8(at, match->distance);
    case FP_INITIAL_TTL:
        return put8(at, match->initial_ttl);
    case FP_LINK_MTU:
        return put16(at, fingerprint->link_mtu);
    case FP_MATCH_KIND:
        return put8(at, match->kind);
    case FP_QUALITY:
        return put8(at, match->quality);
    case FP_FAMILY_QUALITY:
        return put8(at, match->family_quality);
    case FP_CANDIDATES:
        return put8(at, match->candidate_count);
    case FP_LABEL_ID:
        return put32(at, match->label != NULL ? match->label->id : 0);
    case FP_OPTIONS_FULL:
        return put_options(at, &fingerprint->signature);
    default:
        return write_text_field(at, field, fingerprint);
    }
}

/* `vxlan:123`, `geneve:0:0123456789abcdef`, `:0123456789abcdef`; empty: `?`. */
static uint8_t *write_outer(uint8_t *at, const synfix_headers_t *headers)
{
    char text[TEXT_LABEL_MAX + 1] = "";
    char endpoint[20] = "";
    if (has_detail(headers, SYNFIX_DETAIL_ENDPOINT)) {
        (void)g_snprintf(endpoint, sizeof endpoint, ":%016" G_GINT64_MODIFIER "x",
                         headers->details.endpoint_id);
    }
    if (has_detail(headers, SYNFIX_DETAIL_OUTER)) {
        (void)g_snprintf(text, sizeof text, "%s:%u%s", synfix_encapsulation_name(headers->details.outer_kind),
                         headers->details.outer_id, endpoint);
    }
    return string_write(at, text[0] != '\0' ? text : endpoint, TEXT_LABEL_MAX);
}

uint8_t *call_field_write(uint8_t *at, call_field_t field, const synfix_observation_t *observation)
{
    const synfix_host_change_t *change = observation->host_change;
    switch (field) {
    case CALL_LABEL_BEFORE:
        return string_write(at, change != NULL ? change->before : NULL, TEXT_LABEL_MAX);
    case CALL_LABEL_AFTER:
        return string_write(at, change != NULL ? change->after : NULL, TEXT_LABEL_MAX);
    case CALL_MICROSECONDS:
    case CALL_NANOSECONDS:
        write_be64(at, ntp_from_ns(observation->time_ns, field == CALL_MICROSECONDS));
        return at + 8;
    case CALL_OUTER_ENCAPSULATION:
        return write_outer(at, observation->headers);
    case CALL_COMMUNITY_ID:
        return string_write(at, observation->community_id, TEXT_LABEL_MAX);
    default:
        return string_write(at, observation->muon_fingerprint, TEXT_LABEL_MAX);
    }
}
