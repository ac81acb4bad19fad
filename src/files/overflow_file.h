/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file overflow_file.h
 * A bounded byte queue on disk between exactly one producer thread and one consumer thread. The file has no
 * name, so it disappears with the process. The producer appends whole records; the consumer reads them and
 * drops what it has read; both agree on the record format. Before opening and after closing, the queue is
 * both empty and full.
 */
#ifndef FILES_OVERFLOW_FILE_H
#define FILES_OVERFLOW_FILE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <synfix/status.h>

typedef struct overflow_file {
    int fd;
    bool open;
    uint64_t capacity;     /* bytes */
    _Atomic uint64_t head; /* bytes appended so far; written by the producer */
    _Atomic uint64_t tail; /* bytes dropped so far; written by the consumer */
} overflow_file_t;

/** One piece of a record. */
typedef struct overflow_piece {
    const void *data;
    size_t length;
} overflow_piece_t;

/** Creates the file in @p directory. Producer thread. SYNFIX_IO: @p error states the reason. */
synfix_status_t overflow_file_open(overflow_file_t *overflow, const char *directory, uint64_t capacity,
                                   synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Closes the file. Neither thread may use the queue any more. A zeroed structure is allowed. */
void overflow_file_close(overflow_file_t *overflow);

/** Bytes in the queue. Either thread. */
static inline uint64_t overflow_file_count(const overflow_file_t *overflow)
{
    const uint64_t tail = atomic_load_explicit(&overflow->tail, memory_order_acquire);
    return atomic_load_explicit(&overflow->head, memory_order_acquire) - tail;
}

/**
 * Producer: appends a record made of pieces. SYNFIX_AGAIN: no room. SYNFIX_IO: the write failed and the
 * record is not in the queue.
 */
synfix_status_t overflow_file_put(overflow_file_t *overflow, const overflow_piece_t *pieces, size_t count,
                                  synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Consumer: copies @p length bytes that begin @p offset bytes after the oldest one. The bytes must be in
 * the queue.
 */
synfix_status_t overflow_file_read(const overflow_file_t *overflow, uint64_t offset, void *data,
                                   size_t length, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Consumer: drops the oldest @p length bytes. */
void overflow_file_drop(overflow_file_t *overflow, uint64_t length);

/** Producer: truncates the file if the queue is empty. */
void overflow_file_trim(overflow_file_t *overflow);

#endif
