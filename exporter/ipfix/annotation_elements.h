/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file annotation_elements.h
 * Elements for annotations of enrichers, declared in a file. Each line is `ANNOTATION PEN/ID NAME [TYPE]`;
 * `#` begins a comment. TYPE is string (the default), unsigned8, unsigned16, unsigned32 or unsigned64.
 */
#ifndef EXPORTER_IPFIX_ANNOTATION_ELEMENTS_H
#define EXPORTER_IPFIX_ANNOTATION_ELEMENTS_H

#include "exporter/information_model/information_model.h"
#include "exporter/ipfix/profile.h"
#include <synfix/observation.h>

/** Elements in one file. All of them together fit into a message of each transport. */
#define ANNOTATION_ELEMENTS_MAX 8u

/**
 * Adds the elements of the file @p path to @p model, and appends them to the templates of SYN, SYN+ACK and
 * uptime records of @p profile, whose ids follow the new content. SYNFIX_INVALID with `file:line: reason`,
 * SYNFIX_NOT_FOUND, SYNFIX_PERMISSION or SYNFIX_IO.
 */
synfix_status_t annotation_elements_load(const char *path, ipfix_model_t *model, ipfix_profile_t *profile,
                                         synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Writes the value of @p element and returns the byte after it: a string like all strings; of an unsigned
 * number the digits with which the text begins, at most the greatest value of the type. Without the
 * annotation `?` or 0.
 */
uint8_t *annotation_element_write(uint8_t *at, const ipfix_element_t *element,
                                  const synfix_observation_t *observation);

#endif
