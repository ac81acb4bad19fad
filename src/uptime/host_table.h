/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file host_table.h
 * Timestamp samples of hosts: a bounded table, indexed by address, on packet time.
 *
 * The hash of the address selects a set of eight ways. A set consists of its head (host_set_t) and of entries
 * (host_t, and host_samples_t for the third sample and later ones), which its ways get when they are first
 * used. Adjacent sets form a region, which shares its entries: a full region gives a new host the entry of an
 * old one. A packet accesses the table twice: host_table_prefetch and host_table_prefetch_host make a
 * forecast, host_table_get_at uses it.
 */
#ifndef UPTIME_HOST_TABLE_H
#define UPTIME_HOST_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <synfix/address.h>

#include "base/counter.h"
#include "base/prefetch.h"
#include "base/set_associative.h"

#define HOST_ANCHORS 8u /* samples of a host at most, see uptime.c */
#define HOST_FEW     2u /* those whose readings fit into the host itself */

/** Value and time of a sample; host_t.connections holds its connection. */
typedef struct host_reading {
    uint32_t time_ms; /* milliseconds since host_t.base_s */
    uint32_t value;
} host_reading_t;

/** For the p0f-compatible mode: values of the last SYN and the last SYN+ACK. */
typedef struct host_last {
    int64_t time_ms[2]; /* index 0: SYN, 1: SYN+ACK */
    uint32_t value[2];  /* 0: none */
} host_last_t;

/** Samples of a host, from its third one on; memory that a host with fewer samples never touches. */
typedef union host_samples {
    _Alignas(64) host_reading_t readings[HOST_ANCHORS]; /* valid up to anchor_count, above HOST_FEW */
    host_last_t last;                                   /* p0f-compatible mode */
} host_samples_t;

/** The entry of a host. It suffices to reject a sample, which is the common case for a busy host. */
typedef struct host {
    _Alignas(64) synfix_address_t address;
    uint32_t base_s;          /* packet time in seconds, modulo 2^32, to which the samples relate */
    uint32_t retry_ms;        /* if all anchors are in use: time after which another connection is accepted */
    uint32_t boot_s;          /* boot time last reported, seconds since the epoch */
    uint16_t frequency : 12;  /* last reported value; 0: none */
    uint16_t reliability : 4; /* last reported value */
    uint8_t anchor_count;     /* p0f-compatible mode: 1 after `last` is set */
    uint8_t ip_version : 4;
    uint8_t clock : 4; /* synfix_clock_t of the latest label; unknown before one with a clock */
    union {
        uint32_t connections[HOST_ANCHORS]; /* flow hashes, valid up to anchor_count */
        struct {
            uint32_t connections[HOST_FEW]; /* the same ones */
            host_reading_t readings[HOST_FEW];
        } few; /* up to HOST_FEW anchors */
    };
} host_t;

_Static_assert(sizeof(host_t) == 64 && sizeof(host_samples_t) == 64, "a cache line each");

/** A label without a clock changes nothing. */
static inline void host_set_clock(host_t *host, unsigned clock)
{
    if (clock != 0 && clock != host->clock) {
        host->clock = clock & 0xFu;
        host->anchor_count = 0; /* anchors of another clock do not compare */
    }
}

/**
 * Head of a set, one cache line (base/set_associative.h). A way gets an entry when it is first used, so used
 * entries are adjacent and memory is touched on demand. A way may lose its entry to another set.
 */
typedef struct host_set {
    _Alignas(64) uint16_t tags[SET_WAYS]; /* low bits of the hash; the set has the high ones */
    uint16_t entries[SET_WAYS];           /* index within the region, counted from 1; 0: no entry yet */
    uint32_t stamps[SET_WAYS];
} host_set_t;

/**
 * Ways for each host that the table has room for. With as many ways as hosts, one host of seven would find
 * its set full before the table is; with three times as many, one of 1,100. A way costs 8 bytes in addition
 * to its entry.
 */
#define HOST_SPREAD 3u

/** Sets of a region, so that the index of an entry fits in 16 bits; and entries of a region: 43,690, which is
 * one for HOST_SPREAD ways, and 0.8 % more, since regions do not fill evenly. */
#define HOST_REGION_SETS    16384u
#define HOST_REGION_ENTRIES (HOST_REGION_SETS / 16 * 43)

