/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file element_values.h
 * Source of the value of each element. Three kinds exist: packet values, written for each record; fingerprint
 * values, encoded once and cached; and rare values that a function makes for each record.
 */
#ifndef EXPORTER_IPFIX_ELEMENT_VALUES_H
#define EXPORTER_IPFIX_ELEMENT_VALUES_H

#include "exporter/information_model/information_model.h"
#include "exporter/ipfix/packet_elements.h"
#include <synfix/observation.h>

typedef enum field_source {
    ELEMENT_FROM_PACKET,      /* code: packet_field_t */
    ELEMENT_FROM_FINGERPRINT, /* code: fingerprint_field_t */
    ELEMENT_FROM_CALL,        /* code: call_field_t */
} field_source_t;

typedef enum fingerprint_field {
    FP_WINDOW_SCALE,
    FP_MSS,
    FP_QUIRKS,
    FP_DISTANCE,
    FP_INITIAL_TTL,
    FP_LINK_MTU,
    FP_MATCH_KIND,
    FP_QUALITY,
    FP_FAMILY_QUALITY,
    FP_CANDIDATES,
    FP_LABEL_ID,
    FP_OPTIONS_FULL,
    FP_SIGNATURE,
    FP_LAYOUT,
    FP_LABEL,
    FP_CLASS,
    FP_FAMILY,
    FP_FLAVOR,
    FP_LINK_LABEL,
    FP_OTHER_LABELS,
} fingerprint_field_t;

typedef enum call_field {
    CALL_MICROSECONDS,
    CALL_NANOSECONDS,
    CALL_COMMUNITY_ID,
    CALL_MUON_FINGERPRINT,
    CALL_LABEL_BEFORE,
    CALL_LABEL_AFTER,
    CALL_ANNOTATION, /* annotation_elements.h writes it: the element has the name of the annotation */
    CALL_OUTER_ENCAPSULATION,
} call_field_t;

/** Templates that contain an element. */
typedef enum field_family {
    FAMILY_ANY,
    FAMILY_IPV4,
    FAMILY_IPV6,
    FAMILY_TUNNEL,
    FAMILY_OUTER_IPV4,
    FAMILY_OUTER_IPV6,
} field_family_t;

typedef struct element_source {
    uint8_t space; /* 0 IANA, 1 our own, 2 CERT */
    uint16_t id;
    uint8_t source; /* field_source_t */
    uint16_t code;
    uint8_t family; /* field_family_t */
} element_source_t;

/**
 * Maximum length of a string value in bytes without its length prefix. All strings of one record together
 * stay below 800 bytes.
 */
#define OPTIONS_FULL_SIZE  32u /* of tcpOptionsFull (RFC 9740) */
#define TEXT_SIGNATURE_MAX 319u
#define TEXT_LAYOUT_MAX    159u
#define TEXT_LABEL_MAX     96u
#define TEXT_WORD_MAX      96u
#define TEXT_OTHERS_MAX    290u /* SYNFIX_OTHERS_MAX labels and colons between them */

/** Returns NULL if no observation has a value for @p element. */
const element_source_t *element_source_find(const ipfix_element_t *element);

/** Whether a sink may need the element: one of our own, or one with a value in observations. */
bool field_is_wanted(uint32_t pen, uint16_t id);

/** Maximum length of one fingerprint or call field in bytes. */
uint32_t element_source_size_max(const element_source_t *field);

/** Each function appends one value at @p at and returns the byte after the value. */
uint8_t *fingerprint_field_write(uint8_t *at, fingerprint_field_t field,
                                 const synfix_observation_t *observation);
uint8_t *call_field_write(uint8_t *at, call_field_t field, const synfix_observation_t *observation);

/**
 * Turns the variable-length string from @p at to @p end into one of @p length bytes: cut at a character,
 * filled up with NUL. Returns the byte after it. Up to @p length bytes from @p at are written.
 */
uint8_t *string_fix_length(uint8_t *at, const uint8_t *end, uint16_t length);

/**
 * Appends @p text as a variable-length string of at most @p maximum bytes. Invalid UTF-8 and control
 * characters become `?`. NULL and the empty string become `?`.
 */
uint8_t *string_write(uint8_t *at, const char *text, uint32_t maximum);

#endif
