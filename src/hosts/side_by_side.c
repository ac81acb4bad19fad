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

void side_used(side_by_side_t *sides, unsigned index)
{
    const uint16_t before = sides->last_use[index];
    for (unsigned other = 0; other < SIDES_MAX; other++) {
        if (other != index && before != 0 && sides->last_use[other] > before) {
            uint8_t *count = &sides->alternations[pair_of(index, other)];
            count_up(count);
            sides->most = *count > sides->most ? *count : sides->most;
        }
    }
    if (sides->uses == UINT16_MAX) {
        renumber(sides);
    }
    sides->last_use[index] = ++sides->uses;
}

void side_cleared(side_by_side_t *sides, unsigned index)
{
    sides->last_use[index] = 0;
    for (unsigned other = 0; other < SIDES_MAX; other++) {
        if (other != index) {
            sides->alternations[pair_of(index, other)] = 0;
        }
    }
}

unsigned side_alternations(const side_by_side_t *sides, unsigned one, unsigned other)
{
    return sides->alternations[pair_of(one, other)];
}
