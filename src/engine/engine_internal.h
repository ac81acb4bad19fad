/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file engine_internal.h
 * Data and stages of an engine; for the engine_*.c files only.
 *
 * Packets pass five stages in groups, so that the memory accesses of a group overlap:
 *
 * 1. engine_classify.c (engine_plain.h): verdict, hashes, fingerprint key; prefetches the heads of the tables
 * 2. engine_prefetch.c: forecasts and prefetches the entries of flow and fingerprint
 * 3. engine_prefetch.c: prefetches the head of the host's set, if a sample is due
 * 4. engine_prefetch.c: forecasts and prefetches the entry of the host
 * 5. engine_push.c, in packet order: flow (engine_handshake.c), fingerprint (engine_fingerprint.c),
 *    observation, uptime (engine_uptime.c)
 *
 * A forecast that is wrong costs time and changes no result.
 */
#ifndef ENGINE_ENGINE_INTERNAL_H
#define ENGINE_ENGINE_INTERNAL_H

#include <string.h>
#include <synfix/engine.h>

#include "base/counter.h"
#include "decode/plain_frame.h"
#include "decode/sflow.h"
#include "engine/fingerprint_cache.h"
#include "engine/flow_hash.h"
#include "engine/flow_table.h"
#include "engine/packet_context.h"
#include "engine/plain_output.h"
#include "uptime/host_table.h"
#include "uptime/uptime.h"

/** Packets of a group: enough to hide the latency of memory, and their contexts fit into the L1 cache. */
#define ENGINE_GROUP 32u

_Static_assert(ENGINE_GROUP <= SYNFIX_LATER_MAX, "no more packets wait than the interface states");

typedef struct engine_counters {
#define ENGINE_COUNTER(field, help) counter_t field;
    SYNFIX_ENGINE_COUNTERS(ENGINE_COUNTER)
#undef ENGINE_COUNTER
    counter_t verdicts[SYNFIX_VERDICT_COUNT];
} engine_counters_t;

struct synfix_engine {
    synfix_engine_config_t config;
    bool few_packets; /* tables are not mapped as a whole */
    flow_table_t flows;
    host_table_t hosts;
    fingerprint_cache_t cache;
    engine_counters_t counters;
    synfix_observation_t observation; /* argument of on_observation */
    synfix_headers_t headers;         /* of a plain frame, when decoded */
    packet_context_t contexts[ENGINE_GROUP];
    packet_context_t *group[ENGINE_GROUP]; /* the address of each context */
    uint32_t waiting;                      /* contexts in use, from the first one on */
    struct split_samples *samples;         /* engine_set_samples, or NULL */
    const struct frame_copy *frames;       /* of the share that is processed */
    uint32_t sample_owners;
    engine_plain_fn on_plain; /* or NULL */
    void *plain_user;
    const synfix_plain_observation_t *plain[ENGINE_GROUP]; /* observations for on_plain, of this group */
    uint32_t plain_count;
};

/** Facts about a SYN or SYN+ACK that follow from its flow. */
typedef struct engine_handshake {
    flow_t *flow;
    uint32_t flags; /* SYNFIX_FLAG_RETRANSMISSION, _SYN_NOT_SEEN */
    uint32_t syn;   /* of the answered SYN, as fingerprint_slot_t.as_syn; 0: not seen */
    bool first;     /* a new SYN, or its first answer: p0f reads no others */
} engine_handshake_t;

/**
 * Finds or adds the flow of a SYN or SYN+ACK, and updates its state. The result is a parameter, because
 * compilers copy a returned struct in wide words, and such a load waits for the narrow stores before it.
 */
void engine_handshake(synfix_engine_t *engine, const packet_context_t *context, engine_handshake_t *result);

/** Computes the fingerprint of a SYN or SYN+ACK with the key of @p context. @p hash: of this key. @p syn: the
 * answered SYN, as far as the key contains it. Returns the slot of the cache that holds it from now on. */
fingerprint_slot_t *engine_compute(synfix_engine_t *engine, const packet_context_t *context, uint32_t hash,
                                   uint32_t syn);

/** Passes waiting observations to on_plain. Call before another observation, and before a fingerprint
 * changes. */
void engine_emit_plain(synfix_engine_t *engine);

/** Uptime for a SYN or SYN+ACK with the fingerprint of @p slot, after its own observation. @p flow and @p
 * first: of its engine_handshake_t. */
void engine_uptime_handshake(synfix_engine_t *engine, packet_context_t *context, flow_t *flow, bool first,
                             const fingerprint_slot_t *slot);

/** Uptime for a segment without SYN. */
void engine_uptime_segment(synfix_engine_t *engine, packet_context_t *context);

