/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "verdict/host_verdict.h"

#include "base/family_names.h"
#include "verdict/host_likelihood.h"
#include <math.h>
#include <string.h>

#define QUALITY_LEAST 5u  /* no answer is certain evidence against its own label */
#define QUALITY_MOST  98u /* or for it */
#define VERDICT_MOST  99u
/* A family with fewer observations than this part of the most frequent one is not stated: one odd packet does
 * not outweigh dozens, however sure its label is. */
#define RARE_PART 4u

#define CLASS_FAMILY     "Embedded system"
#define MIDDLEBOX_FAMILY "Proxy or middlebox" /* it stands before systems of all classes */

static double odds_of(double quality)
{
    const double bounded = quality < QUALITY_LEAST  ? QUALITY_LEAST
                           : quality > QUALITY_MOST ? QUALITY_MOST
                                                    : quality;
    return bounded / (100 - bounded);
}

static uint8_t percent_of(double share)
{
    const double percent = 100 * share;
    return (uint8_t)(percent > VERDICT_MOST ? VERDICT_MOST : percent + 0.5);
}

static bool counts(const host_vote_t *vote)
{
    return vote->family != 0 && vote->count > 0 && !vote->tool;
}

/* FNV-1a. macOS and iOS are one family. */
static uint32_t name_hash(const char *name, size_t length)
{
    uint32_t hash = UINT32_C(2166136261);
    if (length == strlen("iOS") && memcmp(name, "iOS", length) == 0) {
        name = "macOS";
        length = strlen(name);
    }
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ (unsigned char)name[i]) * UINT32_C(16777619);
    }
    return hash;
}

static bool has_name(const host_vote_t *vote, uint32_t name)
{
    for (size_t i = 0; i < vote->name_count; i++) {
        if (vote->names[i] == name) {
            return true;
        }
    }
    return false;
}

static void set_names(host_vote_t *vote, const char *family)
{
    vote->name_count = 0;
    while (family != NULL && vote->name_count < HOST_VOTE_NAMES && !vote->middlebox) {
        const uint32_t name = name_hash(family, family_names_first(family));
        if (!has_name(vote, name)) {
            vote->names[vote->name_count++] = name;
        }
        family = family_names_next(family);
    }
}

void host_vote_set_class(host_vote_t *vote, const char *os_class, const char *family)
{
    vote->whole_class = strcmp(family, CLASS_FAMILY) == 0;
    vote->middlebox = strcmp(family, MIDDLEBOX_FAMILY) == 0;
    vote->in_class = strcmp(os_class, "other") == 0 && !vote->middlebox;
    vote->measured = host_likelihood_number(family);
    set_names(vote, family);
}

/* The label names several families, among them those of @p narrower. */
static bool is_wider(const host_vote_t *vote, const host_vote_t *narrower)
{
    if (narrower->name_count == 0 || vote->name_count <= narrower->name_count) {
        return false;
    }
    for (size_t i = 0; i < narrower->name_count; i++) {
        if (!has_name(vote, narrower->names[i])) {
            return false;
        }
    }
    return true;
}

/* The label names a class or several families, to which @p family belongs. */
static bool includes(const host_vote_t *vote, const host_vote_t *family)
{
    return counts(vote) && ((vote->whole_class && family->in_class) || is_wider(vote, family));
}

static bool is_of_family(const host_vote_t *vote, const host_vote_t *family)
{
    return counts(vote) && vote->family == family->family;
}

static bool supports(const host_vote_t *vote, const host_vote_t *family)
{
    return is_of_family(vote, family) || includes(vote, family);
}

/* A label of a class or of several families, of which one was seen as well, adds no information. */
static bool is_covered(const host_vote_t *votes, size_t count, const host_vote_t *vote)
{
    for (size_t i = 0; i < count; i++) {
        if (counts(&votes[i]) && !votes[i].whole_class && includes(vote, &votes[i])) {
            return true;
        }
    }
    return false;
}

/* The odds of the version within its family. Without its own quality it is as sure as the family. */
static double version_odds(const host_vote_t *vote, const host_habits_t *habits)
{
    const double quality = vote->version_quality != 0 && vote->quality != 0
                               ? 100.0 * vote->version_quality / vote->quality
                               : vote->quality;
    return odds_of(quality) * (habits != NULL ? host_likelihood_version(vote->clock, habits) : 1);
}

/* A specific label is more likely than a generic label, and a frequent label more likely than a rare one. */
static bool says_more(const host_vote_t *vote, const host_vote_t *than, const host_habits_t *habits)
{
    if (vote->generic != than->generic) {
        return than->generic;
    }
    const double odds = version_odds(vote, habits);
    const double than_odds = version_odds(than, habits);
    if (odds < than_odds || odds > than_odds) {
        return odds > than_odds;
    }
    return vote->count > than->count;
}

