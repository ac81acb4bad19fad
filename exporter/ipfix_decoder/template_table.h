/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file template_table.h
 * The templates of a decoder, by observation domain and template id. The number of templates and the number
 * of their fields are bounded (ipfix_decoder_limits_t). The table owns its templates. One thread at a time.
 */
#ifndef EXPORTER_IPFIX_DECODER_TEMPLATE_TABLE_H
#define EXPORTER_IPFIX_DECODER_TEMPLATE_TABLE_H

#include "exporter/ipfix_decoder/decoder_state.h"

/** A template of @p field_count fields. All bytes are 0 except field_count and values, which points to room
 * for one value per field. Never returns NULL. template_add or g_free the result. */
ipfix_decoder_template_t *template_new(uint16_t field_count);

/**
 * Adds @p layout in place of the template of that domain and id, names its fields and reports the template to
 * the layout callback. A template with the same fields stays as it is: exporters repeat templates, and users
 * keep data that they derived from a template. Takes ownership of @p layout, also on failure.
 * SYNFIX_NO_MEMORY: more templates or more fields than the limit; the error names byte @p at of the message.
 */
synfix_status_t template_add(const decoder_message_t *message, ipfix_decoder_template_t *layout,
                             const uint8_t *at) SYNFIX_MUST_CHECK;

/** Whether records of both have the same elements of the same lengths. */
bool template_same_fields(const ipfix_decoder_template_t *a, const ipfix_decoder_template_t *b);

/** The template @p id of @p domain; NULL: none. Valid until the table changes. */
ipfix_decoder_template_t *template_find(const ipfix_decoder_t *reader, uint32_t domain, uint16_t id);

/** Removes the template @p id of @p domain, if the table has one. */
void template_remove(ipfix_decoder_t *reader, uint32_t domain, uint16_t id);

/** Removes all templates of @p domain: the options templates (@p options) or the data templates. */
void template_remove_all(ipfix_decoder_t *reader, uint32_t domain, bool options);

#endif
