/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file spool.h
 * Messages that could not be sent, on disk: a directory of IPFIX files that each begin with their templates,
 * of their sums (spool_index.h), and of the names that were sent (spool_sent.c). Damage affects only the
 * damaged messages; the file is then kept as NAME.damaged. Each message is written whole, so that what was
 * accepted survives a kill. Belongs to one thread.
 */
#ifndef EXPORTER_TRANSPORT_SPOOL_H
#define EXPORTER_TRANSPORT_SPOOL_H

#include "exporter/ipfix/message_encoder.h"

typedef struct spool spool_t;

typedef struct spool_config {
    const char *directory;            /* made when missing; one process at a time */
    const ipfix_settings_t *settings; /* outlive the spool */
    uint64_t limit_bytes;
    int64_t limit_age_ms;
    void (*log)(void *user, int level, const char *text);
    void *log_user;
} spool_config_t;

/** A message read from the spool; data is valid until the next call. */
typedef struct spool_message {
    const uint8_t *data;
    size_t length;
    uint32_t records;
    bool again;  /* was sent once, before a break */
    bool former; /* of an earlier run of the program: not in the counters of this one */
} spool_message_t;

/** Opens the directory, creates it if needed, and counts messages of earlier runs. On success the caller owns
 * *spool: spool_close(). SYNFIX_IO, also when another process uses the directory. SYNFIX_INVALID: a number of
 * a file is damaged. */
synfix_status_t spool_open(const spool_config_t *config, spool_t **spool,
                           synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Stored messages stay for the next run. NULL is allowed. */
void spool_close(spool_t *spool);

/**
 * Stores @p message. SYNFIX_IO (a full disk, or another process that uses the directory after somebody
 * deleted the lock): the message was not stored; the next call tries again. Messages that were sent once (@p
 * again) use at most half of the limit and are dropped first.
 */
synfix_status_t spool_add(spool_t *spool, const uint8_t *message, size_t length, uint32_t records, bool again,
                          int64_t now_ns, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Reads and removes the oldest message; SYNFIX_END: there is none. */
synfix_status_t spool_next(spool_t *spool, spool_message_t *message) SYNFIX_MUST_CHECK;

/**
 * Records of damaged messages and of missing files since the last call. @p own: of this run and never sent;
 * @p former: of earlier runs, including those that spool_trim dropped. Messages that were sent once are in
 * neither.
 */
void spool_take_damage(spool_t *spool, uint64_t *own, uint64_t *former);

/** Whether no message is stored, of this run or of earlier ones. */
bool spool_is_empty(const spool_t *spool);
/** Whether spool_next() may return a message now. Also false without the lock: the messages then wait until
 * the lock can be made again. */
bool spool_is_readable(const spool_t *spool);

typedef struct spool_times {
    int64_t wall_ns;      /* for files of earlier runs: by their time of modification */
    int64_t monotonic_ns; /* for files of this run */
} spool_times_t;

/**
 * Drops the oldest files, first those of messages that were sent once, until the limits hold at @p now.
 * Returns the records of this run that were lost.
 */
uint64_t spool_trim(spool_t *spool, const spool_times_t *now);

/** Counts the records of this run whose file is missing: spool_take_damage(). Call at the end of a run, so
 * that they do not count as spooled. */
void spool_check_files(spool_t *spool);

#endif
