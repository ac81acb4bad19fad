/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file plain_input.h
 * Bytes of a file, a pipe or a growing file, uncompressed or compressed by zstd. A frame of a size that an
 * archive has (one message) is delivered only when its checksum is right; a damaged frame costs that frame.
 */
#ifndef EXPORTER_IPFIX_DECODER_PLAIN_INPUT_H
#define EXPORTER_IPFIX_DECODER_PLAIN_INPUT_H

#include "files/read_ahead.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <synfix/status.h>

/** Room that plain_input_read needs at least. */
#define PLAIN_INPUT_ROOM 65536u

typedef struct plain_input plain_input_t;

/** The open @p fd becomes the input's. @p packed: compressed even when the first bytes do not show that. */
plain_input_t *plain_input_new(int fd, bool packed);
void plain_input_free(plain_input_t *input);

/** From now on, a thread reads ahead if the input is a large uncompressed file. */
void plain_input_read_ahead(plain_input_t *input);

/**
 * Reads at least one byte into @p room. SYNFIX_END: no more bytes now; a later call reads what was appended.
 * SYNFIX_TRUNCATED: the same inside a frame. SYNFIX_INVALID: a damaged frame was skipped; the next call
 * reads on. SYNFIX_IO. Then @p error has the reason without the path.
 */
synfix_status_t plain_input_read(plain_input_t *input, uint8_t *room, size_t size, size_t *got,
                                 synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Bytes in front of those of plain_input_lend that belong to the caller, and the greatest length. */
#define PLAIN_INPUT_FRONT AHEAD_ROOM
#define PLAIN_INPUT_LENT  AHEAD_CHUNK

/**
 * The next bytes that the thread has read, without a copy; they and the bytes in front may be changed until
 * the call after the next one. SYNFIX_AGAIN: no thread reads; call plain_input_read. SYNFIX_END, SYNFIX_IO:
 * as plain_input_read, which reads on.
 */
synfix_status_t plain_input_lend(plain_input_t *input, uint8_t **bytes, size_t *length,
                                 synfix_error_t *error) SYNFIX_MUST_CHECK;

#endif
