/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file engine.h
 * The fingerprint engine as a library: packets in, observations out by callback.
 *
 * Threads: an engine belongs to one thread. A program creates one engine for each thread. To get the same
 * observations from several engines as from one, pass both directions of a flow to the same engine
 * (synfix_flow_hash).
 *
 * The engine has no global state. It allocates memory only when it is created or receives another database.
 * It reads no clock, installs no signal handler, prints nothing and never exits.
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

/** An engine: flow and host state of one thread, and a cache of signatures. */
typedef struct synfix_engine synfix_engine_t;

/**
 * Receives each observation, in packet order, in the thread that pushes packets. Must not call functions of
 * this engine.
 * @param observation  valid until the function returns; synfix_batch_add() copies it
 * @param user         observation_user of the configuration
 */
typedef void (*synfix_observation_fn)(const synfix_observation_t *observation, void *user);

/**
 * A matcher that replaces the database. The engine caches the result, so the result may depend only on the
 * arguments. Runs in the thread that pushes packets.
 * @param direction  of the packet
 * @param signature  valid until the function returns
 * @param match      the function sets all fields; the label lives as long as the engine
 * @param user       match_user of the configuration
 */
typedef void (*synfix_match_fn)(synfix_direction_t direction, const synfix_signature_t *signature,
                                synfix_match_t *match, void *user);

/**
 * A packet filter. Runs in the thread that pushes packets, for each packet with TCP headers, before flow or
 * host state changes.
 * @param headers  valid until the function returns
 * @param user     filter_user of the configuration
 * @return false: the packet is dropped (verdict FILTERED)
 */
typedef bool (*synfix_filter_fn)(const synfix_headers_t *headers, void *user);

/** How the engine estimates uptimes. */
typedef enum synfix_uptime_mode {
    SYNFIX_UPTIME_OFF = 0,
    SYNFIX_UPTIME_REGRESSION = 1, /* default: linear fit over several connections, with reliability
                                     (docs/explanation/differences-from-p0f.md D6) */
    SYNFIX_UPTIME_P0F = 2, /* compatible with p0f 3.09b; needs all packets of both directions of each host */
} synfix_uptime_mode_t;

/** How the engine forms signatures. */
typedef enum synfix_signature_mode {
    SYNFIX_SIGNATURE_PACKET = 0, /* default */
    SYNFIX_SIGNATURE_P0F = 1,    /* compatible with p0f 3.09b, see synfix_signature_as_p0f */
} synfix_signature_mode_t;

/**
 * One value of a host's timestamp clock, for callers that keep the host state in another engine (several
 * workers).
 */
typedef struct synfix_timestamp_sample {
    synfix_headers_t headers; /* options pointer NULL */
    uint32_t timestamp_value;
    uint32_t timestamp_echo;
    int64_t time_ns;
    uint64_t packet_number;
    uint32_t interface_id;
    bool from_server;
    bool from_syn; /* the value comes from a SYN or SYN+ACK */
    uint8_t clock; /* synfix_clock_t of the sender's label; SYNFIX_CLOCK_UNKNOWN without a SYN or a label */
    void *user;    /* synfix_packet_t.user of the packet */
} synfix_timestamp_sample_t;

/**
 * Receives each timestamp sample in the thread that pushes packets. Must not call functions of this engine.
 * @param sample  valid until the function returns
 * @param user    timestamp_sample_user of the configuration
 */
typedef void (*synfix_timestamp_sample_fn)(const synfix_timestamp_sample_t *sample, void *user);

#define SYNFIX_FINGERPRINT_SLOTS_DEFAULT 8192u
#define SYNFIX_FINGERPRINT_SLOTS_MIN     64u
#define SYNFIX_FINGERPRINT_SLOTS_MAX     1048576u
#define SYNFIX_HANDSHAKES_DEFAULT        65536u
#define SYNFIX_HANDSHAKES_MIN            1024u
#define SYNFIX_HANDSHAKES_MAX            16777216u
#define SYNFIX_HOSTS_DEFAULT             131072u
#define SYNFIX_HOSTS_MIN                 1024u
#define SYNFIX_HOSTS_MAX                 16777216u

