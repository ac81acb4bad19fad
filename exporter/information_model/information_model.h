/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file information_model.h
 * The information model: all elements that a template may name, read from the XML files of ipfix-templates/.
 */
#ifndef EXPORTER_INFORMATION_MODEL_INFORMATION_MODEL_H
#define EXPORTER_INFORMATION_MODEL_INFORMATION_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <synfix/status.h>

/**
 * Enterprise number for examples (RFC 5612): the default of our own elements, and their number in the XML
 * file.
 */
#define IPFIX_PEN_DEFAULT 32473u
#define IPFIX_PEN_CERT    6871u
/** RFC 5103: IANA's elements of the other direction of a flow. */
#define IPFIX_PEN_REVERSE 29305u
/** CERT adds this to an id for the reverse direction. */
#define IPFIX_REVERSE_BIT 0x4000u

/** The numbers are those of RFC 5610's informationElementDataType. */
typedef enum ipfix_type {
    IPFIX_OCTET_ARRAY = 0,
    IPFIX_UNSIGNED8 = 1,
    IPFIX_UNSIGNED16 = 2,
    IPFIX_UNSIGNED32 = 3,
    IPFIX_UNSIGNED64 = 4,
    IPFIX_STRING = 13,
    IPFIX_SECONDS = 14,
    IPFIX_MILLISECONDS = 15,
    IPFIX_MICROSECONDS = 16,
    IPFIX_NANOSECONDS = 17,
    IPFIX_IPV4_ADDRESS = 18,
    IPFIX_IPV6_ADDRESS = 19,
    IPFIX_BASIC_LIST = 20,              /* RFC 6313 */
    IPFIX_SUB_TEMPLATE_LIST = 21,       /* RFC 6313 */
    IPFIX_SUB_TEMPLATE_MULTI_LIST = 22, /* RFC 6313 */
    IPFIX_UNSIGNED256 = 23,             /* RFC 9740 */
} ipfix_type_t;

/** Length of a variable-length element in a template (RFC 7011 section 7). */
#define IPFIX_VARIABLE 65535u

typedef struct ipfix_element {
    const char *name;
    uint32_t pen; /* 0: IANA */
    uint16_t id;
    uint16_t length;   /* as templates announce it; IPFIX_VARIABLE for strings and bytes */
    uint8_t type;      /* ipfix_type_t */
    uint8_t semantics; /* RFC 5610 informationElementSemantics */
    uint16_t units;    /* RFC 5610 informationElementUnits */
    uint64_t range_minimum;
    uint64_t range_maximum; /* both 0: no range */
    const char *description;
    bool own;               /* from synfix.xml: carries the configured enterprise number */
    const char *annotation; /* the value is the annotation of this name, of an enricher; NULL: it is not */
} ipfix_element_t;

typedef struct ipfix_model ipfix_model_t;

/** Returns the directory of the shipped model and profiles (see data_path.h). g_free the result. */
char *ipfix_templates_directory(void);

/**
 * Reads iana.xml, cert.xml and synfix.xml of @p directory (NULL: the shipped one). Our own elements carry the
 * enterprise number @p pen. On failure returns SYNFIX_INVALID and `file:line: reason`. The model is constant
 * afterwards and may be read by any thread.
 */
synfix_status_t ipfix_model_load(const char *directory, uint32_t pen, ipfix_model_t **model,
                                 synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Adds a copy of @p element, whose name and number are new, and returns it. Call it before other threads read
 * the model.
 */
const ipfix_element_t *ipfix_model_add(ipfix_model_t *model, const ipfix_element_t *element);

/** Whether the model has to have the element; of our own elements @p pen is IPFIX_PEN_DEFAULT. */
typedef bool ipfix_wanted_fn(uint32_t pen, uint16_t id);

/**
 * ipfix_model_load with the elements that @p wanted accepts only, and without elements of the other direction
 * (RFC 5103): a fifth of the time. The records of other elements are not checked.
 */
synfix_status_t ipfix_model_load_part(const char *directory, uint32_t pen, ipfix_wanted_fn *wanted,
                                      ipfix_model_t **model, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Frees the model with all elements. NULL is allowed. */
void ipfix_model_free(ipfix_model_t *model);
/** Private enterprise number of the synfix elements. */
uint32_t ipfix_model_pen(const ipfix_model_t *model);

/** NULL: the model has no such element. Elements of the other direction (`reverseOctetDeltaCount`, RFC 5103)
 * are found too. */
const ipfix_element_t *ipfix_model_by_name(const ipfix_model_t *model, const char *name);
const ipfix_element_t *ipfix_model_by_id(const ipfix_model_t *model, uint32_t pen, uint16_t id);

/** In file order: IANA, CERT, our own; without those of the other direction. */
size_t ipfix_model_count(const ipfix_model_t *model);
const ipfix_element_t *ipfix_model_at(const ipfix_model_t *model, size_t index);

/** The registry's names, such as `unsigned32`, `quantity` or `bytes`; never NULL. */
const char *ipfix_type_text(unsigned type);
const char *ipfix_semantics_text(unsigned semantics);
const char *ipfix_units_text(unsigned units);

#endif
