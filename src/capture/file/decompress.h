/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file decompress.h
 * Compressed files as a stream: gzip (RFC 1952), zstd (RFC 8878), xz and lz4 frames, each as many times in a
 * row as there are. Memory is bounded whatever the file asks for.
 */
#ifndef CAPTURE_FILE_DECOMPRESS_H
#define CAPTURE_FILE_DECOMPRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <synfix/status.h>
#include <sys/types.h>

/** Bytes of a file that tell what it is compressed by. */
#define UNPACK_MAGIC 4u

/** What a stream may ask for at most (zstd --long=27, xz -9); more is refused. */
#define UNPACK_MEMORY_MAX (128u << 20)
#define UNPACK_GREEDY     "needs more than 128 MiB of memory"

/** What is left to read and to fill; a step moves both on. */
typedef struct unpack_piece {
    const uint8_t *in;
    size_t input_remaining;
    uint8_t *out;
    size_t output_remaining;
} decompress_piece_t;

typedef enum unpack_result {
    DECOMPRESS_NEED_INPUT, /* more must come */
    DECOMPRESS_STREAM_END, /* may end here, or something else begins */
    UNPACK_BROKEN,
} decompress_result_t;

/** One kind of compression. */
typedef struct unpack_kind {
    const char *name;
    /** NULL: out of memory. */
    void *(*begin)(void);
    /** Goes on until either side of @p piece is used up or one stream is whole. @p reason, a text that lives
     * as long as the program, is set with BROKEN. */
    decompress_result_t (*step)(void *state, decompress_piece_t *piece, const char **reason);
    /** After WHOLE: the next byte begins another stream. False: out of memory. */
    bool (*again)(void *state);
    void (*end)(void *state);
} decompress_kind_t;

/** What file begins with these UNPACK_MAGIC bytes; NULL: none that is compressed. */
const decompress_kind_t *unpack_kind_of(const uint8_t *start);

typedef struct unpack decompressor_t;

/**
 * Reads @p descriptor, which stays the caller's, from where it stands, behind the @p length bytes at @p
 * start (of which a copy is made). NULL: out of memory. Free with unpack_free. One thread at a time.
 */
decompressor_t *unpack_new(const decompress_kind_t *kind, int descriptor, const uint8_t *start,
                           size_t length);

/** NULL is allowed. */
void unpack_free(decompressor_t *unpack);

/**
 * As read(2), with bytes that are unpacked; at most one read of the descriptor. EAGAIN: what it gave was not
 * enough for a byte. EBADMSG: the file is broken, unpack_problem says how; what came before was handed out.
 */
ssize_t unpack_read(decompressor_t *unpack, uint8_t *bytes, size_t room);

/** Whether unpack_read has something to work on without reading the descriptor. */
bool unpack_pending(const decompressor_t *unpack);

/** Bytes of the file read so far. */
uint64_t decompress_consumed(const decompressor_t *unpack);

/** After EBADMSG: SYNFIX_TRUNCATED, _INVALID or _NO_MEMORY, and what is wrong where, to go behind the file's
 * name. */
synfix_status_t unpack_problem(const decompressor_t *unpack, const char **text);

/* unpack_gzip.c ... */
extern const decompress_kind_t unpack_gzip;
extern const decompress_kind_t unpack_zstd;
extern const decompress_kind_t unpack_xz;
extern const decompress_kind_t unpack_lz4;

#endif
