/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file engine.h
 * The fingerprinting engine as a library: packets in, observations out by callback.
 *
 * An engine belongs to the thread that calls it; a program runs as many as it has threads. It keeps nothing
 * global, allocates only when it is made or given another database, reads no clock, sets no signal, prints
 * nothing, ends nothing. To let several threads give the same answers as one, hand both directions of a flow
 * to the same engine (synfix_flow_hash).
 */
#ifndef SYNFIX_ENGINE_H
#define SYNFIX_ENGINE_H

#include <stddef.h>
#include <stdint.h>
#include <synfix/counters.h>
#include <synfix/decode.h>
#include <synfix/observation.h>
#include <synfix/packet.h>
#include <synfix/sigdb.h>
#include <synfix/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct synfix_engine synfix_engine_t;

/** Called in the thread that pushes, for each observation, in packet order. Must not call back into the
 * engine. */
typedef void (*synfix_observation_fn)(const synfix_observation_t *observation, void *user);

/**
 * A matcher of the caller's own, asked instead of the database. Must fill in @p match whole; its label must
 * live as long as the engine. The answer is remembered, so it may depend on its arguments only. Called in the
 * pushing thread.
 */
typedef void (*synfix_match_fn)(synfix_direction_t direction, const synfix_signature_t *signature,
                                synfix_match_t *match, void *user);

/**
 * Filter: false drops the packet (verdict FILTERED) before its flow or host state is touched. Called in the
 * pushing thread for each packet with TCP headers.
 */
typedef bool (*synfix_filter_fn)(const synfix_headers_t *headers, void *user);

typedef enum synfix_uptime_mode {
    SYNFIX_UPTIME_OFF = 0,
    SYNFIX_UPTIME_REGRESSION = 1, /* default: by connection and host, with reliability (D6) */
    SYNFIX_UPTIME_P0F = 2, /* p0f 3.09b's way; needs every packet of both directions of all flows of a host */
} synfix_uptime_mode_t;

/** How signatures are formed. */
typedef enum synfix_signature_mode {
    SYNFIX_SIGNATURE_EXACT = 0, /* default */
    SYNFIX_SIGNATURE_P0F = 1,   /* as p0f 3.09b does: synfix_signature_as_p0f */
} synfix_signature_mode_t;

/** A host's timestamp value, for callers that keep host state elsewhere (several workers). */
typedef struct synfix_timestamp_sample {
    synfix_headers_t headers; /* options pointer NULL */
    uint32_t timestamp_value;
    uint32_t timestamp_echo;
    int64_t time_ns;
    uint64_t packet_number;
    uint32_t interface_id;
    bool from_server;
    bool from_syn; /* of a SYN or SYN+ACK */
    void *user;    /* of the packet */
} synfix_timestamp_sample_t;

typedef void (*synfix_timestamp_sample_fn)(const synfix_timestamp_sample_t *point, void *user);

#define SYNFIX_FINGERPRINT_SLOTS_DEFAULT 8192u
#define SYNFIX_FINGERPRINT_SLOTS_MIN     64u
#define SYNFIX_FINGERPRINT_SLOTS_MAX     1048576u
#define SYNFIX_HANDSHAKES_DEFAULT        65536u
#define SYNFIX_HANDSHAKES_MIN            1024u
#define SYNFIX_HANDSHAKES_MAX            16777216u
#define SYNFIX_HOSTS_DEFAULT             131072u
#define SYNFIX_HOSTS_MIN                 1024u
#define SYNFIX_HOSTS_MAX                 16777216u

/** Shards of the flow table: bounds and evictions are per shard, so they do not depend on who owns which. */
#define SYNFIX_FLOW_SHARDS 64u

/** Start from synfix_engine_config_init, change what matters. Read by synfix_engine_new only. */
typedef struct synfix_engine_config {
    size_t struct_size;         /* set by init: sizeof of the caller's version */
    synfix_sigdb_t *sigdb;      /* finished; the engine takes its own reference; NULL: nothing matches */
    uint32_t fingerprint_slots; /* remembered signatures; rounded up to a power of two */
    uint32_t handshakes;        /* bound over all shards */
    uint32_t hosts;             /* bound over all shards */
    synfix_uptime_mode_t uptime;
    uint64_t flow_id_base;                /* flowId = base + packet number */
    synfix_observation_fn on_observation; /* must be set */
    void *observation_user;
    synfix_match_fn match; /* NULL: the database */
    void *match_user;
    synfix_filter_fn filter; /* NULL: everything passes */
    void *filter_user;
    synfix_timestamp_sample_fn on_timestamp_sample; /* NULL: the engine keeps the hosts itself */
    void *timestamp_sample_user;
    synfix_encapsulations_t encapsulations; /* packets in others are ENCAPSULATION; init: all */
    synfix_signature_mode_t signatures;
} synfix_engine_config_t;

