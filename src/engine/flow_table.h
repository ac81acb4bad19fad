/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file flow_table.h
 * The handshake table: connections by their SYN or SYN+ACK, bounded, on packet time.
 *
 * 64 shards by the high bits of flow_hash, each with its own bound: evictions do not depend on the number of
 * workers. A set of eight ways consists of its head (flow_set.h) and its flows.
 */
#ifndef ENGINE_FLOW_TABLE_H
#define ENGINE_FLOW_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <synfix/engine.h>

#include "base/counter.h"
#include "engine/flow_set.h"
#include "engine/flow_tuple.h"

/* Bits of flow_t.flags. */
#define FLOW_SYN_SEEN  0x01u
#define FLOW_ANSWERED  0x02u /* by a SYN+ACK of the server */
#define FLOW_P0F_ALIVE 0x04u /* p0f still follows it */
#define FLOW_P0F_DONE  0x08u /* shifted by the direction: its uptime was reported, or is not credible */

/** One connection. The client sent the SYN, or received the first SYN+ACK. */
typedef struct flow {
    flow_tuple_t tuple; /* of the packets of the client */
    uint8_t ip_version;
    uint8_t flags;
    uint16_t unused;
    uint32_t sampled_ms[2];    /* by direction, [0] of the client: time of the next sample */
    uint32_t next_sequence[2]; /* by direction; after SYN: initial + 1 */
    uint32_t opened_ms;
    uint32_t syn; /* the client's SYN, as fingerprint_slot_t.as_syn */
} flow_t;

/** The other bytes of the addresses of an IPv6 flow; memory that IPv4 never touches. */
typedef struct flow_ipv6 {
    uint8_t client[12];
    uint8_t server[12];
} flow_ipv6_t;

_Static_assert(sizeof(flow_t) == 40 && sizeof(flow_ipv6_t) == 24, "memory of a flow, as documented");

#define FLOW_CHANGES 256u

typedef struct flow_table {
    flow_set_t *sets;
    flow_t *flows;
    flow_ipv6_t *ipv6; /* of the flow with the same index */
    uint32_t set_count;
    uint32_t lifetime_s;
    uint8_t changed[FLOW_CHANGES]; /* 1: a set of this index modulo FLOW_CHANGES changed, see
                                      flow_table_forget_changes */
    counter_t *evicted;
    counter_t *expired;
} flow_table_t;

/** Room for @p capacity flows over all shards (rounded up to 512); false when there is no memory. */
bool flow_table_init(flow_table_t *table, uint32_t capacity, uint32_t lifetime_s, counter_t *evicted,
                     counter_t *expired);
/** After init: maps the memory as a whole (huge_pages_map). */
void flow_table_map(flow_table_t *table);
void flow_table_clear(flow_table_t *table);

/** Index of the set for @p hash. The sets of a shard are adjacent. */
static inline uint32_t flow_table_set(const flow_table_t *table, uint32_t hash)
{
    return (uint32_t)((uint64_t)hash * table->set_count >> 32);
}

/** Result of a look-up that uses only the head of the set. */
typedef struct flow_forecast {
    uint32_t index; /* of the flow with this tag, else of the victim */
    bool present;   /* there is a flow with this tag */
} flow_forecast_t;

/** Forecasts made from now on are compared with the changes that follow. */
static inline void flow_table_forget_changes(flow_table_t *table)
{
    memset(table->changed, 0, sizeof table->changed);
}

/** For flow_table_find, as long as flow_table_forget_changes is not called in between. */
static inline flow_forecast_t flow_table_forecast(const flow_table_t *table, uint32_t set, uint32_t hash,
                                                  uint32_t seconds)
{
    const flow_set_t *head = &table->sets[set];
    const uint32_t found = flow_set_candidates(head, hash);
    const unsigned way =
        found != 0 ? (unsigned)__builtin_ctz(found) : flow_set_victim(head, seconds, table->lifetime_s);
    return (flow_forecast_t){set * FLOW_WAYS + way, found != 0};
}

/** Position of a flow, valid until the next flow_table_insert; small enough for a register. */
typedef struct flow_position {
    uint32_t index;   /* of the flow; of any way in its set when neither found nor victim */
    bool found;       /* the flow is in the table */
    bool victim;      /* the flow is not, and index is the way to overwrite */
    bool from_server; /* found: the packet's source is the server */
} flow_position_t;

static inline flow_t *flow_table_at(const flow_table_t *table, flow_position_t position)
{
    return &table->flows[position.index];
}

static inline flow_set_t *flow_table_head(const flow_table_t *table, uint32_t index)
{
    return &table->sets[index / FLOW_WAYS];
}

static inline uint32_t *flow_table_stamp(const flow_table_t *table, uint32_t index)
{
    return &flow_table_head(table, index)->stamps[index % FLOW_WAYS];
}

static inline void flow_table_note_change(flow_table_t *table, uint32_t index)
{
    table->changed[index / FLOW_WAYS % FLOW_CHANGES] = 1;
}

