/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file flow_table.h
 * The handshake table: who sent a SYN to whom, bounded, on packet time.
 *
 * 64 shards by the low bits of synfix_flow_hash, each with its own bound, so that what is forgotten does not
 * depend on how many workers share the shards.
 */
#ifndef ENGINE_FLOW_TABLE_H
#define ENGINE_FLOW_TABLE_H

#include <stdbool.h>
#include <stdint.h>
#include <synfix/engine.h>

#include "base/counter.h"
#include "base/set_associative.h"

/* Bits of flow_t.flags. */
#define FLOW_SYN_SEEN  0x01u
#define FLOW_ANSWERED  0x02u /* by a SYN+ACK of the server */
#define FLOW_P0F_ALIVE 0x04u /* p0f would still follow it */
#define FLOW_P0F_DONE  0x08u /* shifted by the direction: its uptime was reported, or is not believed */

/** One connection; the client is who sent the SYN (or who was answered by the first SYN+ACK). */
typedef struct flow {
    synfix_address_t client;
    synfix_address_t server;
    uint16_t client_port;
    uint16_t server_port;
    uint8_t ip_version;
    uint8_t flags;
    uint16_t syn_mss;
    uint32_t next_sequence[2]; /* [0] of the client, [1] of the server; after SYN: initial + 1 */
    uint32_t opened_ms;
    uint32_t sampled_ms[2]; /* by direction: when the next timestamp is worth taking */
    uint32_t reserved;
} flow_t;

_Static_assert(sizeof(flow_t) == 64, "a cache line a flow");

typedef struct flow_table {
    bucket_t *buckets;
    flow_t *flows;
    uint32_t shard_buckets;
    uint32_t lifetime_s;
    counter_t *evicted;
    counter_t *expired;
} flow_table_t;

/** Room for @p capacity flows over all shards (rounded up to 512); false when there is no memory. */
bool flow_table_init(flow_table_t *table, uint32_t capacity, uint32_t lifetime_s, counter_t *evicted,
                     counter_t *expired);
void flow_table_clear(flow_table_t *table);

/** Where a flow stands; valid until the next flow_table_insert. */
typedef struct flow_slot {
    flow_t *flow; /* NULL: not in the table */
    bucket_t *bucket;
    unsigned way;
    bool from_server; /* the packet's source is flow->server */
} flow_slot_t;

/** Looks for the flow of @p headers and sets all of @p place. @p bucket: its bucket. Times in @p seconds,
 * here and below, are bucket_seconds. */
void flow_table_find(flow_table_t *table, uint32_t bucket, uint32_t hash, const synfix_headers_t *headers,
                     uint32_t seconds, flow_slot_t *place);

/** A fresh flow (all else 0) whose client is the source of @p headers, or its destination when @p
 * from_server. Takes the place that flow_table_find found, or a victim's, and sets @p place to it. */
void flow_table_insert(flow_table_t *table, uint32_t hash, const synfix_headers_t *headers, bool from_server,
                       uint32_t seconds, flow_slot_t *place);

/** The flow was heard of; with @p keep it is among the last to be given up. */
static inline void flow_touch(const flow_slot_t *place, uint32_t seconds, bool keep)
{
    uint32_t *stamp = &place->bucket->stamps[place->way];
    *stamp = seconds | BUCKET_USED | (*stamp & BUCKET_KEEP) | (keep ? BUCKET_KEEP : 0);
}

/** Index of the bucket. */
static inline uint32_t flow_table_bucket(const flow_table_t *table, uint32_t hash)
{
    const uint32_t shard = hash % SYNFIX_FLOW_SHARDS;
    const uint64_t within = (uint64_t)(hash / SYNFIX_FLOW_SHARDS) * table->shard_buckets >> 26;
    return shard * table->shard_buckets + (uint32_t)within;
}

#endif
