/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * A new flow whose first set is full goes to its second set. If that is full as well, a flow of one of both
 * sets moves to its other set. The tag of a flow and one of its sets determine the other one, so the entries
 * are not read for that. A shard that is full of young flows is not searched again before one of them
 * expires.
 *
 * The hash has no key, so a sender can choose flows that share sets. The costs stay limited: an insertion
 * reads at most 18 heads, and a shard is scanned at most once for every 8 + sets / 8 insertions without room,
 * fewer than 64 comparisons for each of them. The worst case is packet time that goes back from SYN to SYN:
 * then every insertion searches.
 */
#include "engine/flow_room.h"

#include "engine/flow_hash.h"

_Static_assert(FLOW_WAYS == SET_WAYS, "the ways of set_first_way");

void flow_table_release_displaced(flow_table_t *table, uint32_t set, unsigned way)
{
    flow_set_t *head = &table->sets[set];
    head->displaced = (uint8_t)(head->displaced & ~(1u << way));
    head->settled = (uint8_t)(head->settled != 0 ? head->settled | 1u << way : 0);
    flow_set_t *first = &table->sets[flow_table_other_set(table, set, head->tags[way])];
    if (--first->absent_count == 0) {
        first->absent = 0;
    }
}

static inline uint32_t evict(flow_table_t *table, uint32_t index)
{
    flow_table_release(table, index / FLOW_WAYS, index % FLOW_WAYS);
    counter_add(table->evicted, 1);
    return index;
}

static inline void note_full(flow_set_t *set, uint32_t until)
{
    set->full_until = until;
    set->settled = (uint8_t)~set->displaced;
}

/* A way without a young flow, from the one whose turn it is. FLOW_WAYS: none. */
static inline unsigned free_way(const flow_table_t *table, const flow_set_t *set, uint32_t now)
{
    const uint32_t ways = flow_set_free(set, now, table->lifetime);
    return ways == 0 ? FLOW_WAYS : set_first_way(ways, set->hand);
}

/* Counts the flow that leaves a free way of a set of @p shard, or the way itself if it was empty. */
static void claim(flow_table_t *table, flow_shard_t *shard, uint32_t set, unsigned way, uint32_t now)
{
    if (table->sets[set].stamps[way] == 0) {
        flow_shard_use(shard, now, table->lifetime);
    } else {
        flow_table_release(table, set, way);
        counter_add(table->expired, 1);
    }
}

static bool may_displace(const flow_set_t *first)
{
    return first->absent_count < UINT16_MAX;
}

/* Notes that way @p way of @p second gets a flow with tag @p tag whose first set is @p first. */
static void note_displaced(flow_table_t *table, flow_set_t *first, flow_set_t *second, unsigned way,
                           uint32_t tag)
{
    second->displaced = (uint8_t)(second->displaced | 1u << way);
    second->settled = (uint8_t)(second->settled & ~(1u << way));
    first->absent |= 1u << (tag & 31);
    first->absent_count++;
    flow_table_note_change(table, first);
    flow_table_note_change(table, second);
}

/* Copies the flow in way @p way of set @p from to way @p free of set @p to, its other set. */
static void copy(flow_table_t *table, uint32_t from, unsigned way, uint32_t to, unsigned free)
{
    const flow_set_t *source = &table->sets[from];
    flow_set_t *target = &table->sets[to];
    const uint32_t kept = source->kept >> way & 1u;
    target->tags[free] = source->tags[way];
    target->stamps[free] = source->stamps[way];
    target->kept = (uint8_t)((target->kept & ~(1u << free)) | kept << free);
    const uint32_t source_index = FLOW_WAYS * from + way;
    const uint32_t target_index = FLOW_WAYS * to + free;
    table->flows[target_index] = table->flows[source_index];
    if ((table->flows[source_index].state & FLOW_IPV6) != 0) {
        table->ipv6[target_index] = table->ipv6[source_index];
    }
}

/* Moves a flow. The caller overwrites its former way. */
static void move(flow_table_t *table, flow_shard_t *shard, uint32_t from, unsigned way, uint32_t to,
                 unsigned free, uint32_t now)
{
    flow_set_t *source = &table->sets[from];
    flow_set_t *target = &table->sets[to];
    const bool returns = (source->displaced >> way & 1) != 0;
    claim(table, shard, to, free, now);
    flow_table_release(table, from, way);
    copy(table, from, way, to, free);
    flow_set_turn(target, free);
    if (!returns) {
        note_displaced(table, source, target, free, source->tags[way]);
    }
    flow_table_note_change(table, source);
    flow_table_note_change(table, target);
}

/* Moves one flow of @p set to its other set, if that has a free way. Returns its former way; FLOW_WAYS: no
 * flow can move. */
