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
        fingerprint_cache_prefetch(&engine->cache, work->key_hash);
    }
}

/* A segment needs the entry of its flow only: no place is chosen where no flow has its hash. */
static inline void fetch_flow(const synfix_engine_t *engine, packet_context_t *work)
{
    const uint32_t found =
        bucket_candidates(&engine->flows.buckets[work->flow / BUCKET_WAYS], work->flow_hash);
    work->flow_present = found != 0;
    work->quiet = (found & (found - 1)) == 0; /* shows_sample looks further */
    if (found != 0) {
        work->flow += (unsigned)__builtin_ctz(found);
        prefetch(&engine->flows.flows[work->flow]);
    }
}

static inline void fetch_handshake(const synfix_engine_t *engine, packet_context_t *work)
{
    const flow_forecast_t forecast =
        flow_table_forecast(&engine->flows, work->flow / BUCKET_WAYS, work->flow_hash, work->seconds);
    work->flow = forecast.index;
    work->flow_present = forecast.present;
    prefetch(&engine->flows.flows[work->flow]);
    work->slot = fingerprint_cache_prefetch_slot(&engine->cache, work->key_hash);
}

static inline void fetch_entries(const synfix_engine_t *engine, packet_context_t *work)
{
    if (work->verdict == SYNFIX_VERDICT_SEGMENT) {
        fetch_flow(engine, work);
    } else {
        fetch_handshake(engine, work);
    }
}

/*
 * Most segments come too early for another sample of their connection. Whether the entry belongs to the
 * segment's flow is not known yet, but if it does not, no other entry does: then there is nothing to do
 * either.
 */
static inline bool segment_is_due(const synfix_engine_t *engine, packet_context_t *work)
{
    const flow_t *flow = &engine->flows.flows[work->flow];
    if (engine->config.uptime == SYNFIX_UPTIME_P0F) {
        work->quiet = false;
        return true;
    }
    if (!work->flow_present) {
        return false;
    }
    const bool due =
        engine_sample_is_due(flow, flow->server_port == work->headers.source_port, work->time_ms);
    work->quiet &= !due & (flow->client_port != flow->server_port) &
                   flow_table_is_alive(&engine->flows, work->flow, work->seconds);
    if (due && work->headers.options == NULL) {
        engine_flow_decode(work);
    }
    return due;
}

/* A guess: the entry may belong to another flow. */
static inline bool shows_sample(const synfix_engine_t *engine, packet_context_t *work)
{
    return work->verdict == SYNFIX_VERDICT_SEGMENT ? segment_is_due(engine, work)
                                                   : work->place != FINGERPRINT_NO_PLACE;
}

static bool keeps_hosts(const synfix_engine_t *engine)
{
    return engine->hosts.buckets != NULL && engine->config.on_timestamp_sample == NULL &&
           engine->on_sample == NULL;
}

static void fetch_hosts(const synfix_engine_t *engine, packet_context_t *const *shown, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        shown[i]->host_hash = flow_host_hash(&shown[i]->headers);
        host_table_prefetch(&engine->hosts, shown[i]->host_hash);
    }
    for (size_t i = 0; i < count; i++) {
        host_table_prefetch_host(&engine->hosts, shown[i]->host_hash, shown[i]->seconds);
    }
}

void engine_fetch_group(synfix_engine_t *engine, packet_context_t *const *group, size_t count)
{
    packet_context_t *shown[ENGINE_GROUP]; /* with a sample for the engine's own hosts */
    const bool hosts = keeps_hosts(engine);
    size_t shown_count = 0;
    flow_table_forget_changes(&engine->flows);
    for (size_t i = 0; i < count; i++) {
        fetch_entries(engine, group[i]);
    }
    for (size_t i = 0; i < count; i++) {
        group[i]->fetch_host = shows_sample(engine, group[i]) & hosts;
        shown[shown_count] = group[i];
        shown_count += group[i]->fetch_host;
    }
    fetch_hosts(engine, shown, shown_count);
}