SYNFIX_API void synfix_engine_config_init(synfix_engine_config_t *config, size_t struct_size);

/** Makes an engine, owned by the caller. SYNFIX_INVALID for a configuration out of range, SYNFIX_NO_MEMORY.
 */
SYNFIX_API synfix_status_t synfix_engine_new(const synfix_engine_config_t *config, synfix_engine_t **engine,
                                             synfix_error_t *error) SYNFIX_MUST_CHECK;

/** NULL is allowed. What synfix_engine_push_later still holds is worked through first. */
SYNFIX_API void synfix_engine_free(synfix_engine_t *engine);

/** Works through @p count packets. Batches of 32 and more let it fetch ahead. */
SYNFIX_API void synfix_engine_push(synfix_engine_t *engine, const synfix_packet_t *packets, size_t count);

/**
 * The same for hosts that get their packets one by one: a packet is decoded at once, so that its bytes may
 * go, and the rest of the work waits inside for memory while others come. Its observation comes, still in
 * packet order, from a later call of any push, from synfix_engine_flush, or from synfix_engine_free; at most
 * SYNFIX_LATER_MAX packets wait. What the host knows of a packet comes back with it as `user`.
 */
#define SYNFIX_LATER_MAX 32u
SYNFIX_API void synfix_engine_push_later(synfix_engine_t *engine, const synfix_packet_t *packets,
                                         size_t count);

/** Works through all that waits: when no packets come for a while, and before results are summed up. */
SYNFIX_API void synfix_engine_flush(synfix_engine_t *engine);

/**
 * synfix_engine_push for one packet that the host has decoded itself: @p verdict must be SYN, SYN_ACK or
 * SEGMENT and @p headers filled in as synfix_decode would; of @p packet only the time, number, length,
 * interface and user are read. Of tunnels and tags only those that the headers tell of are held against what
 * is asked for.
 */
SYNFIX_API void synfix_engine_push_headers(synfix_engine_t *engine, const synfix_packet_t *packet,
                                           synfix_verdict_t verdict, const synfix_headers_t *headers);

/** The same without waiting for memory, as synfix_engine_push_later. */
SYNFIX_API void synfix_engine_push_headers_later(synfix_engine_t *engine, const synfix_packet_t *packet,
                                                 synfix_verdict_t verdict, const synfix_headers_t *headers);

/** Takes a point that another engine's on_timestamp_sample gave out. The observation that may follow comes by
 * callback. */
SYNFIX_API void synfix_engine_push_sample(synfix_engine_t *engine, const synfix_timestamp_sample_t *point);

/** Uses another database from the next packet on; takes its own reference. What was remembered is forgotten.
 */
SYNFIX_API void synfix_engine_set_sigdb(synfix_engine_t *engine, synfix_sigdb_t *sigdb);

/**
 * Uptime is asked for, or no more, from the next packet on: OFF or LINES, in an engine made for one of these
 * (p0f's way needs all from the first packet on: INVALID). NO_MEMORY leaves it as it was.
 */
SYNFIX_API synfix_status_t synfix_engine_set_uptime(synfix_engine_t *engine, synfix_uptime_mode_t mode,
                                                    synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Signatures are formed in another way from the next packet on; what was remembered is forgotten. INVALID:
 * there is no such mode. */
SYNFIX_API synfix_status_t synfix_engine_set_signatures(synfix_engine_t *engine, synfix_signature_mode_t mode,
                                                        synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Other tunnels and tags are asked for from the next packet on. */
SYNFIX_API void synfix_engine_set_encapsulations(synfix_engine_t *engine,
                                                 synfix_encapsulations_t encapsulations);

/** A snapshot; may be called from any thread while the engine runs. */
SYNFIX_API void synfix_engine_counters(const synfix_engine_t *engine, synfix_engine_counters_t *counters);

/** Symmetric: both directions of a flow give the same number. Its low 6 bits are the shard. Any thread. */
SYNFIX_API uint32_t synfix_flow_hash(const synfix_headers_t *headers);

/** Of the source address; hosts are kept by it. Any thread. */
SYNFIX_API uint32_t synfix_host_hash(const synfix_headers_t *headers);

#ifdef __cplusplus
}
#endif

#endif
