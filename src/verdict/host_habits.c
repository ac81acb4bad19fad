/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "verdict/host_habits.h"

#include <stddef.h>
#include <string.h>

static const char *const ip_ids[IP_ID_HABITS] = {NULL, "zero", "counter", "jumps", "varied"};
static const char *const rates[CLOCK_RATES] = {NULL, "1000", "250", "100", "other"};
static const char *const offsets[CLOCK_OFFSETS] = {NULL, "boot", "peer", "connection", "one_peer"};

clock_rate_t clock_rate_of(uint16_t frequency)
{
    switch (frequency) {
    case 1000:
    case 1024:
        return CLOCK_RATE_1000;
    case 200:
    case 250:
    case 256:
    case 300:
        return CLOCK_RATE_250;
    case 100:
        return CLOCK_RATE_100;
    default:
        return CLOCK_RATE_OTHER;
    }
}

const char *ip_id_habit_name(uint8_t habit)
{
    return habit < IP_ID_HABITS ? ip_ids[habit] : NULL;
}

const char *clock_rate_name(uint8_t rate)
{
    return rate < CLOCK_RATES ? rates[rate] : NULL;
}

const char *clock_offset_name(uint8_t offset)
{
    return offset < CLOCK_OFFSETS ? offsets[offset] : NULL;
}

static uint8_t index_of(const char *const *names, uint8_t size, const char *text)
{
    for (uint8_t i = 1; i < size; i++) {
        if (strcmp(names[i], text) == 0) {
            return i;
        }
    }
    return 0;
}

uint8_t ip_id_habit_parse(const char *text)
{
    return index_of(ip_ids, IP_ID_HABITS, text);
}

uint8_t clock_rate_parse(const char *text)
{
    return index_of(rates, CLOCK_RATES, text);
}

uint8_t clock_offset_parse(const char *text)
{
    return index_of(offsets, CLOCK_OFFSETS, text);
}
