/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file ipfix_file.h
 * IPFIX files (RFC 5655) on their way to their names: written as NAME.part, synced, renamed. Messages go in
 * whole or not at all, and up to a megabyte of them at once. Belongs to one thread.
 */
#ifndef EXPORTER_IPFIX_FILE_IPFIX_FILE_H
#define EXPORTER_IPFIX_FILE_IPFIX_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <synfix/status.h>

#define ARCHIVE_PART_SUFFIX ".part"

typedef struct archive ipfix_file_t;

typedef struct ipfix_file_config {
    const char
        *target;   /* `-`: standard output; %Y and the like are replaced by the date (UTC) of its begin */
    bool rotates;  /* there will be several: a name that exists gets a number instead of being replaced */
    bool compress; /* zstd, one frame a message, so that every whole message can be rescued */
    int compress_level;
    bool sync; /* fsync before the rename */
    bool wait; /* for the reader of a named pipe */
    /** A message's lender: its body is not needed any more. In the thread of the file. NULL: there is none.
     */
    void (*release)(void *user, const void *lender);
    void *release_user;
} ipfix_file_config_t;

synfix_status_t ipfix_file_new(const ipfix_file_config_t *config, ipfix_file_t **archive,
                               synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Drops an open file that was not closed by ipfix_file_end: its .part stays, for ipfix_file_recover, when
 * anything is in it. Keepers are not released: they may be gone. */
void ipfix_file_free(ipfix_file_t *archive);

/** Begins a file. */
synfix_status_t ipfix_file_begin(ipfix_file_t *archive, int64_t now_ns,
                                 synfix_error_t *error) SYNFIX_MUST_CHECK;

#define ARCHIVE_HEADER_SIZE 16u

typedef struct ipfix_file_message {
    const uint8_t *header; /* ARCHIVE_HEADER_SIZE bytes */
    const uint8_t *body;
    size_t body_length;
    uint32_t records; /* to be counted */
    const void
        *lender; /* NULL: the body is copied; else it stays valid until `release` of the configuration */
} ipfix_file_message_t;

/** Messages with a lender that may wait; the caller may hold one more, for the next append. */
#define ARCHIVE_KEPT_MAX 7u

/** Whether a message of @p body_length bytes may have a lender: others are copied or compressed at once. */
bool ipfix_file_keeps(const ipfix_file_t *archive, size_t body_length);

/** Appends a message to what waits; after a failure it was not taken. SYNFIX_AGAIN: no room, flush first. */
synfix_status_t ipfix_file_append(ipfix_file_t *archive, const ipfix_file_message_t *message,
                                  synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Writes what waits. After a failure the file ends behind the last message that had room, and all others
 * still wait; or the file is closed, and they are lost. */
synfix_status_t ipfix_file_flush(ipfix_file_t *archive, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** All records that were ever appended are one of these. */
typedef struct ipfix_file_totals {
    uint64_t written;
    uint64_t waiting;
    uint64_t lost;  /* they waited for a file that was closed */
    uint64_t bytes; /* of the messages written, before compression */
} ipfix_file_totals_t;

/** Valid until ipfix_file_free. */
const ipfix_file_totals_t *ipfix_file_totals(const ipfix_file_t *archive);

/** Writes what waits, syncs and renames. The file is closed whatever happens, and nothing waits. */
synfix_status_t ipfix_file_end(ipfix_file_t *archive, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Gives up an open file that has no whole beginning. */
void ipfix_file_abandon(ipfix_file_t *archive);

bool ipfix_file_is_open(const ipfix_file_t *archive);

/** What waits included. */
uint64_t ipfix_file_size(const ipfix_file_t *archive);

typedef struct ipfix_file_recovered {
    uint64_t messages;
    uint64_t octets_dropped;
    char *name; /* what it is called now; g_free it */
} ipfix_file_recovered_t;

/**
 * Cuts the unfinished file @p part behind its last whole message and gives it its name. SYNFIX_AGAIN when
 * somebody is still writing to it; SYNFIX_INVALID when it is no IPFIX file: it is left as it is. One
 * without a whole message is removed. @p recovered may be NULL.
 */
synfix_status_t ipfix_file_recover(const char *part, ipfix_file_recovered_t *recovered,
                                   synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * The same for all unfinished files of @p target; failures are passed to @p log and do not stop it. With @p
 * aside they get a number (`a-2.ipfix`), because the next file will replace the one that has the name itself.
 */
void ipfix_file_recover_all(const char *target, bool aside,
                            void (*log)(void *user, int level, const char *text), void *user);

#endif
