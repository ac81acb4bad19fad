/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file flow_table.h
 * The handshake table: connections by their SYN or SYN+ACK, bounded, on packet time.
 *
 * 64 shards by the low bits of synfix_flow_hash, each with its own bound: evictions do not depend on the
 * number of workers.
 */
#ifndef ENGINE_FLOW_TABLE_H
#define ENGINE_FLOW_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <synfix/engine.h>

#include "base/counter.h"
#include "base/set_associative.h"

/* Bits of flow_t.flags. */
#define FLOW_SYN_SEEN  0x01u
#define FLOW_ANSWERED  0x02u /* by a SYN+ACK of the server */
#define FLOW_P0F_ALIVE 0x04u /* p0f still follows it */
#define FLOW_P0F_DONE  0x08u /* shifted by the direction: its uptime was reported, or is not credible */

/** One connection. The client sent the SYN, or received the first SYN+ACK. */
typedef struct flow {
    synfix_address_t client;
    synfix_address_t server;
    uint16_t client_port;
    uint16_t server_port;
    uint8_t ip_version;
    uint8_t flags;
    uint16_t unused;
    uint32_t next_sequence[2]; /* [0] of the client, [1] of the server; after SYN: initial + 1 */
    uint32_t opened_ms;
    uint32_t sampled_ms[2]; /* by direction: time of the next sample */
    uint32_t syn;           /* the client's SYN, as fingerprint_slot_t.as_syn */
} flow_t;

_Static_assert(sizeof(flow_t) == 64, "a cache line a flow");

#define FLOW_CHANGES 256u

typedef struct flow_table {
    bucket_t *buckets;
    flow_t *flows;
    uint32_t shard_buckets;
    uint32_t lifetime_s;
    uint8_t changed[FLOW_CHANGES]; /* 1: a bucket of this index modulo FLOW_CHANGES changed, see
                                      flow_table_forget_changes */
    counter_t *evicted;
    counter_t *expired;
} flow_table_t;

/** Room for @p capacity flows over all shards (rounded up to 512); false when there is no memory. */
bool flow_table_init(flow_table_t *table, uint32_t capacity, uint32_t lifetime_s, counter_t *evicted,
                     counter_t *expired);
void flow_table_clear(flow_table_t *table);

/** Result of a look-up that uses only the head of the bucket. */
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
flow_forecast_t flow_table_forecast(const flow_table_t *table, uint32_t bucket, uint32_t hash,
                                    uint32_t seconds);

/** Position of a flow, valid until the next flow_table_insert; small enough for a register. */
typedef struct flow_place {
    uint32_t index;   /* of the flow; of any place in its bucket when neither found nor victim */
    bool found;       /* the flow is in the table */
    bool victim;      /* the flow is not, and index is the place to overwrite */
    bool from_server; /* found: the packet's source is flow->server */
} flow_place_t;

static inline flow_t *flow_table_at(const flow_table_t *table, flow_place_t place)
{
    return &table->flows[place.index];
}

static inline uint32_t *flow_table_stamp(const flow_table_t *table, uint32_t index)
{
    return &table->buckets[index / BUCKET_WAYS].stamps[index % BUCKET_WAYS];
}

static inline void flow_table_note_change(flow_table_t *table, uint32_t index)
{
    table->changed[index / BUCKET_WAYS % FLOW_CHANGES] = 1;
}

_Static_assert(offsetof(flow_t, server) == offsetof(synfix_headers_t, destination) &&
                   offsetof(flow_t, client_port) == offsetof(synfix_headers_t, source_port) &&
                   offsetof(flow_t, server_port) == offsetof(synfix_headers_t, destination_port),
               "a flow begins as the headers of its client's packets do");

/** Whether the set of place @p index has changed since flow_table_forget_changes, or may have. */
static inline bool flow_table_has_changed(const flow_table_t *table, uint32_t index)
{
    return table->changed[index / BUCKET_WAYS % FLOW_CHANGES] != 0;
}

/** Whether the flow at place @p index is not past its time; false when packet time went backwards. */
static inline bool flow_table_is_alive(const flow_table_t *table, uint32_t index, uint32_t seconds)
{
    return seconds - (*flow_table_stamp(table, index) & ~3u) <= table->lifetime_s << 2;
}

/** 0 when the two addresses are the same. */
static inline uint64_t flow_address_difference(const synfix_address_t *a, const synfix_address_t *b)
{
    uint64_t x[2];
    uint64_t y[2];
    memcpy(x, a->bytes, sizeof x);
    memcpy(y, b->bytes, sizeof y);
    return (x[0] ^ y[0]) | (x[1] ^ y[1]);
}

/** Whether @p headers are of a packet from the client of @p flow, whose port is known to be the source port.
 */
static inline bool flow_is_from_client(const flow_t *flow, const synfix_headers_t *headers)
{
    return (flow_address_difference(&flow->client, &headers->source) |
            flow_address_difference(&flow->server, &headers->destination) |
            (flow->server_port ^ headers->destination_port)) == 0;
}

