/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "hosts/host_verdict.h"

#include <math.h>
#include <string.h>

#define QUALITY_LEAST 5u  /* no answer speaks for certain against its own label */
#define QUALITY_MOST  98u /* or for it */
#define VERDICT_MOST  99u
/* A family with fewer observations than this part of the most frequent one is not stated: one odd packet does
 * not outweigh dozens, however sure its label is. */
#define RARE_PART 4u

#define CLASS_FAMILY     "Embedded system"
#define MIDDLEBOX_FAMILY "Proxy or middlebox" /* it stands before systems of all classes */

static double evidence_of(const host_vote_t *vote)
{
    const double quality = vote->quality < QUALITY_LEAST  ? QUALITY_LEAST
                           : vote->quality > QUALITY_MOST ? QUALITY_MOST
                                                          : vote->quality;
    return log(quality / (100 - quality));
}

static bool counts(const host_vote_t *vote)
{
    return vote->family != 0 && vote->count > 0 && !vote->tool;
}

void host_vote_set_class(host_vote_t *vote, const char *os_class, const char *family)
{
    vote->whole_class = strcmp(family, CLASS_FAMILY) == 0;
    vote->in_class = strcmp(os_class, "other") == 0 && strcmp(family, MIDDLEBOX_FAMILY) != 0;
}

static bool is_of_family(const host_vote_t *vote, const host_vote_t *family)
{
    return counts(vote) && vote->family == family->family;
}

static bool supports(const host_vote_t *vote, const host_vote_t *family)
{
    return is_of_family(vote, family) || (counts(vote) && vote->whole_class && family->in_class);
}

/* A label of a class whose families were seen as well adds no information. */
static bool is_covered(const host_vote_t *votes, size_t count, const host_vote_t *vote)
{
    for (size_t i = 0; vote->whole_class && i < count; i++) {
        if (counts(&votes[i]) && votes[i].in_class && !votes[i].whole_class) {
            return true;
        }
    }
    return false;
}

/* A specific label says more than a generic one, and one that is seen often more than one seen once. */
static bool says_more(const host_vote_t *vote, const host_vote_t *than)
{
    if (vote->generic != than->generic) {
        return than->generic;
    }
    if (vote->quality != than->quality) {
        return vote->quality > than->quality;
    }
    return vote->count > than->count;
}

/* The odds of a family, of which each other family has its share, and the label to state for it. */
static double family_odds(const host_vote_t *votes, size_t count, const host_vote_t *family, double total,
                          size_t *label)
{
    double sum = 0;
    double observations = 0;
    bool found = false;
    for (size_t i = 0; i < count; i++) {
        if (!supports(&votes[i], family)) {
            continue;
        }
        sum += evidence_of(&votes[i]);
        observations += (double)votes[i].count;
        if (is_of_family(&votes[i], family) && (!found || says_more(&votes[i], &votes[*label]))) {
            *label = i;
            found = true;
        }
    }
    return exp(sum) * observations / total;
}

static double observations_of(const host_vote_t *votes, size_t count)
{
    double total = 0;
    for (size_t i = 0; i < count; i++) {
        total += counts(&votes[i]) ? (double)votes[i].count : 0;
    }
    return total;
}

static uint64_t observations_of_family(const host_vote_t *votes, size_t count, const host_vote_t *family)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += supports(&votes[i], family) ? votes[i].count : 0;
    }
    return sum;
}

static uint64_t most_of_a_family(const host_vote_t *votes, size_t count)
{
    uint64_t most = 0;
    for (size_t i = 0; i < count; i++) {
        const uint64_t sum = counts(&votes[i]) ? observations_of_family(votes, count, &votes[i]) : 0;
        most = sum > most ? sum : most;
    }
    return most;
}

static bool seen_before(const host_vote_t *votes, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        if (counts(&votes[i]) && votes[i].family == votes[at].family) {
            return true;
        }
    }
    return false;
}

/* Only tools were seen: the one that was seen most. */
static host_verdict_t tool_verdict(const host_vote_t *votes, size_t count)
{
    host_verdict_t verdict = {0, 0};
    for (size_t i = 0; i < count; i++) {
        const bool better = verdict.quality == 0 || votes[i].count > votes[verdict.vote].count;
        if (votes[i].tool && votes[i].count > 0 && better) {
            verdict = (host_verdict_t){i, votes[i].quality};
        }
    }
    return verdict;
}

host_verdict_t host_verdict_of(const host_vote_t *votes, size_t count)
{
    double best = 0;
    double all = 1; /* "none of them" */
    bool found = false;
    host_verdict_t verdict = {0, 0};
    count = count > HOST_VOTES_MAX ? HOST_VOTES_MAX : count;
    const double total = observations_of(votes, count);
    const uint64_t most = most_of_a_family(votes, count);
    for (size_t i = 0; i < count; i++) {
        if (!counts(&votes[i]) || seen_before(votes, i) || is_covered(votes, count, &votes[i])) {
            continue;
        }
        size_t label = i;
        const double odds = family_odds(votes, count, &votes[i], total, &label);
        all += odds;
        if (observations_of_family(votes, count, &votes[i]) < most / RARE_PART) {
            continue;
        }
        if (!found || odds > best) {
            best = odds;
            verdict.vote = label;
        }
        found = true;
    }
    if (!found) {
        return tool_verdict(votes, count);
    }
    const double percent = 100 * best / all;
    verdict.quality = (uint8_t)(percent > VERDICT_MOST ? VERDICT_MOST : percent + 0.5);
    return verdict;
}
