/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file overflow_file.h
 * A bounded queue of octets on disk between exactly one producer and one consumer thread, in a file without a
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

typedef struct spill {
    int fd;
    bool open;
    uint64_t capacity;     /* octets */
    _Atomic uint64_t head; /* octets put so far; the producer's */
    _Atomic uint64_t tail; /* octets dropped so far; the consumer's */
} spill_t;

/** One piece of a record. */
typedef struct spill_piece {
    const void *data;
    size_t length;
} spill_piece_t;

/** Makes the file in @p folder. The producer, when it needs it. SYNFIX_IO with the reason. */
synfix_status_t spill_open(spill_t *spill, const char *folder, uint64_t capacity,
                           synfix_error_t *error) SYNFIX_MUST_CHECK;

/** When neither thread uses it any more. Also for one of zeroes. */
void spill_close(spill_t *spill);

/** Octets that wait. Either side. */
static inline uint64_t spill_count(const spill_t *spill)
{
    const uint64_t tail = atomic_load_explicit(&spill->tail, memory_order_acquire);
    return atomic_load_explicit(&spill->head, memory_order_acquire) - tail;
}

/** Producer: appends a record. SYNFIX_AGAIN: no room. SYNFIX_IO: the disk took nothing, the record is not in.
 */
synfix_status_t spill_put(spill_t *spill, const spill_piece_t *pieces, size_t count,
                          synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Consumer: copies @p length octets that begin @p offset behind the oldest one; they are all there. */
synfix_status_t spill_read(const spill_t *spill, uint64_t offset, void *data, size_t length,
                           synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Consumer: the oldest @p length octets are done with. */
void spill_drop(spill_t *spill, uint64_t length);

/** Producer: gives the disk back when nothing waits. */
void spill_trim(spill_t *spill);

#endif
