/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Timestamp clocks behind one address. Stacks differ: one clock for all connections (Linux before 4.10,
 * Windows with timestamps), one clock for each pair of addresses (Linux since 4.10), a random start for each
 * connection (macOS, FreeBSD). Two lines belong to two hosts if both stay in use and either of them serves
 * all connections, or if both have connections to one address.
 */
#include "base/clock.h"
#include "hosts/host_evidence.h"
#include "verdict/clock_step.h"

#define POINTS_MIN       3u
#define ALTERNATIONS_MIN 2u
#define TICKS_MIN        5u

/* Returns the frequency in Hz of a clock through both points; 0: none. */
static uint16_t frequency_between(const clock_line_t *line, uint32_t value, uint32_t time_ms)
{
    const uint32_t ticks = value - line->value;
    const uint32_t elapsed_ms = time_ms - line->time_ms;
    if (line->frequency == 0) {
        return clock_step_frequency(ticks, elapsed_ms, TICKS_MIN);
    }
    const bool later = elapsed_ms <= CLOCK_STEP_LIFETIME_MS && (int32_t)ticks >= 0;
    return later && clock_step_fits(ticks, elapsed_ms, line->frequency) ? line->frequency : 0;
}

/* Evicts the clock with the fewest points, among equal ones the oldest. */
static clock_line_t *line_to_replace(clock_line_t *lines, uint32_t time_ms)
{
    clock_line_t *worst = lines;
    for (clock_line_t *line = lines; line < lines + CLOCK_LINES; line++) {
        const bool fewer = (line->points >= POINTS_MIN) < (worst->points >= POINTS_MIN);
        const bool as_few = (line->points >= POINTS_MIN) == (worst->points >= POINTS_MIN);
        if (line->points == 0) {
            return line;
        }
        if (fewer || (as_few && time_ms - line->time_ms > time_ms - worst->time_ms)) {
            worst = line;
        }
    }
    return worst;
}

void clock_lines_add(host_evidence_t *evidence, uint32_t value, uint32_t peer, int64_t time_ns)
{
    const uint32_t time_ms = (uint32_t)(uint64_t)(time_ns / NS_PER_MS);
    clock_line_t *lines = evidence->clocks;
    for (unsigned i = 0; i < CLOCK_LINES; i++) {
        clock_line_t *line = &lines[i];
        const uint16_t frequency = line->points != 0 ? frequency_between(line, value, time_ms) : 0;
        if (frequency == 0) {
            continue;
        }
        line->frequency = frequency;
        line->value = value;
        line->time_ms = time_ms;
        count_up(&line->points);
        line->several_peers = line->several_peers || line->peer != peer;
        if (line->points >= POINTS_MIN) {
            side_used(&evidence->clock_use, i);
        }
        return;
    }
    clock_line_t *fresh = line_to_replace(lines, time_ms);
    *fresh = (clock_line_t){.time_ms = time_ms, .value = value, .peer = peer, .points = 1};
    side_cleared(&evidence->clock_use, (unsigned)(fresh - lines));
}

/* Both lines belong to all connections of their host, or have connections to the same address. */
static bool are_comparable(const clock_line_t *one, const clock_line_t *other)
{
    return one->several_peers || other->several_peers || one->peer == other->peer;
}

bool clock_lines_alternate(const host_evidence_t *evidence)
{
    const clock_line_t *lines = evidence->clocks;
    for (unsigned i = 0; i < CLOCK_LINES && evidence->clock_use.most >= ALTERNATIONS_MIN; i++) {
        for (unsigned k = i + 1; k < CLOCK_LINES; k++) {
            if (side_alternations(&evidence->clock_use, i, k) >= ALTERNATIONS_MIN &&
                are_comparable(&lines[i], &lines[k])) {
                return true;
            }
        }
    }
    return false;
}
