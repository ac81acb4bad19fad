/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file clock_frequency.h
 * How fast a timestamp clock ticks, from two readings of it. Pure functions.
 */
#ifndef UPTIME_CLOCK_FREQUENCY_H
#define UPTIME_CLOCK_FREQUENCY_H

#include <stdint.h>

#define FREQUENCY_WAIT_MIN_MS 25
#define FREQUENCY_WAIT_MAX_MS 600000
#define FREQUENCY_TICKS_MIN   5u
#define FREQUENCY_HZ_MIN      0.7
#define FREQUENCY_HZ_MAX      1500.0

typedef enum frequency_reading {
    FREQUENCY_GOOD,
    FREQUENCY_IGNORED, /* too early, too late, too few ticks, or a little out of order */
    FREQUENCY_BAD,     /* not a believable clock */
} frequency_estimate_t;

/** Judges @p ticks (modulo 2^32) within @p elapsed_ms; @p hertz is set when the reading is good. */
frequency_estimate_t frequency_read(uint32_t ticks, int64_t elapsed_ms, double *hertz);

/** The round number that a clock of measured @p hertz was built for, as p0f rounds: 0.7 to 1500 Hz. */
uint16_t frequency_round(double hertz);

#endif
