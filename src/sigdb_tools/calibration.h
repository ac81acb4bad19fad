/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file calibration.h
 * Answers of a calibration, and the prior of their qualities. Private to the files of the calibration.
 */
#ifndef SIGDB_TOOLS_CALIBRATION_H
#define SIGDB_TOOLS_CALIBRATION_H

#include "sigdb_tools/sigdb_tools.h"

/** Observations of one collection resemble each other: more of them for one label count as this many. */
#define COLLECTION_WEIGHT 5

/** A rule comes from a collection, so only another one tests it: a label that one collection has seen is not
 * sure. On lists that were labelled after the rules, four of five wrong answers had such a label. */
#define TESTED_COLLECTIONS 2

/** Divisions of the collections into two halves, for a second test of the qualities. */
#define CALIBRATION_DIVISIONS 10

/** One decided answer. */
typedef struct calibration_row {
    uint32_t group;
    uint32_t collection;
    uint8_t quality; /* of the family, as stated */
    bool right;
    bool class_right;
    double weight;
} calibration_row_t;

/** The answers that share a quality: one label, direction, quality of the entry and kind of match. */
typedef struct calibration_group {
    const synfix_label_t *label;
    uint32_t file;
    uint32_t line; /* of the first `sig` that answered */
    uint8_t direction;
    uint8_t kind;
    uint8_t quality; /* as stated */
} calibration_group_t;

/** Right answers and all of them, in observations of weight 1. */
typedef struct share {
    double right;
    double class_right;
    double all;
    uint32_t collections; /* that they come from */
} share_t;

/** The answers of one group in one collection, which count as COLLECTION_WEIGHT at most. */
typedef struct pair {
    uint32_t group;
    uint32_t collection;
    share_t share;
} pair_t;

/** All pairs with answers. */
typedef struct pairs {
    pair_t *items;
    uint32_t count;
} pairs_t;

/** Expectation about a label before its answers: a share of right answers with the weight of some
 * observations. */
typedef struct prior {
    double share;
    double weight;
} prior_t;

enum { CALIBRATION_BANDS = 10, CALIBRATION_DIRECTIONS = 2 };

/** Kinds of match with a prior of their own: a packet that a middlebox altered is weaker evidence than a
 * layout. */
typedef enum prior_kind { PRIOR_EXACT, PRIOR_GENERIC, PRIOR_FUZZY, PRIOR_KINDS } prior_kind_t;

/** Priors of one direction. */
typedef struct priors {
    prior_t of[PRIOR_KINDS];
} priors_t;

/** One element for each collection; true: left out of the qualities, and tested with them. */
typedef bool left_out_t;

/** Answers with qualities of one ten. */
typedef struct band {
    double weight;
    double family_right;
    double quality; /* sum of the qualities, 0 to 100, each by its weight */
} band_t;

/** Sets @p bands to the answers of @p direction by the qualities that the database states. Labels that fewer
 * than @p least collections have seen do not count. False: out of memory. */
bool calibration_stated(const sigdb_calibration_t *calibration, const pairs_t *pairs, unsigned direction,
                        uint32_t least, band_t bands[CALIBRATION_BANDS]);

/** Sets @p bands to the answers of @p direction; each collection in turn has the qualities that the others
 * suggest. Labels that no other collection has seen do not count: their rules come from this one. False: out
 * of memory. */
bool calibration_left_out(const sigdb_calibration_t *calibration, const pairs_t *pairs, unsigned direction,
                          band_t bands[CALIBRATION_BANDS]);

/** The same for halves of the collections: each half has the qualities that the other suggests. Means of
 * CALIBRATION_DIVISIONS divisions, by a hash of the collections' names. False: out of memory. */
bool calibration_halves(const sigdb_calibration_t *calibration, const pairs_t *pairs, unsigned direction,
                        band_t bands[CALIBRATION_BANDS]);

/** Prints a heading and a line for each band with answers. */
void calibration_print_bands(const band_t bands[CALIBRATION_BANDS], FILE *out);

/** Returns the pairs, whose items the caller frees. False: out of memory. */
bool calibration_pairs(const sigdb_calibration_t *calibration, pairs_t *pairs);

/** Adds up the pairs of each group, without the collections that are left out (NULL: all take part);
 * @p shares has one element per group. */
void calibration_shares(const sigdb_calibration_t *calibration, const pairs_t *pairs,
                        const left_out_t *left_out, share_t *shares);

/**
 * Returns the priors of @p direction: means of all values, each by the likelihood of the answers of each
 * collection, given the answers of the others. @p shares: the result of calibration_shares for @p left_out.
 */
priors_t calibration_priors(const sigdb_calibration_t *calibration, const pairs_t *pairs,
                            const left_out_t *left_out, const share_t *shares, unsigned direction);

static inline prior_kind_t calibration_prior_kind(const calibration_group_t *group)
{
    if (group->kind == SYNFIX_MATCH_EXACT) {
        return PRIOR_EXACT;
    }
    return group->kind == SYNFIX_MATCH_GENERIC ? PRIOR_GENERIC : PRIOR_FUZZY;
}

static inline const prior_t *prior_of(const priors_t *priors, const calibration_group_t *group)
{
    return &priors->of[calibration_prior_kind(group)];
}

/** Returns the quality, 0 to SIGDB_QUALITY_MAX, of a label with @p right of @p all answers right. @p most: a
 * bound below it, or SIGDB_QUALITY_MAX. */
unsigned calibration_suggested(double right, double all, const prior_t *prior, unsigned most);

/** The highest quality of a group: a layout with any window is never sure, nor is a label that few
 * collections have seen. */
static inline unsigned calibration_most(const calibration_group_t *group, const share_t *share)
{
    const bool sure = group->kind != SYNFIX_MATCH_GENERIC && share->collections >= TESTED_COLLECTIONS;
    return sure ? SIGDB_QUALITY_MAX : SIGDB_QUALITY_SURE - 1;
}

/** The quality of a group, 0 to 1: the share of right answers, with the prior. */
static inline double share_with_prior(double right, double all, const prior_t *prior)
{
    return (right + prior->weight * prior->share) / (all + prior->weight);
}

#endif