/** Whether the set that contains index @p index has changed since flow_table_forget_changes, or may have. */
static inline bool flow_table_has_changed(const flow_table_t *table, uint32_t index)
{
    return table->changed[index / FLOW_WAYS % FLOW_CHANGES] != 0;
}

typedef enum flow_side {
    FLOW_SIDE_NONE, /* the position holds another flow */
    FLOW_SIDE_CLIENT,
    FLOW_SIDE_SERVER,
} flow_side_t;

/** The rest of flow_table_side, for IPv6. */
flow_side_t flow_table_side_ipv6(const flow_table_t *table, uint32_t index, const flow_tuple_t *tuple,
                                 const synfix_headers_t *ipv6);

/** The side of the flow at @p index from which the packet with @p tuple comes. Here and below, @p ipv6:
 * the headers of an IPv6 packet; NULL: IPv4. */
static inline flow_side_t flow_table_side(const flow_table_t *table, uint32_t index,
                                          const flow_tuple_t *tuple, const synfix_headers_t *ipv6)
{
    const flow_t *flow = &table->flows[index];
    if (__builtin_expect(ipv6 != NULL || flow->ip_version != 4, 0)) {
        return flow_table_side_ipv6(table, index, tuple, ipv6);
    }
    if (flow_tuple_equal(flow->tuple, *tuple)) {
        return FLOW_SIDE_CLIENT;
    }
    return flow_tuple_equal(flow->tuple, flow_tuple_back(*tuple)) ? FLOW_SIDE_SERVER : FLOW_SIDE_NONE;
}

/** flow_table_find without a forecast, in the set that contains index @p index. */
flow_position_t flow_table_search(flow_table_t *table, uint32_t index, uint32_t hash,
                                  const flow_tuple_t *tuple, const synfix_headers_t *ipv6, uint32_t seconds);

/** Looks for the flow of a packet. Times in @p seconds, here and below, are bucket_seconds. */
static inline flow_position_t flow_table_find(flow_table_t *table, flow_forecast_t forecast, uint32_t hash,
                                              const flow_tuple_t *tuple, const synfix_headers_t *ipv6,
                                              uint32_t seconds)
{
    const uint32_t index = forecast.index;
    if (!flow_table_has_changed(table, index)) {
        if (!forecast.present) {
            return (flow_position_t){.index = index, .victim = true};
        }
        const uint32_t stamp = *flow_table_stamp(table, index);
        const flow_side_t side = stamp != 0 && !bucket_is_older(stamp, seconds, table->lifetime_s)
                                     ? flow_table_side(table, index, tuple, ipv6)
                                     : FLOW_SIDE_NONE;
        if (side != FLOW_SIDE_NONE) {
            return (flow_position_t){.index = index, .found = true, .from_server = side == FLOW_SIDE_SERVER};
        }
    }
    return flow_table_search(table, index, hash, tuple, ipv6, seconds);
}

/** Keeps the bytes of IPv6 addresses that a flow_t has no room for. */
void flow_table_set_ipv6(flow_table_t *table, uint32_t index, const synfix_headers_t *ipv6, bool server);

static inline void flow_table_count_loss(flow_table_t *table, uint32_t stamp, uint32_t seconds)
{
    if ((stamp & BUCKET_USED) != 0) {
        counter_add(bucket_is_older(stamp, seconds, table->lifetime_s) ? table->expired : table->evicted, 1);
    }
}

/**
 * Puts a flow at @p position of flow_table_find, the same flow or a victim, and corrects the position. The
 * client of the flow is the source of the packet, or the destination when @p server. The caller sets all
 * fields but those that identify the flow.
 */
static inline __attribute__((always_inline)) flow_t *
flow_table_insert(flow_table_t *table, uint32_t hash, const flow_tuple_t *tuple, const synfix_headers_t *ipv6,
                  bool server, uint32_t seconds, flow_position_t *position)
{
    uint32_t index = position->index;
    flow_set_t *set = flow_table_head(table, index);
    if (!position->found) {
        if (__builtin_expect(!position->victim, 0)) {
            index = index - index % FLOW_WAYS + flow_set_victim(set, seconds, table->lifetime_s);
        }
        flow_table_count_loss(table, set->stamps[index % FLOW_WAYS], seconds);
        flow_set_turn(set, index % FLOW_WAYS);
    }
    flow_set_begin(set, index % FLOW_WAYS, hash, seconds);
    flow_table_note_change(table, index);
    flow_t *flow = &table->flows[index];
    flow->tuple = server ? flow_tuple_back(*tuple) : *tuple;
    flow->ip_version = 4;
    if (__builtin_expect(ipv6 != NULL, 0)) {
        flow->ip_version = 6;
        flow_table_set_ipv6(table, index, ipv6, server);
    }
    *position = (flow_position_t){.index = index, .found = true, .from_server = server};
    return flow;
}

/** A packet of the flow came; with @p keep it is among the last to be evicted. */
static inline void flow_table_touch(flow_table_t *table, flow_position_t position, uint32_t seconds,
                                    bool keep)
{
    flow_set_touch(flow_table_head(table, position.index), position.index % FLOW_WAYS, seconds, keep);
    flow_table_note_change(table, position.index);
}

#endif
