/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file host_habits.h
 * Properties of a system that only several connections show.
 */
#ifndef VERDICT_HOST_HABITS_H
#define VERDICT_HOST_HABITS_H

#include <stdbool.h>
#include <stdint.h>

/** IP IDs of successive connections. Of IPv4 only. */
typedef enum ip_id_habit {
    IP_ID_UNKNOWN,
    IP_ID_ZERO,    /* always 0 */
    IP_ID_COUNTER, /* one counter for all connections */
    IP_ID_JUMPS,   /* random, also to one peer */
    IP_ID_VARIED,  /* sometimes this, sometimes that */
    IP_ID_HABITS,
} ip_id_habit_t;

/** Frequency of the timestamps. */
typedef enum clock_rate {
    CLOCK_RATE_UNKNOWN,
    CLOCK_RATE_1000,
    CLOCK_RATE_250, /* 200 to 300 Hz */
    CLOCK_RATE_100,
    CLOCK_RATE_OTHER,
    CLOCK_RATES,
} clock_rate_t;

/** Start values of the timestamps of successive connections. */
typedef enum clock_offset {
    CLOCK_OFFSET_UNKNOWN,
    CLOCK_OFFSET_BOOT,       /* one clock for all peers */
    CLOCK_OFFSET_PEER,       /* another start for another peer */
    CLOCK_OFFSET_CONNECTION, /* another start for each connection to one peer */
    CLOCK_OFFSET_ONE_PEER,   /* one clock; a single peer was seen */
    CLOCK_OFFSETS,
} clock_offset_t;

/** The timestamp clock of a stack, as the database has it: bits of HOST_CLOCK_RATE() and the start value
 * (synfix_clock_t); 0 unknown. */
#define HOST_CLOCK_POLICY(clock) ((clock)&0xFFu)
#define HOST_CLOCK_RATE(rate)    (UINT32_C(0x100) << (rate)) /* clock_rate_t */

typedef struct host_habits {
    uint8_t ip_id;    /* ip_id_habit_t */
    uint8_t rate;     /* clock_rate_t */
    uint8_t offset;   /* clock_offset_t */
    bool from_server; /* of SYN+ACKs */
} host_habits_t;

/** Returns the class of a frequency in Hz. */
clock_rate_t clock_rate_of(uint16_t frequency);

/** Texts for people and files; NULL for UNKNOWN. */
const char *ip_id_habit_name(uint8_t habit);
const char *clock_rate_name(uint8_t rate);
const char *clock_offset_name(uint8_t offset);

/** Returns the habit of such a text; UNKNOWN for any other text. */
uint8_t ip_id_habit_parse(const char *text);
uint8_t clock_rate_parse(const char *text);
uint8_t clock_offset_parse(const char *text);

#endif
