/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The part of the owner of flows: packets of a share pass the stages of the engine, as if the engine had read
 * them. */
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

/* The first stage for a copied frame. Sets @p verdict. True: the later stages have to process @p context. */
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

/* Classifies and counts a frame, with the free context @p room. NULL: the later stages do not process it. */
static inline packet_context_t *take_frame(synfix_engine_t *engine, const frame_copy_t *copy,
                                           packet_context_t *room, frame_counts_t *counts)
{
    synfix_verdict_t verdict;
    const bool wanted = classify_frame(copy, room, &verdict);
    room->order = copy->order;
    room->frame = (uint16_t)(copy - engine->frames);
    counts->packets++;
    counts->bytes += copy->original_length;
    counter_add(&engine->counters.verdicts[verdict], 1);
    return wanted ? room : NULL;
}

/* Frames are fetched a group ahead: they are in the cache of the core that read them, or in memory. */
#define FRAMES_AHEAD ENGINE_GROUP

static inline void prefetch_frame(const frame_copy_t *copy)
{
    prefetch(copy);
    prefetch((const char *)copy + CACHE_LINE);
}

static inline void prefetch_context(const packet_context_t *context)
{
    for (size_t at = 0; at < sizeof *context; at += CACHE_LINE) {
        prefetch((const char *)context + at);
    }
}

/* Packets of one group. @p copy: the next frame of the share. Returns the frame after them. */
static const frame_copy_t *push_group(synfix_engine_t *engine, const uint16_t *which, size_t count,
                                      const frame_copy_t *copy, packet_context_t *contexts,
                                      frame_counts_t *counts)
{
    packet_context_t *group[ENGINE_GROUP];
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        packet_context_t *context;
        if (which[i] == SPLIT_FRAME) {
            prefetch_frame(copy + FRAMES_AHEAD);
            context = take_frame(engine, copy++, &engine->contexts[used], counts);
        } else {
            context = &contexts[which[i]];
        }
        if (context != NULL) {
            engine_prefetch_heads(engine, context);
            group[used++] = context;
        }
    }
    engine_process_group(engine, group, used);
    return copy;
}

static void add_counts(synfix_engine_t *engine, const batch_counters_t *counters, frame_counts_t frames)
{
    counter_add(&engine->counters.packets_received, counters->packets + frames.packets);
    counter_add(&engine->counters.octets_received, counters->bytes + frames.bytes);
    for (unsigned i = 0; i < SYNFIX_VERDICT_COUNT; i++) {
        counter_add(&engine->counters.verdicts[i], counters->verdicts[i]);
    }
}

static void prefetch_contexts(const uint16_t *which, size_t count, const packet_context_t *contexts)
{
    for (size_t i = 0; i < count; i++) {
        if (which[i] != SPLIT_FRAME) {
            prefetch_context(&contexts[which[i]]);
        }
    }
}

static inline size_t group_size(size_t count, size_t done)
{
    return count - done < ENGINE_GROUP ? count - done : ENGINE_GROUP;
}

void engine_push_share(synfix_engine_t *engine, const split_share_t *share, packet_context_t *contexts)
{
    frame_counts_t frames = {0};
    const frame_copy_t *copy = share->frames;
    synfix_engine_flush(engine);
    engine->frames = share->frames;
    for (size_t i = 0; i < FRAMES_AHEAD; i++) {
        prefetch_frame(copy + i);
    }
    for (size_t done = 0; done < share->count; done += ENGINE_GROUP) {
        const size_t size = group_size(share->count, done);
        prefetch_contexts(share->which + done + size, group_size(share->count, done + size), contexts);
        copy = push_group(engine, share->which + done, size, copy, contexts, &frames);
    }
    add_counts(engine, &share->counters, frames);
}

packet_context_t *engine_split_context(synfix_engine_t *engine, const split_sample_t *sample)
{
    if ((sample->facts & SAMPLE_FRAME) == 0) {
        return (packet_context_t *)(uintptr_t)sample->packet;
    }
    synfix_verdict_t verdict;
    synfix_engine_flush(engine);
    (void)classify_frame(sample->packet, engine->contexts, &verdict);
    return engine->contexts;
}
