/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file habit_counts.h
 * Labelled hosts by family and habit. Written by tests/labels/habits.py; do not edit.
 */
#ifndef VERDICT_HABIT_COUNTS_H
#define VERDICT_HABIT_COUNTS_H

#include "verdict/host_habits.h"

/* Hosts of one family; one collection counts as five hosts of a cell at most. The indices are those of the
 * enumerations. */
typedef struct habit_counts {
    const char *family;
    float ip_ids[2][IP_ID_HABITS]; /* of SYNs, of SYN+ACKs */
    float rates[CLOCK_RATES];
    float offsets[CLOCK_OFFSETS];
} habit_counts_t;

static const habit_counts_t habit_counts[] = {
    {"Linux", {{0, 0, 0, 29, 0}, {0, 21, 0, 0, 1}}, {0, 10, 19, 4, 0}, {0, 15, 11, 2, 27}},
    {"Windows", {{0, 0, 42, 0, 1}, {0, 0, 20, 0, 0}}, {0, 1, 0, 1, 0}, {0, 0, 0, 0, 3}},
    {"macOS or iOS", {{0, 7, 1, 11, 0}, {0, 3, 0, 0, 0}}, {0, 7, 0, 0, 1}, {0, 7, 1, 10, 8}},
};

#endif
