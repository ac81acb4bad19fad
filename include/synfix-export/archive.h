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

typedef struct synfix_archive synfix_archive_t;

/**
 * Opens the IPFIX file @p path, plain or compressed with zstd; `-` is standard input. @p pen is the private
 * enterprise number of the synfix elements in it; 0: the default, 32473. The caller closes the reader.
 * SYNFIX_NOT_FOUND, SYNFIX_IO, SYNFIX_INVALID.
 */
SYNFIX_API synfix_status_t synfix_archive_open(const char *path, uint32_t pen, synfix_archive_t **archive,
                                               synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * The next observation, valid until the next call for this reader; its labels live as long as the reader.
 * Records of the profile `full` give the observations that they were made of; other records are counted by
 * reason (synfix_archive_refused). SYNFIX_END: the file is at its end (a later call answers the same).
 * SYNFIX_TRUNCATED, SYNFIX_INVALID: a message is damaged; the observations before the damage were delivered.
 * After an INVALID message inside the file the next call goes on behind it.
 */
SYNFIX_API synfix_status_t synfix_archive_next(synfix_archive_t *archive,
                                               const synfix_observation_t **observation,
                                               synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Records so far that gave an observation. */
SYNFIX_API uint64_t synfix_archive_converted(const synfix_archive_t *archive);

/**
 * Reason @p index (0, 1, ...) why records so far gave no observation: @p count of them, @p element the
 * element that the first one lacks or whose value is wrong (may be empty). The texts live as long as the
 * reader. NULL beyond the last reason.
 */
SYNFIX_API const char *synfix_archive_refused(synfix_archive_t *archive, unsigned index, uint64_t *count,
                                              const char **element);

/** Closes the file and frees everything. NULL is allowed. */
SYNFIX_API void synfix_archive_close(synfix_archive_t *archive);

#ifdef __cplusplus
}
#endif

#endif
