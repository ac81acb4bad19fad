/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file flow_insert.h
 * Puts a flow into the handshake table.
 */
#ifndef ENGINE_FLOW_INSERT_H
#define ENGINE_FLOW_INSERT_H

#include "engine/flow_hash.h"
#include "engine/flow_room.h"
#include "engine/flow_table.h"

/** Keeps the bytes of IPv6 addresses that a flow_t has no room for. */
void flow_table_set_ipv6(const flow_table_t *table, uint32_t index, const synfix_headers_t *ipv6,
                         bool server);

/** Clears the way at @p index, the victim of the first set of a new flow, or another way. Returns its index.
 * The flow of the way is counted. */
static inline uint32_t flow_table_vacate(flow_table_t *table, flow_set_t *set, uint32_t index, uint32_t hash,
                                         uint32_t now)
{
    const unsigned way = index % FLOW_WAYS;
    if ((set->settled >> way & 1) != 0 && flow_set_is_full(set, now, table->lifetime)) {
        counter_add(table->evicted, 1);
        return index;
    }
    const uint32_t stamp = set->stamps[way];
    if (stamp == 0) {
        flow_shard_use(&table->shards[flow_shard(hash)], now, table->lifetime);
        return index;
    }
    if (set->displaced != 0 || !flow_set_is_over(stamp, now, table->lifetime)) {
        return flow_table_make_room(table, set, index, hash, now);
    }
    counter_add(table->expired, 1);
    return index;
}

/**
 * Puts a flow at @p position of flow_table_find, the same flow or a victim, and corrects the position. The
 * client of the flow is the source of the packet, or the destination when @p server. The caller sets the
 * fields that do not identify the flow; @p state: flow_t.state without FLOW_IPV6.
 */
static inline __attribute__((always_inline)) flow_t *
flow_table_insert(flow_table_t *table, uint32_t hash, const flow_tuple_t *tuple, const synfix_headers_t *ipv6,
                  bool server, uint32_t state, uint32_t now, flow_position_t *position)
{
    uint32_t index = position->index;
    flow_set_t *set = position->set;
    if (!position->found) {
        if (__builtin_expect(!position->victim, 0)) {
            index = index - index % FLOW_WAYS + flow_set_victim(set, now, table->lifetime);
        }
        const uint32_t vacant = flow_table_vacate(table, set, index, hash, now);
        if (__builtin_expect(vacant != index, 0)) {
            index = vacant;
            set = flow_table_head(table, index);
        }
        flow_set_turn(set, index % FLOW_WAYS);
    }
    flow_set_begin(set, index % FLOW_WAYS, hash, now);
    flow_table_note_change(table, set);
    flow_t *flow = &table->flows[index];
    flow->tuple = server ? flow_tuple_back(*tuple) : *tuple;
    flow->state = state;
    if (__builtin_expect(ipv6 != NULL, 0)) {
        flow->state = state | FLOW_IPV6;
        flow_table_set_ipv6(table, index, ipv6, server);
    }
    *position = (flow_position_t){.set = set, .index = index, .found = true, .from_server = server};
    return flow;
}

#endif
