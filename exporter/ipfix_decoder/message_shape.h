/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file message_shape.h
 * Recognises IPFIX messages among damaged bytes by their outer form (RFC 7011, section 3), without templates.
 */
#ifndef EXPORTER_IPFIX_DECODER_MESSAGE_SHAPE_H
#define EXPORTER_IPFIX_DECODER_MESSAGE_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MESSAGE_SHAPE_HEADER 16u

/** Length of the message in its header at @p data (MESSAGE_SHAPE_HEADER bytes); 0: no header of IPFIX. */
size_t message_shape_length(const uint8_t *data);

/**
 * Whether the @p left bytes at @p data are or begin a message, as far as they go. True for no bytes. A file
 * may end inside the header of a message.
 */
bool message_shape_begins(const uint8_t *data, size_t left);

/** Whether the sets of the message of @p length bytes end exactly at its end. */
bool message_shape_is_closed(const uint8_t *data, size_t length);

/**
 * Whether the @p left bytes at @p data begin a message that is longer: a header, and sets of known ids up to
 * the last byte. The bytes of the sets may contain other messages, as packets of a mirrored exporter.
 */
bool message_shape_is_cut(const uint8_t *data, size_t left);

/**
 * Whether a message is at @p data whose end is within @p left bytes: a header, and at least one set, all of
 * ids that data, templates and options templates have. Random bytes pass with a probability of about 2^-32.
 */
bool message_shape_is_message(const uint8_t *data, size_t left);

#endif
