/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file ipfix_file.h
 * Writes IPFIX files (RFC 5655): as NAME.part, then fsync and rename to the final name. A message is written
 * whole or not at all; up to one megabyte of messages are written at once. One thread.
 */
#ifndef EXPORTER_IPFIX_FILE_IPFIX_FILE_H
#define EXPORTER_IPFIX_FILE_IPFIX_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <synfix/status.h>

#define ARCHIVE_PART_SUFFIX ".part"

typedef struct ipfix_file ipfix_file_t;

typedef struct ipfix_file_config {
    const char *target; /* `-`: standard output; conversions such as %Y are replaced by the UTC time of the
                           beginning */
    bool rotates;       /* several files follow: an existing name gets a number instead of being replaced */
    bool compress; /* zstd with one frame for each message, so that every whole message can be recovered */
    int compress_level;
    bool sync; /* fsync before the rename */
    bool wait; /* waits for the reader of a named pipe */
    /** Releases the body of a message to its lender, in the thread of the file. NULL: no lender. */
    void (*release)(void *user, const void *lender);
    void *release_user;
} ipfix_file_config_t;

/** Creates a file that is not open yet. @p config is copied, its target too. On success the caller owns
 * *archive: ipfix_file_free(). SYNFIX_INVALID: no target; SYNFIX_NO_MEMORY. */
synfix_status_t ipfix_file_new(const ipfix_file_config_t *config, ipfix_file_t **archive,
                               synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Frees the file. A file that ipfix_file_end did not close keeps its .part, if not empty, for
 * ipfix_file_recover. Lenders are not called: they may not exist any more.
 */
void ipfix_file_free(ipfix_file_t *archive);

/** Begins a file. */
synfix_status_t ipfix_file_begin(ipfix_file_t *archive, int64_t now_ns,
                                 synfix_error_t *error) SYNFIX_MUST_CHECK;

#define ARCHIVE_HEADER_SIZE 16u

typedef struct ipfix_file_message {
    const uint8_t *header; /* ARCHIVE_HEADER_SIZE bytes */
    const uint8_t *body;
    size_t body_length;
    uint32_t records;   /* data records, for the counters */
    const void *lender; /* NULL: the body is copied; otherwise the body stays valid until `release` of the
                           configuration */
} ipfix_file_message_t;

/** Messages with a lender that may be pending; the caller may hold one more for the next append. */
#define ARCHIVE_KEPT_MAX 7u

/**
 * Returns whether a message of @p body_length bytes may have a lender. Others are copied or compressed at
 * once.
 */
bool ipfix_file_keeps(const ipfix_file_t *archive, size_t body_length);

/**
 * Appends a message to the pending ones. After a failure the message is not pending. SYNFIX_AGAIN: no space,
 * flush first.
 */
synfix_status_t ipfix_file_append(ipfix_file_t *archive, const ipfix_file_message_t *message,
                                  synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Writes the pending messages. After a failure the file ends after the last message that was written whole,
 * and the others stay pending; or the file is closed, and they are lost.
 */
synfix_status_t ipfix_file_flush(ipfix_file_t *archive, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Every appended record is counted in exactly one of these. */
typedef struct ipfix_file_totals {
    uint64_t written;
    uint64_t waiting;
    uint64_t lost;  /* pending in a file that was closed */
    uint64_t bytes; /* bytes of the written messages before compression */
} ipfix_file_totals_t;

/** Valid until ipfix_file_free. */
const ipfix_file_totals_t *ipfix_file_totals(const ipfix_file_t *archive);

/** Writes the pending messages, syncs and renames. The file is closed in any case, and nothing is pending. */
synfix_status_t ipfix_file_end(ipfix_file_t *archive, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Removes an open file that has no whole beginning. */
void ipfix_file_abandon(ipfix_file_t *archive);

/** Whether ipfix_file_begin() succeeded after the last end. */
bool ipfix_file_is_open(const ipfix_file_t *archive);

/** Whether another process removed or replaced the open file: ipfix_file_end() fails then. */
bool ipfix_file_is_missing(const ipfix_file_t *archive);

/** Includes pending messages. */
uint64_t ipfix_file_size(const ipfix_file_t *archive);

typedef struct ipfix_file_recovered {
    uint64_t messages;
    uint64_t bytes_dropped; /* after the last whole message */
    uint64_t bytes_damaged; /* before it: they stay, readers skip them */
    char *name;             /* current name; g_free it */
} ipfix_file_recovered_t;

/**
 * Truncates the unfinished file @p part after its last whole message and renames it to its final name.
 * SYNFIX_AGAIN: another process writes to it. SYNFIX_INVALID: not an IPFIX file, left unchanged.
 * SYNFIX_UNSUPPORTED: compressed, and the library of zstd is missing, left unchanged. A small file without a
 * whole message is removed. @p recovered may be NULL.
 */
synfix_status_t ipfix_file_recover(const char *part, ipfix_file_recovered_t *recovered,
                                   synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Recovers all unfinished files of @p target. Failures are logged to @p log and do not stop the function.
 * With @p aside recovered files get a number (`a-2.ipfix`), because the next file replaces the plain name.
 */
void ipfix_file_recover_all(const char *target, bool aside,
                            void (*log)(void *user, int level, const char *text), void *user);

#endif
