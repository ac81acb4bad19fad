/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "engine/engine_split.h"

#include <string.h>

#include "base/prefetch.h"
#include "engine/engine_plain.h"

frame_choice_t engine_frame_choice(const synfix_engine_config_t *config)
{
    return (frame_choice_t){plain_link_type(config), config->uptime != SYNFIX_UPTIME_OFF};
}

/* Packets and bytes of frames; the verdicts are counted one by one. */
typedef struct frame_counts {
    uint64_t packets;
    uint64_t bytes;
} frame_counts_t;

/* Classifies a copied frame into @p context and sets @p verdict. Returns whether the later stages process it.
 */
static inline __attribute__((always_inline)) bool
classify_frame(const frame_copy_t *copy, packet_context_t *context, synfix_verdict_t *verdict)
{
    const synfix_packet_t packet = {.data = copy->frame,
                                    .captured_length = copy->captured_length,
                                    .time_ns = copy->time_ns,
                                    .number = copy->number,
                                    .interface_id = copy->interface_id};
    const uint8_t *ip = copy->frame + PLAIN_LINK_LENGTH;
    note_flow_ipv4(context, ip, copy->flow_hash);
    if (plain_has_syn(ip)) {
        return classify_handshake(&packet, ip, context, verdict);
    }
    *verdict = SYNFIX_VERDICT_SEGMENT;
    keep_segment(&packet, ip, context);
    return true;
}

/* The context of a packet that the later stages process, else NULL. @p room: for the context of a frame. */
static inline packet_context_t *take(synfix_engine_t *engine, const split_batch_t *batch, uint16_t which,
                                     packet_context_t *room, frame_counts_t *counts)
{
    if ((which & SPLIT_FRAME) == 0) {
        return &batch->contexts[which];
    }
    const frame_copy_t *copy = &batch->frames[which & ~SPLIT_FRAME];
    synfix_verdict_t verdict;
    const bool wanted = classify_frame(copy, room, &verdict);
    counts->packets++;
    counts->bytes += copy->original_length;
    counter_add(&engine->counters.verdicts[verdict], 1);
    return wanted ? room : NULL;
}

/* The packets are in the cache of the core that read them. */
static inline void prefetch_packet(const split_batch_t *batch, uint16_t which)
{
    if ((which & SPLIT_FRAME) != 0) {
        const char *frame = (const char *)&batch->frames[which & ~SPLIT_FRAME];
        prefetch(frame);
        prefetch(frame + 64);
        return;
    }
    for (size_t at = 0; at < sizeof *batch->contexts; at += 64) {
        prefetch((const char *)&batch->contexts[which] + at);
    }
}

static inline size_t group_size(size_t count, size_t done)
{
    return count - done < ENGINE_GROUP ? count - done : ENGINE_GROUP;
}

static void prefetch_group(const split_batch_t *batch, const uint16_t *which, size_t count, size_t first)
{
    for (size_t i = first; i < count && i < first + ENGINE_GROUP; i++) {
        prefetch_packet(batch, which[i]);
    }
}

static void push_group(synfix_engine_t *engine, const split_batch_t *batch, const uint16_t *which,
                       size_t count, frame_counts_t *counts)
{
    packet_context_t *group[ENGINE_GROUP];
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        packet_context_t *context = take(engine, batch, which[i], &engine->contexts[used], counts);
        if (context != NULL) {
            context->which = which[i];
            engine_prefetch_heads(engine, context);
            group[used++] = context;
        }
    }
    engine_process_group(engine, group, used);
}

static void add_counts(synfix_engine_t *engine, const batch_counters_t *counters, frame_counts_t frames)
{
    counter_add(&engine->counters.packets_received, counters->packets + frames.packets);
    counter_add(&engine->counters.octets_received, counters->bytes + frames.bytes);
    for (unsigned i = 0; i < SYNFIX_VERDICT_COUNT; i++) {
        counter_add(&engine->counters.verdicts[i], counters->verdicts[i]);
    }
}

void engine_push_batch(synfix_engine_t *engine, const batch_counters_t *counters, const split_batch_t *batch,
                       const uint16_t *which, size_t count)
{
    frame_counts_t frames = {0};
    synfix_engine_flush(engine);
    prefetch_group(batch, which, count, 0);
    for (size_t done = 0; done < count; done += ENGINE_GROUP) {
        prefetch_group(batch, which, count, done + ENGINE_GROUP);
        push_group(engine, batch, which + done, group_size(count, done), &frames);
    }
    add_counts(engine, counters, frames);
}

packet_context_t *engine_split_context(synfix_engine_t *engine, const split_batch_t *batch, uint16_t which)
{
    if ((which & SPLIT_FRAME) == 0) {
        return &batch->contexts[which];
    }
    synfix_verdict_t verdict;
    synfix_engine_flush(engine);
    (void)classify_frame(&batch->frames[which & ~SPLIT_FRAME], engine->contexts, &verdict);
    return engine->contexts;
}
