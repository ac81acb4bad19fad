/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file buffered_input.h
 * A window on a file or pipe: large reads, records are used where they were read to. Large files are read
 * ahead by a thread. What is compressed is unpacked on the way, in that thread where there is one.
 */
#ifndef CAPTURE_FILE_BUFFERED_INPUT_H
#define CAPTURE_FILE_BUFFERED_INPUT_H

#include "capture/file/decompress.h"
#include "capture/file/read_ahead.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <synfix/status.h>

#define INPUT_BUFFER     (512u << 10)
#define INPUT_RECORD_MAX (16u << 20) /* a record must fit; the buffer grows up to this */

typedef struct input {
    int fd;
    bool own_fd;
    bool regular;
    bool eof;
    uint8_t *buffer; /* own, or base of the chunk */
    uint8_t *own;
    size_t own_size;
    read_ahead_t *ahead; /* large files, from the second read on; NULL: read here */
    bool read_ahead_tried;
    decompressor_t *unpack; /* NULL: what is in the file is what is used */
    read_ahead_chunk_t *chunk;
    size_t begin; /* first byte not yet used */
    size_t end;
    const char
        *problem; /* after input_fill said so: what is wrong with a compressed file, to go behind its name */
    uint64_t total;    /* bytes of a regular file, else 0 */
    uint64_t consumed; /* bytes read from the descriptor */
    const char *name;  /* for messages; the caller's */
} buffered_input_t;

/** @p path or `-`. @p name must live as long as the input. */
synfix_status_t input_open(buffered_input_t *input, const char *path,
                           synfix_error_t *error) SYNFIX_MUST_CHECK;
void input_close(buffered_input_t *input);

/**
 * Sees to it that @p need bytes lie at buffer + begin; what was handed out before is lost. SYNFIX_AGAIN when
 * a pipe or a slow disk gave nothing for 100 ms; SYNFIX_END at the end of the file with nothing left;
 * SYNFIX_TRUNCATED with less than @p need left (no text is written for these three).
 */
synfix_status_t input_fill(buffered_input_t *input, size_t need, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** From here on what lies in the window and what follows is unpacked. The window is empty then. */
synfix_status_t input_unpack(buffered_input_t *input, const decompress_kind_t *kind,
                             synfix_error_t *error) SYNFIX_MUST_CHECK;

static inline size_t input_remaining_bytes(const buffered_input_t *input)
{
    return input->end - input->begin;
}

#endif
