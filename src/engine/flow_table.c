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

void flow_table_search(flow_table_t *table, uint32_t index, uint32_t hash, const synfix_headers_t *headers,
                       uint32_t seconds, flow_slot_t *place)
{
    bucket_t *bucket = place->bucket;
    for (uint32_t left = bucket_candidates(bucket, hash); left != 0; left &= left - 1) {
        const unsigned way = (unsigned)__builtin_ctz(left);
        if (!flow_table_holds(table, index + way, headers, place)) {
            continue;
        }
        if (bucket_age(bucket->stamps[way], seconds) > table->lifetime_s) {
            place->flow = NULL;
            bucket->stamps[way] = 0;
            flow_table_note_change(table, place->index);
            counter_add(table->expired, 1);
        }
        return;
    }
}

/* The fields are set one by one: copying a temporary value would read it back before its stores reach the
 * cache. */
static void set_ends(flow_t *flow, const synfix_headers_t *headers, bool server)
{
    flow->client = server ? headers->destination : headers->source;
    flow->server = server ? headers->source : headers->destination;
    flow->client_port = server ? headers->destination_port : headers->source_port;
    flow->server_port = server ? headers->source_port : headers->destination_port;
    flow->ip_version = headers->ip_version;
    flow->flags = 0;
    flow->unused = 0;
    flow->next_sequence[0] = flow->next_sequence[1] = 0;
    flow->opened_ms = 0;
    flow->sampled_ms[0] = flow->sampled_ms[1] = 0;
    flow->syn = 0;
}

void flow_table_insert(flow_table_t *table, uint32_t hash, const synfix_headers_t *headers, bool server,
                       uint32_t seconds, flow_slot_t *place)
{
    bucket_t *bucket = place->bucket;
    if (place->flow == NULL) {
        const unsigned way =
            place->victim ? place->way : bucket_victim(bucket->stamps, hash, seconds, table->lifetime_s);
        const uint32_t stamp = bucket->stamps[way];
        if ((stamp & BUCKET_USED) != 0) {
            counter_add(bucket_age(stamp, seconds) > table->lifetime_s ? table->expired : table->evicted, 1);
        }
        place->way = way;
        place->flow = &table->flows[(size_t)place->index * BUCKET_WAYS + way];
    }
    place->from_server = server;
    bucket->tags[place->way] = hash;
    bucket->stamps[place->way] = seconds | BUCKET_USED;
    flow_table_note_change(table, place->index);
    set_ends(place->flow, headers, server);
}
