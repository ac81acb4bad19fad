/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file buffered_input.h
 * A window on a file or pipe with large reads; records are used in place. A thread reads large files ahead.
 * Compressed data are decompressed in this thread if it exists, else in the caller.
 */
#ifndef CAPTURE_FILE_BUFFERED_INPUT_H
#define CAPTURE_FILE_BUFFERED_INPUT_H

#include "base/prefetch.h"
#include "capture/file/decompress.h"
#include "files/read_ahead.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <synfix/status.h>

#define INPUT_BUFFER     (512u << 10)
#define INPUT_RECORD_MAX (16u << 20) /* maximum size of a record; the buffer grows up to this size */

typedef struct buffered_input {
    int fd;
    bool own_fd;
    bool regular;
    bool eof;
    uint8_t *buffer; /* the own buffer, or the base of the current chunk */
    uint8_t *own;
    size_t own_size;
    read_ahead_t *ahead; /* large files, from the second read on; NULL: no read-ahead thread */
    bool read_ahead_tried;
    decompressor_t *decompressor; /* NULL: the file is not compressed */
    read_ahead_chunk_t *chunk;
    size_t begin; /* first unread byte */
    size_t end;
    const char *problem; /* after a failure of buffered_input_fill: reason, to be appended to the file name */
    uint64_t total;      /* size of a regular file, else 0 */
    uint64_t consumed;   /* bytes read from the descriptor */
    const char *name;    /* for messages; owned by the caller */
} buffered_input_t;

/** Opens @p path, or standard input for `-`. @p name must live as long as the input. */
synfix_status_t buffered_input_open(buffered_input_t *input, const char *path,
                                    synfix_error_t *error) SYNFIX_MUST_CHECK;
void buffered_input_close(buffered_input_t *input);

/**
 * Provides @p need bytes at buffer + begin; earlier pointers into the buffer become invalid. SYNFIX_AGAIN:
 * a pipe or slow disk delivered nothing for 100 ms. SYNFIX_END: end of file, nothing left.
 * SYNFIX_TRUNCATED: fewer than @p need bytes left. These three write no error text.
 */
synfix_status_t buffered_input_fill(buffered_input_t *input, size_t need,
                                    synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Decompresses the content of the window and everything after it. The window becomes empty. */
synfix_status_t buffered_input_decompress(buffered_input_t *input, const decompress_kind_t *kind,
                                          synfix_error_t *error) SYNFIX_MUST_CHECK;

static inline size_t input_remaining_bytes(const buffered_input_t *input)
{
    return input->end - input->begin;
}

#define INPUT_FETCH_AHEAD 4096u /* bytes between a record and the lines that are fetched for later ones */
#define INPUT_FETCH_STEP  1024u /* bytes that are fetched at once, so most records need one comparison */

/**
 * Chunks of the read-ahead thread are in the caches of the core that copied them. The position of a record is
 * known only once the record before it is read, so without a fetch each record waits for its first line.
 * Returns the remaining bytes at which input_fetch has work; 0, thus never, for bytes that this thread read.
 */
static inline size_t input_fetch_begin(const buffered_input_t *input)
{
    return input->chunk != NULL ? input_remaining_bytes(input) : 0;
}

/** Fetches lines for later records, possibly some after the window. @p left: remaining bytes. @p next: of
 * input_fetch_begin, or of the last call. Returns the remaining bytes at which there is work again. */
static inline size_t input_fetch(const buffered_input_t *input, size_t left, size_t next)
{
    while (__builtin_expect(left < next, 0)) {
        const uintptr_t first = (uintptr_t)(input->buffer + input->end) - next + INPUT_FETCH_AHEAD;
#pragma GCC unroll 16
        for (size_t at = 0; at < INPUT_FETCH_STEP; at += CACHE_LINE) {
            prefetch((const void *)(first + at));
        }
        next = next > INPUT_FETCH_STEP ? next - INPUT_FETCH_STEP : 0;
    }
    return next;
}

#endif
