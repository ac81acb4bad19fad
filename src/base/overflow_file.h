/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file overflow_file.h
 * A bounded queue of bytes on disk between exactly one producer and one consumer thread, in a file without a
 * name that goes with the process. The producer puts whole records, the consumer reads and drops what it has
 * read; the format of a record is theirs. Until it is opened, and after it is closed, it is empty and full.
 */
#ifndef BASE_OVERFLOW_FILE_H
#define BASE_OVERFLOW_FILE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <synfix/status.h>

typedef struct overflow {
    int fd;
    bool open;
    uint64_t capacity;     /* bytes */
    _Atomic uint64_t head; /* bytes put so far; the producer's */
    _Atomic uint64_t tail; /* bytes dropped so far; the consumer's */
} overflow_file_t;

/** One piece of a record. */
typedef struct spill_piece {
    const void *data;
    size_t length;
} overflow_piece_t;

/** Makes the file in @p directory. The producer, when it needs it. SYNFIX_IO with the reason. */
synfix_status_t spill_open(overflow_file_t *overflow, const char *directory, uint64_t capacity,
                           synfix_error_t *error) SYNFIX_MUST_CHECK;

/** When neither thread uses it any more. Also for one of zeroes. */
void spill_close(overflow_file_t *overflow);

/** Bytes that wait. Either side. */
static inline uint64_t spill_count(const overflow_file_t *overflow)
{
    const uint64_t tail = atomic_load_explicit(&overflow->tail, memory_order_acquire);
    return atomic_load_explicit(&overflow->head, memory_order_acquire) - tail;
}

/** Producer: appends a record. SYNFIX_AGAIN: no room. SYNFIX_IO: the disk took nothing, the record is not in.
 */
synfix_status_t spill_put(overflow_file_t *overflow, const overflow_piece_t *pieces, size_t count,
                          synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Consumer: copies @p length bytes that begin @p offset behind the oldest one; they are all there. */
synfix_status_t spill_read(const overflow_file_t *overflow, uint64_t offset, void *data, size_t length,
                           synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Consumer: the oldest @p length bytes are done with. */
void spill_drop(overflow_file_t *overflow, uint64_t length);

/** Producer: gives the disk back when nothing waits. */
void spill_trim(overflow_file_t *overflow);

#endif
