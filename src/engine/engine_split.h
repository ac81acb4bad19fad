/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file engine_split.h
 * An engine split between two threads, for the pipeline: one thread reads packets and finds their flows, the
 * owner of a flow does the rest. And samples of host clocks from the packets of other workers.
 *
 * The reading thread copies the headers of plain frames (decode/plain_frame.h), two cache lines each, and
 * decodes the other packets. If it decoded all packets, it would limit the speed of two workers, and pass on
 * twice as many cache lines. A batch has one share for each worker.
 */
#ifndef ENGINE_ENGINE_SPLIT_H
#define ENGINE_ENGINE_SPLIT_H

#include "base/stream_store.h"
#include "decode/plain_frame.h"
#include "engine/engine_internal.h"

/** Bytes of the largest headers of a plain frame: with 40 bytes of TCP options. */
#define FRAME_COPY_MAX (SYNFIX_PLAIN_HEADERS + FINGERPRINT_OPTIONS_MAX)

/** The headers of a plain frame. Fields as in synfix_packet_t, but frame[] ends with the headers. */
typedef struct __attribute__((aligned(64))) frame_copy {
    int64_t time_ns;
    uint64_t number;
    uint32_t captured_length;
    uint32_t original_length;
    uint32_t interface_id;
    uint32_t flow_hash;
    uint8_t frame[FRAME_COPY_MAX];
    uint16_t order; /* among all packets of the batch */
} frame_copy_t;

_Static_assert(sizeof(frame_copy_t) == 128, "two cache lines");

/** The frames that engine_copy_frame copies. */
typedef struct frame_choice {
    uint32_t link_type; /* PLAIN_LINK_TYPE, or PLAIN_NO_LINK for none */
    bool segments;      /* segments with timestamps */
} frame_choice_t;

/** The frames that an engine with @p config processes. */
frame_choice_t engine_frame_choice(const synfix_engine_config_t *config);

/** Length of the headers of a plain frame if the frame is to be copied, else 0. @p ip: its IPv4 header. A SYN
 * whose TCP header is too short or was cut is not copied: engine_classify finds its verdict. */
static inline uint32_t frame_headers(frame_choice_t choice, const synfix_packet_t *packet, const uint8_t *ip)
{
    if (plain_has_syn(ip)) {
        const uint32_t length = SYNFIX_PLAIN_HEADERS - FILL_TCP_MIN + plain_tcp_length(ip);
        return length >= SYNFIX_PLAIN_HEADERS && length <= packet->captured_length ? length : 0;
    }
    return choice.segments && plain_is_stamped_segment(packet, ip) ? PLAIN_LINK_LENGTH + PLAIN_STAMPED : 0;
}

/** Copies the headers of @p packet if the frame is plain and to be copied. False: call engine_classify. */
static inline bool engine_copy_frame(frame_choice_t choice, const synfix_packet_t *packet, frame_copy_t *copy)
{
    const uint8_t *ip = packet->user == NULL ? plain_ipv4(packet, choice.link_type) : NULL;
    const uint32_t length = ip != NULL ? frame_headers(choice, packet, ip) : 0;
    if (length == 0) {
        return false;
    }
    /* two copies of fixed length that overlap cost less than a call with the length: all but the options, and
     * the last 40 bytes */
    const uint32_t last = length - FINGERPRINT_OPTIONS_MAX;
    memcpy(copy->frame, packet->data, SYNFIX_PLAIN_HEADERS);
    memcpy(copy->frame + last, packet->data + last, FINGERPRINT_OPTIONS_MAX);
    copy->time_ns = packet->time_ns;
    copy->number = packet->number;
    copy->captured_length = packet->captured_length;
    copy->original_length = packet->original_length;
    copy->interface_id = packet->interface_id;
    copy->flow_hash = flow_hash_ipv4(flow_tuple_ipv4(ip));
    return true;
}

/** Counts of packets that engine_classify handled. */
typedef struct batch_counters {
    uint64_t packets;
    uint64_t bytes;
    uint64_t verdicts[SYNFIX_VERDICT_COUNT];
} batch_counters_t;

static inline void batch_counters_add(batch_counters_t *counters, const synfix_packet_t *packet,
                                      synfix_verdict_t verdict)
{
    counters->packets++;
    counters->bytes += packet->original_length;
    counters->verdicts[verdict]++;
}

