/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file structured_data.h
 * Lists inside a field (RFC 6313): basicList, subTemplateList, subTemplateMultiList.
 */
#ifndef EXPORTER_IPFIX_DECODER_STRUCTURED_DATA_H
#define EXPORTER_IPFIX_DECODER_STRUCTURED_DATA_H

#include "exporter/ipfix_decoder/cursor.h"
#include "exporter/ipfix_decoder/message_decoder.h"

/** Values of one element. Each value is read with cursor_value(&rest, field.length). */
typedef struct basic_list {
    uint8_t semantic; /* registry of RFC 6313: 0 noneOf to 4 ordered, 255 undefined */
    ipfix_decoder_field_t field;
    ipfix_cursor_t rest;
} basic_list_t;

/** Records of one template; NULL: no template of that id is known. */
typedef struct record_list {
    uint8_t semantic;
    bool multi; /* blocks with a template each follow */
    const ipfix_decoder_template_t *layout;
    ipfix_cursor_t records; /* of the open block */
    ipfix_cursor_t rest;    /* further blocks */
} record_list_t;

/** False: @p value is no such list. */
bool basic_list_open(basic_list_t *list, const ipfix_decoder_t *decoder, const ipfix_decoder_value_t *value);

/** The same for both lists of records; @p multi: a subTemplateMultiList. */
bool record_list_open(record_list_t *list, const ipfix_decoder_record_t *parent,
                      const ipfix_decoder_value_t *value, bool multi);

/** True while there is another record: list->layout and list->records are at its beginning. Check
 * list->rest.failed and list->layout (NULL: data without a template) afterwards. */
bool record_list_more(record_list_t *list, const ipfix_decoder_record_t *parent);

/** Word of a semantic, `undefined` for others. Never NULL. */
const char *structured_semantic_text(uint8_t semantic);

#endif
