/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file message_input.h
 * Reads whole IPFIX messages from a file, a pipe or a growing file, uncompressed or compressed by zstd.
 */
#ifndef EXPORTER_IPFIX_DECODER_MESSAGE_INPUT_H
#define EXPORTER_IPFIX_DECODER_MESSAGE_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <synfix/status.h>

#define READER_MESSAGE_MAX 65535u

typedef struct message_input message_input_t;

/** @p path `-` is standard input. Errors begin with the path. message_input_close the result. */
synfix_status_t message_input_open(const char *path, message_input_t **input,
                                   synfix_error_t *error) SYNFIX_MUST_CHECK;
/** The same for the open @p fd, which becomes the input's; @p path is for messages. */
message_input_t *message_input_take(int fd, const char *path);
void message_input_close(message_input_t *input);

/** From now on, a thread reads ahead if the input is a large uncompressed file: the copy from the kernel
 * takes a fifth of the time of an archive. */
void message_input_read_ahead(message_input_t *input);

/**
 * Returns the next whole message, valid until the next call. SYNFIX_END: end of the input. SYNFIX_TRUNCATED:
 * the input ends inside a message; if the file has grown, the next call continues there. SYNFIX_INVALID: a
 * damaged message was skipped, and the next call returns the message after it; or the input has no
 * messages at all, and the next call returns SYNFIX_END. Errors of a message begin with
 * `path: byte N: `; N counts decompressed bytes. Errors of the decompression name the compressed byte.
 */
synfix_status_t message_input_next(message_input_t *input, const uint8_t **message, size_t *length,
                                   synfix_error_t *error) SYNFIX_MUST_CHECK;

/** The message that the end of the input cuts off, after SYNFIX_TRUNCATED: @p length of its bytes, valid
 * until the next call. */
const uint8_t *message_input_rest(const message_input_t *input, size_t *length);

/** The input has no message at all; it was refused. */
bool message_input_is_foreign(const message_input_t *input);

/**
 * Returns the offset of the message that message_input_next returned last, in bytes from the (decompressed)
 * beginning.
 */
uint64_t message_input_offset(const message_input_t *input);

#endif
