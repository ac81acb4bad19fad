/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file output_internal.h
 * Shared by the files of an output: output.c (life, accounting), output_target.c (descriptors and bytes),
 * output_options.c. Private to them.
 */
#ifndef EXPORTER_OUTPUT_OUTPUT_INTERNAL_H
#define EXPORTER_OUTPUT_OUTPUT_INTERNAL_H

#include "exporter/output/output.h"
#include "exporter/output/redis_output.h"
#include "exporter/posix/failure_note.h"
#include "exporter/posix/file_replacement.h"

#include <stdatomic.h>

typedef enum output_kind {
    OUTPUT_FILE,
    OUTPUT_STDOUT,
    OUTPUT_STREAM,
    OUTPUT_DATAGRAM,
    OUTPUT_REDIS,
} output_kind_t;

struct output {
    const synfix_module_context_t *context;
    output_kind_t kind;
    char *target;
    bool replaces;         /* the file takes its name at the end; else it is appended to */
    atomic_bool committed; /* the file that replaces has its name: its records are delivered */
    file_replacement_t replacement;
    const char *head;
    const char *tail;
    redis_t *redis; /* NULL: another kind of output */
    int descriptor; /* -1: not open now */
    bool may_block; /* a pipe or a terminal: written in pieces as space is available */
    bool special;   /* of OUTPUT_FILE: file_is_special(); never renamed */
    bool nameless;  /* no link at its opening: the count of links does not show a deletion */
    failure_note_t failure;
    uint64_t file_size;
    uint64_t rotate_size;
    int64_t rotate_time_ns;
    int64_t opened_ns; /* by tick's clock; 0 until the first tick of a file */
    int64_t retry_at_ns;
    int64_t retry_wait_ns;
    uint32_t keep;
    atomic_bool stopping;
    _Atomic uint64_t produced;
    _Atomic uint64_t delivered;
    _Atomic uint64_t lost;
    _Atomic uint64_t retransmitted;
    _Atomic uint64_t bytes;
    _Atomic uint64_t reconnects;
    _Atomic uint64_t errors;
};

/** Status and text for errno: `TARGET: WHAT: reason`. */
synfix_status_t output_fail_errno(const output_t *output, const char *what, synfix_error_t *error);

/** Returns whether the reader of standard output has closed the pipe, which is no failure. Call directly
 * after a call that set errno. */
bool output_is_unread(const output_t *output);

/** Returns whether the output is a socket or a Redis server. */
bool output_is_socket(const output_t *output);

/** Reads and checks all options. After a failure call output_close. */
synfix_status_t output_read_options(output_t *output, const synfix_options_t *options,
                                    synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Opens the target and writes the head of a new file. A failure leaves the target closed. */
synfix_status_t output_open_target(output_t *output, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Closes the target; removes an unfinished replaced file. */
void output_close_target(output_t *output);

/** Writes all bytes; false with errno. A file keeps no partial block. */
bool output_write_bytes(output_t *output, const void *bytes, size_t length);

/** Whether another process deleted the open file: no process can read its records. A file that was moved
 * still has a link, and output_write() continues until output_reload(). False for an output that was opened
 * as a descriptor, and for a file without a link at its opening: the mount point of a deleted file, or on a
 * file system that counts no links. */
bool output_is_deleted(const output_t *output);

/** Writes the head again if the file was truncated; false with errno. */
bool output_write_head_again(output_t *output);

#endif
