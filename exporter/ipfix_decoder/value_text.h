/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file value_text.h
 * Values of decoded records as numbers and text.
 */
#ifndef EXPORTER_IPFIX_DECODER_VALUE_TEXT_H
#define EXPORTER_IPFIX_DECODER_VALUE_TEXT_H

#include "exporter/ipfix_decoder/message_decoder.h"
#include <glib.h>

/** Up to eight bytes in network order; longer ones give their last eight. */
uint64_t value_unsigned(const ipfix_decoder_value_t *value);

/** True when the JSON form is a bare number, boolean or null. */
bool value_is_number(unsigned type, const ipfix_decoder_value_t *value);

/**
 * Appends the plain text: numbers in decimal, times as ISO 8601 in UTC (milliseconds at least), addresses,
 * bytes in hexadecimal, strings as valid UTF-8. Control characters are still in a string. A length that the
 * type can't have gives hexadecimal.
 */
void value_append(GString *text, unsigned type, const ipfix_decoder_value_t *value);

/** A JSON string with its quotes. @p plain is any bytes. */
void value_append_json(GString *text, const char *plain, size_t length);

#endif
