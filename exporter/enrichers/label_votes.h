/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file label_votes.h
 * The labels of a host in one role, and the system that they and the behaviour of the host stand for.
 */
#ifndef EXPORTER_ENRICHERS_LABEL_VOTES_H
#define EXPORTER_ENRICHERS_LABEL_VOTES_H

#include "hosts/host_behaviour.h"
#include "verdict/host_verdict.h"

#define LABEL_VOTES     3u  /* different labels of a host that are kept */
#define LABEL_TEXT_SIZE 96u /* bytes of a label with its NUL; a longer one is cut */

/** A label of a host; a copy, because the entry may outlive the database. */
typedef struct label_vote {
    uint32_t label_id;
    uint8_t family_length; /* of the family at the start of the text; 0: the text begins otherwise */
    host_vote_t vote;      /* count 0: free */
    char text[LABEL_TEXT_SIZE];
} label_vote_t;

/** The system of a host. */
typedef struct label_conclusion {
    host_verdict_t verdict;
    const label_vote_t *stated; /* NULL: nothing is known */
} label_conclusion_t;

/** Copies @p label, cut to LABEL_TEXT_SIZE - 1 bytes. */
void label_text_copy(char text[LABEL_TEXT_SIZE], const char *label);

/** Counts the label of @p match, if there is one; evicts the label with the fewest observations. */
void label_votes_add(label_vote_t votes[LABEL_VOTES], const synfix_match_t *match);

/** The system that @p votes and @p behaviour stand for. The result refers to @p votes. */
label_conclusion_t label_votes_conclude(const label_vote_t votes[LABEL_VOTES],
                                        const host_behaviour_t *behaviour, bool server);

/**
 * The system of a host from both of its roles, which are of one system with the probability @p one_system
 * (host_path_one_system).
 */
label_conclusion_t label_conclusion_join(label_conclusion_t own, label_conclusion_t other, double one_system);

#endif
