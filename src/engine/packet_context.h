/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file packet_context.h
 * A packet between the stages of an engine (engine_internal.h); for the engine_*.c files only.
 */
#ifndef ENGINE_PACKET_CONTEXT_H
#define ENGINE_PACKET_CONTEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <synfix/headers.h>
#include <synfix/plain_observation.h>

#include "base/hash_mix.h"
#include "engine/fingerprint_key.h"
#include "engine/flow_hash.h"
#include "engine/flow_table.h"
#include "uptime/host_table.h"

/**
 * A timestamp value of a host. With the context of its packet, it holds all data of a
 * synfix_timestamp_sample_t.
 */
typedef struct engine_sample {
    uint32_t value;
    uint32_t echo;
    bool from_server;
    uint8_t clock; /* synfix_clock_t of the sender's label; unknown for a segment without SYN */
} engine_sample_t;

/**
 * A packet between the stages, without a reference to its bytes. A plain frame (decode/plain_frame.h) has its
 * headers as received, inside the observation; engine_headers decodes them on demand.
 */
typedef struct __attribute__((aligned(64))) packet_context {
    synfix_plain_observation_t packet; /* time, number, interface and user of every packet */
    union {
        fingerprint_key_t key;                    /* of a SYN or SYN+ACK */
        uint8_t options[FINGERPRINT_OPTIONS_MAX]; /* of a segment */
    };
    flow_forecast_t flow; /* of the first stage: the set; of the second one: the entry */
    flow_tuple_t tuple;
    uint32_t host_hash; /* of the third stage, or of the last one without fetch_host */
    uint32_t flow_hash;
    union {
        uint32_t key_hash; /* of a SYN or SYN+ACK */
        uint32_t time_ms;  /* of a segment: time_ns as flow_t counts it */
    };
    union {
        uint32_t sequence; /* of a SYN or SYN+ACK */
        uint32_t captured; /* of a plain segment: bytes of the frame; packet.flags are not set */
    };
    uint32_t now; /* stamp_time of time_ns; of a segment, once a sample is due */
    union {
        struct {
            uint32_t slot;        /* of the second stage: probable slot of the fingerprint */
            host_forecast_t host; /* of the fourth stage, with fetch_host */
        };
        engine_sample_t sample; /* of the last stage: for the owner of the host */
    };
    uint8_t verdict; /* synfix_verdict_t: SYN, SYN_ACK or SEGMENT */
    uint8_t ip_version;
    bool plain; /* false: headers are set */
    union {
        uint8_t timestamps_at; /* of a SYN or SYN+ACK: offset of the timestamps, see fingerprint_key_make */
        bool quiet;            /* of a segment: nothing to do unless its set changes */
    };
    bool fetch_host;          /* the packet probably has a sample for the engine's own host table */
    uint16_t order;           /* in its batch, of a packet from another thread (engine_split.h) */
    uint16_t frame;           /* the same: index of its frame in the share, or SPLIT_NO_FRAME */
    synfix_headers_t headers; /* options points to the bytes above */
} packet_context_t;

_Static_assert(offsetof(packet_context_t, headers) <= 256, "four cache lines for a plain frame");

/** The headers of an IPv6 packet; NULL: IPv4. */
static inline const synfix_headers_t *engine_ipv6(const packet_context_t *context)
{
    return __builtin_expect(context->ip_version == 6, 0) ? &context->headers : NULL;
}

static inline uint32_t engine_host_hash(const packet_context_t *context)
{
    return __builtin_expect(context->ip_version == 6, 0) ? flow_host_hash(&context->headers)
                                                         : flow_host_hash_ipv4(context->tuple);
}

static inline synfix_address_t engine_destination(const packet_context_t *context)
{
    return __builtin_expect(context->ip_version == 6, 0) ? context->headers.destination
                                                         : flow_tuple_source(flow_tuple_back(context->tuple));
}

static inline synfix_address_t engine_source(const packet_context_t *context)
{
    return __builtin_expect(context->ip_version == 6, 0) ? context->headers.source
                                                         : flow_tuple_source(context->tuple);
}

/** The connection of a sample whose clock belongs to a pair of hosts: the same one for each peer. @p words:
 * of the destination's synfix_address_t. */
static inline uint32_t engine_peer_hash_words(const uint64_t words[2], uint8_t ip_version)
{
    return (uint32_t)hash_mix(words[0] ^ ip_version, words[1]);
}

static inline uint32_t engine_peer_hash(const synfix_address_t *destination, uint8_t ip_version)
{
    uint64_t words[2];
    memcpy(words, destination->bytes, sizeof words);
    return engine_peer_hash_words(words, ip_version);
}

/** The flags of an observation that follow from the packet alone. */
static inline uint32_t engine_header_flags(const synfix_headers_t *headers)
{
    if (__builtin_expect((headers->truncated | headers->first_fragment | headers->encapsulation.depth) == 0,
                         1)) {
        return 0;
    }
    return (headers->truncated ? (uint32_t)SYNFIX_FLAG_TRUNCATED : 0u) |
           ((headers->encapsulation.details & SYNFIX_DETAIL_SAMPLING) != 0 ? (uint32_t)SYNFIX_FLAG_SAMPLED
                                                                           : 0u) |
           (headers->encapsulation.depth > 0 ? (uint32_t)SYNFIX_FLAG_TUNNELLED : 0u) |
           (headers->first_fragment ? (uint32_t)SYNFIX_FLAG_FRAGMENT : 0u);
}

#endif
