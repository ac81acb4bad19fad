/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "verdict/host_likelihood.h"

#include <stddef.h>
#include <string.h>
#include <synfix/match.h>

#include "verdict/habit_counts.h"

/* Added to each count: a habit that no labelled host showed is rare, not impossible. */
#define PRIOR 0.5
/* No habit alone is stronger evidence than this: gateways rewrite IP IDs, and labels have mistakes. */
#define RATIO_MOST 5.0

#define FAMILIES (sizeof habit_counts / sizeof habit_counts[0])

/* The clock of another version is stronger evidence: only several hosts behind one address or a wrong label
 * cause it. */
#define VERSION_RATIO_MOST 50.0

/* Share of hosts whose measured frequency differs from all frequencies of their label: the measurement or the
 * label is wrong. */
#define CLOCK_MISTAKE 0.03

/* Shares of the observed start values by policy of the label: Linux before 4.10; Linux since 4.10 (kernels of
 * 2026, 6.18.44 among them, add the ports to the hash, so that each connection has its own start value);
 * Apple's and BSD systems. Unknown is likely where labelled hosts had one peer. */
static const double offset_shares[][CLOCK_OFFSETS] = {
    [SYNFIX_CLOCK_BOOT] = {0, 0.40, 0.01, 0.01, 0.58},
    [SYNFIX_CLOCK_HOST] = {0, 0.01, 0.47, 0.28, 0.24},
    [SYNFIX_CLOCK_CONNECTION] = {0, 0.01, 0.05, 0.90, 0.04},
};

/* The second row without the kernels of 2026. */
static const double old_host_shares[CLOCK_OFFSETS] = {0, 0.01, 0.72, 0.03, 0.24};

uint8_t host_likelihood_number(const char *family)
{
    family = strcmp(family, "macOS") == 0 ? "macOS or iOS" : family;
    for (size_t i = 0; i < FAMILIES; i++) {
        if (strcmp(habit_counts[i].family, family) == 0) {
            return (uint8_t)(i + 1);
        }
    }
    return 0;
}

static double share_of(const float *counts, unsigned size, unsigned habit)
{
    double sum = 0;
    for (unsigned i = 1; i < size; i++) {
        sum += (double)counts[i] + PRIOR;
    }
    return ((double)counts[habit] + PRIOR) / sum;
}

static double bounded(double ratio, double most)
{
    return ratio > most ? most : ratio < 1 / most ? 1 / most : ratio;
}

/* Returns one row of counts of family @p i. */
typedef const float *(*row_fn)(size_t i, bool from_server);

static const float *ip_id_row(size_t i, bool from_server)
{
    return habit_counts[i].ip_ids[from_server];
}

static const float *rate_row(size_t i, bool from_server)
{
    (void)from_server;
    return habit_counts[i].rates;
}

static const float *offset_row(size_t i, bool from_server)
{
    (void)from_server;
    return habit_counts[i].offsets;
}

static double ratio_of(row_fn row, size_t own, unsigned size, unsigned habit, bool from_server)
{
    double others = 0;
    if (habit == 0) {
        return 1;
    }
    for (size_t i = 0; i < FAMILIES; i++) {
        others += i != own ? share_of(row(i, from_server), size, habit) : 0;
    }
    return FAMILIES > 1
               ? bounded(share_of(row(own, from_server), size, habit) * (FAMILIES - 1) / others, RATIO_MOST)
               : 1;
}

/* Most labelled captures are older than the kernels of 2026, so a start value for each connection is no
 * evidence for a family. */
static unsigned offset_of_family(unsigned offset)
{
    return offset == CLOCK_OFFSET_CONNECTION ? CLOCK_OFFSET_UNKNOWN : offset;
}

double host_likelihood_family(uint8_t number, const host_habits_t *habits)
{
    if (number == 0) {
        return 1;
    }
    const size_t own = number - 1u;
    return ratio_of(ip_id_row, own, IP_ID_HABITS, habits->ip_id, habits->from_server) *
           ratio_of(rate_row, own, CLOCK_RATES, habits->rate, false) *
           ratio_of(offset_row, own, CLOCK_OFFSETS, offset_of_family(habits->offset), false);
}

static double rate_share(uint32_t clock, unsigned rate)
{
    unsigned known = 0;
    for (unsigned i = 1; i < CLOCK_RATES; i++) {
        known += (clock & HOST_CLOCK_RATE(i)) != 0;
    }
    if (known == 0) {
        return 1.0 / (CLOCK_RATES - 1);
    }
    return (clock & HOST_CLOCK_RATE(rate)) != 0 ? (1 - CLOCK_MISTAKE) / known : CLOCK_MISTAKE;
}

/* A label without a policy is a mixture: with known frequencies, of versions that start at boot or for each
 * peer; otherwise of all three policies. */
static double offset_share(uint32_t clock, unsigned offset)
{
    const unsigned policy = HOST_CLOCK_POLICY(clock);
    const unsigned last = clock != 0 ? SYNFIX_CLOCK_HOST : SYNFIX_CLOCK_CONNECTION;
    double sum = 0;
    if (policy != SYNFIX_CLOCK_UNKNOWN && policy <= SYNFIX_CLOCK_CONNECTION) {
        return offset_shares[policy][offset];
    }
    for (unsigned i = SYNFIX_CLOCK_BOOT; i <= last; i++) {
        sum += i == SYNFIX_CLOCK_HOST && clock != 0 ? old_host_shares[offset] : offset_shares[i][offset];
    }
    return sum / last;
}

double host_likelihood_version(uint32_t label_clock, const host_habits_t *habits)
{
    double ratio = 1;
    if (habits->rate != CLOCK_RATE_UNKNOWN) {
        ratio *=
            bounded(rate_share(label_clock, habits->rate) / rate_share(0, habits->rate), VERSION_RATIO_MOST);
    }
    if (habits->offset != CLOCK_OFFSET_UNKNOWN) {
        ratio *= bounded(offset_share(label_clock, habits->offset) / offset_share(0, habits->offset),
                         VERSION_RATIO_MOST);
    }
    return label_clock != 0 ? ratio : 1;
}
