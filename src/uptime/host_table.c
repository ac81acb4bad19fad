/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "uptime/host_table.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/huge_pages.h"

bool host_table_init(host_table_t *table, uint32_t capacity, uint32_t lifetime_s, counter_t *evicted,
                     counter_t *expired)
{
    const uint32_t count = (capacity + BUCKET_WAYS - 1) / BUCKET_WAYS;
    *table = (host_table_t){
        .bucket_count = count, .lifetime_s = lifetime_s, .evicted = evicted, .expired = expired};
    table->buckets = huge_pages_new(count * sizeof *table->buckets);
    /* Memory is touched only when hosts appear, so a large bound costs nothing by itself. */
    table->hosts = huge_pages_new_lazy((size_t)count * BUCKET_WAYS * sizeof *table->hosts);
    table->samples = huge_pages_new_lazy((size_t)count * BUCKET_WAYS * sizeof *table->samples);
    table->used = calloc(count / HOST_REGION_BUCKETS + 1, sizeof *table->used);
    if (table->buckets == NULL || table->hosts == NULL || table->samples == NULL || table->used == NULL) {
        host_table_clear(table);
        return false;
    }
    return true;
}

void host_table_clear(host_table_t *table)
{
    huge_pages_free(table->buckets);
    huge_pages_free(table->hosts);
    huge_pages_free(table->samples);
    free(table->used);
    table->buckets = NULL;
    table->hosts = NULL;
    table->samples = NULL;
    table->used = NULL;
}

/* Returns a zeroed entry for a new host. */
static host_t *take(host_table_t *table, size_t index, unsigned way, uint32_t hash, uint32_t seconds)
{
    host_bucket_t *bucket = &table->buckets[index];
    host_t *host = &table->hosts[host_table_index(table, index, way)];
    if (bucket->entries[way] == 0) {
        bucket->entries[way] = (uint16_t)++table->used[index / HOST_REGION_BUCKETS];
    }
    if ((bucket->stamps[way] & BUCKET_USED) != 0) {
        counter_add(bucket_is_older(bucket->stamps[way], seconds, table->lifetime_s) ? table->expired
                                                                                     : table->evicted,
                    1);
    }
    bucket->tags[way] = (uint16_t)hash;
    bucket->stamps[way] = seconds | BUCKET_USED;
    memset(host, 0, offsetof(host_t, connections));
    return host;
}

/* The entry for a host that the bucket does not hold, or whose time is over: in this case its @p way. */
static __attribute__((noinline)) host_t *begin(host_table_t *table, uint32_t hash,
                                               const synfix_address_t *address, uint8_t ip_version,
                                               uint32_t seconds, unsigned way)
{
    const size_t index = host_table_bucket(table, hash);
    if (way == BUCKET_WAYS) {
        way = bucket_victim(table->buckets[index].stamps, hash, seconds);
    }
    host_t *host = take(table, index, way, hash, seconds);
    host->address = *address;
    host->ip_version = ip_version & 0xFu;
    host->clock = 0;
    return host;
}

host_t *host_table_get(host_table_t *table, uint32_t hash, const synfix_address_t *address,
                       uint8_t ip_version, uint32_t seconds)
{
    const size_t index = host_table_bucket(table, hash);
    host_bucket_t *bucket = &table->buckets[index];
    for (uint32_t left = match8_u16(bucket->tags, (uint16_t)hash); left != 0; left &= left - 1) {
        const unsigned way = (unsigned)__builtin_ctz(left);
        host_t *host = &table->hosts[host_table_index(table, index, way)];
        const uint32_t stamp = bucket->stamps[way];
        if (stamp == 0 || !host_is(host, address, ip_version)) {
            continue;
        }
        if (__builtin_expect(bucket_is_older(stamp, seconds, table->lifetime_s), 0)) {
            return begin(table, hash, address, ip_version, seconds, way);
        }
        bucket->stamps[way] = seconds | BUCKET_USED;
        return host;
    }
    return begin(table, hash, address, ip_version, seconds, BUCKET_WAYS);
}
