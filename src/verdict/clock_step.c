/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "verdict/clock_step.h"

#include <stddef.h>
#include <stdlib.h>

/* Queueing may differ between two packets: an assumption, above the jitter of ordinary Internet paths. */
#define JITTER_MS 60u

static const uint16_t frequencies[] = {1000, 100, 250, 200, 500, 128, 64, 10, 2, 1024, 512, 256, 50, 60};

bool clock_step_fits(uint32_t ticks, uint32_t elapsed_ms, uint16_t frequency)
{
    const int64_t expected = (int64_t)elapsed_ms * frequency / 1000;
    const int64_t allowed = 1 + (int64_t)JITTER_MS * frequency / 1000 + expected / 500;
    return llabs((int64_t)ticks - expected) <= allowed;
}

uint16_t clock_step_frequency(uint32_t ticks, uint32_t elapsed_ms, uint32_t least)
{
    if (elapsed_ms > CLOCK_STEP_LIFETIME_MS || (int32_t)ticks < 0 || ticks < least) {
        return 0;
    }
    for (size_t i = 0; i < sizeof frequencies / sizeof frequencies[0]; i++) {
        if (clock_step_fits(ticks, elapsed_ms, frequencies[i])) {
            return frequencies[i];
        }
    }
    return 0;
}