/** Packets of a batch at most, each with one sample at most. */
#define SPLIT_PACKETS_MAX 1024u

/** In split_share_t.which: the next frame of the share. */
#define SPLIT_FRAME UINT16_MAX

_Static_assert(SPLIT_PACKETS_MAX <= SPLIT_FRAME, "an index in a batch has 16 bits");

/** The packets of a batch whose flows one worker owns. The writer calls stream_end before it passes a share
 * to the worker. */
typedef struct split_share {
    _Alignas(64) batch_counters_t counters; /* of the packets that are not frames */
    frame_copy_t *frames;                   /* room for SPLIT_PACKETS_MAX */
    size_t frame_count;
    size_t count;                      /* frames and other packets */
    uint16_t which[SPLIT_PACKETS_MAX]; /* in packet order: SPLIT_FRAME, or the index of a context */
} split_share_t;

/** In packet_context_t.frame: the packet has a context in the batch. */
#define SPLIT_NO_FRAME UINT16_MAX

/** Adds @p copy to the share; @p order: among all packets of the batch. */
static inline void split_add_frame(split_share_t *share, frame_copy_t *copy, size_t order)
{
    copy->order = (uint16_t)order;
    stream_copy(&share->frames[share->frame_count++], copy, sizeof *copy);
    share->which[share->count++] = SPLIT_FRAME;
}

/** Adds the packet in contexts[@p index] to the share. */
static inline void split_add_context(split_share_t *share, packet_context_t *contexts, size_t index,
                                     size_t order)
{
    contexts[index].order = (uint16_t)order;
    contexts[index].frame = SPLIT_NO_FRAME;
    share->which[share->count++] = (uint16_t)index;
}

/** A sample that the owner of a flow passes to the owner of the host. */
typedef struct __attribute__((aligned(64))) split_sample {
    uint64_t source[2]; /* the bytes of a synfix_address_t */
    uint64_t time_ns;   /* an int64_t */
    uint32_t value;
    uint32_t echo;
    uint32_t connection;
    uint32_t peer; /* connection where the clock belongs to a pair of hosts */
    uint32_t host_hash;
    uint32_t now;   /* stamp_time of time_ns */
    uint32_t facts; /* SAMPLE_CLOCK ... */
    uint32_t unused;
    const void *packet; /* see SAMPLE_FRAME */
} split_sample_t;

_Static_assert(sizeof(split_sample_t) == 64, "a cache line");

/* Bits of split_sample_t.facts. */
#define SAMPLE_CLOCK       0xFFu /* synfix_clock_t */
#define SAMPLE_IPV6        0x100u
#define SAMPLE_FROM_SERVER 0x200u
#define SAMPLE_FRAME       0x400u /* packet is a frame_copy_t, else a packet_context_t */

/** Samples of a batch that one worker found, in the order of their packets. The owner of a host selects its
 * samples without reading the others. */
typedef struct split_samples {
    size_t count;
    uint8_t owners[SPLIT_PACKETS_MAX];  /* of the host: host_hash % workers */
    uint16_t orders[SPLIT_PACKETS_MAX]; /* of the packet in its batch */
    split_sample_t samples[SPLIT_PACKETS_MAX];
} split_samples_t;

/** Processes the packets of @p share and counts them. @p contexts: those of the batch. */
void engine_push_share(synfix_engine_t *engine, const split_share_t *share, packet_context_t *contexts);

/**
 * Samples go to @p samples from now on, instead of the engine's own host table; their hosts belong to
 * @p workers (1 to 256) workers. NULL: no longer. The caller empties and keeps @p samples, and calls
 * stream_end before another thread reads them.
 */
void engine_set_samples(synfix_engine_t *engine, split_samples_t *samples, unsigned workers);

/** Processes samples in this order, and fetches their hosts ahead. */
void engine_push_samples(synfix_engine_t *engine, const split_sample_t *const *samples, size_t count);

/** Adds the sample in @p context to the samples of engine_set_samples. For engine_uptime.c. */
void engine_keep_sample(synfix_engine_t *engine, const packet_context_t *context);

/** The context of the packet of @p sample. That of a frame is made again, and valid until packets are pushed.
 * For engine_split_samples.c. */
packet_context_t *engine_split_context(synfix_engine_t *engine, const split_sample_t *sample);

#endif
