/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file flow_table.h
 * The handshake table: connections by their SYN or SYN+ACK, bounded, on packet time.
 *
 * 64 shards by the high bits of flow_hash, each with its own bound: evictions do not depend on the number of
 * workers. A set of eight ways consists of its head (flow_set.h) and its flows. A flow is in its first set,
 * which its hash selects, unless that set was full: then it is displaced to its second set (flow_room.c).
 */
#ifndef ENGINE_FLOW_TABLE_H
#define ENGINE_FLOW_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <synfix/engine.h>

#include "base/counter.h"
#include "engine/flow_entry.h"
#include "engine/flow_set.h"

/** Occupancy of the sets of a shard, for flow_room.c. */
typedef struct flow_shard {
    uint32_t used;       /* ways that are not empty */
    uint32_t full_until; /* no flow expires earlier; in the unit of stamps */
    uint32_t failures;   /* consecutive insertions without room */
} flow_shard_t;

typedef struct flow_table {
    flow_set_t *sets;
    flow_t *flows;
    flow_ipv6_t *ipv6; /* of the flow with the same index */
    uint32_t set_count;
    uint32_t shard_sets;
    uint32_t shard_flows; /* flows in a shard that is full */
    uint32_t lifetime;    /* in the unit of stamps */
    uint32_t group;       /* number of flow_table_begin_group calls */
    counter_t *evicted;
    counter_t *expired;
    flow_shard_t shards[SYNFIX_FLOW_SHARDS];
} flow_table_t;

/** Room for @p capacity flows over all shards, and about a sixth more, because flows spread unevenly (rounded
 * up to 512 ways). False: out of memory. */
bool flow_table_init(flow_table_t *table, uint32_t capacity, uint32_t lifetime_s, counter_t *evicted,
                     counter_t *expired);
/** After init: maps the memory as a whole (huge_pages_map). */
void flow_table_map(flow_table_t *table);
void flow_table_clear(flow_table_t *table);

/** Index of the first set for @p hash. The sets of a shard are adjacent. */
static inline uint32_t flow_table_set(const flow_table_t *table, uint32_t hash)
{
    return (uint32_t)((uint64_t)hash * table->set_count >> 32);
}

/** The second set of a flow with @p hash whose first set is @p set, and conversely; in the same shard. It
 * may be the same set: then the flow has one set only. The positions of both sets in the shard add up to a
 * number that follows from the low bits of the hash, modulo the number of sets: so the tag of a flow and one
 * of its sets give the other one. */
static inline uint32_t flow_table_other_set(const flow_table_t *table, uint32_t set, uint32_t hash)
{
    const uint32_t sets = table->shard_sets; /* at most 2^16 */
    const uint32_t position = set % sets;
    const uint32_t sum = (hash & 0xFFFFu) * sets >> 16;
    return set - position + (sum >= position ? sum - position : sum + sets - position);
}

/** Result of a lookup that uses only the heads of the sets. */
typedef struct flow_forecast {
    flow_set_t *set; /* that contains index */
    uint32_t index;  /* of the flow with this tag, else of the victim */
    bool present;    /* there is a flow with this tag */
} flow_forecast_t;

/** Begins a forecast with the first set of a flow. */
static inline void flow_table_forecast_set(const flow_table_t *table, uint32_t hash,
                                           flow_forecast_t *forecast)
{
    const uint32_t set = flow_table_set(table, hash);
    forecast->set = &table->sets[set];
    forecast->index = set * FLOW_WAYS;
}

/** Forecasts made from now on are compared with the changes that follow. */
static inline void flow_table_begin_group(flow_table_t *table)
{
    table->group++;
}

/** Looks for a flow with the tag of @p hash in its second set. @p forecast: its first one. Returns
 * false if there is none. */
bool flow_table_forecast_second(const flow_table_t *table, uint32_t hash, flow_forecast_t *forecast);

/** Completes @p forecast of flow_table_forecast_set for flow_table_find, as long as flow_table_begin_group is
 * not called in between. */
static inline void flow_table_forecast(const flow_table_t *table, uint32_t hash, uint32_t now,
                                       flow_forecast_t *forecast)
{
    const flow_set_t *head = forecast->set;
    const uint32_t found = flow_set_candidates(head, hash);
    forecast->present = found != 0;
    if (found != 0) {
        forecast->index += (unsigned)__builtin_ctz(found);
    } else if (__builtin_expect(!flow_set_may_miss(head, hash), 1) ||
               !flow_table_forecast_second(table, hash, forecast)) {
        forecast->index += flow_set_victim(head, now, table->lifetime);
    }
}

/** Position of a flow, valid until the next flow_table_insert. */
typedef struct flow_position {
    flow_set_t *set;  /* that contains index */
    uint32_t index;   /* of the flow; of any way in its first set when neither found nor victim */
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

static inline void flow_table_note_change(const flow_table_t *table, flow_set_t *set)
{
    set->changed_in = (uint16_t)table->group;
}

/** Whether @p set has changed since flow_table_begin_group, or may have. */
static inline bool flow_table_has_changed(const flow_table_t *table, const flow_set_t *set)
{
    return set->changed_in == (uint16_t)table->group;
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
    if (__builtin_expect(ipv6 != NULL || (flow->state & FLOW_IPV6) != 0, 0)) {
        return flow_table_side_ipv6(table, index, tuple, ipv6);
    }
    if (flow_tuple_equal(flow->tuple, *tuple)) {
        return FLOW_SIDE_CLIENT;
    }
    return flow_tuple_equal(flow->tuple, flow_tuple_back(*tuple)) ? FLOW_SIDE_SERVER : FLOW_SIDE_NONE;
}

/** flow_table_find without a forecast. */
flow_position_t flow_table_search(flow_table_t *table, uint32_t hash, const flow_tuple_t *tuple,
                                  const synfix_headers_t *ipv6, uint32_t now, bool expire);

/** Looks for the flow of a packet. Times in @p now, here and below, are stamp_time. @p expire: a flow
 * that is over leaves the table. A segment must not have this effect, because the other packets of its group
 * decide whether it is looked up. */
static inline flow_position_t flow_table_find(flow_table_t *table, const flow_forecast_t *forecast,
                                              uint32_t hash, const flow_tuple_t *tuple,
                                              const synfix_headers_t *ipv6, uint32_t now, bool expire)
{
    const uint32_t index = forecast->index;
    flow_set_t *set = forecast->set;
    if (!flow_table_has_changed(table, set)) {
        if (!forecast->present) {
            return (flow_position_t){.set = set, .index = index, .victim = true};
        }
        const uint32_t stamp = set->stamps[index % FLOW_WAYS];
        const flow_side_t side = stamp != 0 && !flow_set_is_over(stamp, now, table->lifetime)
                                     ? flow_table_side(table, index, tuple, ipv6)
                                     : FLOW_SIDE_NONE;
        if (side != FLOW_SIDE_NONE) {
            return (flow_position_t){
                .set = set, .index = index, .found = true, .from_server = side == FLOW_SIDE_SERVER};
        }
    }
    return flow_table_search(table, hash, tuple, ipv6, now, expire);
}

/** A packet of the flow came; with @p keep it is among the last to be evicted. */
static inline void flow_table_touch(const flow_table_t *table, flow_position_t position, uint32_t now,
                                    bool keep)
{
    flow_set_touch(position.set, position.index % FLOW_WAYS, now, keep);
    flow_table_note_change(table, position.set);
}

#endif