/**
 * Shards of the flow table. Bounds and evictions apply to each shard, so results do not depend on the
 * number of engines.
 */
#define SYNFIX_FLOW_SHARDS 64u

/**
 * Configuration. Call synfix_engine_config_init first, then change fields. Only synfix_engine_new reads the
 * structure.
 */
typedef struct synfix_engine_config {
    size_t struct_size;    /* set by synfix_engine_config_init: size of the caller's version */
    synfix_sigdb_t *sigdb; /* finished database; the engine takes its own reference; NULL: nothing matches */
    uint32_t fingerprint_slots; /* cached signatures; rounded up to a power of two */
    uint32_t handshakes;        /* bound over all shards */
    uint32_t hosts;             /* bound over all shards */
    synfix_uptime_mode_t uptime;
    uint64_t flow_id_base;                /* element flowId = base + packet number */
    synfix_observation_fn on_observation; /* required */
    void *observation_user;
    synfix_match_fn match; /* NULL: the database */
    void *match_user;
    synfix_filter_fn filter; /* NULL: all packets pass */
    void *filter_user;
    synfix_timestamp_sample_fn on_timestamp_sample; /* NULL: the engine keeps the hosts itself */
    void *timestamp_sample_user;
    synfix_encapsulations_t
        encapsulations; /* packets in any other encapsulation get the verdict ENCAPSULATION; default: all */
    synfix_signature_mode_t signatures;
} synfix_engine_config_t;

/**
 * Fills a configuration with the defaults. Any thread.
 * @param config       owned by the caller
 * @param struct_size  sizeof *config of the caller, so that a newer library knows which fields the caller has
 */
SYNFIX_API void synfix_engine_config_init(synfix_engine_config_t *config, size_t struct_size);

/**
 * Creates an engine. Any thread.
 * @param config  not needed after the call; the objects of its user pointers outlive the engine
 * @param engine  on success owned by the caller: synfix_engine_free(); unchanged after a failure
 * @param error   receives the reason of a failure; NULL: no reason is wanted
 * @return SYNFIX_OK; SYNFIX_INVALID: a value is out of range; SYNFIX_NO_MEMORY
 */
