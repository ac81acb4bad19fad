/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file template_record.h
 * Decodes template records and template withdrawals (RFC 7011 sections 3.4 and 8.1) into the template table.
 */
#ifndef EXPORTER_IPFIX_DECODER_TEMPLATE_RECORD_H
#define EXPORTER_IPFIX_DECODER_TEMPLATE_RECORD_H

#include "exporter/ipfix_decoder/cursor.h"
#include "exporter/ipfix_decoder/decoder_state.h"

/**
 * Reads one record at @p cursor, which ends with the set and has at least 4 bytes. @p options: the record is
 * in an options template set. The record replaces the template of the same domain and id, or withdraws
 * templates. SYNFIX_INVALID: the record is malformed; the earlier template of that id is removed.
 * SYNFIX_NO_MEMORY: more templates or more fields than the limit.
 */
synfix_status_t template_read(const decoder_message_t *message, ipfix_cursor_t *cursor,
                              bool options) SYNFIX_MUST_CHECK;

#endif
