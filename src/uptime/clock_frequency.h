/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file clock_frequency.h
 * Frequency of a timestamp clock from two samples. Pure functions.
 */
#ifndef UPTIME_CLOCK_FREQUENCY_H
#define UPTIME_CLOCK_FREQUENCY_H

#include <stdint.h>

/* The limits of p0f 3.09b: time between the samples, ticks, and frequency. */
#define FREQUENCY_WAIT_MIN_MS 25
#define FREQUENCY_WAIT_MAX_MS 600000
#define FREQUENCY_TICKS_MIN   5u
#define FREQUENCY_HZ_MIN      0.7
#define FREQUENCY_HZ_MAX      1500.0

typedef enum frequency_estimate {
    FREQUENCY_GOOD,
    FREQUENCY_IGNORED, /* too early, too late, too few ticks, or slightly reordered */
    FREQUENCY_BAD,     /* not a plausible clock */
} frequency_estimate_t;

/**
 * Evaluates @p ticks (modulo 2^32) within @p elapsed_ms milliseconds. Sets @p hertz if the result is
 * FREQUENCY_GOOD.
 */
frequency_estimate_t frequency_read(uint32_t ticks, int64_t elapsed_ms, double *hertz);

/**
 * The nominal frequency of a clock with the measured frequency @p hertz (0.7 to 1500 Hz), rounded as p0f
 * rounds.
 */
uint16_t frequency_round(double hertz);

#endif
