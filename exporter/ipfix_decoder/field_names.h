/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file field_names.h
 * Names and types of the fields of a template, from the information model and from type records.
 */
#ifndef EXPORTER_IPFIX_DECODER_FIELD_NAMES_H
#define EXPORTER_IPFIX_DECODER_FIELD_NAMES_H

#include "exporter/ipfix_decoder/message_decoder.h"
#include "exporter/ipfix_decoder/type_information.h"

/** Name and type of one field by its pen and id; `PEN/ID` and bytes when nothing describes the element. */
void field_name_set(ipfix_decoder_field_t *field, const ipfix_decoder_names_t *names,
                    const type_information_t *types);

/** The same for all fields of @p layout; a name that occurs again gets `#2`, `#3`. */
void field_names_set(ipfix_decoder_template_t *layout, const ipfix_decoder_names_t *names,
                     const type_information_t *types);

#endif
