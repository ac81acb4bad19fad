/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file element_record.h
 * The fields of one element as texts, as IANA's registry and the model files have them, and the element that
 * they describe.
 */
#ifndef EXPORTER_INFORMATION_MODEL_ELEMENT_RECORD_H
#define EXPORTER_INFORMATION_MODEL_ELEMENT_RECORD_H

#include "exporter/information_model/information_model.h"

typedef enum element_field {
    ELEMENT_FIELD_NAME,
    ELEMENT_FIELD_TYPE,
    ELEMENT_FIELD_SEMANTICS,
    ELEMENT_FIELD_UNITS,
    ELEMENT_FIELD_RANGE,
    ELEMENT_FIELD_ID,
    ELEMENT_FIELD_PEN,
    ELEMENT_FIELD_DESCRIPTION,
    ELEMENT_FIELD_COUNT /* no field of interest */
} element_field_t;

/**
 * Checks @p texts (NULL: the record has no such field) and fills @p element, which is zeroed. @p own_pen is
 * the enterprise number of this project's own elements.
 * @return NULL, or a constant reason why the record is wrong; the strings of @p element are its own in both
 *         cases
 */
const char *element_record_fill(const char *const texts[ELEMENT_FIELD_COUNT], uint32_t own_pen,
                                ipfix_element_t *element);

#endif
