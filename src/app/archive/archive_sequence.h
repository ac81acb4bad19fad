/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file archive_sequence.h
 * Records that the sequence numbers of one file say are missing. A plain file has no checksums: a damaged
 * length may hide records without being noticed otherwise. One thread.
 */
#ifndef APP_ARCHIVE_ARCHIVE_SEQUENCE_H
#define APP_ARCHIVE_ARCHIVE_SEQUENCE_H

#include "exporter/ipfix_decoder/sequence_check.h"

#include <stddef.h>

typedef struct archive_sequence archive_sequence_t;

/** Never NULL. */
archive_sequence_t *archive_sequence_new(void);
void archive_sequence_free(archive_sequence_t *sequence);

/** Takes the header of @p message with @p records. @p whole: all of its records were counted. */
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
