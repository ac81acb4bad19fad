/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file spool_internal.h
 * Shared by the parts of a spool: spool.c (life of a spool), spool_lock.c (lock of the directory),
 * spool_directory.c (its files, and those that are missing), spool_sent.c (numbers, names that were sent),
 * spool_write.c (messages into files), spool_read.c (messages out of files, and damage) and spool_limit.c
 * (limits of size and age). Private to them. A spool belongs to one thread.
 */
#ifndef EXPORTER_TRANSPORT_SPOOL_INTERNAL_H
#define EXPORTER_TRANSPORT_SPOOL_INTERNAL_H

#include "exporter/ipfix/transport_session.h"
#include "exporter/transport/spool.h"
#include "exporter/transport/spool_segment.h"
#include <glib.h>

#define SPOOL_NUMBER_LENGTH                                                                                  \
    20 /* decimal digits of a name; then '-', the digest of the templates, the suffix */
/* Greater numbers are damaged. spool_open() refuses a directory in which fewer than SPOOL_NUMBERS_MIN numbers
 * remain; a run needs fewer. */
#define SPOOL_NUMBER_MAX    (UINT64_MAX / 2)
#define SPOOL_NUMBERS_MIN   ((uint64_t)1 << 40)
#define SPOOL_DIGEST_LENGTH 16
#define SPOOL_NAME_LENGTH   (SPOOL_NUMBER_LENGTH + 1 + SPOOL_DIGEST_LENGTH + sizeof SPOOL_SUFFIX - 1)

typedef enum spool_lock_state {
    SPOOL_LOCK_HELD,     /* this process has the lock */
    SPOOL_LOCK_MISSING,  /* the name does not lead to the lock of this process, and cannot be locked */
    SPOOL_LOCK_OF_OTHER, /* another process has the lock now */
} spool_lock_state_t;

struct spool {
    char *directory;
    int directory_fd; /* the open directory */
    spool_config_t config;
    uint64_t content;         /* of the templates: part of each name, whatever the profile's name */
    ipfix_session_t *session; /* makes the beginning of each file */
    int lock;
    int sent_fd;     /* names of files that were sent; -1: not available */
    GQueue segments; /* oldest first; the last may be open for writing */
    uint64_t bytes;
    uint64_t next_number;
    bool number_failed; /* the number of the last file is not stored */
    spool_lock_state_t lock_state;
    bool writing; /* the last segment */
    bool reading; /* the first segment */
    uint64_t damaged_own;
    uint64_t damaged_former;
};

/** Logs a line. @p level: as of synfix_module_context_t. */
void spool_say(const spool_t *spool, int level, const char *format, ...) G_GNUC_PRINTF(3, 4);

/** Opens the directory, creates it if needed, and locks it until spool_close(). SYNFIX_IO, also when another
 * process has the lock. */
synfix_status_t spool_lock(spool_t *spool, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Whether this process still has the lock. A lock file that was removed or replaced is locked again, or
 * made, if no other process has the lock. Otherwise all segments are forgotten, and their files stay for the
 * other process. If the name cannot be opened or locked, the segments wait until it can. A line of the log
 * states each. */
bool spool_has_lock(spool_t *spool);

/** Names of the directory that end in @p suffix, in order. Free with g_ptr_array_unref(). */
GPtrArray *spool_list_names(const spool_t *spool, const char *suffix);

/** Whether @p text begins with the digits of a valid number. */
bool spool_parse_number(const char *text, uint64_t *number);
/** Whether @p name begins with the form of a spool file, its number and @p content (may be NULL). */
bool spool_parse_name(const char *name, uint64_t *number, uint64_t *content);

/** Reads the number of the last file of earlier runs. A line of the log states damage. */
void spool_number_read(spool_t *spool);
/** SYNFIX_INVALID: too few numbers remain after those of lock, list and files. */
synfix_status_t spool_number_check(const spool_t *spool, synfix_error_t *error) SYNFIX_MUST_CHECK;
/** The number of a new file. No file of the directory had it before. If the number cannot be stored, a line
 * of the log states the reason. */
uint64_t spool_number_take(spool_t *spool);

/** Opens the list of files that were sent. If this fails, a line of the log states the reason, and no file
 * counts as sent. */
void spool_sent_open(spool_t *spool);
/** Adds a file, all of whose messages were read. */
void spool_sent_add(spool_t *spool, const spool_segment_t *segment);
/** Whether the file was sent; the newest 4096 are known. */
bool spool_sent_has(const spool_t *spool, uint64_t number, const char *name);

/** Adds the segments of earlier runs with the same templates. Other files stay, and a line of the log names
 * them. */
void spool_find_former(spool_t *spool);

/** Syncs and closes the last segment, if it is open for writing. */
void spool_finish_writing(spool_t *spool);

/** The files of a dropped segment. */
typedef enum spool_drop_files {
    SPOOL_REMOVE, /* are removed */
    SPOOL_KEEP,   /* are renamed, for inspection */
    SPOOL_FORGET, /* are not changed: they belong to another process, or are missing */
} spool_drop_files_t;

/** Removes @p segment from the spool and frees it. */
void spool_drop(spool_t *spool, spool_segment_t *segment, spool_drop_files_t files);

/** Drops a segment of this run whose file was removed or moved. Its records count as damaged, unless another
 * process has sent the file. */
void spool_lose_missing(spool_t *spool, spool_segment_t *segment);
/** The same if its name is missing; false: it is there, or the segment is of an earlier run. */
bool spool_drop_missing(spool_t *spool, spool_segment_t *segment);

/** Drops the oldest segment of messages that were sent once: copies make room for messages that were never
 * sent. False: there is none. */
bool spool_drop_retained(spool_t *spool);

#endif