/** The same for the server. */
static inline bool flow_is_from_server(const flow_t *flow, const synfix_headers_t *headers)
{
    return (flow_address_difference(&flow->server, &headers->source) |
            flow_address_difference(&flow->client, &headers->destination) |
            (flow->client_port ^ headers->destination_port)) == 0;
}

typedef enum flow_side {
    FLOW_SIDE_NONE, /* the place holds another flow */
    FLOW_SIDE_CLIENT,
    FLOW_SIDE_SERVER,
} flow_side_t;

/** The side of the flow at place @p index from which the packet of @p headers comes. */
static inline flow_side_t flow_table_side(const flow_table_t *table, uint32_t index,
                                          const synfix_headers_t *headers)
{
    const flow_t *flow = &table->flows[index];
    if (*flow_table_stamp(table, index) == 0 || flow->ip_version != headers->ip_version) {
        return FLOW_SIDE_NONE;
    }
    if (flow->client_port == headers->source_port && flow_is_from_client(flow, headers)) {
        return FLOW_SIDE_CLIENT;
    }
    return flow->server_port == headers->source_port && flow_is_from_server(flow, headers) ? FLOW_SIDE_SERVER
                                                                                           : FLOW_SIDE_NONE;
}

/** flow_table_find without a forecast, in the bucket of place @p index. */
flow_place_t flow_table_search(flow_table_t *table, uint32_t index, uint32_t hash,
                               const synfix_headers_t *headers, uint32_t seconds);

/** Looks for the flow of @p headers. Times in @p seconds, here and below, are bucket_seconds. */
static inline flow_place_t flow_table_find(flow_table_t *table, flow_forecast_t forecast, uint32_t hash,
                                           const synfix_headers_t *headers, uint32_t seconds)
{
    const uint32_t index = forecast.index;
    if (!flow_table_has_changed(table, index)) {
        if (!forecast.present) {
            return (flow_place_t){.index = index, .victim = true};
        }
        const flow_side_t side = bucket_age(*flow_table_stamp(table, index), seconds) <= table->lifetime_s
                                     ? flow_table_side(table, index, headers)
                                     : FLOW_SIDE_NONE;
        if (side != FLOW_SIDE_NONE) {
            return (flow_place_t){.index = index, .found = true, .from_server = side == FLOW_SIDE_SERVER};
        }
    }
    return flow_table_search(table, index, hash, headers, seconds);
}

/** The place to overwrite in the bucket of @p place, which is no victim yet. */
uint32_t flow_table_choose_victim(flow_table_t *table, uint32_t hash, uint32_t seconds, flow_place_t place);

/* The fields are set one by one: copying a temporary value would read it back before its stores reach the
 * cache. */
static inline void flow_set_ends(flow_t *flow, const synfix_headers_t *headers, bool server)
{
    flow->client = server ? headers->destination : headers->source;
    flow->server = server ? headers->source : headers->destination;
    flow->client_port = server ? headers->destination_port : headers->source_port;
    flow->server_port = server ? headers->source_port : headers->destination_port;
    flow->ip_version = headers->ip_version;
}

static inline void flow_table_count_loss(flow_table_t *table, uint32_t stamp, uint32_t seconds)
{
    if ((stamp & BUCKET_USED) != 0) {
        counter_add(bucket_age(stamp, seconds) > table->lifetime_s ? table->expired : table->evicted, 1);
    }
}

/**
 * Puts a flow at @p place of flow_table_find, the same flow or a victim, and returns its place. Its client is
 * the source of @p headers, or their destination when @p server. The caller sets all fields but the ends.
 */
static inline __attribute__((always_inline)) flow_place_t
flow_table_insert(flow_table_t *table, uint32_t hash, const synfix_headers_t *headers, bool server,
                  uint32_t seconds, flow_place_t place)
{
    uint32_t index = place.index;
    if (__builtin_expect(!place.found && !place.victim, 0)) {
        index = flow_table_choose_victim(table, hash, seconds, place);
    }
    uint32_t *stamp = flow_table_stamp(table, index);
    if (!place.found) {
        flow_table_count_loss(table, *stamp, seconds);
    }
    *stamp = seconds | BUCKET_USED;
    table->buckets[index / BUCKET_WAYS].tags[index % BUCKET_WAYS] = hash;
    flow_table_note_change(table, index);
    flow_set_ends(&table->flows[index], headers, server);
    return (flow_place_t){.index = index, .found = true, .from_server = server};
}

/** A packet of the flow came; with @p keep it is among the last to be evicted. */
static inline void flow_table_touch(flow_table_t *table, flow_place_t place, uint32_t seconds, bool keep)
{
    uint32_t *stamp = flow_table_stamp(table, place.index);
    *stamp = seconds | BUCKET_USED | (*stamp & BUCKET_KEEP) | (keep ? BUCKET_KEEP : 0);
    flow_table_note_change(table, place.index);
}

/** Index of the bucket. */
static inline uint32_t flow_table_bucket(const flow_table_t *table, uint32_t hash)
{
    const uint32_t shard = hash % SYNFIX_FLOW_SHARDS;
    const uint64_t within = (uint64_t)(hash / SYNFIX_FLOW_SHARDS) * table->shard_buckets >> 26;
    return shard * table->shard_buckets + (uint32_t)within;
}

#endif
