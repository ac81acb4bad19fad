/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file host_evidence.h
 * Evidence that several hosts share an address: properties that alternate, clocks and counters that run in
 * parallel. A property that changes once is a change; only values that return while others are in use count.
 */
#ifndef HOSTS_HOST_EVIDENCE_H
#define HOSTS_HOST_EVIDENCE_H

#include "hosts/host_sighting.h"

#define ALTERNATION_VALUES 3u
#define CLOCK_LINES        6u
#define COUNTER_TRACKS     4u

/** Recent values of one property. */
typedef struct alternation {
    uint32_t values[ALTERNATION_VALUES];
    uint32_t last_s[ALTERNATION_VALUES]; /* packet time, seconds; 0: free */
    uint8_t current;
    uint8_t returns; /* returns of an earlier value, at most 255 */
    bool quick;      /* an earlier value returned within HOST_QUICK_RETURN_S */
} alternation_t;

/** An older value is forgotten after this time in seconds. */
#define HOST_ALTERNATION_S 21600u
/** Seconds within which no single host changes its system and changes back. */
#define HOST_QUICK_RETURN_S 10u

/** A timestamp clock: points of several connections on one line. */
typedef struct clock_line {
    uint32_t time_ms; /* of the newest point, modulo 2^32 */
    uint32_t value;
    uint32_t peer;
    uint16_t frequency; /* Hz; 0: one point only */
    uint8_t points;
    bool several_peers; /* its points belong to several peer addresses */
} clock_line_t;

/** A counter that grows in small steps: source ports, IP IDs. */
typedef struct counter_track {
    uint32_t peer;
    uint32_t used_s;
    uint16_t last;
    uint8_t points;
    bool several_peers;
} counter_track_t;

/** Uses of clock lines or counter tracks in turn. A restart replaces one line by another: the pair does not
 * alternate, whatever the other lines do. */
#define SIDES_MAX CLOCK_LINES
typedef struct side_by_side {
    uint16_t uses;
    uint16_t last_use[SIDES_MAX];                          /* number of the use; 0: none */
    uint8_t alternations[SIDES_MAX * (SIDES_MAX - 1) / 2]; /* of each pair, at most 255 */
    uint8_t most;                                          /* of all alternations so far */
} side_by_side_t;

typedef struct host_evidence {
    alternation_t family; /* label number of the family */
    alternation_t ttl;
    alternation_t layout;
    alternation_t window;
    alternation_t distance;
    alternation_t mtu;
    clock_line_t clocks[CLOCK_LINES];
    counter_track_t ports[COUNTER_TRACKS];
    counter_track_t ip_ids[COUNTER_TRACKS];
    side_by_side_t clock_use;
    side_by_side_t port_use;
    side_by_side_t ip_id_use;
    synfix_signature_t window_signatures[ALTERNATION_VALUES]; /* of the values of window */
} host_evidence_t;

/**
 * Adds a SYN or SYN+ACK. @p family is a number that is equal for labels of one family; 0: unknown. Packets of
 * tools are skipped; a retransmission adds no new value, clock or counter.
 */
void host_evidence_add(host_evidence_t *evidence, const host_sighting_t *sighting, uint32_t family);

/** Returns the reasons (SYNFIX_HOST_* below bit 16) that the evidence supports. */
uint32_t host_evidence_reasons(const host_evidence_t *evidence);

/** Returns the score, 0 to 100: a function of @p reasons, each with a fixed weight. */
uint8_t host_reasons_score(uint32_t reasons);

/* For the evidence files and their tests. */
static inline void count_up(uint8_t *count)
{
    if (*count < UINT8_MAX) {
        (*count)++;
    }
}

/** An established line or track @p index is used. */
void side_used(side_by_side_t *sides, unsigned index);
/** Another line or track replaces it. */
void side_cleared(side_by_side_t *sides, unsigned index);
/** How often one of the two was used again after the other one had been used. */
unsigned side_alternations(const side_by_side_t *sides, unsigned one, unsigned other);

/** Notes a value that a host showed at @p now_s (seconds of packet time). */
void alternation_add(alternation_t *alternation, uint32_t value, uint32_t now_s);
/** Whether @p value is among the kept ones. */
bool alternation_knows(const alternation_t *alternation, uint32_t value);
/** Whether values alternate often enough to be evidence. */
bool alternation_counts(const alternation_t *alternation);
/** Notes timestamp @p value for @p peer (a hash) at packet time @p time_ns. */
void clock_lines_add(host_evidence_t *evidence, uint32_t value, uint32_t peer, int64_t time_ns);
/** Whether several clocks ran side by side. */
bool clock_lines_alternate(const host_evidence_t *evidence);
/** Notes @p value of a counter of 16 bits; a track continues within @p reach of its last value. */
void counter_track_add(counter_track_t *tracks, side_by_side_t *use, uint16_t value, uint32_t peer,
                       uint16_t reach, uint32_t now_s);
/** Whether several counters ran side by side. */
bool counter_tracks_alternate(const counter_track_t *tracks, const side_by_side_t *use);

#endif
