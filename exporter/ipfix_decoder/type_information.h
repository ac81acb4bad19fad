/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file type_information.h
 * Element descriptions from the exporter, in type information records (RFC 5610).
 */
#ifndef EXPORTER_IPFIX_DECODER_TYPE_INFORMATION_H
#define EXPORTER_IPFIX_DECODER_TYPE_INFORMATION_H

#include "exporter/ipfix_decoder/message_decoder.h"

typedef struct type_information type_information_t;

typedef struct type_record {
    char name[READER_NAME_SIZE];
    uint8_t type;
} type_record_t;

/** An empty collection of at most @p limit descriptions. Never NULL: type_information_free() frees it. */
type_information_t *type_information_new(uint32_t limit);
void type_information_free(type_information_t *types);

/**
 * Stores the description if @p record is a type information record; ignores other records and, above the
 * limit, all records.
 */
void type_information_learn(type_information_t *types, const ipfix_decoder_record_t *record);

/** The description of an element, valid as long as the collection; NULL: none. */
const type_record_t *type_information_find(const type_information_t *types, uint32_t pen, uint16_t id);

/** Increases with each stored description, so that users can detect changes. */
uint64_t type_information_count(const type_information_t *types);

/** Memory, about. */
size_t type_information_bytes(const type_information_t *types);

#endif
