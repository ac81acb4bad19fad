/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file read_ahead.h
 * A thread that reads a large file ahead of whoever uses its octets: the copy out of the kernel is a third of
 * the work on ordinary traffic.
 */
#ifndef CAPTURE_FILE_READ_AHEAD_H
#define CAPTURE_FILE_READ_AHEAD_H

#include "capture/file/decompress.h"
#include <stddef.h>
#include <stdint.h>

#define AHEAD_ROOM  (64u << 10)  /* in front of each chunk, for a record that began in the one before */
#define AHEAD_CHUNK (256u << 10) /* octets read at once: they are still in a cache when they are used */

typedef struct ahead_chunk {
    uint8_t *base; /* AHEAD_ROOM octets of room, then what was read */
    size_t length; /* octets in it; 0: the file ended, or could not be read */
    size_t taken;  /* octets of the file that were read for it */
    int reason;    /* errno when it could not, else 0 */
} ahead_chunk_t;

typedef struct ahead ahead_t;

/**
 * Begins to read @p descriptor, a regular file, from where it stands; nobody else may read it until
 * ahead_stop. With @p unpack (or NULL), which reads the same descriptor, what it unpacks; it stays the
 * caller's, who looks at it again after the last chunk or ahead_stop. NULL when there is no memory or thread:
 * then read it yourself.
 */
ahead_t *ahead_start(int descriptor, unpack_t *unpack);

/** Ends the thread and frees everything, chunks that were taken too. NULL is allowed. */
void ahead_stop(ahead_t *ahead);

/** The next chunk; NULL when there was none for @p timeout_ms. After one of length 0 none follows. */
ahead_chunk_t *ahead_take(ahead_t *ahead, unsigned timeout_ms);

/** Its octets are not needed any more. NULL is allowed. */
void ahead_give_back(ahead_t *ahead, ahead_chunk_t *chunk);

#endif
