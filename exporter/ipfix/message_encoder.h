/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file message_encoder.h
 * Encodes observations as IPFIX messages. A block is one message. seal() sets the length in the header;
 * export time, sequence number and domain stay 0 until ipfix_session_write_header(), because several sinks
 * may share a block and only the export thread knows these values.
 */
#ifndef EXPORTER_IPFIX_MESSAGE_ENCODER_H
#define EXPORTER_IPFIX_MESSAGE_ENCODER_H

#include "exporter/ipfix/ipfix_settings.h"

/** Length of the header that ipfix_session_write_header writes. */
#define IPFIX_HEADER_SIZE 16u

/** Number of data records in a block, for ipfix_session_write_header. */
uint32_t ipfix_block_records(const synfix_block_t *block);

/** settings: an ipfix_settings_t. */
extern const synfix_encoding_t ipfix_encoding;

#endif
