/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The prior of qualities. Few answers prove little, so each label begins with a share that labels of its kind
 * have in common. Its size, and the number of observations that it is worth, are means of all values, each by
 * the likelihood of the answers of each collection, given the answers of the others. A kind with few answers
 * begins with the share of all answers. Steps are as fine as the data can distinguish.
 */
#include "sigdb_tools/calibration.h"

#include <math.h>
#include <stdlib.h>

enum { SHARE_LEAST = 50, SHARE_MOST = 98, SHARE_STEP = 4 }; /* percent */

/* Possible weights of a prior, in observations. If the answers of a label hardly predict its next answers,
 * the prior has a large weight. */
static const uint8_t weights[] = {1, 2, 3, 4, 6, 8, 10, 13, 16, 20, 25, 30, 40, 60};

/* No answer is certain: a single surprise does not rule a prior out. */
#define LEAST_CHANCE 0.02
/* Without any answers. It counts as this many additional answers. */
static const prior_t without_answers = {.share = 0.6, .weight = 2};

static double capped(const share_t *share)
{
    return share->all > COLLECTION_WEIGHT ? COLLECTION_WEIGHT / share->all : 1;
}

static void add_rows(const sigdb_calibration_t *calibration, share_t *dense)
{
    for (uint32_t i = 0; i < calibration->row_count; i++) {
        const calibration_row_t *row = &calibration->rows[i];
        share_t *share = &dense[(size_t)row->group * calibration->collection_count + row->collection];
        share->all += row->weight;
        share->right += row->right ? row->weight : 0;
        share->class_right += row->class_right ? row->weight : 0;
    }
}

bool calibration_pairs(const sigdb_calibration_t *calibration, pairs_t *pairs)
{
    const size_t size = (size_t)calibration->group_count * calibration->collection_count;
    share_t *dense = calloc(size + 1, sizeof *dense);
    *pairs = (pairs_t){.items = calloc((size_t)calibration->row_count + 1, sizeof *pairs->items)};
    const bool done = dense != NULL && pairs->items != NULL;
    if (done) {
        add_rows(calibration, dense);
    }
    for (size_t i = 0; done && i < size; i++) {
        const double part = capped(&dense[i]);
        if (dense[i].all > 0) {
            pairs->items[pairs->count++] =
                (pair_t){.group = (uint32_t)(i / calibration->collection_count),
                         .collection = (uint32_t)(i % calibration->collection_count),
                         .share = {dense[i].right * part, dense[i].class_right * part, dense[i].all * part}};
        }
    }
    free(dense);
    return done;
}

static bool takes_part(const left_out_t *left_out, const pair_t *pair)
{
    return left_out == NULL || !left_out[pair->collection];
}

void calibration_shares(const sigdb_calibration_t *calibration, const pairs_t *pairs,
                        const left_out_t *left_out, share_t *shares)
{
    for (uint32_t i = 0; i < calibration->group_count; i++) {
        shares[i] = (share_t){0};
    }
    for (uint32_t i = 0; i < pairs->count; i++) {
        const pair_t *pair = &pairs->items[i];
        if (takes_part(left_out, pair)) {
            shares[pair->group].right += pair->share.right;
            shares[pair->group].class_right += pair->share.class_right;
            shares[pair->group].all += pair->share.all;
            shares[pair->group].collections++;
        }
    }
}

static double likelihood(double right, double all, double chance)
{
    const double bounded = fmin(fmax(chance, LEAST_CHANCE), 1 - LEAST_CHANCE);
    return right * log(bounded) + (all - right) * log(1 - bounded);
}

/* The answers from which the prior of one kind is derived. */
typedef struct evidence {
    const sigdb_calibration_t *calibration;
    const pairs_t *pairs;
    const left_out_t *left_out;
    const share_t *shares;
    unsigned direction;
    prior_kind_t kind;
    prior_t before; /* any answer of the kind */
} evidence_t;

/* Logarithm of the likelihood of all answers of the kind under a prior. */
static double likelihood_of(const evidence_t *evidence, const prior_t *prior)
{
    const prior_t *before = &evidence->before;
    double sum = likelihood(before->weight * before->share, before->weight, prior->share);
    for (uint32_t i = 0; i < evidence->pairs->count; i++) {
        const pair_t *pair = &evidence->pairs->items[i];
        const calibration_group_t *group = &evidence->calibration->groups[pair->group];
        if (group->direction == evidence->direction && takes_part(evidence->left_out, pair) &&
            calibration_prior_kind(group) == evidence->kind) {
            const share_t *all = &evidence->shares[pair->group];
            if (all->collections < 2) {
                continue;
            }
            const double chance =
                share_with_prior(all->right - pair->share.right, all->all - pair->share.all, prior);
            sum += likelihood(pair->share.right, pair->share.all, chance);
        }
    }
    return sum;
}

/* The mean of all shares and weights, each by its likelihood: where several are as likely, one more
 * observation must not exchange the prior. */
static prior_t likely(const evidence_t *evidence)
{
    double most = -INFINITY;
    double sum = 0;
    prior_t mean = {0, 0};
    for (int share = SHARE_LEAST; share <= SHARE_MOST; share += SHARE_STEP) {
        for (size_t i = 0; i < sizeof weights / sizeof weights[0]; i++) {
            const prior_t tried = {.share = share / 100.0, .weight = weights[i]};
            const double found = likelihood_of(evidence, &tried);
            const double less = found > most ? exp(most - found) : 1; /* of what was added before */
            most = fmax(most, found);
            const double part = exp(found - most);
            sum = sum * less + part;
            mean.share = mean.share * less + part * tried.share;
            mean.weight = mean.weight * less + part * tried.weight;
        }
    }
    return (prior_t){.share = mean.share / sum, .weight = mean.weight / sum};
}

/* The prior of a kind without answers: the share of all answers, with the weight of one collection. */
static prior_t of_all_kinds(const sigdb_calibration_t *calibration, const share_t *shares)
{
    share_t all = {0};
    for (uint32_t i = 0; i < calibration->group_count; i++) {
        all.right += shares[i].right;
        all.all += shares[i].all;
    }
    return (prior_t){.share = share_with_prior(all.right, all.all, &without_answers),
                     .weight = COLLECTION_WEIGHT};
}

priors_t calibration_priors(const sigdb_calibration_t *calibration, const pairs_t *pairs,
                            const left_out_t *left_out, const share_t *shares, unsigned direction)
{
    priors_t priors;
    evidence_t evidence = {.calibration = calibration,
                           .pairs = pairs,
                           .left_out = left_out,
                           .shares = shares,
                           .direction = direction,
                           .before = of_all_kinds(calibration, shares)};
    for (unsigned kind = 0; kind < PRIOR_KINDS; kind++) {
        evidence.kind = (prior_kind_t)kind;
        priors.of[kind] = likely(&evidence);
    }
    return priors;
}
