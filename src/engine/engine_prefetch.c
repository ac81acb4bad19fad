/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Stages 2 to 4: forecasts where the last stage will find the table entries of a group's packets, and fetches
 * these entries into the cache. */
#include "base/prefetch.h"
#include "engine/engine_internal.h"
#include "engine/flow_hash.h"

void engine_prefetch_heads(synfix_engine_t *engine, packet_context_t *context)
{
    flow_table_forecast_set(&engine->flows, context->flow_hash, &context->flow);
    prefetch(context->flow.set);
    if (context->verdict != SYNFIX_VERDICT_SEGMENT) {
        fingerprint_cache_prefetch(&engine->cache, context->key_hash);
    }
}

/* The second set may have the flow of the segment. Then the last stage searches that set. */
static __attribute__((noinline)) void fetch_displaced(const synfix_engine_t *engine,
                                                      packet_context_t *context)
{
    flow_forecast_t second = context->flow;
    if (flow_table_forecast_second(&engine->flows, context->flow_hash, &second)) {
        context->quiet = false;
        context->flow = context->flow.present ? context->flow : second;
    }
}

/* A segment needs the entry of its flow only: no position is chosen where no flow has its hash. */
static inline void fetch_flow(const synfix_engine_t *engine, packet_context_t *context)
{
    const flow_set_t *head = context->flow.set;
    const uint32_t found = flow_set_candidates(head, context->flow_hash);
    context->flow.present = found != 0;
    context->quiet = (found & (found - 1)) == 0; /* not with two candidates; segment_is_due looks further */
    if (found != 0) {
        context->flow.index += (unsigned)__builtin_ctz(found);
        prefetch(&engine->flows.flows[context->flow.index]);
    }
    if (__builtin_expect(flow_set_may_miss(head, context->flow_hash), 0)) {
        fetch_displaced(engine, context);
    }
}

static inline void fetch_handshake(const synfix_engine_t *engine, packet_context_t *context)
{
    flow_table_forecast(&engine->flows, context->flow_hash, context->now, &context->flow);
    const flow_t *flow = &engine->flows.flows[context->flow.index];
    prefetch(flow);
    prefetch((const char *)(flow + 1) - 1); /* an entry has 36 bytes: half of them lie in two cache lines */
    context->slot = fingerprint_cache_prefetch_slot(&engine->cache, context->key_hash);
}

/*
 * Most segments come too early for another sample of their connection. If the entry with the hash of the
 * segment belongs to another flow, no entry belongs to the segment's flow, and there is nothing to do either.
 */
static inline bool segment_is_due(const synfix_engine_t *engine, bool p0f, packet_context_t *context)
{
    if (p0f) {
        context->quiet = false;
        context->now = stamp_time(context->packet.time_ns);
        return true;
    }
    if (!context->flow.present) {
        return false;
    }
    const flow_t *flow = &engine->flows.flows[context->flow.index];
    const bool from_server = !flow_tuple_equal(flow->tuple, context->tuple);
    const bool due = engine_sample_is_due(flow, from_server, context->time_ms);
    context->quiet &= !due;
    if (due) {
        context->now = stamp_time(context->packet.time_ns);
    }
    return due;
}

static bool has_hosts(const synfix_engine_t *engine)
{
    return engine->hosts.sets != NULL && engine_keeps_hosts(engine);
}

/* Contexts of a group, by their number in it. */
typedef struct selection {
    uint32_t count;
    uint8_t numbers[ENGINE_GROUP];
} selection_t;

/* Branch-free: the number is stored in any case, and the count includes it only if @p chosen. */
static inline void select_if(selection_t *selection, size_t number, bool chosen)
{
    selection->numbers[selection->count] = (uint8_t)number;
    selection->count += chosen;
}

static void fetch_hosts(const synfix_engine_t *engine, packet_context_t *const *group,
                        const selection_t *sampled)
{
    for (uint32_t i = 0; i < sampled->count; i++) {
        packet_context_t *context = group[sampled->numbers[i]];
        context->host_hash = engine_host_hash(context);
        host_table_prefetch(&engine->hosts, context->host_hash);
    }
    for (uint32_t i = 0; i < sampled->count; i++) {
        packet_context_t *context = group[sampled->numbers[i]];
        context->host = host_table_prefetch_host(&engine->hosts, context->host_hash, context->now);
    }
}

void engine_prefetch_group(synfix_engine_t *engine, packet_context_t *const *group, size_t count)
{
    selection_t segments = {.count = 0};
    selection_t sampled = {.count = 0}; /* with a sample for the engine's own hosts, probably */
    const bool hosts = has_hosts(engine);
    const bool p0f = engine->config.uptime == SYNFIX_UPTIME_P0F;
    flow_table_begin_group(&engine->flows);
    for (size_t i = 0; i < count; i++) {
        packet_context_t *context = group[i];
        if (context->verdict == SYNFIX_VERDICT_SEGMENT) {
            fetch_flow(engine, context);
            select_if(&segments, i, true);
        } else {
            fetch_handshake(engine, context);
            context->fetch_host = hosts & (context->timestamps_at != FINGERPRINT_NO_TIMESTAMPS);
            select_if(&sampled, i, context->fetch_host);
        }
    }
    for (uint32_t i = 0; i < segments.count; i++) {
        packet_context_t *context = group[segments.numbers[i]];
        context->fetch_host = segment_is_due(engine, p0f, context) & hosts;
        select_if(&sampled, segments.numbers[i], context->fetch_host);
    }
    fetch_hosts(engine, group, &sampled);
}
