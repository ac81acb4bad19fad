/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "engine/flow_table.h"

#include <string.h>

#include "base/huge_pages.h"

bool flow_table_init(flow_table_t *table, uint32_t capacity, uint32_t lifetime_s, counter_t *evicted,
                     counter_t *expired)
{
    const uint32_t shard_slots = (capacity + SYNFIX_FLOW_SHARDS - 1) / SYNFIX_FLOW_SHARDS;
    *table = (flow_table_t){.shard_buckets = (shard_slots + BUCKET_WAYS - 1) / BUCKET_WAYS,
                            .lifetime_s = lifetime_s,
                            .evicted = evicted,
                            .expired = expired};
    const size_t buckets = (size_t)table->shard_buckets * SYNFIX_FLOW_SHARDS;
    table->buckets = pages_new(buckets * sizeof(bucket_t));
    /* The bucket tells the entries in use; engine_prefetch.c may read an unused entry, which is zero at
     * first. */
    table->flows = pages_new(buckets * BUCKET_WAYS * sizeof(flow_t));
    if (table->buckets == NULL || table->flows == NULL) {
        flow_table_clear(table);
        return false;
    }
    return true;
}

void flow_table_clear(flow_table_t *table)
{
    pages_free(table->buckets);
    pages_free(table->flows);
    table->buckets = NULL;
    table->flows = NULL;
}

flow_forecast_t flow_table_forecast(const flow_table_t *table, uint32_t bucket, uint32_t hash,
                                    uint32_t seconds)
{
    const bucket_t *head = &table->buckets[bucket];
    const uint32_t found = bucket_candidates(head, hash);
    const unsigned way = found != 0 ? (unsigned)__builtin_ctz(found)
                                    : bucket_victim(head->stamps, hash, seconds, table->lifetime_s);
    return (flow_forecast_t){bucket * BUCKET_WAYS + way, found != 0};
}

flow_place_t flow_table_search(flow_table_t *table, uint32_t index, uint32_t hash,
                               const synfix_headers_t *headers, uint32_t seconds)
{
    const uint32_t first = index - index % BUCKET_WAYS;
    bucket_t *bucket = &table->buckets[index / BUCKET_WAYS];
    for (uint32_t left = bucket_candidates(bucket, hash); left != 0; left &= left - 1) {
        const unsigned way = (unsigned)__builtin_ctz(left);
        const flow_side_t side = flow_table_side(table, first + way, headers);
        if (side == FLOW_SIDE_NONE) {
            continue;
        }
        const bool alive = bucket_age(bucket->stamps[way], seconds) <= table->lifetime_s;
        if (!alive) {
            bucket->stamps[way] = 0;
            flow_table_note_change(table, index);
            counter_add(table->expired, 1);
        }
        return (flow_place_t){.index = first + way, .found = alive, .from_server = side == FLOW_SIDE_SERVER};
    }
    return (flow_place_t){.index = index};
}

uint32_t flow_table_choose_victim(flow_table_t *table, uint32_t hash, uint32_t seconds, flow_place_t place)
{
    const uint32_t first = place.index - place.index % BUCKET_WAYS;
    const bucket_t *bucket = &table->buckets[place.index / BUCKET_WAYS];
    return first + bucket_victim(bucket->stamps, hash, seconds, table->lifetime_s);
}
