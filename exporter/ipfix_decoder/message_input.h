/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file message_input.h
 * Whole IPFIX messages out of a file, a pipe or a growing file; compressed by zstd or not.
 */
#ifndef EXPORTER_IPFIX_DECODER_MESSAGE_INPUT_H
#define EXPORTER_IPFIX_DECODER_MESSAGE_INPUT_H

#include <stddef.h>
#include <stdint.h>
#include <synfix/status.h>

#define READER_MESSAGE_MAX 65535u

typedef struct message_input message_input_t;

/** @p path `-` is standard input. Errors begin with the path. Free with message_input_close. */
synfix_status_t message_input_open(const char *path, message_input_t **input,
                                   synfix_error_t *error) SYNFIX_MUST_CHECK;
void message_input_close(message_input_t *input);

/**
 * The next whole message; valid until the next call. SYNFIX_END at the end, SYNFIX_TRUNCATED when that is in
 * the middle of a message: when the file grew since, the next call goes on there. Errors begin with
 * `path: byte N: `.
 */
synfix_status_t message_input_next(message_input_t *input, const uint8_t **message, size_t *length,
                                   synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Place of the message that message_input_next gave last, in bytes from the (decompressed) beginning. */
uint64_t message_input_offset(const message_input_t *input);

#endif
