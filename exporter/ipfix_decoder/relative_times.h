/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file relative_times.h
 * Times that are relative to something else in the record: to the start of the exporter (elements 21 and 22,
 * base: element 160) or to the export time of the message (elements 158 and 159).
 */
#ifndef EXPORTER_IPFIX_DECODER_RELATIVE_TIMES_H
#define EXPORTER_IPFIX_DECODER_RELATIVE_TIMES_H

#include "exporter/ipfix_decoder/message_decoder.h"
#include <glib.h>
#include <stdbool.h>

/** Whether the element is one of these. */
static inline bool relative_time_is(const ipfix_decoder_field_t *field)
{
    return field->pen == 0 && (field->id == 21 || field->id == 22 || field->id == 158 || field->id == 159);
}

/** Appends field @p index of @p record as an absolute time. False: the field is none of these elements, or
 * its base is not known; nothing was appended. */
bool relative_time_append(GString *text, const ipfix_decoder_record_t *record, uint16_t index);

#endif
