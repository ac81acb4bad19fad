/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file read_ahead.h
 * A thread that reads a large file ahead of its consumer: copying from the kernel is a third of the work on
 * ordinary traffic.
 */
#ifndef FILES_READ_AHEAD_H
#define FILES_READ_AHEAD_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define AHEAD_ROOM (64u << 10) /* space before each chunk for a record that began in the previous chunk */
#define AHEAD_CHUNK                                                                                          \
    (256u << 10) /* bytes of one read: small enough to stay in a cache until they are used                   \
                  */

typedef struct read_ahead_chunk {
    uint8_t *base;   /* AHEAD_ROOM bytes of space, then the data */
    size_t length;   /* bytes of data; 0: end of file or failure */
    size_t consumed; /* bytes read from the file for this chunk */
    int reason;      /* errno of a failed read, else 0 */
} read_ahead_chunk_t;

typedef struct read_ahead read_ahead_t;

/** The file that the thread reads. */
typedef struct read_ahead_source {
    /**
     * As read(2), of @p descriptor; @p consumed: bytes of the file that the result was made of. NULL: read(2)
     * itself.
     */
    ssize_t (*read)(void *user, uint8_t *to, size_t size, size_t *consumed);
    void *user;
    int descriptor; /* a regular file, read from its current position */
} read_ahead_source_t;

/**
 * Starts to read @p source. No one else may read the descriptor until read_ahead_stop; afterwards and after
 * the last chunk the caller may. NULL: out of memory or threads; the caller reads the file itself.
 */
read_ahead_t *read_ahead_start(const read_ahead_source_t *source);

/**
 * Stops the thread and frees everything, including chunks that the caller still holds. @p ahead may be
 * NULL.
 */
void read_ahead_stop(read_ahead_t *ahead);

/** Returns the next chunk, or NULL after @p timeout_ms. No chunk follows one of length 0. */
read_ahead_chunk_t *read_ahead_take(read_ahead_t *ahead, unsigned timeout_ms);

/** Returns a chunk to the reader. @p chunk may be NULL. */
void read_ahead_return(read_ahead_t *ahead, read_ahead_chunk_t *chunk);

#endif
