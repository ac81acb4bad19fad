/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file sigdb.h
 * A signature database and its matcher. Databases use p0f v3's grammar or the project's own grammar
 * (sigdb/README.md).
 * Life: synfix_sigdb_new, any number of loads, synfix_sigdb_finish. The database is immutable afterwards, may
 * be shared by any number of threads, and is freed with its last reference.
 */
#ifndef SYNFIX_SIGDB_H
#define SYNFIX_SIGDB_H

#include <stddef.h>
#include <stdint.h>
#include <synfix/match.h>
#include <synfix/signature.h>
#include <synfix/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct synfix_sigdb synfix_sigdb_t;

/** Maximum number of entries in one database, all files together. */
#define SYNFIX_SIGDB_ENTRIES_MAX 1000000

/** Creates an empty database with one reference that the caller owns; NULL: out of memory. */
SYNFIX_API synfix_sigdb_t *synfix_sigdb_new(void);

/**
 * Appends the entries of the file @p path after the existing ones (the first file wins). A failure adds
 * nothing: SYNFIX_INVALID with `path:line: reason`, SYNFIX_IO, SYNFIX_NOT_FOUND. Not after finish.
 */
SYNFIX_API synfix_status_t synfix_sigdb_load(synfix_sigdb_t *sigdb, const char *path,
                                             synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Appends the entries of @p length bytes at @p text; @p name replaces the path in messages. The text is
 * copied.
 */
SYNFIX_API synfix_status_t synfix_sigdb_load_text(synfix_sigdb_t *sigdb, const char *name, const char *text,
                                                  size_t length, synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Sets the minimum quality @p least (0 to 100, default 0). An answer below it becomes less deep until its
 * quality reaches @p least: generation, family, class (synfix_level_t), no answer. Not after finish.
 */
SYNFIX_API synfix_status_t synfix_sigdb_set_min_quality(synfix_sigdb_t *sigdb, uint8_t least,
                                                        synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Builds the index. Call it once, after the last load and before the first match. */
SYNFIX_API synfix_status_t synfix_sigdb_finish(synfix_sigdb_t *sigdb,
                                               synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Adds a reference; returns @p sigdb. Any thread. */
SYNFIX_API synfix_sigdb_t *synfix_sigdb_ref(synfix_sigdb_t *sigdb);

/** Releases a reference; the last release frees the database. @p sigdb may be NULL. Any thread. */
SYNFIX_API void synfix_sigdb_unref(synfix_sigdb_t *sigdb);

/**
 * Matches @p signature and always fills in @p match; without a match, distance and initial TTL are guesses.
 * Any thread.
 */
SYNFIX_API void synfix_sigdb_match(const synfix_sigdb_t *sigdb, synfix_direction_t direction,
                                   const synfix_signature_t *signature, synfix_match_t *match);

/**
 * Matches a SYN+ACK with the options that its SYN offered (synfix_signature_offers). @p offers of 0, or
 * without SYNFIX_OFFER_SEEN, means that the SYN was not seen: no entry is excluded by its `offered`
 * conditions. Any thread.
 */
SYNFIX_API void synfix_sigdb_match_answer(const synfix_sigdb_t *sigdb, const synfix_signature_t *signature,
                                          uint8_t offers, synfix_match_t *match);

/** Maximum number of candidate labels that are counted. */
#define SYNFIX_CANDIDATES_MAX 16

/**
 * Writes up to @p capacity labels that fit @p signature equally well into @p labels: the result of
 * synfix_sigdb_match first, the others in database order. Returns their total number, which is
 * match.candidate_count. The labels are valid as long as the database. Any thread.
 */
SYNFIX_API size_t synfix_sigdb_candidates(const synfix_sigdb_t *sigdb, synfix_direction_t direction,
                                          const synfix_signature_t *signature, const synfix_label_t **labels,
                                          size_t capacity);

/** Returns the label of a link with this MTU; NULL: none. Valid as long as the database. Any thread. */
SYNFIX_API const char *synfix_sigdb_link(const synfix_sigdb_t *sigdb, uint32_t mtu);

/**
 * Description of a database, for the summary and the options record. Strings are valid as long as the
 * database. (The structure has no tag, because a function has that name, which C++ compilers warn about.)
 */
typedef struct {
    const char *name;    /* base name of the first file */
    const char *version; /* version of the first file; empty: none */
    uint32_t request_entries;
    uint32_t response_entries;
    uint32_t mtu_entries;
    uint32_t label_count;
    uint64_t generation; /* unique number of this database in the process, from 1 */
} synfix_sigdb_info_t;

SYNFIX_API void synfix_sigdb_info(const synfix_sigdb_t *sigdb, synfix_sigdb_info_t *info);

/** Returns label @p index (0 to label_count - 1) of the distinct labels; NULL beyond. */
SYNFIX_API const synfix_label_t *synfix_sigdb_label(const synfix_sigdb_t *sigdb, uint32_t index);

#ifdef __cplusplus
}
#endif

#endif
