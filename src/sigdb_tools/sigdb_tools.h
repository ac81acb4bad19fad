/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file sigdb_tools.h
 * For people who keep a database: what is in it, what is wrong with it, how good it is, why it answers so.
 * All take a finished database and print to a stream of the caller's.
 */
#ifndef SIGDB_TOOLS_SIGDB_TOOLS_H
#define SIGDB_TOOLS_SIGDB_TOOLS_H

#include <stdio.h>
#include <synfix/sigdb.h>

/** Contents and counts, with @p all also every entry. */
void sigdb_show(const synfix_sigdb_t *sigdb, bool all, FILE *out);

/** One line `path:line: what` for each duplicate, unreachable or contradicting entry; how many. */
unsigned sigdb_lint(const synfix_sigdb_t *sigdb, FILE *out);

/** Which entries were considered, what each failed on or how far it is, and which one won. @p offers:
 * SYNFIX_OFFER_* of the SYN that a SYN+ACK answers; 0 not known. */
void sigdb_explain(const synfix_sigdb_t *sigdb, synfix_direction_t direction,
                   const synfix_signature_t *signature, uint8_t offers, FILE *out);

/** Family of a system's name (`Android` is of the family `Linux`): a constant, or @p name itself. */
const char *sigdb_family(const char *name);

/** Whether @p name says that the system cannot be told (`Proxy or middlebox`). */
bool sigdb_is_undecided(const char *name);

enum { SIGDB_BANDS = 10, SIGDB_KINDS = 4, SIGDB_FAMILIES_MAX = 48, SIGDB_PAIRS_MAX = 256 };

typedef struct sigdb_band {
    double weight;
    double family_right;
    double name_right;
} sigdb_band_t;

/** What a host runs, by the word of the list, and the label that was told: NULL for none. */
typedef struct sigdb_pair {
    char is[24];
    const synfix_label_t *told;
    double weight;
} sigdb_pair_t;

/** Labelled observations against answers, in connections. Start with zeros. */
typedef struct sigdb_confusion {
    double total;
    double family_right;
    double exact; /* family right, kind exact */
    double undecided;
    sigdb_band_t bands[SIGDB_BANDS]; /* by quality: 0 to 10, 11 to 20 ... */
    sigdb_band_t kinds[SIGDB_KINDS]; /* exact; exact by an entry that leaves something open; generic; fuzzy */
    unsigned family_count;
    char families[SIGDB_FAMILIES_MAX][24];
    double cells[SIGDB_FAMILIES_MAX][SIGDB_FAMILIES_MAX]; /* [true][told] */
    unsigned pair_count;
    sigdb_pair_t pairs[SIGDB_PAIRS_MAX]; /* more than these are not kept apart: in the last one */
} sigdb_confusion_t;

/**
 * Whether the answer is exact in the strict sense: kind exact, by an entry that leaves neither window nor TTL
 * nor DF open.
 */
bool sigdb_is_exact(const synfix_sigdb_t *sigdb, const synfix_match_t *match);

/** Counts one observation of a host that runs @p name. Whether the answer is right or undecided. */
bool sigdb_confusion_add(sigdb_confusion_t *confusion, const char *name, const synfix_match_t *match,
                         bool exact, double weight);

/** The table by family and by label; the last line is `family_right=P exact=P undecided=P wrong=P n=N`. */
void sigdb_confusion_print(const sigdb_confusion_t *confusion, FILE *out);

/** Share of right answers by band of quality, then by kind of match. */
void sigdb_confusion_print_bands(const sigdb_confusion_t *confusion, FILE *out);

enum { SIGDB_QUALITY_MAX = 95 }; /* that a share of right answers suggests */

/** Qualities against answers, by direction. Start with zeros. */
typedef struct sigdb_calibration {
    sigdb_band_t learnt[2][101]; /* by quality told */
    sigdb_confusion_t told[2];
} sigdb_calibration_t;

typedef struct sigdb_observed {
    synfix_direction_t direction;
    const char *name; /* of the system that the host runs */
    bool exact;       /* as sigdb_is_exact tells */
    double weight;
} sigdb_observed_t;

/** Counts one observation: to @p learn from, or to tell of. Whether the answer is right or undecided. */
bool sigdb_calibration_add(sigdb_calibration_t *calibration, const sigdb_observed_t *observed,
                           const synfix_match_t *match, bool learn);

/** For each direction: right shares of each quality in what was learnt from, then of each band in the rest.
 */
void sigdb_calibration_print(const sigdb_calibration_t *calibration, FILE *out);

/**
 * A figure of the last line in percent by its name (`wrong`), or `right`: the share of right families of all,
 * undecided ones included. Below 0 when there is none of that name.
 */
double sigdb_confusion_figure(const sigdb_confusion_t *confusion, const char *name);

#endif
