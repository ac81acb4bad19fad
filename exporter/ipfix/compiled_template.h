/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file compiled_template.h
 * A template made ready for encoding: sections, each a run of the packet's own fields (fixed places) followed
 * by one part of variable length. A profile as shipped has one section: the packet's fields, then all that
 * follows from the fingerprint.
 */
#ifndef EXPORTER_IPFIX_COMPILED_TEMPLATE_H
#define EXPORTER_IPFIX_COMPILED_TEMPLATE_H

#include "exporter/ipfix/element_values.h"
#include "exporter/ipfix/profile.h"
#include "exporter/ipfix/record_layout.h"

typedef enum section_end {
    SECTION_NOTHING,
    SECTION_REMEMBERED,  /* the longest run of neighbours that follow from the fingerprint */
    SECTION_FINGERPRINT, /* another such field, made anew each time */
    SECTION_CALL,
} section_end_t;

/** A number in fewer bytes than its type has (RFC 7011 6.2). */
typedef struct section_reduced {
    uint16_t field; /* packet_field_t */
    uint16_t at;
    uint16_t bytes;
} section_reduced_t;

typedef struct section {
    record_layout_t layout; /* NULL: the fields are written to their places */
    packet_offsets_t places;
    section_reduced_t *reduced;
    uint16_t reduced_count;
    uint16_t size; /* bytes of the packet's fields */
    uint8_t end;   /* section_end_t */
    uint8_t code;  /* of the field behind, for SECTION_FINGERPRINT and SECTION_CALL */
} section_t;

typedef struct program {
    uint16_t template_id; /* 0: such observations are not exported */
    uint16_t section_count;
    section_t *sections;
    uint32_t fixed_size; /* of the packet's fields in all sections */
    uint32_t other_size; /* of all else but the remembered run, at most */
    uint32_t run_usual;  /* of the remembered run, with texts as they usually are */
    uint16_t run_first;  /* fields of the run */
    uint16_t run_count;
    uint8_t run_codes[IPFIX_FIELDS_MAX]; /* fingerprint_field_t */
} compiled_template_t;

void program_compile(compiled_template_t *program, const ipfix_template_t *template);
void program_clear(compiled_template_t *program);

/** The fields of @p section that have fewer bytes than their type; for section_write. */
void section_write_reduced(uint8_t *at, const section_t *section, const synfix_observation_t *observation);

/** Writes the packet's fields of a section; up to PACKET_FIELD_SIZE_MAX bytes behind them are overwritten.
 * The byte behind the section. */
static inline uint8_t *section_write(uint8_t *at, const section_t *section,
                                     const synfix_observation_t *observation)
{
    if (section->layout != NULL) {
        section->layout(at, observation);
    } else if (section->size != 0) {
        packet_fields_write(at, &section->places, observation);
        if (section->reduced_count != 0) {
            section_write_reduced(at, section, observation);
        }
    }
    return at + section->size;
}

#endif
