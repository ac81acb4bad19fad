/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file type_information.h
 * Elements that an exporter described itself, by type records (RFC 5610).
 */
#ifndef EXPORTER_IPFIX_DECODER_TYPE_INFORMATION_H
#define EXPORTER_IPFIX_DECODER_TYPE_INFORMATION_H

#include "exporter/ipfix_decoder/message_decoder.h"

typedef struct reader_types reader_types_t;

typedef struct reader_type {
    char name[READER_NAME_SIZE];
    uint8_t type;
} reader_type_t;

reader_types_t *reader_types_new(uint32_t limit);
void reader_types_free(reader_types_t *types);

/** Learns from @p record when it is a type record; others are left alone. Beyond the limit nothing is
 * learnt. */
void reader_types_learn(reader_types_t *types, const reader_record_t *record);

const reader_type_t *reader_types_find(const reader_types_t *types, uint32_t pen, uint16_t id);

/** Grows with everything learnt, so that users know when to look again. */
uint64_t reader_types_count(const reader_types_t *types);

#endif