static double likelihood_of(const host_vote_t *family, const host_habits_t *habits)
{
    return habits != NULL ? host_likelihood_family(family->measured, habits) : 1;
}

/* Observations that a family shares with other families. A packet with few options looks like a middlebox
 * although a system sent it, so middleboxes have no share in those of a system. */
static double observations_beside(const host_vote_t *votes, size_t count, const host_vote_t *family)
{
    double total = 0;
    for (size_t i = 0; i < count; i++) {
        const bool shares = counts(&votes[i]) && (family->middlebox || !votes[i].middlebox);
        total += shares ? (double)votes[i].count : 0;
    }
    return total;
}

/* The odds of a family, of which each other family has its share, and the label to state for it. */
static double family_odds(const host_vote_t *votes, size_t count, const host_vote_t *family,
                          const host_habits_t *habits, size_t *label)
{
    double sum = 0;
    double observations = 0;
    bool found = false;
    for (size_t i = 0; i < count; i++) {
        if (!supports(&votes[i], family)) {
            continue;
        }
        sum += log(odds_of(votes[i].quality));
        observations += (double)votes[i].count;
        if (is_of_family(&votes[i], family) && (!found || says_more(&votes[i], &votes[*label], habits))) {
            *label = i;
            found = true;
        }
    }
    return exp(sum) * likelihood_of(family, habits) * observations /
           observations_beside(votes, count, family);
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
    host_verdict_t verdict = {0, 0, 0, false};
    for (size_t i = 0; i < count; i++) {
        const bool better = verdict.quality == 0 || votes[i].count > votes[verdict.vote].count;
        if (votes[i].tool && votes[i].count > 0 && better) {
            verdict = (host_verdict_t){i, votes[i].quality, 0, false};
        }
    }
    return verdict;
}

/* Other labels of the family do not compete: their versions often include the stated one. */
static uint8_t version_quality_of(const host_vote_t *stated, const host_habits_t *habits, uint8_t quality)
{
    const double odds = version_odds(stated, habits);
    return stated->version_quality != 0 ? percent_of(odds / (1 + odds) * quality / 100) : 0;
}

/* Families with separate evidence: the best one, and the odds of all. */
typedef struct family_choice {
    bool found;
    size_t vote; /* index of the best label of the best family */
    double best;
    double all;
} family_choice_t;

static family_choice_t choose_family(const host_vote_t *votes, size_t count, const host_habits_t *habits)
{
    const uint64_t most = most_of_a_family(votes, count);
    family_choice_t choice = {.all = 1}; /* "none of them" */
    for (size_t i = 0; i < count; i++) {
        if (!counts(&votes[i]) || seen_before(votes, i) || is_covered(votes, count, &votes[i])) {
            continue;
        }
        size_t label = i;
        const double odds = family_odds(votes, count, &votes[i], habits, &label);
        choice.all += odds;
        if (observations_of_family(votes, count, &votes[i]) < most / RARE_PART) {
            continue;
        }
        if (!choice.found || odds > choice.best) {
            choice.best = odds;
            choice.vote = label;
        }
        choice.found = true;
    }
    return choice;
}

host_verdict_t host_verdict_of(const host_vote_t *votes, size_t count, const host_habits_t *habits)
{
    count = count > HOST_VOTES_MAX ? HOST_VOTES_MAX : count;
    const family_choice_t choice = choose_family(votes, count, habits);
    if (!choice.found) {
        return tool_verdict(votes, count);
    }
    const host_vote_t *vote = &votes[choice.vote];
    if (likelihood_of(vote, habits) < 1 && choice.best < choice.all - choice.best) {
        return (host_verdict_t){0, 0, 0, false};
    }
    const uint8_t quality = percent_of(choice.best / choice.all);
    return (host_verdict_t){
        .vote = choice.vote,
        .quality = quality,
        .version_quality = version_quality_of(vote, habits, quality),
        .version_contradicted = habits != NULL && host_likelihood_version(vote->clock, habits) < 1,
    };
}

host_verdict_t host_verdict_join(host_verdict_t own, host_verdict_t other, double one_system, bool same)
{
    if (!same) {
        return own;
    }
    const double theirs = one_system * other.quality;
    if (own.quality == 0) {
        other.quality = (uint8_t)theirs;
        other.version_quality = (uint8_t)(one_system * other.version_quality);
        return other;
    }
    const double odds = odds_of(own.quality) * odds_of(theirs);
    const uint8_t quality = percent_of(odds / (1 + odds));
    own.version_quality = (uint8_t)(own.version_quality * quality / own.quality);
    own.quality = quality;
    return own;
}
