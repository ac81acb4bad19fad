/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Fetches the table entries of a group's packets into the cache before the last stage uses them. */
#include "base/prefetch.h"
#include "engine/engine_internal.h"
#include "engine/flow_hash.h"

void engine_fetch_heads(synfix_engine_t *engine, packet_context_t *work)
{
    const uint32_t bucket = flow_table_bucket(&engine->flows, work->flow_hash);
    work->flow = bucket * BUCKET_WAYS;
    prefetch(&engine->flows.buckets[bucket]);
    if (work->verdict != SYNFIX_VERDICT_SEGMENT) {
        prefetch(fingerprint_cache_set(&engine->cache, work->key_hash));
    }
}

static inline void fetch_entries(const synfix_engine_t *engine, packet_context_t *work)
{
    const flow_forecast_t forecast =
        flow_table_forecast(&engine->flows, work->flow / BUCKET_WAYS, work->flow_hash, work->seconds);
    work->flow = forecast.index;
    work->flow_present = forecast.present;
    prefetch(&engine->flows.flows[work->flow]);
    if (work->verdict != SYNFIX_VERDICT_SEGMENT) {
        work->slot = fingerprint_cache_prefetch_slot(&engine->cache, work->key_hash);
    }
}

/* Most segments come too early for another sample. The result is a guess: the entry may belong to another
 * flow. */
static inline bool shows_sample(const synfix_engine_t *engine, const packet_context_t *work)
{
    if (work->verdict != SYNFIX_VERDICT_SEGMENT) {
        return work->place != FINGERPRINT_NO_PLACE;
    }
    const flow_t *flow = &engine->flows.flows[work->flow];
    return engine->config.uptime == SYNFIX_UPTIME_P0F ||
           engine_sample_is_due(flow, flow->server_port == work->headers.source_port, work->time_ms);
}

static inline void fetch_host_head(const synfix_engine_t *engine, packet_context_t *work)
{
    work->fetch_host = shows_sample(engine, work);
    if (!work->fetch_host) {
        return;
    }
    if (work->verdict == SYNFIX_VERDICT_SEGMENT) {
        work->host_hash = synfix_host_hash(&work->headers);
    }
    host_table_prefetch(&engine->hosts, work->host_hash);
}

static bool keeps_hosts(const synfix_engine_t *engine)
{
    return engine->hosts.buckets != NULL && engine->config.on_timestamp_sample == NULL &&
           engine->on_sample == NULL;
}

void engine_fetch_group(synfix_engine_t *engine, packet_context_t *const *group, size_t count)
{
    flow_table_forget_changes(&engine->flows);
    for (size_t i = 0; i < count; i++) {
        fetch_entries(engine, group[i]);
    }
    if (!keeps_hosts(engine)) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        fetch_host_head(engine, group[i]);
    }
    for (size_t i = 0; i < count; i++) {
        if (group[i]->fetch_host) {
            host_table_prefetch_host(&engine->hosts, group[i]->host_hash, group[i]->seconds);
        }
    }
}
