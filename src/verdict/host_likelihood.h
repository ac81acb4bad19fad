/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file host_likelihood.h
 * The likelihood of the habits of a host, given a family and a version. The shares are measured on labelled
 * hosts (habit_counts.h); families that were not measured get no evidence.
 */
#ifndef VERDICT_HOST_LIKELIHOOD_H
#define VERDICT_HOST_LIKELIHOOD_H

#include "verdict/host_habits.h"

/** Returns the number of a measured family, for host_likelihood_family(); 0: not measured. */
uint8_t host_likelihood_number(const char *family);

/**
 * Returns the probability of @p habits in family @p number, divided by their probability in the other
 * measured families: 1 is no evidence.
 */
double host_likelihood_family(uint8_t number, const host_habits_t *habits);

/**
 * Returns the probability of the clock of @p habits if the stack has the clock @p label_clock
 * (host_label_clock()), divided by the probability with an unknown version of the family. 1 if either is not
 * known.
 */
double host_likelihood_version(uint32_t label_clock, const host_habits_t *habits);

#endif
