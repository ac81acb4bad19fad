/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file archive.h
 * Observations of IPFIX files, one after the other. Library: libsynfix-export (-lsynfix-export), which needs
 * GLib; libsynfix does not.
 *
 * A reader belongs to one thread at a time; different readers are independent.
 */
#ifndef SYNFIX_EXPORT_ARCHIVE_H
#define SYNFIX_EXPORT_ARCHIVE_H

#include <stdint.h>
#include <synfix/export.h>
#include <synfix/observation.h>
#include <synfix/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/** An open archive. */
typedef struct synfix_archive synfix_archive_t;

/**
 * Opens an IPFIX file, plain or compressed with zstd. Any thread.
 * @param path     of the file; `-`: standard input
 * @param pen      private enterprise number of the synfix elements in the file; 0: the default, 32473
 * @param archive  on success owned by the caller: synfix_archive_close(); unchanged after a failure
 * @param error    receives the reason of a failure; NULL: no reason is wanted
 * @return SYNFIX_OK; SYNFIX_NOT_FOUND: no such file, or no information model; SYNFIX_PERMISSION; SYNFIX_IO;
 *         SYNFIX_INVALID: a directory
 */
SYNFIX_API synfix_status_t synfix_archive_open(const char *path, uint32_t pen, synfix_archive_t **archive,
                                               synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * The next observation. Records of the profile `full` give the observations from which they were encoded;
 * other records are counted by reason (synfix_archive_refused). The thread of the reader.
 * @param archive      not NULL
 * @param observation  with SYNFIX_OK owned by the reader, valid until the next call for this reader; its
 *                     labels live as long as the reader; else unchanged
 * @param error        receives the reason of a failure; NULL: no reason is wanted
 * @return SYNFIX_OK; SYNFIX_END: the file is at its end (a later call answers the same); SYNFIX_TRUNCATED:
 *         the file is empty, or ends inside a message, and the observations before the cut were delivered;
 *         SYNFIX_INVALID: a message is damaged, the observations before the damage were delivered, and the
 *         next call continues after the message; or, once at the end of the file, sets were skipped: no
 *         template in the whole file, no record, or a reserved id
 */
SYNFIX_API synfix_status_t synfix_archive_next(synfix_archive_t *archive,
                                               const synfix_observation_t **observation,
                                               synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Number of records so far that gave an observation. The thread of the reader.
 * @param archive  not NULL
 * @return records
 */
SYNFIX_API uint64_t synfix_archive_converted(const synfix_archive_t *archive);

/**
 * A reason why records so far gave no observation. The thread of the reader.
 * @param archive  not NULL
 * @param index    number of the reason, from 0
 * @param count    gets the number of these records
 * @param element  gets the element that the first one lacks, or whose value is wrong; may be empty; owned by
 *                 the reader
 * @return the reason, owned by the reader; NULL: beyond the last one, and @p count and @p element are
 * unchanged
 */
SYNFIX_API const char *synfix_archive_refused(synfix_archive_t *archive, unsigned index, uint64_t *count,
                                              const char **element);

/**
 * Closes the file and frees everything, the last observation included.
 * @param archive  NULL is allowed
 */
SYNFIX_API void synfix_archive_close(synfix_archive_t *archive);

#ifdef __cplusplus
}
#endif

#endif
