/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "uptime/clock_frequency.h"

/* Within this time, reordered packets may show a clock that steps back slightly (p0f 3.09b, TSTAMP_GRACE). */
#define GRACE_MS    100
#define GRACE_TICKS 15000u

frequency_estimate_t frequency_read(uint32_t ticks, int64_t elapsed_ms, double *hertz)
{
    if (elapsed_ms < FREQUENCY_WAIT_MIN_MS || elapsed_ms > FREQUENCY_WAIT_MAX_MS) {
        return FREQUENCY_IGNORED;
    }
    const uint32_t backwards = ~ticks;
    if (ticks < FREQUENCY_TICKS_MIN || (elapsed_ms < GRACE_MS && backwards < GRACE_TICKS)) {
        return FREQUENCY_IGNORED;
    }
    if (ticks > backwards) {
        return FREQUENCY_BAD;
    }
    const double measured = ticks * 1000.0 / (double)elapsed_ms;
    if (measured < FREQUENCY_HZ_MIN || measured > FREQUENCY_HZ_MAX) {
        return FREQUENCY_BAD;
    }
    *hertz = measured;
    return FREQUENCY_GOOD;
}

uint16_t frequency_round(double hertz)
{
    const unsigned whole = (unsigned)hertz;
    unsigned rounded = whole;
    if (whole == 0) {
        rounded = 1;
    } else if (whole > 500) {
        rounded = (whole + 67) / 100 * 100;
    } else if (whole > 100) {
        rounded = (whole + 33) / 50 * 50;
    } else if (whole > 50) {
        rounded = (whole + 7) / 10 * 10;
    } else if (whole > 10) {
        rounded = (whole + 3) / 5 * 5;
    }
    return (uint16_t)rounded;
}