static __attribute__((noinline)) unsigned move_one(flow_table_t *table, flow_shard_t *shard, uint32_t set,
                                                   uint32_t now)
{
    const flow_set_t *head = &table->sets[set];
    const uint32_t ways = may_displace(head) ? (1u << FLOW_WAYS) - 1 : head->displaced;
    for (uint32_t left = ways; left != 0; left &= left - 1) {
        const unsigned way = (unsigned)__builtin_ctz(left);
        const uint32_t to = flow_table_other_set(table, set, head->tags[way]);
        const unsigned free = free_way(table, &table->sets[to], now);
        if (free != FLOW_WAYS) {
            move(table, shard, set, way, to, free, now);
            return way;
        }
    }
    return FLOW_WAYS;
}

/* The stamp that expires first: @p stamp, or one of @p set. */
static uint32_t oldest(const flow_set_t *set, uint32_t stamp)
{
    for (unsigned way = 0; way < FLOW_WAYS; way++) {
        const uint32_t other = set->stamps[way];
        stamp = other != 0 && (int32_t)(other - stamp) < 0 ? other : stamp;
    }
    return stamp;
}

/* Notes the time before which no flow in the shard of @p set expires. */
static void measure(flow_table_t *table, flow_shard_t *shard, uint32_t set, uint32_t now)
{
    const flow_set_t *sets = &table->sets[set - set % table->shard_sets];
    uint32_t stamp = now;
    for (uint32_t i = 0; i < table->shard_sets; i++) {
        stamp = oldest(&sets[i], stamp);
    }
    shard->full_until = (stamp & ~STAMP_USED) + table->lifetime;
    shard->failures = 0;
}

#define NO_ROOM UINT32_MAX

static uint32_t room_by_moving(flow_table_t *table, flow_shard_t *shard, uint32_t set, uint32_t second,
                               uint32_t hash, uint32_t now)
{
    flow_set_t *head = &table->sets[set];
    unsigned way = move_one(table, shard, set, now);
    if (way != FLOW_WAYS) {
        return set * FLOW_WAYS + way;
    }
    way = second != set && may_displace(head) ? move_one(table, shard, second, now) : FLOW_WAYS;
    if (way != FLOW_WAYS) {
        note_displaced(table, head, &table->sets[second], way, hash);
        return second * FLOW_WAYS + way;
    }
    /* The new flow, too, may expire first, if packet time went backwards. */
    const uint32_t stamp = oldest(&table->sets[second], oldest(head, now));
    note_full(head, (stamp & ~STAMP_USED) + table->lifetime);
    return NO_ROOM;
}

static inline uint32_t find_room(flow_table_t *table, flow_shard_t *shard, uint32_t set, uint32_t hash,
                                 uint32_t now)
{
    flow_set_t *head = &table->sets[set];
    unsigned way = free_way(table, head, now);
    if (way != FLOW_WAYS) {
        claim(table, shard, set, way, now);
        return set * FLOW_WAYS + way;
    }
    const uint32_t second = flow_table_other_set(table, set, hash);
    way = may_displace(head) ? free_way(table, &table->sets[second], now) : FLOW_WAYS;
    if (way != FLOW_WAYS) {
        claim(table, shard, second, way, now);
        note_displaced(table, head, &table->sets[second], way, hash);
        return second * FLOW_WAYS + way;
    }
    return room_by_moving(table, shard, set, second, hash, now);
}

/* After more consecutive failures, most sets of a shard are full. */
static uint32_t failures_max(const flow_table_t *table)
{
    return 8 + table->shard_sets / 8;
}

static __attribute__((noinline)) uint32_t search_room(flow_table_t *table, uint32_t index, uint32_t hash,
                                                      uint32_t now)
{
    flow_shard_t *shard = &table->shards[flow_shard(hash)];
    const uint32_t set = index / FLOW_WAYS;
    table->sets[set].settled = 0;
    const uint32_t room = find_room(table, shard, set, hash, now);
    shard->failures = room == NO_ROOM ? shard->failures + 1 : 0;
    if (shard->failures > failures_max(table)) {
        measure(table, shard, set, now);
    }
    return room == NO_ROOM ? evict(table, index) : room;
}

/* Whether no flow of @p set can leave, except for new flows of the same set. */
static inline bool is_full(const flow_table_t *table, const flow_shard_t *shard, const flow_set_t *set,
                           uint32_t now)
{
    return shard->used >= table->shard_flows && shard->full_until - now <= table->lifetime &&
           flow_set_free(set, now, table->lifetime) == 0;
}

static __attribute__((noinline)) uint32_t settle_or_search(flow_table_t *table, flow_set_t *set,
                                                           uint32_t index, uint32_t hash, uint32_t now)
{
    const flow_shard_t *shard = &table->shards[flow_shard(hash)];
    if (is_full(table, shard, set, now)) {
        note_full(set, shard->full_until);
        return evict(table, index);
    }
    return search_room(table, index, hash, now);
}

uint32_t flow_table_make_room(flow_table_t *table, flow_set_t *set, uint32_t index, uint32_t hash,
                              uint32_t now)
{
    return set->settled != 0 && flow_set_is_full(set, now, table->lifetime)
               ? evict(table, index)
               : settle_or_search(table, set, index, hash, now);
}
