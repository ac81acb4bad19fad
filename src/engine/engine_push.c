/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The last stage: finds the fingerprint of a packet, and delivers the observation. And groups of packets that
 * pass the stages (engine_internal.h). */
#include <stddef.h>
#include <string.h>

#include "base/byte_order.h"
#include "base/prefetch.h"
#include "engine/engine_split.h"

/* Finds the slot of the key, without the timestamps whose offset the first stage guessed. If no slot holds
 * the key and the offset is wrong, the key is made again: a key with a wrong offset is never stored. */
static fingerprint_slot_t *find_own(synfix_engine_t *engine, packet_context_t *context)
{
    fingerprint_slot_t *slot = &engine->cache.slots[context->slot];
    if (fingerprint_slot_holds(slot, &context->key, context->timestamps_at)) {
        slot->recent = true;
        return slot;
    }
    slot = fingerprint_cache_search(&engine->cache, context->key_hash, &context->key, context->timestamps_at);
    if (slot != NULL || fingerprint_key_is_right(&context->key, context->timestamps_at)) {
        return slot;
    }
    context->timestamps_at = FINGERPRINT_NO_TIMESTAMPS;
    context->key_hash = fingerprint_key_make_whole(&context->key);
    return fingerprint_cache_find(&engine->cache, context->key_hash, &context->key, context->timestamps_at);
}

/* Counts of a group, added to the counters at its end: a counter costs three instructions. */
typedef struct group_counts {
    uint32_t hits;
    uint32_t matched;
} group_counts_t;

/* Mixes the SYN into the hash of its SYN+ACK: the golden ratio spreads the few bits in which SYNs differ. */
#define SYN_MIX 0x9E3779B1u

/* The slot of a packet. A SYN+ACK has one slot for all SYNs that it may answer. If its signature or match
 * depends on the SYN, it has another slot for each of them. */
static inline fingerprint_slot_t *find_or_compute(synfix_engine_t *engine, packet_context_t *context,
                                                  uint32_t syn, group_counts_t *counts)
{
    fingerprint_slot_t *slot = find_own(engine, context);
    if (slot == NULL) {
        slot = engine_compute(engine, context, context->key_hash, 0);
    } else {
        counts->hits++;
    }
    syn &= slot->syn_mask;
    if (syn == 0) {
        return slot;
    }
    const uint32_t hash = context->key_hash ^ syn * SYN_MIX;
    fingerprint_key_set_syn(&context->key, syn);
    slot = fingerprint_cache_find(&engine->cache, hash, &context->key, context->timestamps_at);
    return slot != NULL ? slot : engine_compute(engine, context, hash, syn);
}

static inline void count_flags(synfix_engine_t *engine, uint32_t flags)
{
    if (__builtin_expect((flags & (SYNFIX_FLAG_RETRANSMISSION | SYNFIX_FLAG_SYN_NOT_SEEN)) == 0, 1)) {
        return;
    }
    counter_add(&engine->counters.retransmissions, (flags & SYNFIX_FLAG_RETRANSMISSION) != 0);
    counter_add(&engine->counters.syn_not_seen, (flags & SYNFIX_FLAG_SYN_NOT_SEEN) != 0);
}

/* Calls on_observation, with decoded headers. */
static void emit_decoded(synfix_engine_t *engine, const packet_context_t *context)
{
    /* Fields that a SYN or SYN+ACK never sets stay 0: clearing them for each packet costs time. */
    synfix_observation_t *observation = &engine->observation;
    const synfix_plain_observation_t *packet = &context->packet;
    fingerprint_slot_t *slot = &engine->cache.slots[packet->fingerprint->slot];
    slot->options.timestamp_value = packet->timestamp_value;
    slot->options.timestamp_echo = packet->timestamp_echo;
    observation->kind = packet->kind;
    observation->from_server = packet->kind == SYNFIX_OBSERVATION_SYN_ACK;
    observation->flags = packet->flags;
    observation->time_ns = packet->time_ns;
    observation->packet_number = packet->packet_number & SYNFIX_PACKET_NUMBER_MAX;
    observation->flow_id = packet->flow_id;
    observation->interface_id = packet->interface_id;
    observation->user = packet->user;
    observation->headers = engine_headers(engine, context);
    observation->options = &slot->options;
    observation->fingerprint = packet->fingerprint;
    engine->config.on_observation(observation, engine->config.observation_user);
}

