/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file sigdb_tools.h
 * Tools for maintainers of a database: contents, mistakes, accuracy, and the reasons of a match. All
 * functions take a finished database and print to a stream of the caller.
 */
#ifndef SIGDB_TOOLS_SIGDB_TOOLS_H
#define SIGDB_TOOLS_SIGDB_TOOLS_H

#include <stdio.h>
#include <synfix/sigdb.h>

/** Prints contents and counts; with @p all, also each entry. */
void sigdb_show(const synfix_sigdb_t *sigdb, bool all, FILE *out);

/** Prints a line `path:line: reason` for each duplicate, unreachable or contradicting entry; returns their
 * number. */
unsigned sigdb_lint(const synfix_sigdb_t *sigdb, FILE *out);

/** Prints the entries that were compared, the field in which each one differs or its distance, and the
 * winner. @p offers: SYNFIX_OFFER_* of the SYN that a SYN+ACK answers; 0: unknown. */
void sigdb_explain(const synfix_sigdb_t *sigdb, synfix_direction_t direction,
                   const synfix_signature_t *signature, uint8_t offers, FILE *out);

/** Returns the family of a system's name (`Linux` for `Android`): a constant, or @p name itself. */
const char *sigdb_family(const char *name);

/** False if @p name is of systems of several families (`FreeBSD or macOS`, but not `macOS or iOS`). */
bool sigdb_names_one_family(const char *name);

/** Whether @p name stands for an unknown system (`Proxy or middlebox`). */
bool sigdb_is_undecided(const char *name);

/** Whether @p name is the name of an embedded or a network system. */
bool sigdb_is_embedded(const char *name);

/** Whether @p label names Windows or a system of Apple, also as one of several families. */
bool sigdb_is_desktop(const synfix_label_t *label);

typedef enum sigdb_outcome { SIGDB_RIGHT, SIGDB_WRONG, SIGDB_UNDECIDED } sigdb_outcome_t;

/**
 * Judges the answer @p label (NULL: none) for a host that runs @p truth by their families. An answer with
 * several families (`FreeBSD or macOS`) is right for each of them. For the truth
 * `embedded`, each label of an embedded system is right, and Linux is undecided.
 */
sigdb_outcome_t sigdb_label_outcome(const synfix_label_t *label, const char *truth);

/** Whether the class of @p label (`win`, `unix`, `other`) is that of @p truth. */
bool sigdb_class_is_right(const synfix_label_t *label, const char *truth);

enum { SIGDB_QUALITY_SURE = 90 };
enum { SIGDB_FAMILIES_MAX = 48, SIGDB_PAIRS_MAX = 256 };

/** The system of a host in the list, and the label of the answer (NULL: none). */
typedef struct sigdb_pair {
    char is[24];
    const synfix_label_t *answer;
    double weight;
} sigdb_pair_t;

/** Labelled observations and their answers, weighted by connections. Initialise with zero. */
typedef struct sigdb_confusion {
    double total;
    double family_right;
    double exact; /* family right, kind exact */
    double undecided;
    double sure; /* answers of quality SIGDB_QUALITY_SURE or more */
    double sure_wrong;
    double embedded; /* observations of embedded and network systems */
    double embedded_as_desktop;
    unsigned family_count;
    char families[SIGDB_FAMILIES_MAX][24];
    double cells[SIGDB_FAMILIES_MAX][SIGDB_FAMILIES_MAX]; /* [true][answer] */
    bool wrong[SIGDB_FAMILIES_MAX][SIGDB_FAMILIES_MAX];   /* an answer in the cell was wrong */
    unsigned pair_count;
    sigdb_pair_t pairs[SIGDB_PAIRS_MAX]; /* further names share the last element */
} sigdb_confusion_t;

/**
 * Whether the answer is exact in the strict sense: kind exact, one family, by an entry that leaves neither
 * window nor TTL nor DF open.
 */
bool sigdb_is_exact(const synfix_sigdb_t *sigdb, const synfix_match_t *match);

/** Counts one observation of a host that runs @p name. Returns whether the answer is right or undecided. */
bool sigdb_confusion_add(sigdb_confusion_t *confusion, const char *name, const synfix_match_t *match,
                         bool exact, double weight);

/** Prints the tables by family and by label; the last line is `family_right=P exact=P undecided=P wrong=P
 * n=N`. */
void sigdb_confusion_print(const sigdb_confusion_t *confusion, FILE *out);

enum { SIGDB_QUALITY_MAX = 97 }; /* suggested by a share of right answers */

/**
 * Answers by collection, direction, label and kind of match, for measured qualities: the qualities from other
 * collections are tested with each collection. Initialise with zero.
 */
typedef struct sigdb_calibration {
    struct calibration_row *rows;
    struct calibration_group *groups;
    char **collections;
    uint32_t row_count;
    uint32_t group_count;
    uint32_t collection_count;
} sigdb_calibration_t;

typedef struct sigdb_observed {
    const char *collection; /* collection of the observation; copied */
    synfix_direction_t direction;
    const char *name; /* family of the host's system */
    double weight;
} sigdb_observed_t;

/** Counts one observation. False: out of memory. */
bool sigdb_calibration_add(sigdb_calibration_t *calibration, const synfix_sigdb_t *sigdb,
                           const sigdb_observed_t *observed, const synfix_match_t *match);

/**
 * Prints for each direction the right share of each band of the stated qualities, then of the qualities that
 * the other collections suggest, then each label with the qualities of family and class that all collections
 * together suggest.
 * False: out of memory.
 */
bool sigdb_calibration_print(const sigdb_calibration_t *calibration, const synfix_sigdb_t *sigdb, FILE *out);

/** Bands with fewer observations are too small to check their qualities. */
enum { SIGDB_BAND_LEAST = 30 };
/** No band has SIGDB_BAND_LEAST observations. */
#define SIGDB_NO_BAND (-1.0)

/**
 * Sets @p points to the largest difference, in points, of a band's share of right answers and its mean
 * quality, among the bands of at least SIGDB_BAND_LEAST observations of both directions, or to SIGDB_NO_BAND.
 * @p left_out: the rules come from these collections. Labels that one collection has seen do not count, and
 * each collection is left out in turn: tested with the qualities that the others suggest.
 * False: out of memory.
 */
bool sigdb_calibration_deviation(const sigdb_calibration_t *calibration, bool left_out, double *points);

/** Frees all counts. NULL is allowed. */
void sigdb_calibration_free(sigdb_calibration_t *calibration);

/**
 * Returns a figure of the last line in percent by its name (`wrong`), or `right`: the share of right families
 * of all, undecided ones included; `sure_wrong`: of the answers of quality 90 or more; `desktop`: the share
 * of embedded and network systems with the label of a desktop system. Below 0: no such figure.
 */
double sigdb_confusion_figure(const sigdb_confusion_t *confusion, const char *name);

#endif
