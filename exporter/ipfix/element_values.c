/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix/element_values.h"
#include "base/byte_order.h"
#include "base/json_plain.h"
#include "base/ntp_time.h"
#include "exporter/ipfix/packet_values.h"
#include <glib.h>

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
