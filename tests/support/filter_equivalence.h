/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Two engines, one of which sees only what the kernel's filter lets pass: both must observe the same. */
#ifndef TESTS_TWIN_H
#define TESTS_TWIN_H

#include "capture/bpf/socket_filter.h"
#include <synfix/decode.h>
#include <synfix/engine.h>

/* What an engine said about SYNs and SYN+ACKs. */
typedef struct digest {
    uint64_t value;
    size_t count;
} digest_t;

static inline void digest_bytes(digest_t *digest, const void *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        digest->value = (digest->value ^ ((const uint8_t *)bytes)[i]) * UINT64_C(0x100000001B3);
    }
}

static inline void on_observation(const synfix_observation_t *observation, void *user)
{
    digest_t *digest = user;
    if (observation->kind == SYNFIX_OBSERVATION_UPTIME) {
        return;
    }
    digest->count++;
    digest_bytes(digest, &observation->flags, sizeof observation->flags);
    digest_bytes(digest, &observation->packet_number, sizeof observation->packet_number);
    digest_bytes(digest, &observation->kind, 1);
    digest_bytes(digest, observation->fingerprint->text, observation->fingerprint->text_length);
}

static inline synfix_engine_t *new_engine(digest_t *digest, synfix_encapsulations_t encapsulations)
{
    synfix_engine_config_t config;
    synfix_engine_t *engine = NULL;
    synfix_engine_config_init(&config, sizeof config);
    config.on_observation = on_observation;
    config.observation_user = digest;
    config.encapsulations = encapsulations;
    assert_int_equal(synfix_engine_new(&config, &engine, NULL), SYNFIX_OK);
    return engine;
}

typedef enum twin { TWIN_PASSED, TWIN_DROPPED, TWIN_LOST } twin_answer_t;

typedef struct twin {
    socket_filter_t filter;
    struct bpf_program program;
    int dlt; /* that it is for; -1: none yet */
    digest_t all;
    digest_t some;
    synfix_engine_t *without;
    synfix_engine_t *with;
} twin_t;

/* The program for packets of @p dlt as captures hold them: with all their tags. */
static inline struct bpf_program twin_program(const socket_filter_t *filter, int dlt)
{
    struct bpf_program program;
    pcap_t *dead = pcap_open_dead(dlt, 262144);
    assert_int_equal(socket_filter_build(filter, dead, &program, NULL), SYNFIX_OK);
    assert_true(program.bf_len == 0 || bpf_validate(program.bf_insns, (int)program.bf_len));
    pcap_close(dead);
    return program;
}

/* The twin stays where it is: engines write into it. */
static inline void twin_open(twin_t *twin, live_analysis_t analysis, unsigned levels,
                             synfix_encapsulations_t encapsulations)
{
    *twin = (twin_t){
        .dlt = -1,
        .filter = {.analysis = analysis, .levels = levels, .encapsulations = encapsulations},
    };
    twin->without = new_engine(&twin->all, encapsulations);
    twin->with = new_engine(&twin->some, encapsulations);
}

static inline bool needed(const twin_t *twin, const synfix_packet_t *packet)
{
    synfix_headers_t headers;
    const synfix_verdict_t verdict = synfix_decode_wanted(packet, &headers, twin->filter.encapsulations);
    return verdict == SYNFIX_VERDICT_SYN || verdict == SYNFIX_VERDICT_SYN_ACK;
}

/* TWIN_LOST: a SYN or SYN+ACK that the filter drops. */
static inline twin_answer_t twin_take(twin_t *twin, int dlt, const synfix_packet_t *packet)
{
    if (dlt != twin->dlt) {
        pcap_freecode(&twin->program);
        twin->program = twin_program(&twin->filter, dlt);
        twin->dlt = dlt;
    }
    const bool passes = bpf_filter(twin->program.bf_insns, packet->data, packet->original_length,
                                   packet->captured_length) != 0;
    synfix_engine_push(twin->without, packet, 1);
    if (passes) {
        synfix_engine_push(twin->with, packet, 1);
    }
    if (passes) {
        return TWIN_PASSED;
    }
    return needed(twin, packet) ? TWIN_LOST : TWIN_DROPPED;
}

static inline void twin_close(twin_t *twin)
{
    assert_int_equal(twin->all.count, twin->some.count);
    assert_true(twin->all.value == twin->some.value);
    synfix_engine_free(twin->without);
    synfix_engine_free(twin->with);
    pcap_freecode(&twin->program);
}

#endif
