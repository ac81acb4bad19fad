/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file match_choice.h
 * The winner of a match and the labels that fit as well; for match*.c only.
 */
#ifndef SIGDB_MATCH_CHOICE_H
#define SIGDB_MATCH_CHOICE_H

#include "sigdb/sigdb_internal.h"

enum { SIGDB_VISITS_MAX = 96 };

/** An entry that may be a candidate. */
typedef struct sigdb_visited {
    uint32_t entry;
    bool timestamps_nopped;
    bool compared; /* else tier and distance are not set */
    uint8_t tier;
    uint8_t distance;
} sigdb_visited_t;

/** A label that fits as well as the winner's, with the first of its entries. */
typedef struct sigdb_candidate {
    uint32_t label;
    uint32_t entry;
} sigdb_candidate_t;

/** A search for the best entry: the query, the winner, the entries that were visited, and the candidates. */
typedef struct sigdb_choice {
    const synfix_sigdb_t *sigdb;
    sigdb_query_t query;
    synfix_signature_t changed; /* the altered signature of the query; unused for the observed one */
    synfix_direction_t direction;
    bool uses_offers;
    sigdb_comparison_t fit; /* of the winner */
    uint32_t entry;
    uint8_t quality;
    uint32_t visit_count; /* beyond SIGDB_VISITS_MAX the index is searched again */
    sigdb_visited_t visits[SIGDB_VISITS_MAX];
    uint8_t count;
    sigdb_candidate_t candidates[SYNFIX_CANDIDATES_MAX];
} sigdb_choice_t;

/** Kind and qualities (percent) of a match of @p entry that fits as @p fit states. */
synfix_match_kind_t sigdb_kind_of(sigdb_tier_t tier, const sigdb_entry_t *entry);
uint8_t sigdb_quality_of(const sigdb_entry_t *entry, const sigdb_comparison_t *fit);
uint8_t sigdb_family_quality_of(const sigdb_entry_t *entry, const sigdb_comparison_t *fit);

/**
 * Writes the labels other than the winner's into @p others, up to its capacity, in the order of the database.
 * Returns the number of labels that fit, the winner's included.
 */
size_t sigdb_list_candidates(sigdb_choice_t *choice, const synfix_label_t **others, size_t capacity);

#endif
