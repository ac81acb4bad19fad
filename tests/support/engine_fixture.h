/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file engine_fixture.h
 * For tests of the engine: packets built by hand, an engine, and its last observation.
 */
#ifndef SUPPORT_ENGINE_FIXTURE_H
#define SUPPORT_ENGINE_FIXTURE_H

#include <stdlib.h>
#include <string.h>
#include <synfix/engine.h>

#include "base/byte_order.h"

#define SECOND INT64_C(1000000000)

/* The fields of a packet. The defaults are a SYN as of Linux with MSS 1460; a test changes some. */
typedef struct shape {
    uint32_t source;
    uint32_t destination;
    uint16_t source_port;
    uint16_t destination_port;
    uint32_t sequence;
    uint32_t acknowledgement;
    uint16_t flags;
    uint16_t mss;
    uint16_t window;
    uint32_t timestamp_value;
    uint32_t timestamp_echo;
    uint16_t payload;
} shape_t;

#define FRAME_SIZE 128

static inline uint32_t make_frame(const shape_t *shape, uint8_t *frame)
{
    static const uint8_t syn_options[20] = {2, 4, 0, 0, 4, 2, 8, 10, 0, 0, 0, 0, 0, 0, 0, 0, 1, 3, 3, 7};
    static const uint8_t options[12] = {1, 1, 8, 10};
    const bool syn = (shape->flags & SYNFIX_TCP_SYN) != 0;
    const uint8_t length = syn ? sizeof syn_options : sizeof options;
    memset(frame, 0, FRAME_SIZE);
    frame[0] = 0x45;
    write_be16(frame + 2, (uint16_t)(40 + length + shape->payload));
    write_be16(frame + 4, 1);
    frame[6] = 0x40;
    frame[8] = 60;
    frame[9] = 6;
    write_be32(frame + 12, shape->source);
    write_be32(frame + 16, shape->destination);
    uint8_t *tcp = frame + 20;
    write_be16(tcp, shape->source_port);
    write_be16(tcp + 2, shape->destination_port);
    write_be32(tcp + 4, shape->sequence);
    write_be32(tcp + 8, shape->acknowledgement);
    tcp[12] = (uint8_t)((20 + length) / 4 << 4);
    tcp[13] = (uint8_t)shape->flags;
    write_be16(tcp + 14, shape->window);
    memcpy(tcp + 20, syn ? syn_options : options, length);
    if (syn) {
        write_be16(tcp + 22, shape->mss);
    }
    write_be32(tcp + (syn ? 28 : 24), shape->timestamp_value);
    write_be32(tcp + (syn ? 32 : 28), shape->timestamp_echo);
    return 40u + length + shape->payload;
}

typedef struct seen {
    unsigned count[4];
    unsigned total;
    synfix_observation_t last;
    synfix_tcp_options_t options;
    synfix_signature_t signature;
    char text[SYNFIX_SIGNATURE_TEXT_SIZE];
    uint32_t slot;
    uint64_t stamp;
    synfix_uptime_t uptime;
    uint32_t uptime_flags;
} seen_t;

static inline void on_observation(const synfix_observation_t *observation, void *user)
{
    seen_t *seen = user;
    seen->count[observation->kind]++;
    seen->total++;
    if (observation->kind == SYNFIX_OBSERVATION_UPTIME) {
        assert_null(observation->fingerprint);
        seen->uptime = observation->uptime;
        seen->uptime_flags = observation->flags;
        return;
    }
    seen->last = *observation;
    seen->options = *observation->options;
    seen->signature = observation->fingerprint->signature;
    seen->slot = observation->fingerprint->slot;
    seen->stamp = observation->fingerprint->stamp;
    memcpy(seen->text, observation->fingerprint->text, sizeof seen->text);
    assert_int_equal(strlen(seen->text), observation->fingerprint->text_length);
}

static inline synfix_engine_t *make_engine(seen_t *seen, synfix_uptime_mode_t uptime, uint32_t handshakes)
{
    synfix_engine_config_t config;
    synfix_engine_config_init(&config, sizeof config);
    config.on_observation = on_observation;
    config.observation_user = seen;
    config.uptime = uptime;
    config.handshakes = handshakes;
    config.hosts = SYNFIX_HOSTS_MIN;
    memset(seen, 0, sizeof *seen);
    synfix_engine_t *engine = NULL;
    synfix_error_t error;
    assert_int_equal(synfix_engine_new(&config, &engine, &error), SYNFIX_OK);
    return engine;
}

static inline void push(synfix_engine_t *engine, const shape_t *shape, int64_t time_ns, uint64_t number)
{
    uint8_t frame[FRAME_SIZE];
    const uint32_t length = make_frame(shape, frame);
    const synfix_packet_t packet = {.data = frame,
                                    .captured_length = length < FRAME_SIZE ? length : FRAME_SIZE,
                                    .original_length = length,
                                    .time_ns = time_ns,
                                    .number = number,
                                    .link_type = 101};
    synfix_engine_push(engine, &packet, 1);
}

static inline synfix_engine_counters_t counters_of(const synfix_engine_t *engine)
{
    synfix_engine_counters_t counters;
    synfix_engine_counters(engine, &counters);
    return counters;
}

static const shape_t syn = {.source = 0x0A000001,
                            .destination = 0x0A000002,
                            .source_port = 40000,
                            .destination_port = 80,
                            .sequence = 1000,
                            .flags = SYNFIX_TCP_SYN,
                            .mss = 1400,
                            .window = 64240,
                            .timestamp_value = 5000};
static const shape_t syn_ack = {.source = 0x0A000002,
                                .destination = 0x0A000001,
                                .source_port = 80,
                                .destination_port = 40000,
                                .sequence = 7000,
                                .acknowledgement = 1001,
                                .flags = SYNFIX_TCP_SYN | SYNFIX_TCP_ACK,
                                .mss = 1380,
                                .window = 14000,
                                .timestamp_value = 900000,
                                .timestamp_echo = 5000};

/* SYN, SYN+ACK, and a segment with @p payload that makes the clock known. */
static inline void push_exchange(synfix_engine_t *engine, uint16_t payload)
{
    push(engine, &syn, SECOND, 1);
    push(engine, &syn_ack, SECOND + SECOND / 100, 2);
    shape_t segment = syn;
    segment.flags = SYNFIX_TCP_ACK;
    segment.sequence = 1001;
    segment.timestamp_value = 5500; /* 1000 Hz */
    segment.payload = payload;
    push(engine, &segment, SECOND + SECOND / 2, 3);
}

#endif
