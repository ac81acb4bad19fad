/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file spool_segment.h
 * One file of a spool, NAME.ipfix with its NAME.sums: written to its end, then read once. Belongs to
 * one thread.
 */
#ifndef EXPORTER_TRANSPORT_SPOOL_SEGMENT_H
#define EXPORTER_TRANSPORT_SPOOL_SEGMENT_H

#include "exporter/ipfix_decoder/message_decoder.h"
#include "exporter/ipfix_decoder/message_input.h"

#define SPOOL_SUFFIX         ".ipfix"
#define SPOOL_SUMS_SUFFIX    ".sums"
#define SPOOL_FILE_MODE      0640
#define SPOOL_DAMAGED_SUFFIX ".damaged"

typedef struct spool_segment {
    char *name;        /* NAME.ipfix */
    uint64_t bytes;    /* of both files */
    uint64_t records;  /* of this run, not yet read; 0 with again */
    bool again;        /* all in it was sent once */
    bool former;       /* of an earlier run */
    int64_t begun_ns;  /* of the monotonic clock; 0 with former */
    int fd, sums_fd;   /* for writing or reading, -1: closed */
    uint64_t length;   /* of NAME.ipfix */
    uint64_t written;  /* records */
    uint64_t entry;    /* to be read next */
    uint64_t entries;  /* in NAME.sums, while reading */
    uint64_t indexed;  /* end of the messages that have an entry, as far as read */
    uint64_t expected; /* records in the messages before that entry */
    uint64_t damaged;  /* messages that were skipped */
    uint64_t lost;     /* records in them, as far as that is known */
    uint32_t cut;      /* records of the last message, whose writing was interrupted */
    int sums_error;    /* errno: NAME.sums exists, but cannot be read */
    uint8_t *message;  /* the one that was read last */
    /* For messages without an entry: NAME.sums is missing, shorter than it was, or cannot be read. */
    message_input_t *input;
    ipfix_decoder_t *reader;
} spool_segment_t;

/** @p name is copied. Never NULL. */
spool_segment_t *spool_segment_new(const char *name);
void spool_segment_free(spool_segment_t *segment);

/** Makes both files in @p directory, where they must not exist. -1 with errno. */
int spool_segment_create(spool_segment_t *segment, int directory);
/** Whether another process deleted, moved or replaced the file: the name in @p directory is missing, or leads
 * to another file than the one that is open. */
bool spool_segment_is_missing(const spool_segment_t *segment, int directory);
/** All of the message at the end of the segment, or nothing: -1 with errno. */
int spool_segment_append(spool_segment_t *segment, const uint8_t *message, size_t length, uint32_t records);
/** Syncs and closes the files of a segment that is being written. */
void spool_segment_finish(spool_segment_t *segment);

/** -1 with errno when it cannot be read. */
int spool_segment_open(spool_segment_t *segment, int directory);
/** The next message with records; valid until the next call. Damaged ones are skipped and counted. False: the
 * end. */
bool spool_segment_next(spool_segment_t *segment, const uint8_t **data, size_t *length, uint32_t *records);

/** Records of a file of an earlier run that were not read yet, according to NAME.sums. */
uint64_t spool_segment_unread(const spool_segment_t *segment, int directory);

/** Closes both files, which stay. */
void spool_segment_close(spool_segment_t *segment);

/** Removes both files from @p directory. */
void spool_segment_remove(const spool_segment_t *segment, int directory);
/** Renames both files to NAME.ipfix.damaged and NAME.sums.damaged. */
void spool_segment_keep(const spool_segment_t *segment, int directory);

#endif
