/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file record_json.h
 * Decoded records and their values as JSON.
 */
#ifndef EXPORTER_COLLECTOR_RECORD_JSON_H
#define EXPORTER_COLLECTOR_RECORD_JSON_H

#include "exporter/ipfix_decoder/message_decoder.h"
#include <glib.h>

/**
 * Appends the value of field @p index, as in an object whose keys are the names of the elements. Lists (RFC
 * 6313) are arrays. A list whose element or meaning does not follow from its name adds further keys after
 * its value: `NAME.element`, `NAME.semantic`, and `NAME.undecoded` (true) if the value is not an array but
 * the bytes of the list as hexadecimal digits.
 */
void record_json_append_value(GString *text, const ipfix_decoder_record_t *record, uint16_t index);

/** Appends field @p index as plain text, for one line or cell: lists as JSON, relative times as times. */
void record_text_append(GString *text, const ipfix_decoder_record_t *record, uint16_t index);

#endif
