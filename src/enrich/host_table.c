/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "enrich/host_table.h"

#include <stddef.h>
#include <string.h>

#include "base/pages.h"

bool host_table_init(host_table_t *table, uint32_t capacity, uint32_t lifetime_s, counter_t *evicted,
                     counter_t *expired)
{
    const uint32_t count = (capacity + BUCKET_WAYS - 1) / BUCKET_WAYS;
    *table = (host_table_t){
        .bucket_count = count, .lifetime_s = lifetime_s, .evicted = evicted, .expired = expired};
    const size_t bucket_bytes = count * sizeof(bucket_t);
    const size_t host_bytes = (size_t)count * BUCKET_WAYS * sizeof(host_t);
    table->buckets = pages_new(bucket_bytes);
    /* Pages are touched when hosts come, so a large bound costs nothing by itself. */
    table->hosts = pages_new(host_bytes);
    if (table->buckets == NULL || table->hosts == NULL) {
        host_table_clear(table);
        return false;
    }
    return true;
}

void host_table_clear(host_table_t *table)
{
    pages_free(table->buckets);
    pages_free(table->hosts);
    table->buckets = NULL;
    table->hosts = NULL;
}

host_t *host_table_get(host_table_t *table, uint32_t hash, const synfix_address_t *address,
                       uint8_t ip_version, uint32_t seconds)
{
    const size_t index = host_table_bucket(table, hash);
    bucket_t *bucket = &table->buckets[index];
    host_t *hosts = &table->hosts[index * BUCKET_WAYS];
    unsigned way = BUCKET_WAYS;
    for (uint32_t left = bucket_candidates(bucket, hash); left != 0; left &= left - 1) {
        const unsigned at = (unsigned)__builtin_ctz(left);
        if (bucket->stamps[at] != 0 && hosts[at].ip_version == ip_version &&
            memcmp(&hosts[at].address, address, sizeof *address) == 0) {
            way = at;
            break;
        }
    }
    if (way < BUCKET_WAYS && bucket_age(bucket->stamps[way], seconds) <= table->lifetime_s) {
        bucket->stamps[way] = seconds | BUCKET_USED;
        return &hosts[way];
    }
    if (way == BUCKET_WAYS)
        way = bucket_victim(bucket, hash, seconds, table->lifetime_s);
    if ((bucket->stamps[way] & BUCKET_USED) != 0)
        counter_add(bucket_age(bucket->stamps[way], seconds) > table->lifetime_s ? table->expired
                                                                                 : table->evicted,
                    1);
    bucket->tags[way] = hash;
    bucket->stamps[way] = seconds | BUCKET_USED;
    host_t *host = &hosts[way];
    memset(host, 0, offsetof(host_t, connections));
    host->address = *address;
    host->ip_version = ip_version;
    return host;
}