SYNFIX_API synfix_status_t synfix_engine_new(const synfix_engine_config_t *config, synfix_engine_t **engine,
                                             synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Processes the packets that synfix_engine_push_later() still holds, then frees the engine.
 * @param engine  NULL is allowed
 */
SYNFIX_API void synfix_engine_free(synfix_engine_t *engine);

/**
 * Processes packets. Batches of 32 packets or more hide memory latency. Cannot fail: every packet is counted
 * with its verdict.
 * @param engine   not NULL
 * @param packets  structures and bytes are not needed after the call
 * @param count    number of packets; 0 is allowed
 */
SYNFIX_API void synfix_engine_push(synfix_engine_t *engine, const synfix_packet_t *packets, size_t count);

/** Maximum number of packets that wait in an engine after synfix_engine_push_later(). */
#define SYNFIX_LATER_MAX 32u

/**
 * Pipelined variant for applications that receive packets one by one. The call decodes each packet at once.
 * The remaining work waits inside the engine until later packets arrive, which hides memory latency. The
 * observation is delivered, in packet order, by a later push, by synfix_engine_flush(), or by
 * synfix_engine_free(). At most SYNFIX_LATER_MAX packets wait. synfix_packet_t.user identifies the packet in
 * the observation.
 * @param engine   not NULL
 * @param packets  structures and bytes are not needed after the call
 * @param count    number of packets; 0 is allowed
 */
SYNFIX_API void synfix_engine_push_later(synfix_engine_t *engine, const synfix_packet_t *packets,
                                         size_t count);

/**
 * Processes all waiting packets. Call this function when no packets arrive for a while, and before results
 * are read.
 * @param engine  not NULL
 */
SYNFIX_API void synfix_engine_flush(synfix_engine_t *engine);

/**
 * Processes one packet that the application has decoded itself.
 * @param engine   not NULL
 * @param packet   only time, number, length, interface and user are read
 * @param verdict  SYN, SYN_ACK or SEGMENT
 * @param headers  filled in as synfix_decode() does; the encapsulation filter sees only the encapsulations in
 *                 them; not needed after the call, nor the options that they point to
 */
SYNFIX_API void synfix_engine_push_headers(synfix_engine_t *engine, const synfix_packet_t *packet,
                                           synfix_verdict_t verdict, const synfix_headers_t *headers);

/**
 * Pipelined variant of synfix_engine_push_headers(), see synfix_engine_push_later().
 * @param engine   not NULL
 * @param packet   as for synfix_engine_push_headers()
 * @param verdict  as for synfix_engine_push_headers()
 * @param headers  as for synfix_engine_push_headers()
 */
SYNFIX_API void synfix_engine_push_headers_later(synfix_engine_t *engine, const synfix_packet_t *packet,
                                                 synfix_verdict_t verdict, const synfix_headers_t *headers);

/**
 * Processes a sample that on_timestamp_sample of another engine delivered. A resulting observation is
 * delivered by callback.
 * @param engine  not NULL; one that keeps hosts itself
 * @param sample  not needed after the call
 */
SYNFIX_API void synfix_engine_push_sample(synfix_engine_t *engine, const synfix_timestamp_sample_t *sample);

/**
 * Replaces the database from the next packet on: packets that wait are processed with the old one, whose
 * reference is released. The fingerprint cache is emptied. Cannot fail.
 * @param engine  not NULL
 * @param sigdb   finished database; the engine takes its own reference. NULL: nothing matches
 */
SYNFIX_API void synfix_engine_set_sigdb(synfix_engine_t *engine, synfix_sigdb_t *sigdb);

/**
 * Changes the uptime mode from the next packet on, between OFF and REGRESSION. After a failure the old mode
 * stays.
 * @param engine  not NULL
 * @param mode    SYNFIX_UPTIME_OFF or SYNFIX_UPTIME_REGRESSION
 * @param error   receives the reason of a failure; NULL: no reason is wanted
 * @return SYNFIX_OK; SYNFIX_INVALID: the mode is P0F, or the engine was created with P0F, which needs all
 *         packets from the first one on; SYNFIX_NO_MEMORY
 */
SYNFIX_API synfix_status_t synfix_engine_set_uptime(synfix_engine_t *engine, synfix_uptime_mode_t mode,
                                                    synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Changes the signature mode from the next packet on. The fingerprint cache is emptied. After a failure the
 * old mode stays.
 * @param engine  not NULL
 * @param mode    form of the signatures
 * @param error   receives the reason of a failure; NULL: no reason is wanted
 * @return SYNFIX_OK; SYNFIX_INVALID: unknown mode
 */
SYNFIX_API synfix_status_t synfix_engine_set_signatures(synfix_engine_t *engine, synfix_signature_mode_t mode,
                                                        synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Replaces the set of permitted encapsulations from the next packet on.
 * @param engine          not NULL
 * @param encapsulations  SYNFIX_ENCAPSULATION_BIT() of tunnels and tags, or SYNFIX_ENCAPSULATIONS_ALL
 */
SYNFIX_API void synfix_engine_set_encapsulations(synfix_engine_t *engine,
                                                 synfix_encapsulations_t encapsulations);

/**
 * Copies the counters. Any thread may call this function while the engine runs.
 * @param engine    not NULL
 * @param counters  owned by the caller; while the engine runs, values may belong to different packets
 */
SYNFIX_API void synfix_engine_counters(const synfix_engine_t *engine, synfix_engine_counters_t *counters);

/**
 * Hash of a flow, equal for both directions. Any thread.
 * @param headers  filled in by synfix_decode()
 * @return the low 6 bits are the shard, 0 to SYNFIX_FLOW_SHARDS - 1
 */
SYNFIX_API uint32_t synfix_flow_hash(const synfix_headers_t *headers);

/**
 * Hash of the source address, which selects the host entry. Any thread.
 * @param headers  filled in by synfix_decode()
 * @return equal for equal addresses
 */
SYNFIX_API uint32_t synfix_host_hash(const synfix_headers_t *headers);

#ifdef __cplusplus
}
#endif

#endif
