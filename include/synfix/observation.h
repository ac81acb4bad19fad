/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file observation.h
 * The one type that leaves the engine: a SYN or SYN+ACK with all that is known about it, or a host's uptime.
 */
#ifndef SYNFIX_OBSERVATION_H
#define SYNFIX_OBSERVATION_H

#include <stdbool.h>
#include <stdint.h>
#include <synfix/headers.h>
#include <synfix/match.h>
#include <synfix/signature.h>
#include <synfix/tcp_options.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The numbers are those of the element observationKind and never change. */
typedef enum synfix_observation_kind {
    SYNFIX_OBSERVATION_SYN = 1,
    SYNFIX_OBSERVATION_SYN_ACK = 2,
    SYNFIX_OBSERVATION_UPTIME = 3,
} synfix_observation_kind_t;

/* X(identifier, bit, text): the bits are those of the element observationFlags, for good. */
#define SYNFIX_OBSERVATION_FLAGS(X)                                                                          \
    X(RETRANSMISSION, 0, "retransmission")                                                                   \
    X(TRUNCATED, 1, "truncated")                                                                             \
    X(TUNNELLED, 2, "tunnelled")                                                                             \
    X(FRAGMENT, 3, "fragment")                                                                               \
    X(TOOL, 4, "tool")                                                                                       \
    X(RANDOM_TTL, 5, "random_ttl")                                                                           \
    X(EXCESS_DISTANCE, 6, "excess_distance")                                                                 \
    X(SYN_NOT_SEEN, 7, "syn_not_seen")

#define SYNFIX_OBSERVATION_FLAG_ENUM(identifier, bit, text) SYNFIX_FLAG_##identifier = 1 << bit,
typedef enum synfix_observation_flag {
    SYNFIX_OBSERVATION_FLAGS(SYNFIX_OBSERVATION_FLAG_ENUM)
} synfix_observation_flag_t;
#undef SYNFIX_OBSERVATION_FLAG_ENUM

/**
 * What follows from the signature, its direction and the database alone, computed once and remembered.
 * Constant while an observation shows it. (slot, stamp) names the contents: as long as both are the same
 * within one engine, so is everything here, so an encoder may keep what it made of it in a table by slot (0
 * to fingerprint_slots - 1 of the engine's configuration).
 */
typedef struct synfix_fingerprint {
    uint32_t slot;
    uint64_t stamp;
    synfix_signature_t signature;
    synfix_match_t match;
    uint16_t link_mtu;      /* bytes; 0 unknown; 65535: or more, then it is the MSS and 40 (IPv6: 60) */
    const char *link_label; /* NULL unknown; lives as long as the database */
    uint16_t text_length;
    uint16_t layout_text_length;
    char text[SYNFIX_SIGNATURE_TEXT_SIZE];     /* raw signature, terminated */
    char layout_text[SYNFIX_LAYOUT_TEXT_SIZE]; /* option layout, terminated; empty without options */
} synfix_fingerprint_t;

/** The numbers are those of the element systemUptimeReliability and never change. */
typedef enum synfix_uptime_reliability {
    SYNFIX_UPTIME_UNKNOWN = 0,
    SYNFIX_UPTIME_ONE_LINE = 1, /* one line through several connections */
    SYNFIX_UPTIME_SINGLE_CONNECTION = 2,
    SYNFIX_UPTIME_RANDOMISED =
        3, /* offsets differ by connection: the frequency holds, the uptime does not (D6) */
} synfix_uptime_reliability_t;

typedef struct synfix_uptime {
    uint16_t frequency;            /* Hz, rounded as p0f does; 0 unknown */
    uint32_t frequency_centihertz; /* as measured */
    uint64_t uptime_seconds;       /* 0 unknown */
    uint64_t modulus_seconds;      /* after which the uptime wraps */
    uint8_t reliability;           /* synfix_uptime_reliability_t */
} synfix_uptime_t;

/** One fact that an enricher added; name and text are UTF-8 without control bytes. */
typedef struct synfix_annotation {
    const char *name; /* field's own name in snake case, e.g. `source_country` */
    const char *text;
} synfix_annotation_t;

/**
 * All pointers are valid only until the callback or encode function that was given the observation returns.
 * For an uptime observation headers are those of the packet that completed the reading, its source is the
 * host meant, options hold that packet's timestamps, and fingerprint is NULL.
 */
typedef struct synfix_observation {
    uint8_t kind;     /* synfix_observation_kind_t */
    bool from_server; /* the host described (the packet's source) answered the connection: SYN+ACK side */
    uint32_t flags;   /* SYNFIX_FLAG_* */
    int64_t time_ns;  /* of the packet */
    uint64_t packet_number; /* of the packet, as its source counts */
    uint64_t flow_id;       /* element flowId: unique in the observation domain */
    uint32_t interface_id;
    const synfix_headers_t *headers;
    const synfix_tcp_options_t *options;
    const synfix_fingerprint_t *fingerprint; /* NULL for uptime */
    synfix_uptime_t uptime;                  /* all 0 but for uptime */
    const char *community_id;                /* NULL unless that enricher is on */
    const char *muon_fingerprint;            /* NULL unless that enricher is on */
    const synfix_annotation_t *annotations;  /* of other enrichers */
    uint32_t annotation_count;
    void *user; /* of the packet (synfix_packet_t) */
} synfix_observation_t;

/**
 * Parameters in p0f's words and order (`generic fuzzy random_ttl excess_dist tos:0x12`, `none`) into @p text
 * of SYNFIX_PARAMETERS_TEXT_SIZE bytes; returns the length. For a SYN or SYN+ACK only. Any thread.
 */
#define SYNFIX_PARAMETERS_TEXT_SIZE 64
SYNFIX_API size_t synfix_observation_parameters(const synfix_observation_t *observation, char *text);

#ifdef __cplusplus
}
#endif

#endif
