/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file host_table.h
 * What is remembered of a host's timestamps: a bounded table by address, on packet time.
 */
#ifndef UPTIME_HOST_TABLE_H
#define UPTIME_HOST_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <synfix/address.h>

#include "base/counter.h"
#include "base/prefetch.h"
#include "base/set_associative.h"

#define HOST_ANCHORS 8u

/** One timestamp value; the connection that showed it stands in the host. */
typedef struct host_reading {
    uint32_t time_ms; /* since the host's base */
    uint32_t value;
} host_sample_t;

/** For p0f's way: the values of the last SYN and of the last SYN+ACK. */
typedef struct host_last {
    int64_t time_ms[2]; /* by direction: 0 of a SYN, 1 of a SYN+ACK */
    uint32_t value[2];  /* 0: none */
} host_last_t;

/** The first cache line is enough to turn a point away, which is most of what happens to a busy host. */
typedef struct host {
    synfix_address_t address;
    uint32_t base_s;          /* packet time that the readings count from, modulo 2^32 */
    uint32_t retry_ms;        /* with all anchors: when another connection is taken up */
    uint32_t boot_s;          /* as last told, seconds since the epoch */
    uint16_t frequency : 12;  /* as last told; 0 none */
    uint16_t reliability : 4; /* as last told */
    uint8_t anchor_count;     /* in p0f's way 1 once `last` is set */
    uint8_t ip_version;
    uint32_t connections[HOST_ANCHORS]; /* flow hashes, set up to anchor_count */
    union {
        host_sample_t readings[HOST_ANCHORS]; /* the same */
        host_last_t last;
    } points;
} host_t;

_Static_assert(sizeof(host_t) == 128 && offsetof(host_t, points) == 64, "two cache lines a host");

/** Head of a set, one cache line; see bucket.h. Each of its ways gets a place among the hosts when it is
 * first used: hosts that are there lie side by side, and memory is touched as they come. */
typedef struct host_bucket {
    _Alignas(64) uint16_t tags[BUCKET_WAYS];
    uint16_t places[BUCKET_WAYS]; /* in the region, counted from 1; 0: none yet */
    uint32_t stamps[BUCKET_WAYS];
} host_bucket_t;

/** Buckets whose hosts share a region, so that a place fits in 16 bits. */
#define HOST_REGION_BUCKETS 4096u
#define HOST_REGION_PLACES  (HOST_REGION_BUCKETS * BUCKET_WAYS)

_Static_assert(HOST_REGION_PLACES <= UINT16_MAX, "a place fits in 16 bits");

typedef struct host_table {
    host_bucket_t *buckets;
    host_t *hosts;
    uint32_t *used; /* places, by region */
    uint32_t bucket_count;
    uint32_t lifetime_s;
    counter_t *evicted;
    counter_t *expired;
} host_table_t;

/** Room for @p capacity hosts (rounded up to eight); false when there is no memory. */
bool host_table_init(host_table_t *table, uint32_t capacity, uint32_t lifetime_s, counter_t *evicted,
                     counter_t *expired);
void host_table_clear(host_table_t *table);

/** The host, or a fresh one in the place of whom it was best to forget. Never NULL. @p seconds: see
 * bucket_seconds. */
host_t *host_table_get(host_table_t *table, uint32_t hash, const synfix_address_t *address,
                       uint8_t ip_version, uint32_t seconds);

static inline size_t host_table_bucket(const host_table_t *table, uint32_t hash)
{
    return (size_t)((uint64_t)hash * table->bucket_count >> 32);
}

static inline void host_table_prefetch(const host_table_t *table, uint32_t hash)
{
    prefetch(&table->buckets[host_table_bucket(table, hash)]);
}

/** Where the host of a way is or will be. */
static inline host_t *host_table_at(const host_table_t *table, size_t bucket, unsigned way)
{
    const size_t region = bucket / HOST_REGION_BUCKETS;
    const uint32_t place = table->buckets[bucket].places[way];
    return &table->hosts[region * HOST_REGION_PLACES + (place != 0 ? place - 1 : table->used[region])];
}

/** After host_table_prefetch, when the bucket is there: asks for the host itself, without its readings. */
static inline void host_table_prefetch_host(const host_table_t *table, uint32_t hash, uint32_t seconds)
{
    const size_t index = host_table_bucket(table, hash);
    const host_bucket_t *bucket = &table->buckets[index];
    const uint32_t found = match8_u16(bucket->tags, (uint16_t)hash);
    const unsigned way = found != 0 ? (unsigned)__builtin_ctz(found)
                                    : bucket_victim(bucket->stamps, hash, seconds, table->lifetime_s);
    prefetch(host_table_at(table, index, way));
}

#endif
