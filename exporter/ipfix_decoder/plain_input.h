/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file plain_input.h
 * Bytes of a file, a pipe or a growing file, uncompressed or compressed by zstd. A frame of a size that an
 * archive has (one message) is delivered only when its checksum is right; a damaged frame costs that frame.
 */
#ifndef EXPORTER_IPFIX_DECODER_PLAIN_INPUT_H
#define EXPORTER_IPFIX_DECODER_PLAIN_INPUT_H

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

/**
 * Reads at least one byte into @p room. SYNFIX_END: no more bytes now; a later call reads what was appended.
 * SYNFIX_TRUNCATED: the same inside a frame. SYNFIX_INVALID: a damaged frame was passed over; the next call
 * reads on. SYNFIX_IO. Then @p error has the reason without the path.
 */
synfix_status_t plain_input_read(plain_input_t *input, uint8_t *room, size_t size, size_t *got,
                                 synfix_error_t *error) SYNFIX_MUST_CHECK;

#endif
