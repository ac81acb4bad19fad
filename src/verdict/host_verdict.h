/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file host_verdict.h
 * One answer about a host from all labels of its SYNs, or of its SYN+ACKs.
 *
 * A quality is the probability that a label's family is right, so an answer of quality q has the weight of
 * the logarithm of its odds, ln(q / (100 - q)). Different labels of one family are independent evidence and
 * add up; repetitions of one label are the same evidence again and add little. The families compete with each
 * other and with "none of them", each by its share of the observations, without those of middleboxes. A
 * family that is much rarer than another one is not stated. A label that names a class of systems ("Embedded
 * system") agrees with each family of the class: it adds to their evidence, and is stated itself only without
 * them. So does a label that names several families. Habits of the host, which several connections show, are
 * further evidence: IP IDs and clocks for the families, clocks for the versions of the family that is stated.
 * A family that they make less likely than not is not stated.
 */
#ifndef VERDICT_HOST_VERDICT_H
#define VERDICT_HOST_VERDICT_H

#include "verdict/host_habits.h"
#include <stddef.h>

/** Families that one label names (`FreeBSD or macOS`) at most; further ones do not count. */
#define HOST_VOTE_NAMES 3u

/** One label of a host. */
typedef struct host_vote {
    uint32_t family;    /* equal for labels of one family; 0: no match, which is no evidence */
    uint64_t count;     /* observations with this label */
    uint8_t quality;    /* 0 to 100, percent: best of its matches */
    bool generic;       /* a label of type g */
    bool tool;          /* a scanner's packet is no evidence about the host's own system */
    bool in_class;      /* host_vote_set_class: a family that a label of a class may mean */
    bool whole_class;   /* the label names the class */
    bool middlebox;     /* host_vote_set_class: a label of what stands before systems of all families */
    uint8_t name_count; /* of names */
    uint32_t names[HOST_VOTE_NAMES]; /* host_vote_set_class: hashes of the families that the label names */
    uint8_t measured;                /* host_likelihood_number() of the family; host_vote_set_class */
    uint8_t version_quality;         /* percent: that the whole label is right; 0 not known */
    uint32_t clock;                  /* host_label_clock() of the label; 0 unknown */
} host_vote_t;

typedef struct host_verdict {
    size_t vote;               /* index of the label to state; meaningless if quality is 0 */
    uint8_t quality;           /* 0 to 99, percent: that its family is right; 0: nothing is known */
    uint8_t version_quality;   /* percent: that the whole label is right, not above quality; 0: not known */
    bool version_contradicted; /* the clock of the host makes the version less likely */
} host_verdict_t;

/** A version that the clock contradicts is not stated below this quality of the version. */
#define HOST_VERSION_LEAST 60u

/** Whether only the family of the label is to be stated. */
static inline bool host_verdict_family_only(const host_verdict_t *verdict)
{
    return verdict->version_contradicted && verdict->version_quality < HOST_VERSION_LEAST;
}

/** Votes of one host at most; further votes are ignored. */
#define HOST_VOTES_MAX 16u

/** Sets in_class, whole_class, middlebox, names and measured of @p vote by the class (`other`) and the family
 * of its label. */
void host_vote_set_class(host_vote_t *vote, const char *os_class, const char *family);

/** @p habits: what several connections show; NULL: not known, or of several hosts. */
host_verdict_t host_verdict_of(const host_vote_t *votes, size_t count, const host_habits_t *habits);

/** Below this quality the verdict of one role is no evidence about the other one. */
#define HOST_OTHER_LEAST 60u

/** Whether the verdict of one role, whose vote is @p vote, is evidence about the other role of the host.
 */
static inline bool host_verdict_speaks_for_host(const host_verdict_t *verdict, const host_vote_t *vote)
{
    return verdict->quality >= HOST_OTHER_LEAST && !vote->tool && !vote->middlebox;
}

/**
 * Returns the verdict about a host from the verdicts about its two roles, which are of one system in nearly
 * all hosts.
 * @p own is of the role to state, quality 0 if nothing is known, @p other of the other one; @p one_system:
 * the probability, HOST_ONE_SYSTEM_LEAST to 1, that they are of one system (host_path.h); @p same: both state
 * one family, or @p own none. The result's vote is meaningless if the label of @p other is stated.
 */
host_verdict_t host_verdict_join(host_verdict_t own, host_verdict_t other, double one_system, bool same);

#endif
