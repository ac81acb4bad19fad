/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The prior of qualities. Few answers prove little, so each label begins with a share that labels have in
 * common. Its size, and the number of observations that it is worth, are means of all values, each by the
 * likelihood of the answers of each collection, given the answers of the others. A prior is worth two
 * collections at most: with one or three, the answers of collections that are left out are predicted worse.
 * Steps of 5 % are as fine as the data can tell apart.
 */
#include "sigdb_tools/calibration.h"

#include <math.h>
#include <stdlib.h>

enum { SHARE_LEAST = 50, SHARE_MOST = 95, SHARE_STEP = 5 }; /* percent */

enum { PRIOR_WEIGHT_MOST = 2 * COLLECTION_WEIGHT };

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
        const row_t *row = &calibration->rows[i];
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

void calibration_shares(const sigdb_calibration_t *calibration, const pairs_t *pairs, uint32_t without,
                        share_t *shares)
{
    for (uint32_t i = 0; i < calibration->group_count; i++) {
        shares[i] = (share_t){0, 0, 0};
    }
    for (uint32_t i = 0; i < pairs->count; i++) {
        const pair_t *pair = &pairs->items[i];
        if (pair->collection != without) {
            shares[pair->group].right += pair->share.right;
            shares[pair->group].class_right += pair->share.class_right;
            shares[pair->group].all += pair->share.all;
        }
    }
}

static double likelihood(double right, double all, double chance)
{
    const double bounded = fmin(fmax(chance, LEAST_CHANCE), 1 - LEAST_CHANCE);
    return right * log(bounded) + (all - right) * log(1 - bounded);
}

/* Logarithm of the likelihood of all answers for which @p prior is meant. */
static double likelihood_of(const sigdb_calibration_t *calibration, const pairs_t *pairs, uint32_t without,
                            const share_t *shares, const priors_t *priors, const prior_t *prior)
{
    double sum =
        likelihood(without_answers.weight * without_answers.share, without_answers.weight, prior->share);
    for (uint32_t i = 0; i < pairs->count; i++) {
        const pair_t *pair = &pairs->items[i];
        const bool meant = prior_of(priors, &calibration->groups[pair->group]) == prior;
        if (!meant || pair->collection == without) {
            continue;
        }
        const share_t *all = &shares[pair->group];
        const double chance =
            share_with_prior(all->right - pair->share.right, all->all - pair->share.all, prior);
        sum += likelihood(pair->share.right, pair->share.all, chance);
    }
    return sum;
}

/* The mean of all shares and weights, each by its likelihood: where several are as likely, one more
 * observation must not exchange the prior. */
static prior_t likely(const sigdb_calibration_t *calibration, const pairs_t *pairs, uint32_t without,
                      const share_t *shares, const priors_t *priors, prior_t *tried)
{
    double most = -INFINITY;
    double sum = 0;
    prior_t mean = {0, 0};
    for (int share = SHARE_LEAST; share <= SHARE_MOST; share += SHARE_STEP) {
        for (int weight = 1; weight <= PRIOR_WEIGHT_MOST; weight++) {
            *tried = (prior_t){.share = share / 100.0, .weight = weight};
            const double found = likelihood_of(calibration, pairs, without, shares, priors, tried);
            const double less = found > most ? exp(most - found) : 1; /* of what was added before */
            most = fmax(most, found);
            const double part = exp(found - most);
            sum = sum * less + part;
            mean.share = mean.share * less + part * tried->share;
            mean.weight = mean.weight * less + part * tried->weight;
        }
    }
    return (prior_t){.share = mean.share / sum, .weight = mean.weight / sum};
}

priors_t calibration_priors(const sigdb_calibration_t *calibration, const pairs_t *pairs, uint32_t without,
                            const share_t *shares)
{
    priors_t priors;
    for (int direction = 0; direction < CALIBRATION_DIRECTIONS; direction++) {
        for (int kind = 0; kind < PRIOR_KINDS; kind++) {
            prior_t *prior = &priors.of[direction][kind];
            *prior = likely(calibration, pairs, without, shares, &priors, prior);
        }
    }
    return priors;
}
