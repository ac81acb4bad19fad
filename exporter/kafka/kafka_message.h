/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file kafka_message.h
 * Observations as messages with a key, many in a block. Each message consists of one byte with the length of
 * the key, the key (the address of the described host as text), four bytes with the length of the value in
 * host byte order, and the value.
 */
#ifndef EXPORTER_KAFKA_KAFKA_MESSAGE_H
#define EXPORTER_KAFKA_KAFKA_MESSAGE_H

#include "exporter/ipfix/message_encoder.h"
#include <synfix/module.h>

/** EVE JSON; no settings. */
extern const synfix_encoding_t kafka_json_encoding;

/**
 * One IPFIX message for each observation, with the template and the record, so that each message can be
 * decoded alone. Export time, sequence number and domain are 0. Settings: an ipfix_settings_t.
 */
extern const synfix_encoding_t kafka_ipfix_encoding;

/** Maximum length of such a message: a template of IPFIX_FIELDS_MAX fields and a record. */
#define KAFKA_IPFIX_MESSAGE_MAX 8192u

typedef struct kafka_message {
    const uint8_t *key;
    size_t key_length;
    const uint8_t *value;
    size_t value_length;
} kafka_message_t;

/**
 * Reads the message at @p offset of @p block; returns the offset of the next one, which is block->length at
 * the end.
 */
uint32_t kafka_message_at(const synfix_block_t *block, uint32_t offset, kafka_message_t *message);

#endif
