/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file sigdb.h
 * A signature database and its matcher. Databases use p0f v3's grammar or synfix's grammar
 * (sigdb/README.md).
 * Order of calls: synfix_sigdb_new, any number of loads, synfix_sigdb_finish. The database is immutable
 * afterwards, may be shared by any number of threads, and is freed with its last reference.
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

/** A signature database; constant once it is finished, and counted by references. */
typedef struct synfix_sigdb synfix_sigdb_t;

/** Maximum number of entries in one database, all files together. */
#define SYNFIX_SIGDB_ENTRIES_MAX 1000000

/**
 * Creates an empty database. Any thread.
 * @return a reference that the caller owns: synfix_sigdb_unref(); NULL: out of memory
 */
SYNFIX_API synfix_sigdb_t *synfix_sigdb_new(void);

/**
 * Appends the entries of a file after the existing ones: an entry of the first file wins. A failure adds
 * nothing. One thread at a time, before synfix_sigdb_finish().
 * @param sigdb  not finished
 * @param path   of the file
 * @param error  receives the reason of a failure, for a mistake in the file `path:line: reason`; NULL: no
 *               reason is wanted
 * @return SYNFIX_OK; SYNFIX_INVALID: a mistake in the file, or the database is finished; SYNFIX_NOT_FOUND;
 *         SYNFIX_PERMISSION; SYNFIX_IO; SYNFIX_NO_MEMORY: out of memory, or more than
 *         SYNFIX_SIGDB_ENTRIES_MAX entries
 */
SYNFIX_API synfix_status_t synfix_sigdb_load(synfix_sigdb_t *sigdb, const char *path,
                                             synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * As synfix_sigdb_load(), from memory.
 * @param sigdb   not finished
 * @param name    stands for the path in messages and in synfix_sigdb_info_t; copied
 * @param text    entries; copied; need not be NUL-terminated
 * @param length  of the text in bytes
 * @param error   receives the reason of a failure; NULL: no reason is wanted
 * @return as synfix_sigdb_load()
 */
SYNFIX_API synfix_status_t synfix_sigdb_load_text(synfix_sigdb_t *sigdb, const char *name, const char *text,
                                                  size_t length, synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Sets the minimum quality. An answer with a lower quality is reduced to the first level that reaches the
 * minimum: generation, family, class (synfix_level_t); otherwise to no answer. One thread at a time, before
 * synfix_sigdb_finish().
 * @param sigdb  not finished
 * @param least  in percent, 0 to 100; default 0
 * @param error  receives the reason of a failure; NULL: no reason is wanted
 * @return SYNFIX_OK; SYNFIX_INVALID: above 100, or the database is finished
 */
SYNFIX_API synfix_status_t synfix_sigdb_set_min_quality(synfix_sigdb_t *sigdb, uint8_t least,
                                                        synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Builds the index, after the last load and before the first match. The database is constant afterwards.
 * After a failure it can only be released. One thread.
 * @param sigdb  a second call changes nothing
 * @param error  receives the reason of a failure; NULL: no reason is wanted
 * @return SYNFIX_OK; SYNFIX_NO_MEMORY
 */
SYNFIX_API synfix_status_t synfix_sigdb_finish(synfix_sigdb_t *sigdb,
                                               synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Adds a reference. Any thread.
 * @param sigdb  not NULL
 * @return @p sigdb, as a reference that the caller owns
 */
SYNFIX_API synfix_sigdb_t *synfix_sigdb_ref(synfix_sigdb_t *sigdb);

/**
 * Releases a reference; the last release frees the database. Any thread.
 * @param sigdb  NULL is allowed
 */
SYNFIX_API void synfix_sigdb_unref(synfix_sigdb_t *sigdb);

/**
 * Matches a signature. Cannot fail. Any thread.
 * @param sigdb      finished
 * @param direction  of the packet
 * @param signature  of the packet
 * @param match      owned by the caller, always filled in; without a match, distance and initial TTL are
 *                   guesses. Its labels are valid as long as the database
 */
SYNFIX_API void synfix_sigdb_match(const synfix_sigdb_t *sigdb, synfix_direction_t direction,
                                   const synfix_signature_t *signature, synfix_match_t *match);

/**
 * Matches a SYN+ACK with the options that its SYN offered. Cannot fail. Any thread.
 * @param sigdb      finished
 * @param signature  of the SYN+ACK
 * @param offers     of synfix_signature_offers(); without SYNFIX_OFFER_SEEN the SYN was not seen, and no
 * entry is excluded by its `offered` conditions
 * @param match      as for synfix_sigdb_match()
 */
SYNFIX_API void synfix_sigdb_match_answer(const synfix_sigdb_t *sigdb, const synfix_signature_t *signature,
                                          uint8_t offers, synfix_match_t *match);

/** Maximum number of candidate labels that are counted. */
#define SYNFIX_CANDIDATES_MAX 16

/**
 * Labels that fit a signature equally well: the result of synfix_sigdb_match() first, the others in the order
 * of the database. Any thread.
 * @param sigdb      finished
 * @param direction  of the packet
 * @param signature  of the packet
 * @param labels     array of the caller; the labels are valid as long as the database
 * @param capacity   of the array
 * @return the total number, which is candidate_count of the match; at most SYNFIX_CANDIDATES_MAX
 */
SYNFIX_API size_t synfix_sigdb_candidates(const synfix_sigdb_t *sigdb, synfix_direction_t direction,
                                          const synfix_signature_t *signature, const synfix_label_t **labels,
                                          size_t capacity);

/**
 * Label of a link. Any thread.
 * @param sigdb  finished
 * @param mtu    MTU of the link in bytes
 * @return valid as long as the database; NULL: no entry has this MTU
 */
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

/**
 * Describes a database. Any thread, once the database is finished; before that the number of labels is 0.
 * @param sigdb  not NULL
 * @param info   owned by the caller; its strings are owned by the database
 */
SYNFIX_API void synfix_sigdb_info(const synfix_sigdb_t *sigdb, synfix_sigdb_info_t *info);

/**
 * One of the distinct labels of a database. Any thread.
 * @param sigdb  finished
 * @param index  0 to label_count - 1 of synfix_sigdb_info_t
 * @return valid as long as the database; NULL: beyond the last label
 */
SYNFIX_API const synfix_label_t *synfix_sigdb_label(const synfix_sigdb_t *sigdb, uint32_t index);

#ifdef __cplusplus
}
#endif

#endif
