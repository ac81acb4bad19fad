/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file decompress.h
 * Compressed files as a stream: gzip (RFC 1952), zstd (RFC 8878), xz and lz4, also concatenated. Memory is
 * bounded regardless of the file's demands.
 */
#ifndef CAPTURE_FILE_DECOMPRESS_H
#define CAPTURE_FILE_DECOMPRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <synfix/status.h>
#include <sys/types.h>

/** Bytes needed to recognise the compression format. */
#define DECOMPRESS_MAGIC 4u

/** Maximum memory of a stream (zstd --long=27, xz -9). Streams that need more are refused. */
#define DECOMPRESS_MEMORY_MAX (128u << 20)
#define DECOMPRESS_TOO_LARGE  "needs more than 128 MiB of memory"

/** Remaining input and output; a step advances both. */
typedef struct decompress_piece {
    const uint8_t *in;
    size_t input_remaining;
    uint8_t *out;
    size_t output_remaining;
} decompress_piece_t;

typedef enum decompress_result {
    DECOMPRESS_NEED_INPUT, /* more input is needed */
    DECOMPRESS_STREAM_END, /* the stream is complete */
    DECOMPRESS_BROKEN,
} decompress_result_t;

/** One compression format. */
typedef struct decompress_kind {
    const char *name;
    /** Loads the library that decompresses; before all other functions. */
    synfix_status_t (*load)(synfix_error_t *error);
    /** NULL: out of memory. */
    void *(*begin)(void);
    /**
     * Decompresses until input or output of @p piece is used up, or a stream is complete. Sets @p reason, a
     * constant text, on BROKEN.
     */
    decompress_result_t (*step)(void *state, decompress_piece_t *piece, const char **reason);
    /** After STREAM_END: prepares for another stream. False: out of memory. */
    bool (*again)(void *state);
    void (*end)(void *state);
} decompress_kind_t;

/** The format of a file that begins with these DECOMPRESS_MAGIC bytes; NULL: not compressed. */
const decompress_kind_t *decompress_kind_of(const uint8_t *start);

typedef struct decompressor decompressor_t;

/**
 * Creates a decompressor that reads @p descriptor from its current position, after the @p length bytes at
 * @p start (which are copied). The descriptor stays owned by the caller. NULL: out of memory. Free with
 * decompress_free. One thread at a time.
 */
decompressor_t *decompress_new(const decompress_kind_t *kind, int descriptor, const uint8_t *start,
                               size_t length);

/** NULL is allowed. */
void decompress_free(decompressor_t *decompressor);

/**
 * Like read(2), with decompressed bytes; reads the descriptor once at most. EAGAIN: the input did not yield
 * a byte. EBADMSG: the file is damaged (decompress_problem); all bytes before the damage were returned.
 */
ssize_t decompress_read(decompressor_t *decompressor, uint8_t *bytes, size_t room);

/** Whether decompress_read has something to work on without reading the descriptor. */
bool decompress_pending(const decompressor_t *decompressor);

/** Bytes read from the file so far. */
uint64_t decompress_consumed(const decompressor_t *decompressor);

/**
 * After EBADMSG: SYNFIX_TRUNCATED, SYNFIX_INVALID or SYNFIX_NO_MEMORY, and the reason with its position, to
 * be appended to the file name.
 */
synfix_status_t decompress_problem(const decompressor_t *decompressor, const char **text);

/* decompress_gzip.c ... */
extern const decompress_kind_t decompress_gzip;
extern const decompress_kind_t decompress_zstd;
extern const decompress_kind_t decompress_xz;
extern const decompress_kind_t decompress_lz4;

#endif
