/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "hosts/host_behaviour.h"

#include "base/clock.h"
#include "hosts/host_evidence.h"
#include "verdict/clock_step.h"

#define IP_ID_REACH   256u
#define IP_ID_PAIR_MS 60000u /* a counter goes too far in longer times */
#define TICKS_MIN     5u
#define RATE_FROM_MS  500u /* the jitter of shorter times hides the frequency */
/* A habit is what three of four pairs show. */
#define MOST_PART  3u
#define MOST_WHOLE 4u

/* A jump from one peer to another one is not counted: it is a random ID, or one counter for each peer. */
static void add_ip_id(host_behaviour_t *behaviour, uint16_t ip_id, uint32_t peer, uint32_t time_ms)
{
    const bool same_peer = peer == behaviour->ip_id_peer;
    const uint16_t step = (uint16_t)(ip_id - behaviour->ip_id);
    ip_id_habit_t habit = step != 0 && step <= IP_ID_REACH ? IP_ID_COUNTER : IP_ID_JUMPS;
    if (ip_id == 0 && behaviour->ip_id == 0) {
        habit = IP_ID_ZERO;
    } else if (ip_id == 0 || behaviour->ip_id == 0) {
        habit = IP_ID_VARIED;
    }
    if (behaviour->has_ip_id && time_ms - behaviour->ip_id_ms <= IP_ID_PAIR_MS &&
        (habit != IP_ID_JUMPS || same_peer)) {
        count_up(&behaviour->ip_ids[habit]);
    }
    behaviour->ip_id = ip_id;
    behaviour->ip_id_peer = peer;
    behaviour->ip_id_ms = time_ms;
    behaviour->has_ip_id = true;
}

static void add_timestamp(host_behaviour_t *behaviour, uint32_t timestamp, uint32_t peer, uint32_t time_ms)
{
    const uint32_t elapsed_ms = time_ms - behaviour->time_ms;
    const uint32_t ticks = timestamp - behaviour->timestamp;
    if (behaviour->timestamp != 0 && elapsed_ms <= CLOCK_STEP_LIFETIME_MS) {
        const bool same = peer == behaviour->peer;
        if (clock_step_frequency(ticks, elapsed_ms, 0) == 0) {
            count_up(same ? &behaviour->apart_same_peer : &behaviour->apart_other_peer);
        } else {
            count_up(same ? &behaviour->one_line_same_peer : &behaviour->one_line_other_peer);
            if (elapsed_ms >= RATE_FROM_MS && ticks >= TICKS_MIN) {
                count_up(
                    &behaviour->rates[clock_rate_of(clock_step_frequency(ticks, elapsed_ms, TICKS_MIN))]);
            }
        }
    }
    behaviour->timestamp = timestamp;
    behaviour->time_ms = time_ms;
    behaviour->peer = peer;
}

/* Whether the IP ID is known. A record may lack the IP ID: the value 0 then contradicts the quirks of the
 * signature. */
static bool ip_id_is_known(const host_sighting_t *sighting)
{
    const uint32_t quirks = sighting->facts.signature.quirks;
    const bool df = (quirks & SYNFIX_QUIRK_DF) != 0;
    const bool zero = df ? (quirks & SYNFIX_QUIRK_ID_NONZERO) == 0 : (quirks & SYNFIX_QUIRK_ID_ZERO) != 0;
    return sighting->key.ip_version == 4 && zero == (sighting->ip_id == 0);
}

void host_behaviour_add(host_behaviour_t *behaviour, const host_sighting_t *sighting)
{
    const uint32_t time_ms = (uint32_t)(uint64_t)(sighting->time_ns / NS_PER_MS);
    if (ip_id_is_known(sighting)) {
        add_ip_id(behaviour, sighting->ip_id, sighting->peer, time_ms);
    }
    if (sighting->timestamp != 0) {
        add_timestamp(behaviour, sighting->timestamp, sighting->peer, time_ms);
    }
}

/* A habit counts as this many pairs. */
#define MERGED_PAIRS 4u

static void add_pairs(uint8_t *count)
{
    *count = (uint8_t)(*count < UINT8_MAX - MERGED_PAIRS ? *count + MERGED_PAIRS : UINT8_MAX);
}

static void merge_offset(host_behaviour_t *behaviour, uint8_t offset)
{
    if (offset == CLOCK_OFFSET_BOOT) {
        add_pairs(&behaviour->one_line_other_peer);
    } else if (offset == CLOCK_OFFSET_PEER) {
        add_pairs(&behaviour->apart_other_peer);
    } else if (offset == CLOCK_OFFSET_CONNECTION) {
        add_pairs(&behaviour->apart_same_peer);
    } else if (offset == CLOCK_OFFSET_ONE_PEER) {
        add_pairs(&behaviour->one_line_same_peer);
    }
}

void host_behaviour_merge(host_behaviour_t *behaviour, const host_habits_t *habits)
{
    if (habits->ip_id != IP_ID_UNKNOWN) {
        add_pairs(&behaviour->ip_ids[habits->ip_id]);
    }
    if (habits->rate != CLOCK_RATE_UNKNOWN) {
        add_pairs(&behaviour->rates[habits->rate]);
    }
    merge_offset(behaviour, habits->offset);
}

/* The index of the largest counter, or @p varied if no counter has most of the pairs; 0: no pairs. */
static uint8_t most_of(const uint8_t *counts, unsigned size, uint8_t varied)
{
    unsigned sum = 0;
    uint8_t most = 0;
    for (uint8_t i = 1; i < size; i++) {
        sum += counts[i];
        most = counts[i] > counts[most] ? i : most;
    }
    return sum > 0 && counts[most] * MOST_WHOLE < sum * MOST_PART ? varied : most;
}

static clock_offset_t offset_of(const host_behaviour_t *behaviour)
{
    if (behaviour->one_line_other_peer > 0 && behaviour->one_line_other_peer >= behaviour->apart_other_peer) {
        return CLOCK_OFFSET_BOOT;
    }
    if (behaviour->apart_same_peer > behaviour->one_line_same_peer) {
        return CLOCK_OFFSET_CONNECTION;
    }
    if (behaviour->apart_other_peer > 0) {
        return CLOCK_OFFSET_PEER;
    }
    return behaviour->one_line_same_peer > 0 ? CLOCK_OFFSET_ONE_PEER : CLOCK_OFFSET_UNKNOWN;
}

host_habits_t host_habits_of(const host_behaviour_t *behaviour, bool from_server)
{
    return (host_habits_t){
        .ip_id = most_of(behaviour->ip_ids, IP_ID_HABITS, IP_ID_VARIED),
        .rate = most_of(behaviour->rates, CLOCK_RATES, CLOCK_RATE_UNKNOWN),
        .offset = (uint8_t)offset_of(behaviour),
        .from_server = from_server,
    };
}
