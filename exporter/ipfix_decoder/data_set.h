/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file data_set.h
 * Decodes data sets: values of records, limits of a message, and records that change the decoder (type
 * information, systemInitTimeMilliseconds).
 */
#ifndef EXPORTER_IPFIX_DECODER_DATA_SET_H
#define EXPORTER_IPFIX_DECODER_DATA_SET_H

#include "exporter/ipfix_decoder/cursor.h"
#include "exporter/ipfix_decoder/decoder_state.h"

/**
 * Reads the records of a data set and passes each record to the record callback. @p cursor is the content of
 * the set without its header. @p id is the set id, SET_DATA_MIN or greater. A set without a template is
 * counted and skipped. SYNFIX_INVALID: a record is longer than the set. SYNFIX_NO_MEMORY: a limit of the
 * message is exceeded. Other failures: the status of the record callback.
 */
synfix_status_t data_set_read(decoder_message_t *message, ipfix_cursor_t *cursor,
                              uint16_t id) SYNFIX_MUST_CHECK;

#endif