_Static_assert(HOST_REGION_ENTRIES <= UINT16_MAX, "a position fits in 16 bits");
_Static_assert(HOST_REGION_ENTRIES > HOST_REGION_SETS * SET_WAYS / HOST_SPREAD, "and some more");

/** When all entries of a region are in use, a new host gets the one of an old host near its set. */
typedef struct host_region {
    uint32_t used; /* entries that ways have */
    uint32_t room; /* entries */
    uint32_t hand; /* where no host is near: the set of the region to look at next */
} host_region_t;

typedef struct host_table {
    host_set_t *sets;
    host_t *hosts;
    host_samples_t *samples; /* of the host with the same index */
    host_region_t *regions;
    uint32_t set_count;
    uint32_t lifetime_s;
    counter_t *evicted;
    counter_t *expired;
} host_table_t;

/** Allocates room for @p capacity hosts, 1 to 2^24, and at most 1 % more. false: out of memory. */
bool host_table_init(host_table_t *table, uint32_t capacity, uint32_t lifetime_s, counter_t *evicted,
                     counter_t *expired);
/** After init: maps the sets as a whole (huge_pages_map). */
void host_table_map(host_table_t *table);
void host_table_clear(host_table_t *table);

/**
 * Returns the entry for the address, evicting another host if necessary. Never NULL. @p now, here and below:
 * stamp_time.
 */
host_t *host_table_get(host_table_t *table, uint32_t hash, const synfix_address_t *address,
                       uint8_t ip_version, uint32_t now);

/** Index of the set for @p hash. */
static inline size_t host_table_set(const host_table_t *table, uint32_t hash)
{
    return (size_t)((uint64_t)hash * table->set_count >> 32);
}

/** First step before host_table_get_at: prefetches the head of the set. */
static inline void host_table_prefetch(const host_table_t *table, uint32_t hash)
{
    prefetch(&table->sets[host_table_set(table, hash)]);
}

/** The samples of a host of the table. */
static inline host_samples_t *host_table_samples(const host_table_t *table, const host_t *host)
{
    return &table->samples[host - table->hosts];
}

/** Index of the entry of a way, used or not. */
static inline uint32_t host_table_index(const host_table_t *table, size_t set, unsigned way)
{
    const size_t region = set / HOST_REGION_SETS;
    const uint32_t position = table->sets[set].entries[way];
    return (uint32_t)(region * HOST_REGION_ENTRIES) +
           (position != 0 ? position - 1 : table->regions[region].used);
}

/** Where host_table_get will probably find a host. */
typedef struct host_forecast {
    uint32_t way;   /* among all ways */
    uint32_t index; /* of the entry that the way has, or will have if it gets the next one */
} host_forecast_t;

/** Second step, once the head is in the cache: prefetches the host without its samples. */
static inline host_forecast_t host_table_prefetch_host(const host_table_t *table, uint32_t hash, uint32_t now)
{
    const size_t index = host_table_set(table, hash);
    const host_set_t *set = &table->sets[index];
    const uint32_t found = match8_u16(set->tags, (uint16_t)hash);
    const unsigned way = found != 0 ? (unsigned)__builtin_ctz(found) : set_victim(set->stamps, hash, now);
    const host_forecast_t forecast = {(uint32_t)(index * SET_WAYS + way),
                                      host_table_index(table, index, way)};
    prefetch(&table->hosts[forecast.index]);
    return forecast;
}

static inline bool host_is(const host_t *host, const synfix_address_t *address, uint8_t ip_version)
{
    return host->ip_version == ip_version && memcmp(&host->address, address, sizeof *address) == 0;
}

/** host_table_get; faster if @p forecast is right. A way loses its entry to another set only, so an entry
 * with the right address is the one of the forecast's way, unless the same host was evicted and entered again
 * since the forecast: then another way gets the age. */
static inline host_t *host_table_get_at(host_table_t *table, host_forecast_t forecast, uint32_t hash,
                                        synfix_address_t address, uint8_t ip_version, uint32_t now)
{
    host_t *host = &table->hosts[forecast.index];
    uint32_t *stamp = &table->sets[forecast.way / SET_WAYS].stamps[forecast.way % SET_WAYS];
    if (*stamp == 0 || !host_is(host, &address, ip_version) ||
        stamp_is_older(*stamp, now, table->lifetime_s)) {
        const synfix_address_t own = address; /* so that the other one stays in registers */
        return host_table_get(table, hash, &own, ip_version, now);
    }
    *stamp = now | STAMP_USED;
    return host;
}

#endif