void engine_emit_plain(synfix_engine_t *engine)
{
    const uint32_t count = engine->plain_count;
    engine->plain_count = 0;
    if (count == 0 || engine->on_plain(engine->plain, count, engine->plain_user)) {
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        emit_decoded(engine, (const packet_context_t *)(const void *)engine->plain[i]); /* its first field */
    }
}

static inline void emit(synfix_engine_t *engine, packet_context_t *context)
{
    if (__builtin_expect(context->plain && engine->on_plain != NULL, 1)) {
        engine->plain[engine->plain_count++] = &context->packet;
        return;
    }
    engine_emit_plain(engine);
    emit_decoded(engine, context);
}

static inline void note_timestamps(packet_context_t *context, const fingerprint_slot_t *slot)
{
    if (slot->timestamps_at == FINGERPRINT_NO_TIMESTAMPS) { /* none, or a part of the key */
        context->packet.timestamp_value = slot->options.timestamp_value;
        context->packet.timestamp_echo = slot->options.timestamp_echo;
        return;
    }
    const uint8_t *values = fingerprint_key_at(&context->key, slot->timestamps_at);
    context->packet.timestamp_value = read_be32(values);
    context->packet.timestamp_echo = read_be32(values + 4);
}

static inline void observe(synfix_engine_t *engine, packet_context_t *context, group_counts_t *counts)
{
    const bool syn = context->verdict == SYNFIX_VERDICT_SYN;
    synfix_plain_observation_t *packet = &context->packet;
    engine_handshake_t handshake;
    engine_handshake(engine, context, &handshake);
    fingerprint_slot_t *slot = find_or_compute(engine, context, handshake.syn, counts);
    if (syn) {
        handshake.flow->state |= slot->as_syn; /* engine_handshake cleared its bits */
    }
    note_timestamps(context, slot);
    packet->kind = syn ? SYNFIX_OBSERVATION_SYN : SYNFIX_OBSERVATION_SYN_ACK;
    packet->flags |= handshake.flags | slot->flags;
    packet->flow_id = engine->config.flow_id_base + packet->packet_number;
    packet->options = &slot->options;
    packet->fingerprint = fingerprint_cache_contents(&engine->cache, slot);
    counts->matched += slot->matched;
    count_flags(engine, packet->flags);
    emit(engine, context);
    engine_uptime_handshake(engine, context, handshake.flow, handshake.first, slot);
}

static inline void process(synfix_engine_t *engine, packet_context_t *context, group_counts_t *counts)
{
    if (context->verdict != SYNFIX_VERDICT_SEGMENT) {
        observe(engine, context, counts);
    } else if (!context->quiet || flow_table_has_changed(&engine->flows, context->flow.set)) {
        engine_uptime_segment(engine, context);
    }
}

void engine_process_group(synfix_engine_t *engine, packet_context_t *const *group, size_t count)
{
    engine_prefetch_group(engine, group, count);
    group_counts_t counts = {0};
    for (size_t i = 0; i < count; i++) {
        process(engine, group[i], &counts);
    }
    counter_add(&engine->counters.fingerprint_hits, counts.hits);
    counter_add(&engine->counters.matched, counts.matched);
    engine_emit_plain(engine);
}

void synfix_engine_flush(synfix_engine_t *engine)
{
    const uint32_t count = engine->waiting;
    engine->waiting = 0;
    engine_process_group(engine, engine->group, count);
}

void synfix_engine_push(synfix_engine_t *engine, const synfix_packet_t *packets, size_t packet_count)
{
    synfix_engine_push_later(engine, packets, packet_count);
    synfix_engine_flush(engine);
}

static bool take_headers(synfix_engine_t *engine, const synfix_packet_t *packet, synfix_verdict_t verdict,
                         const synfix_headers_t *headers, packet_context_t *context)
{
    const bool wanted = engine_classify_headers(&engine->config, packet, headers, context, &verdict);
    engine_count_packet(engine, packet->original_length, verdict);
    return wanted;
}

void synfix_engine_push_headers_later(synfix_engine_t *engine, const synfix_packet_t *packet,
                                      synfix_verdict_t verdict, const synfix_headers_t *headers)
{
    packet_context_t *context = &engine->contexts[engine->waiting];
    if (take_headers(engine, packet, verdict, headers, context)) {
        engine_note_waiting(engine, engine_join_group(engine, context));
    }
}

void synfix_engine_push_headers(synfix_engine_t *engine, const synfix_packet_t *packet,
                                synfix_verdict_t verdict, const synfix_headers_t *headers)
{
    synfix_engine_push_headers_later(engine, packet, verdict, headers);
    synfix_engine_flush(engine);
}
