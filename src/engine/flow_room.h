/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file flow_room.h
 * Room for new flows in sets that are full: ways whose flows have expired, second sets, flows that move to
 * their other set. In a table with few flows, these functions are hardly called.
 */
#ifndef ENGINE_FLOW_ROOM_H
#define ENGINE_FLOW_ROOM_H

#include "engine/flow_table.h"

/**
 * Finds a way for a new flow with @p hash. @p index: the way whose turn it is in @p set, its first one.
 * Returns the index of a way whose flow has left and is counted: this way, or another one of both sets of the
 * flow. Young flows stay as long as one of these sets, or the other set of one of their flows, has a free
 * way.
 */
uint32_t flow_table_make_room(flow_table_t *table, flow_set_t *set, uint32_t index, uint32_t hash,
                              uint32_t now);

/** An empty way gets a flow. */
static inline void flow_shard_use(flow_shard_t *shard, uint32_t now, uint32_t lifetime)
{
    if (shard->used++ == 0) {
        shard->full_until = now + lifetime;
    }
}

/** flow_table_release for a flow that is displaced. */
void flow_table_release_displaced(flow_table_t *table, uint32_t set, unsigned way);

/** The flow in way @p way of @p set leaves this way. */
static inline void flow_table_release(flow_table_t *table, uint32_t set, unsigned way)
{
    if (__builtin_expect((table->sets[set].displaced >> way & 1) != 0, 0)) {
        flow_table_release_displaced(table, set, way);
    }
}

#endif
