/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "hosts/host_evidence.h"

static unsigned oldest_value(const alternation_t *alternation)
{
    unsigned oldest = alternation->current == 0 ? 1 : 0;
    for (unsigned i = 0; i < ALTERNATION_VALUES; i++) {
        if (i != alternation->current && alternation->last_s[i] < alternation->last_s[oldest]) {
            oldest = i;
        }
    }
    return oldest;
}

static void note_return(alternation_t *alternation, uint32_t gap_s)
{
    if (gap_s > HOST_ALTERNATION_S) {
        return;
    }
    count_up(&alternation->returns);
    alternation->quick = alternation->quick || gap_s <= HOST_QUICK_RETURN_S;
}

/* Time 0 marks a free entry. */
void alternation_add(alternation_t *alternation, uint32_t value, uint32_t now_s)
{
    const uint32_t now = now_s != 0 ? now_s : 1;
    const unsigned current = alternation->current;
    unsigned index = ALTERNATION_VALUES;
    for (unsigned i = 0; i < ALTERNATION_VALUES && index == ALTERNATION_VALUES; i++) {
        if (alternation->last_s[i] != 0 && alternation->values[i] == value) {
            index = i;
        }
    }
    if (index == ALTERNATION_VALUES) {
        index = alternation->last_s[current] == 0 ? current : oldest_value(alternation);
    } else if (index != current) {
        note_return(alternation, now - alternation->last_s[index]);
    }
    alternation->values[index] = value;
    alternation->last_s[index] = now;
    alternation->current = (uint8_t)index;
}

bool alternation_knows(const alternation_t *alternation, uint32_t value)
{
    for (unsigned i = 0; i < ALTERNATION_VALUES; i++) {
        if (alternation->last_s[i] != 0 && alternation->values[i] == value) {
            return true;
        }
    }
    return false;
}

/* Three values within the time of a return are more than a host with two systems has. */
static bool has_three(const alternation_t *alternation)
{
    const uint32_t now = alternation->last_s[alternation->current];
    unsigned recent = 0;
    for (unsigned i = 0; i < ALTERNATION_VALUES; i++) {
        recent += alternation->last_s[i] != 0 && now - alternation->last_s[i] <= HOST_ALTERNATION_S;
    }
    return recent >= 3;
}

bool alternation_counts(const alternation_t *alternation)
{
    return alternation->returns >= 2 ||
           (alternation->returns >= 1 && (alternation->quick || has_three(alternation)));
}
