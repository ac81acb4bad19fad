/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file sigdb.h
 * A signature database: p0f v3's files and the project's own grammar (sigdb/README.md), and its matcher.
 *
 * Life: new, then load as often as wanted, then finish; from then on it is immutable, may be shared by any
 * number of threads, and lives until the last reference is gone.
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

/** Entries in one database, all files together; more are refused. */
#define SYNFIX_SIGDB_ENTRIES_MAX 1000000

/** An empty database with one reference, owned by the caller; NULL when there is no memory. */
SYNFIX_API synfix_sigdb_t *synfix_sigdb_new(void);

/**
 * Adds what stands in the file @p path behind what is there already (so the first file wins). Nothing is
 * added when anything in it is wrong: SYNFIX_INVALID with `path:line: reason`, SYNFIX_IO, SYNFIX_NOT_FOUND.
 * Not after finish.
 */
SYNFIX_API synfix_status_t synfix_sigdb_load(synfix_sigdb_t *sigdb, const char *path,
                                             synfix_error_t *error) SYNFIX_MUST_CHECK;

/** The same from @p length bytes at @p text; @p name stands for the path in messages. The text is copied. */
SYNFIX_API synfix_status_t synfix_sigdb_load_text(synfix_sigdb_t *sigdb, const char *name, const char *text,
                                                  size_t length, synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * A match whose quality is below @p least (0 to 100, 0 at first) is made less deep until its quality is that:
 * the generation, the family, the class (synfix_level_t), nothing. Not after finish.
 */
SYNFIX_API synfix_status_t synfix_sigdb_set_min_quality(synfix_sigdb_t *sigdb, uint8_t least,
                                                        synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Builds the index. Call it once, after the last load and before the first match. */
SYNFIX_API synfix_status_t synfix_sigdb_finish(synfix_sigdb_t *sigdb,
                                               synfix_error_t *error) SYNFIX_MUST_CHECK;

/** One more reference; returns @p sigdb. Any thread. */
SYNFIX_API synfix_sigdb_t *synfix_sigdb_ref(synfix_sigdb_t *sigdb);

/** One reference less; the last one frees it. NULL is allowed. Any thread. */
SYNFIX_API void synfix_sigdb_unref(synfix_sigdb_t *sigdb);

/** Fills in @p match (always, also when there is none: distance and initial TTL are guessed then). Any
 * thread. */
SYNFIX_API void synfix_sigdb_match(const synfix_sigdb_t *sigdb, synfix_direction_t direction,
                                   const synfix_signature_t *signature, synfix_match_t *match);

/**
 * The same for a SYN+ACK whose SYN was seen: @p offers are what the SYN offered (synfix_signature_offers). 0,
 * or without SYNFIX_OFFER_SEEN, means that the SYN was not seen: then no entry is ruled out by what it wants
 * to have been offered. Any thread.
 */
SYNFIX_API void synfix_sigdb_match_answer(const synfix_sigdb_t *sigdb, const synfix_signature_t *signature,
                                          uint8_t offers, synfix_match_t *match);

/** Labels that a match may have as its candidates: beyond them it is not counted. */
#define SYNFIX_CANDIDATES_MAX 16

/**
 * The labels that fit @p signature equally well, the one that synfix_sigdb_match chooses first, the others in
 * the order of the database: at most @p capacity of them into @p labels. Returns how many there are, which is
 * match.candidate_count. They live as long as the database. Any thread.
 */
SYNFIX_API size_t synfix_sigdb_candidates(const synfix_sigdb_t *sigdb, synfix_direction_t direction,
                                          const synfix_signature_t *signature, const synfix_label_t **labels,
                                          size_t capacity);

/** Label of a link with this MTU, NULL when the database has none. Lives as long as the database. Any thread.
 */
SYNFIX_API const char *synfix_sigdb_link(const synfix_sigdb_t *sigdb, uint32_t mtu);

/** What a database is, for the summary and the options record. Strings live as long as the database. (No tag:
 * the function has that name, which C++ compilers warn of.) */
typedef struct {
    const char *name;    /* base name of the first file */
    const char *version; /* as the first file says; empty when it says nothing */
    uint32_t request_entries;
    uint32_t response_entries;
    uint32_t mtu_entries;
    uint32_t label_count;
    uint64_t generation; /* another number for each database made in this process, from 1 */
} synfix_sigdb_info_t;

SYNFIX_API void synfix_sigdb_info(const synfix_sigdb_t *sigdb, synfix_sigdb_info_t *info);

/** Label number @p index (0 to label_count - 1), each distinct one once; NULL beyond. */
SYNFIX_API const synfix_label_t *synfix_sigdb_label(const synfix_sigdb_t *sigdb, uint32_t index);

#ifdef __cplusplus
}
#endif

#endif
