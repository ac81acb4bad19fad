/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file observation.h
 * The output of the engine: a SYN or SYN+ACK with its fingerprint, or the uptime of a host. The pipeline adds
 * changes of hosts.
 */
#ifndef SYNFIX_OBSERVATION_H
#define SYNFIX_OBSERVATION_H

#include <stdbool.h>
#include <stdint.h>
#include <synfix/headers.h>
#include <synfix/host_change.h>
#include <synfix/match.h>
#include <synfix/signature.h>
#include <synfix/tcp_options.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Values of the element observationKind. They never change. */
typedef enum synfix_observation_kind {
    SYNFIX_OBSERVATION_SYN = 1,
    SYNFIX_OBSERVATION_SYN_ACK = 2,
    SYNFIX_OBSERVATION_UPTIME = 3,
    SYNFIX_OBSERVATION_HOST_CHANGE = 4,
} synfix_observation_kind_t;

/** X(identifier, bit, text): bits of the element observationFlags. They never change. */
#define SYNFIX_OBSERVATION_FLAGS(X)                                                                          \
    X(RETRANSMISSION, 0, "retransmission")                                                                   \
    X(TRUNCATED, 1, "truncated")                                                                             \
    X(TUNNELLED, 2, "tunnelled")                                                                             \
    X(FRAGMENT, 3, "fragment")                                                                               \
    X(TOOL, 4, "tool")                                                                                       \
    X(RANDOM_TTL, 5, "random_ttl")                                                                           \
    X(EXCESS_DISTANCE, 6, "excess_distance")                                                                 \
    X(SYN_NOT_SEEN, 7, "syn_not_seen")                                                                       \
    X(MTU_SATURATED, 8, "mtu_saturated") /* the MTU exceeds 65535, the largest value of link_mtu */          \
    X(SAMPLED, 9, "sampled")             /* from a sample of sFlow: most packets were not seen */

#define SYNFIX_OBSERVATION_FLAG_ENUM(identifier, bit, text) SYNFIX_FLAG_##identifier = 1 << bit,
/** Bits of SYNFIX_OBSERVATION_FLAGS. */
typedef enum synfix_observation_flag {
    SYNFIX_OBSERVATION_FLAGS(SYNFIX_OBSERVATION_FLAG_ENUM)
} synfix_observation_flag_t;
#undef SYNFIX_OBSERVATION_FLAG_ENUM

/**
 * Results that depend only on signature, direction and database. The engine computes them once and caches
 * them.
 *
 * (slot, stamp) identifies the content: while both are equal within one engine, all fields are equal. An
 * encoder may therefore keep derived data in a table indexed by slot (0 to fingerprint_slots - 1 of the
 * engine's configuration). Stamps start at 1, so no entry of a zeroed table matches. The
 * content is constant during the callback.
 */
typedef struct synfix_fingerprint {
    uint32_t slot;
    uint64_t stamp;
    synfix_signature_t signature;
    synfix_match_t match;
    uint16_t link_mtu; /* bytes; 0: unknown; 65535: saturated, the MTU is the MSS plus 40 (IPv6: 60) bytes */
    const char *link_label; /* NULL: unknown; lives as long as the database */
    uint16_t text_length;
    uint16_t layout_text_length;
    char text[SYNFIX_SIGNATURE_TEXT_SIZE];     /* raw signature, NUL-terminated */
    char layout_text[SYNFIX_LAYOUT_TEXT_SIZE]; /* option layout, NUL-terminated; empty without options */
} synfix_fingerprint_t;

/** Values of the element systemUptimeReliability. They never change. */
typedef enum synfix_uptime_reliability {
    SYNFIX_UPTIME_UNKNOWN = 0,
    SYNFIX_UPTIME_ONE_LINE = 1, /* the samples of several connections lie on one line */
    SYNFIX_UPTIME_SINGLE_CONNECTION = 2,
    SYNFIX_UPTIME_RANDOMISED =
        3, /* each connection has its own offset: the frequency is valid, the uptime is not */
} synfix_uptime_reliability_t;

/** The uptime of a host, estimated from the timestamps that it sent. */
typedef struct synfix_uptime {
    uint16_t frequency;            /* Hz, rounded as p0f rounds; 0: unknown */
    uint32_t frequency_centihertz; /* as measured */
    uint64_t uptime_seconds;       /* 0: unknown */
    uint64_t modulus_seconds;      /* the uptime repeats after this time */
    uint8_t reliability;           /* synfix_uptime_reliability_t */
} synfix_uptime_t;

/** One fact that an enricher added. Name and text are UTF-8 without control characters. */
typedef struct synfix_annotation {
    const char *name; /* field name in snake case, e.g. `source_country` */
    const char *text;
} synfix_annotation_t;

/**
 * One observation. All pointers are valid only until the callback or encode function returns.
 *
 * For kind UPTIME, headers are those of the packet that completed the estimate; its source is the host.
 * options hold the timestamps of this packet, and fingerprint is NULL.
 *
 * For kind HOST_CHANGE, headers, options, time and number are those of the packet that showed the change; its
 * source is the host. fingerprint is NULL and host_change is not. Only a pipeline with host changes enabled
 * makes this kind.
 */
typedef struct synfix_observation {
    uint8_t kind;           /* synfix_observation_kind_t */
    bool from_server;       /* the source of the packet is the server side of the connection */
    uint32_t flags;         /* SYNFIX_FLAG_* */
    int64_t time_ns;        /* of the packet */
    uint64_t packet_number; /* number that the source assigned to the packet */
    uint64_t flow_id;       /* element flowId: unique in the observation domain; of a sample (sFlow), the bits
                               from SYNFIX_SAMPLE_SHIFT on are its position in the datagram, from 0 */
    uint32_t interface_id;
    const synfix_headers_t *headers;
    const synfix_tcp_options_t *options;
    const synfix_fingerprint_t *fingerprint; /* NULL for uptime */
    synfix_uptime_t uptime;                  /* all 0 unless kind is UPTIME */
    const char *community_id;                /* NULL unless the enricher community-id is enabled */
    const char *muon_fingerprint;            /* NULL unless the enricher muon is enabled */
    const synfix_annotation_t *annotations;  /* of other enrichers */
    uint32_t annotation_count;
    void *user;                              /* of the packet (synfix_packet_t) */
    const synfix_host_change_t *host_change; /* NULL unless kind is HOST_CHANGE */
} synfix_observation_t;

/** Size in bytes, with the terminating NUL, of the longest text of synfix_observation_parameters(). */
#define SYNFIX_PARAMETERS_TEXT_SIZE 64

/**
 * Writes the parameters in the terms and the order of p0f 3.09b's log (`generic fuzzy random_ttl excess_dist
 * tos:0x12`, or `none`). Any thread.
 * @param observation  of kind SYN or SYN_ACK
 * @param text         buffer of SYNFIX_PARAMETERS_TEXT_SIZE bytes, owned by the caller
 * @return length in bytes without the terminating NUL
 */
SYNFIX_API size_t synfix_observation_parameters(const synfix_observation_t *observation, char *text);

#ifdef __cplusplus
}
#endif

#endif
