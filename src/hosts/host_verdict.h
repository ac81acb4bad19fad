/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file host_verdict.h
 * One answer about a host from all labels of its SYNs, or of its SYN+ACKs.
 *
 * A quality is the probability that a label's family is right, so an answer of quality q is worth the
 * logarithm of its odds, ln(q / (100 - q)). Different labels of one family are independent evidence and add
 * up; repetitions of one label are the same evidence again and add little. The families compete with each
 * other and with "none of them". A family that is much rarer than another one is not stated. A label that
 * names a class of systems ("Embedded system") agrees with each family of the class: it adds to their
 * evidence, and is stated itself only without them.
 */
#ifndef HOSTS_HOST_VERDICT_H
#define HOSTS_HOST_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** One label of a host. */
typedef struct host_vote {
    uint32_t family;  /* equal for labels of one family; 0: no match, which says nothing */
    uint64_t count;   /* observations with this label */
    uint8_t quality;  /* 0 to 100, percent: best of its matches */
    bool generic;     /* a label of type g */
    bool tool;        /* a scanner's packet says nothing of the host's own system */
    bool in_class;    /* host_vote_set_class: a family that a label of a class may mean */
    bool whole_class; /* the label names the class */
} host_vote_t;

typedef struct host_verdict {
    size_t vote;     /* index of the label to state; meaningless if quality is 0 */
    uint8_t quality; /* 0 to 99, percent: that its family is right; 0: nothing is known */
} host_verdict_t;

/** Votes of one host at most; further votes are ignored. */
#define HOST_VOTES_MAX 16u

/** Sets in_class and whole_class of @p vote by the class (`other`) and the family of its label. */
void host_vote_set_class(host_vote_t *vote, const char *os_class, const char *family);

host_verdict_t host_verdict_of(const host_vote_t *votes, size_t count);

#endif
