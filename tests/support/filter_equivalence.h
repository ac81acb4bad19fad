/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Two engines, one behind the kernel filter: both must have the same observations. */
#ifndef TESTS_TWIN_H
#define TESTS_TWIN_H

#include "capture/bpf/socket_filter.h"
#include <synfix/decode.h>
#include <synfix/engine.h>

/* A digest of the SYN and SYN+ACK observations of an engine. */
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

typedef enum packet_fate { FATE_PASSED, FATE_DROPPED, FATE_LOST } packet_fate_t;

typedef struct filter_comparison {
    socket_filter_t filter;
    struct bpf_program program;
    int dlt; /* that it is for; -1: none yet */
    digest_t all;
    digest_t some;
    synfix_engine_t *without;
    synfix_engine_t *with;
} filter_comparison_t;

/* The program for packets of @p dlt as captures hold them: with all their tags. */
static inline struct bpf_program compiled_filter(const socket_filter_t *filter, int dlt)
{
    struct bpf_program program;
    pcap_t *dead = pcap_open_dead(dlt, 262144);
    assert_int_equal(socket_filter_build(filter, dead, &program, NULL), SYNFIX_OK);
    assert_true(program.bf_len == 0 || bpf_validate(program.bf_insns, (int)program.bf_len));
    pcap_close(dead);
    return program;
}

/* The comparison stays where it is: engines write into it. */
static inline void comparison_open(filter_comparison_t *comparison, live_analysis_t analysis,
                                   unsigned max_ip_headers, synfix_encapsulations_t encapsulations)
{
    *comparison = (filter_comparison_t){
        .dlt = -1,
        .filter = {.analysis = analysis, .max_ip_headers = max_ip_headers, .encapsulations = encapsulations},
    };
    comparison->without = new_engine(&comparison->all, encapsulations);
    comparison->with = new_engine(&comparison->some, encapsulations);
}

static inline bool needed(const filter_comparison_t *comparison, const synfix_packet_t *packet)
{
    synfix_headers_t headers;
    const synfix_verdict_t verdict =
        synfix_decode_wanted(packet, &headers, comparison->filter.encapsulations);
    return verdict == SYNFIX_VERDICT_SYN || verdict == SYNFIX_VERDICT_SYN_ACK;
}

/* FATE_LOST: a SYN or SYN+ACK that the filter drops. */
static inline packet_fate_t comparison_push(filter_comparison_t *comparison, int dlt,
                                            const synfix_packet_t *packet)
{
    if (dlt != comparison->dlt) {
        pcap_freecode(&comparison->program);
        comparison->program = compiled_filter(&comparison->filter, dlt);
        comparison->dlt = dlt;
    }
    const bool passes = bpf_filter(comparison->program.bf_insns, packet->data, packet->original_length,
                                   packet->captured_length) != 0;
    synfix_engine_push(comparison->without, packet, 1);
    if (passes) {
        synfix_engine_push(comparison->with, packet, 1);
    }
    if (passes) {
        return FATE_PASSED;
    }
    return needed(comparison, packet) ? FATE_LOST : FATE_DROPPED;
}

static inline void comparison_close(filter_comparison_t *comparison)
{
    assert_int_equal(comparison->all.count, comparison->some.count);
    assert_true(comparison->all.value == comparison->some.value);
    synfix_engine_free(comparison->without);
    synfix_engine_free(comparison->with);
    pcap_freecode(&comparison->program);
}

#endif
