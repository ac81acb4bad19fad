/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "hosts/host_evidence.h"

#include <string.h>

/* Place of a pair in the triangle below the diagonal. */
static unsigned pair_of(unsigned one, unsigned other)
{
    const unsigned high = one > other ? one : other;
    const unsigned low = one > other ? other : one;
    return high * (high - 1) / 2 + low;
}

/* Renumbers the uses from 1 on in their order. */
static void renumber(side_by_side_t *sides)
{
    uint16_t ranks[SIDES_MAX] = {0};
    for (unsigned i = 0; i < SIDES_MAX; i++) {
        for (unsigned k = 0; k < SIDES_MAX; k++) {
            ranks[i] =
                (uint16_t)(ranks[i] + (sides->last_use[k] != 0 && sides->last_use[k] <= sides->last_use[i]));
        }
    }
    memcpy(sides->last_use, ranks, sizeof ranks);
    sides->uses = SIDES_MAX;
}

void side_used(side_by_side_t *sides, unsigned place)
{
    const uint16_t before = sides->last_use[place];
    for (unsigned other = 0; other < SIDES_MAX; other++) {
        if (other != place && before != 0 && sides->last_use[other] > before) {
            uint8_t *count = &sides->alternations[pair_of(place, other)];
            count_up(count);
            sides->most = *count > sides->most ? *count : sides->most;
        }
    }
    if (sides->uses == UINT16_MAX) {
        renumber(sides);
    }
    sides->last_use[place] = ++sides->uses;
}

void side_cleared(side_by_side_t *sides, unsigned place)
{
    sides->last_use[place] = 0;
    for (unsigned other = 0; other < SIDES_MAX; other++) {
        if (other != place) {
            sides->alternations[pair_of(place, other)] = 0;
        }
    }
}

unsigned side_alternations(const side_by_side_t *sides, unsigned one, unsigned other)
{
    return sides->alternations[pair_of(one, other)];
}
