/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix/compiled_template.h"
#include "base/byte_order.h"
#include <glib.h>
#include <string.h>

static bool is_fingerprint_field(const ipfix_template_t *template, unsigned index)
{
    return index < template->field_count &&
           element_source_find(template->fields[index])->source == ELEMENT_FROM_FINGERPRINT;
}

/* Typical length of a field in bytes: of numbers, of the signature, and of other strings. */
static uint32_t usual_size(fingerprint_field_t field)
{
    if (field < FP_SIGNATURE) {
        return field == FP_OPTIONS_FULL ? OPTIONS_FULL_SIZE : 2;
    }
    return field == FP_SIGNATURE ? 96 : 24;
}

static uint16_t fixed_length(const ipfix_template_t *template, unsigned index)
{
    const uint16_t length = template->lengths[index];
    return template->fields[index]->type == IPFIX_STRING && length != IPFIX_VARIABLE ? length : 0;
}

static void find_cached_fields(compiled_template_t *compiled, const ipfix_template_t *template)
{
    for (unsigned first = 0; first < template->field_count; first++) {
        unsigned count = 0;
        while (is_fingerprint_field(template, first + count)) {
            count++;
        }
        if (count > compiled->cached_count) {
            compiled->cached_first = (uint16_t)first;
            compiled->cached_count = (uint16_t)count;
        }
        first += count;
    }
    for (unsigned i = 0; i < compiled->cached_count; i++) {
        const unsigned index = compiled->cached_first + i;
        compiled->cached_codes[i] = (uint8_t)element_source_find(template->fields[index])->code;
        compiled->cached_lengths[i] = fixed_length(template, index);
        compiled->cached_usual += compiled->cached_lengths[i] != 0
                                      ? compiled->cached_lengths[i]
                                      : usual_size((fingerprint_field_t)compiled->cached_codes[i]);
    }
}

/* Returns the field as it is written. */
static packet_field_t add_packet_field(template_section_t *section, packet_field_t field, uint16_t bytes,
                                       bool reduced)
{
    const packet_field_t as_reduced = packet_field_reduced(field, bytes);
    if (reduced && as_reduced == field) {
        section->reduced = g_renew(section_reduced_t, section->reduced, section->reduced_count + 1);
        section->reduced[section->reduced_count++] =
            (section_reduced_t){(uint16_t)field, section->size, bytes};
    } else {
        packet_offsets_set(&section->offsets, reduced ? as_reduced : field, section->size);
    }
    section->size = (uint16_t)(section->size + bytes);
    return reduced ? as_reduced : field;
}

/* Returns the length of the packet fields from @p first up to the next field of variable length. */
static uint16_t fixed_size(const ipfix_template_t *template, unsigned first)
{
    unsigned size = 0;
    for (unsigned i = first; i < template->field_count; i++) {
        if (element_source_find(template->fields[i])->source != ELEMENT_FROM_PACKET) {
            break;
        }
        size += template->lengths[i];
    }
    return (uint16_t)size;
}

/* Adds the packet fields from @p at on to the section. Returns the first field of another source. */
static unsigned compile_packet_fields(template_section_t *section, const ipfix_template_t *template,
                                      unsigned at)
{
    packet_field_t fields[IPFIX_FIELDS_MAX];
    size_t count = 0;
    packet_offsets_clear(&section->offsets, fixed_size(template, at));
    for (; at < template->field_count; at++) {
        const element_source_t *field = element_source_find(template->fields[at]);
        if (field->source != ELEMENT_FROM_PACKET) {
            break;
        }
        fields[count++] = add_packet_field(section, (packet_field_t)field->code, template->lengths[at],
                                           template->lengths[at] != template->fields[at]->length);
    }
    if (section->reduced_count == 0) {
        section->layout = record_layout_find(fields, count);
        section->plain_layout = plain_layout_find(fields, count);
    }
    return at;
}

/* Ends the section with field @p at, which is of another source than the packet. */
static void compile_end(compiled_template_t *compiled, template_section_t *section,
                        const ipfix_template_t *template, unsigned at)
{
    const element_source_t *field = element_source_find(template->fields[at]);
    section->end = field->source == ELEMENT_FROM_CALL ? SECTION_CALL : SECTION_FINGERPRINT;
    section->code = (uint8_t)field->code;
    section->element = template->fields[at];
    section->fixed_length = fixed_length(template, at);
    compiled->other_size += element_source_size_max(field);
}

/* Fills the section that begins with field @p at. Returns the first field after the section. */
static unsigned compile_section(compiled_template_t *compiled, template_section_t *section,
                                const ipfix_template_t *template, unsigned at)
{
    at = compile_packet_fields(section, template, at);
    compiled->fixed_size += section->size;
    if (at == template->field_count) {
        return at;
    }
    if (compiled->cached_count > 0 && at == compiled->cached_first) {
        section->end = SECTION_CACHED;
        return at + compiled->cached_count;
    }
    compile_end(compiled, section, template, at);
    return at + 1;
}

void compiled_template_init(compiled_template_t *compiled, const ipfix_template_t *template)
{
    *compiled = (compiled_template_t){.template_id = template->id};
    find_cached_fields(compiled, template);
    for (unsigned at = 0; at < template->field_count;) {
        compiled->sections = g_renew(template_section_t, compiled->sections, compiled->section_count + 1u);
        template_section_t *section = &compiled->sections[compiled->section_count++];
        *section = (template_section_t){.end = SECTION_NOTHING};
        at = compile_section(compiled, section, template, at);
    }
    compiled->size_max = compiled->fixed_size + compiled->other_size;
    if (compiled->section_count == 1 && compiled->sections[0].end == SECTION_CACHED) {
        compiled->layout = compiled->sections[0].layout;
        compiled->plain_layout = compiled->sections[0].plain_layout;
    }
    compiled->usual_id = compiled->layout != NULL ? compiled->template_id : TEMPLATE_NO_ID;
}

void compiled_template_clear(compiled_template_t *compiled)
{
    for (unsigned i = 0; i < compiled->section_count; i++) {
        g_free(compiled->sections[i].reduced);
    }
    g_free(compiled->sections);
    *compiled = (compiled_template_t){.template_id = 0};
}

void template_section_write_reduced(uint8_t *at, const template_section_t *section,
                                    const synfix_observation_t *observation)
{
    for (unsigned i = 0; i < section->reduced_count; i++) {
        const section_reduced_t *reduced = &section->reduced[i];
        uint64_t value = packet_field_number((packet_field_t)reduced->field, observation);
        if (reduced->bytes == sizeof(uint32_t)) { /* the common case */
            write_be32(at + reduced->at, (uint32_t)value);
            continue;
        }
        for (unsigned byte = reduced->bytes; byte-- > 0; value >>= 8) {
            at[reduced->at + byte] = (uint8_t)value;
        }
    }
}
