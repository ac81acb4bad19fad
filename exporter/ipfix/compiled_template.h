/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file compiled_template.h
 * A template prepared for encoding as a list of sections. A section is a run of packet fields at fixed
 * positions, followed by one part of variable length. The shipped profiles have one section: the packet
 * fields, then all fields that follow from the fingerprint. The cached fields are the longest run of adjacent
 * fingerprint fields: the encoder keeps their bytes for each fingerprint.
 */
#ifndef EXPORTER_IPFIX_COMPILED_TEMPLATE_H
#define EXPORTER_IPFIX_COMPILED_TEMPLATE_H

#include "exporter/ipfix/element_values.h"
#include "exporter/ipfix/profile.h"
#include "exporter/ipfix/record_layout.h"

typedef enum section_end {
    SECTION_NOTHING,
    SECTION_CACHED,      /* the cached fields */
    SECTION_FINGERPRINT, /* any other fingerprint field, encoded for each record */
    SECTION_CALL,
} section_end_t;

/** A number with reduced-size encoding (RFC 7011 section 6.2). */
typedef struct section_reduced {
    uint16_t field; /* packet_field_t */
    uint16_t at;
    uint16_t bytes;
} section_reduced_t;

typedef struct template_section {
    record_layout_t layout; /* NULL: the fields are written through the position table */
    plain_layout_t plain_layout;
    packet_offsets_t offsets;
    section_reduced_t *reduced;
    uint16_t reduced_count;
    uint16_t size;         /* length of the packet fields in bytes */
    uint16_t fixed_length; /* of a string after the packet fields; 0: variable */
    uint8_t end;           /* section_end_t */
    uint8_t code;          /* field after the packet fields, for SECTION_FINGERPRINT and SECTION_CALL */
    const ipfix_element_t *element; /* of that field */
} template_section_t;

#define TEMPLATE_NO_ID UINT32_MAX /* no template has this id */

typedef struct compiled_template {
    uint16_t template_id; /* 0: such observations are not exported */
    uint16_t section_count;
    template_section_t *sections;
    record_layout_t layout; /* of the only section, if the cached fields follow; else NULL */
    uint32_t usual_id;      /* template_id with a layout, else TEMPLATE_NO_ID */
    plain_layout_t plain_layout;
    uint32_t fixed_size;   /* length of the packet fields of all sections */
    uint32_t other_size;   /* maximum length of the other parts except the cached fields */
    uint32_t size_max;     /* fixed_size + other_size */
    uint32_t cached_usual; /* length of the cached fields with typical strings */
    uint16_t cached_id;    /* the same number where the cached fields are the same */
    uint16_t cached_first; /* index of the first cached field in the template */
    uint16_t cached_count;
    uint8_t cached_codes[IPFIX_FIELDS_MAX];    /* fingerprint_field_t */
    uint16_t cached_lengths[IPFIX_FIELDS_MAX]; /* of strings of a fixed length; 0: variable, or a number */
} compiled_template_t;

/** Compiles @p template, which must outlive @p compiled. compiled_template_clear() frees the members. */
void compiled_template_init(compiled_template_t *compiled, const ipfix_template_t *template);
void compiled_template_clear(compiled_template_t *compiled);

/** Writes the fields of @p section that use reduced-size encoding; used by template_section_write. */
void template_section_write_reduced(uint8_t *at, const template_section_t *section,
                                    const synfix_observation_t *observation);

/**
 * Writes the packet fields of a section and returns the byte after the section. Up to PACKET_FIELD_SIZE_MAX
 * bytes after the section are overwritten.
 */
static inline uint8_t *template_section_write(uint8_t *at, const template_section_t *section,
                                              const synfix_observation_t *observation)
{
    if (section->layout != NULL) {
        (void)section->layout(at, observation);
    } else if (section->size != 0) {
        packet_fields_write(at, &section->offsets, observation);
        if (section->reduced_count != 0) {
            template_section_write_reduced(at, section, observation);
        }
    }
    return at + section->size;
}

#endif
