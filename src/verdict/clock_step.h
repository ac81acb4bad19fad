/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file clock_step.h
 * Whether two timestamps belong to one clock.
 */
#ifndef VERDICT_CLOCK_STEP_H
#define VERDICT_CLOCK_STEP_H

#include <stdbool.h>
#include <stdint.h>

/** Two points farther apart than this are not compared, in milliseconds. */
#define CLOCK_STEP_LIFETIME_MS 3600000u

/** Whether a clock of @p frequency, in Hz, may advance by @p ticks in @p elapsed_ms, within the jitter of a
 * path. */
bool clock_step_fits(uint32_t ticks, uint32_t elapsed_ms, uint16_t frequency);

/** Returns the frequency of a clock that advances by @p ticks in @p elapsed_ms, in Hz; 0: none, or ticks
 * below @p least. */
uint16_t clock_step_frequency(uint32_t ticks, uint32_t elapsed_ms, uint32_t least);

#endif
