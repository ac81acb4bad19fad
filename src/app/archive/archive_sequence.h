/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file archive_sequence.h
 * Missing records of one file, according to its sequence numbers. A plain file has no checksums: only the
 * sequence numbers show that a damaged length hides records. One thread.
 */
#ifndef APP_ARCHIVE_ARCHIVE_SEQUENCE_H
#define APP_ARCHIVE_ARCHIVE_SEQUENCE_H

#include "exporter/ipfix_decoder/sequence_check.h"

#include <stddef.h>

typedef struct archive_sequence archive_sequence_t;

/** Never NULL. */
archive_sequence_t *archive_sequence_new(void);
void archive_sequence_free(archive_sequence_t *sequence);

/** Adds the header of @p message, which has @p records. @p whole: all records of the message were counted. */
void archive_sequence_message(archive_sequence_t *sequence, const uint8_t *message, size_t length,
                              sequence_records_t records, bool whole);

/**
 * Missing records of all observation domains. Domains whose numbers also repeat, or begin again, count
 * nothing, as do those that follow another rule: several sessions share the file, or the exporter does not
 * count.
 */
uint64_t archive_sequence_missing(const archive_sequence_t *sequence);

/** The numbers of some domain count the records of their own message, as Open vSwitch and softflowd write
 * them, and no record is missing by that rule. */
bool archive_sequence_counts_own(const archive_sequence_t *sequence);

#endif