/** Reports the @p uptime that follows from the sample in @p context. */
void engine_report_uptime(synfix_engine_t *engine, const packet_context_t *context,
                          const synfix_uptime_t *uptime);

/** Uptime as p0f finds it, for engine_uptime.c. @p tool: the fingerprint is that of a tool. */
void engine_p0f_handshake(synfix_engine_t *engine, packet_context_t *context, flow_t *flow, bool tool);
void engine_p0f_segment(synfix_engine_t *engine, packet_context_t *context, flow_position_t position);

/**
 * The first stage: finds the verdict of @p packet, with the filter and the uptime mode of @p config. True if
 * the later stages have to process the packet: then all fields of @p context are set, except those that the
 * later stages set.
 */
bool engine_classify(const synfix_engine_config_t *config, const synfix_packet_t *packet,
                     packet_context_t *context, synfix_verdict_t *verdict);

/** Variant for a sampled packet in the datagram of @p reader. */
bool engine_classify_sample(const synfix_engine_config_t *config, const sflow_reader_t *reader,
                            const sflow_sample_t *sample, packet_context_t *context,
                            synfix_verdict_t *verdict);

/** Variant for headers that the caller decoded, with their @p verdict, which may change. */
bool engine_classify_headers(const synfix_engine_config_t *config, const synfix_packet_t *packet,
                             const synfix_headers_t *headers, packet_context_t *context,
                             synfix_verdict_t *verdict);

/** Processes and counts the samples of a @p datagram with the verdict SFLOW. @p context: the free context.
 * Returns the next free one. */
packet_context_t *engine_push_sflow(synfix_engine_t *engine, const synfix_packet_t *datagram,
                                    packet_context_t *context);

/** The headers of a packet. Those of a plain frame are decoded; then they are valid until the next call. */
const synfix_headers_t *engine_headers(synfix_engine_t *engine, const packet_context_t *context);

/**
 * The stages before the last one, in their order. engine_prefetch_heads follows engine_classify for each
 * packet; engine_prefetch_group handles a whole group.
 */
void engine_prefetch_heads(synfix_engine_t *engine, packet_context_t *context);
void engine_prefetch_group(synfix_engine_t *engine, packet_context_t *const *group, size_t count);

/** All stages after engine_prefetch_heads for a group of at most ENGINE_GROUP packets. */
void engine_process_group(synfix_engine_t *engine, packet_context_t *const *group, size_t count);

/** Whether samples go to the engine's own host table, not to another thread or to the application. */
static inline bool engine_keeps_hosts(const synfix_engine_t *engine)
{
    return engine->config.on_timestamp_sample == NULL && engine->samples == NULL;
}

/** The host of a packet in the engine's own table. */
static inline host_t *engine_host(synfix_engine_t *engine, const packet_context_t *context)
{
    const synfix_address_t source = engine_source(context);
    return context->fetch_host ? host_table_get_at(&engine->hosts, context->host, context->host_hash, source,
                                                   context->ip_version, context->now)
                               : host_table_get(&engine->hosts, context->host_hash, &source,
                                                context->ip_version, context->now);
}

/** Packet time as flow_t counts it. Only differences count, so times before 1970 need no other division. */
static inline uint32_t engine_milliseconds(int64_t time_ns)
{
    return (uint32_t)((uint64_t)time_ns / 1000000u);
}

/** Whether it is time for another timestamp of this direction of a flow. */
static inline bool engine_sample_is_due(const flow_t *flow, bool from_server, uint32_t time_ms)
{
    return (int32_t)(time_ms - flow->sampled_ms[from_server]) >= 0;
}

/** Counts one packet, of @p bytes octets. */
static inline void engine_count_packet(synfix_engine_t *engine, uint32_t bytes, synfix_verdict_t verdict)
{
    counter_add(&engine->counters.verdicts[verdict], 1);
    counter_add(&engine->counters.packets_received, 1);
    counter_add(&engine->counters.octets_received, bytes);
}

/** Adds the packet in @p context, the free context, to the group, and processes a full group. Returns the
 * next free context. Call engine_note_waiting after the last packet: until then engine->waiting is out of
 * date. */
static inline packet_context_t *engine_join_group(synfix_engine_t *engine, packet_context_t *context)
{
    engine_prefetch_heads(engine, context);
    if (++context == engine->contexts + ENGINE_GROUP) {
        engine->waiting = ENGINE_GROUP;
        synfix_engine_flush(engine);
        return engine->contexts;
    }
    return context;
}

/** Notes that all contexts before @p context, the free one, wait. */
static inline void engine_note_waiting(synfix_engine_t *engine, const packet_context_t *context)
{
    engine->waiting = (uint32_t)(context - engine->contexts);
}

#endif
