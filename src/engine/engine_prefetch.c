/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Guesses where the work on a packet will end up in the tables: a wrong one costs time only. */
#include "base/prefetch.h"
#include "engine/engine_internal.h"

static bool keeps_hosts(const synfix_engine_t *engine)
{
    return engine->hosts.buckets != NULL && engine->config.on_timestamp_sample == NULL &&
           engine->on_sample == NULL;
}

void engine_fetch_heads(synfix_engine_t *engine, packet_context_t *work)
{
    const uint32_t bucket = flow_table_bucket(&engine->flows, work->flow_hash);
    work->flow = bucket * BUCKET_WAYS;
    prefetch(&engine->flows.buckets[bucket]);
    if (work->verdict != SYNFIX_VERDICT_SEGMENT) {
        prefetch(fingerprint_cache_set(&engine->cache, work->key_hash));
    }
}

void engine_fetch_entries(synfix_engine_t *engine, packet_context_t *work)
{
    const bucket_t *bucket = &engine->flows.buckets[work->flow / BUCKET_WAYS];
    work->flow += bucket_likely(bucket, work->flow_hash, work->seconds, engine->flows.lifetime_s);
    prefetch(&engine->flows.flows[work->flow]);
    if (work->verdict != SYNFIX_VERDICT_SEGMENT) {
        work->slot = fingerprint_cache_prefetch_slot(&engine->cache, work->key_hash);
    }
}

/* Most segments come too early for another point. */
static bool shows_sample(const synfix_engine_t *engine, const packet_context_t *work)
{
    if (work->verdict != SYNFIX_VERDICT_SEGMENT) {
        return work->place != FINGERPRINT_NO_PLACE;
    }
    const flow_t *flow = &engine->flows.flows[work->flow];
    return engine->config.uptime == SYNFIX_UPTIME_P0F ||
           engine_sample_is_due(flow, flow->server_port == work->headers.source_port, work->time_ns);
}

/* Who has timestamps and who has not come in no order: an address is chosen without a branch. */
void engine_fetch_host_head(synfix_engine_t *engine, packet_context_t *work)
{
    work->fetch_host = false;
    if (!keeps_hosts(engine)) {
        return;
    }
    const host_bucket_t *bucket = &engine->hosts.buckets[host_table_bucket(&engine->hosts, work->host_hash)];
    work->fetch_host = shows_sample(engine, work);
    const uintptr_t chosen = -(uintptr_t)work->fetch_host;
    prefetch((const void *)(((uintptr_t)bucket & chosen) | ((uintptr_t)work & ~chosen)));
}

void engine_fetch_host(synfix_engine_t *engine, const packet_context_t *work)
{
    if (work->fetch_host) {
        host_table_prefetch_host(&engine->hosts, work->host_hash, work->seconds);
    }
}

/* Where a SYN's host stands does not depend on its flow. */
void engine_prefetch_all(synfix_engine_t *engine, packet_context_t *work)
{
    const bool syn = work->verdict != SYNFIX_VERDICT_SEGMENT;
    engine_fetch_heads(engine, work);
    if (syn) {
        engine_fetch_host_head(engine, work);
    }
    engine_fetch_entries(engine, work);
    if (!syn) {
        engine_fetch_host_head(engine, work);
    }
    engine_fetch_host(engine, work);
}
