/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file read_ahead.h
 * A thread that reads a large file ahead of whoever uses its bytes: the copy out of the kernel is a third of
 * the work on ordinary traffic.
 */
#ifndef CAPTURE_FILE_READ_AHEAD_H
#define CAPTURE_FILE_READ_AHEAD_H

#include "capture/file/decompress.h"
#include <stddef.h>
#include <stdint.h>

#define AHEAD_ROOM  (64u << 10)  /* in front of each chunk, for a record that began in the one before */
#define AHEAD_CHUNK (256u << 10) /* bytes read at once: they are still in a cache when they are used */

typedef struct read_ahead_chunk {
    uint8_t *base; /* AHEAD_ROOM bytes of room, then what was read */
    size_t length; /* bytes in it; 0: the file ended, or could not be read */
    size_t taken;  /* bytes of the file that were read for it */
    int reason;    /* errno when it could not, else 0 */
} read_ahead_chunk_t;

typedef struct ahead read_ahead_t;

/**
 * Begins to read @p descriptor, a regular file, from where it stands; nobody else may read it until
 * read_ahead_stop. With @p unpack (or NULL), which reads the same descriptor, what it unpacks; it stays the
 * caller's, who looks at it again after the last chunk or read_ahead_stop. NULL when there is no memory or
 * thread: then read it yourself.
 */
read_ahead_t *read_ahead_start(int descriptor, decompressor_t *unpack);

/** Ends the thread and frees everything, chunks that were taken too. NULL is allowed. */
void read_ahead_stop(read_ahead_t *ahead);

/** The next chunk; NULL when there was none for @p timeout_ms. After one of length 0 none follows. */
read_ahead_chunk_t *read_ahead_take(read_ahead_t *ahead, unsigned timeout_ms);

/** Its bytes are not needed any more. NULL is allowed. */
void read_ahead_return(read_ahead_t *ahead, read_ahead_chunk_t *chunk);

#endif
