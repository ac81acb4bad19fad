/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file host_behaviour.h
 * How the IP IDs and the timestamps of a host change from one connection to the next one. A single packet
 * does not show this; families and versions of systems differ in it.
 */
#ifndef HOSTS_HOST_BEHAVIOUR_H
#define HOSTS_HOST_BEHAVIOUR_H

#include "hosts/host_sighting.h"
#include "verdict/host_habits.h"

/** Counters of pairs of successive connections, at most 255 each. All zero: nothing was seen. */
typedef struct host_behaviour {
    uint32_t timestamp; /* of the newest connection with timestamps; 0: none */
    uint32_t time_ms;   /* of that connection, packet time modulo 2^32 */
    uint32_t peer;
    uint32_t ip_id_ms;   /* packet time of the newest connection with a known IP ID, modulo 2^32 */
    uint32_t ip_id_peer; /* of that connection */
    uint16_t ip_id;      /* of that connection */
    bool has_ip_id;
    uint8_t ip_ids[IP_ID_HABITS]; /* VARIED: one of the two IDs is 0 */
    uint8_t rates[CLOCK_RATES];
    uint8_t one_line_same_peer;
    uint8_t one_line_other_peer;
    uint8_t apart_same_peer;
    uint8_t apart_other_peer;
} host_behaviour_t;

/** Adds a SYN or SYN+ACK that is no retransmission and not older than the last one. */
void host_behaviour_add(host_behaviour_t *behaviour, const host_sighting_t *sighting);

/** Adds what another sequence of connections of the same host showed: an inventory keeps the habits, not the
 * pairs. */
void host_behaviour_merge(host_behaviour_t *behaviour, const host_habits_t *habits);

/** Returns the habits that the pairs so far show; @p from_server: the pairs are of SYN+ACKs. */
host_habits_t host_habits_of(const host_behaviour_t *behaviour, bool from_server);

#endif
