/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <synfix/engine.h>

#include "base/bytes.h"

#define SECOND INT64_C(1000000000)

/* A packet by hand: Linux-like SYN with MSS 1460, or what a test makes of it. */
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

static uint32_t make_frame(const shape_t *shape, uint8_t *frame)
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
    if (syn)
        write_be16(tcp + 22, shape->mss);
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

static void on_observation(const synfix_observation_t *observation, void *user)
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

static synfix_engine_t *make_engine(seen_t *seen, synfix_uptime_mode_t uptime, uint32_t handshakes)
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

static void push(synfix_engine_t *engine, const shape_t *shape, int64_t time_ns, uint64_t number)
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

static synfix_engine_counters_t counters_of(const synfix_engine_t *engine)
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

/* The SYN's MSS is a divisor of the SYN+ACK's window: 14000 = 10 * 1400. */
static void test_peer_mss(void **state)
{
    (void)state;
    seen_t seen;
    synfix_engine_t *engine = make_engine(&seen, SYNFIX_UPTIME_OFF, SYNFIX_HANDSHAKES_MIN);
    push(engine, &syn, SECOND, 1);
    assert_int_equal(seen.last.kind, SYNFIX_OBSERVATION_SYN);
    assert_int_equal(seen.last.flags, 0);
    assert_int_equal(seen.last.flow_id, 1);
    assert_int_equal(seen.options.mss, 1400);
    assert_int_equal(seen.options.timestamp_value, 5000);
    assert_string_equal(seen.text, "4:60+4:0:1400:mss*44,7:mss,sok,ts,nop,ws:df,id+:0");
    push(engine, &syn_ack, SECOND, 2);
    assert_int_equal(seen.last.kind, SYNFIX_OBSERVATION_SYN_ACK);
    assert_true(seen.last.from_server);
    assert_int_equal(seen.last.flags, 0);
    assert_int_equal(seen.signature.window_kind, SYNFIX_WINDOW_MSS);
    assert_int_equal(seen.signature.window_multiple, 10);
    assert_int_equal(seen.options.timestamp_value, 900000);
    assert_int_equal(seen.options.timestamp_echo, 5000);
    synfix_engine_free(engine);
}

/* Mirror ports tag one direction only, or each with another VLAN: a flow is its innermost addresses and
 * ports. */
static void test_tag_in_one_direction(void **state)
{
    (void)state;
    static const uint8_t link[18] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x81, 0, 0, 10, 8, 0};
    uint8_t frame[sizeof link + FRAME_SIZE];
    seen_t seen;
    synfix_engine_t *engine = make_engine(&seen, SYNFIX_UPTIME_OFF, SYNFIX_HANDSHAKES_MIN);
    push(engine, &syn, SECOND, 1);
    memcpy(frame, link, sizeof link);
    const uint32_t length = sizeof link + make_frame(&syn_ack, frame + sizeof link);
    const synfix_packet_t packet = {.data = frame,
                                    .captured_length = length,
                                    .original_length = length,
                                    .time_ns = SECOND,
                                    .number = 2,
                                    .link_type = 1};
    synfix_engine_push(engine, &packet, 1);
    assert_int_equal(seen.last.kind, SYNFIX_OBSERVATION_SYN_ACK);
    assert_int_equal(seen.last.flags, 0);
    assert_int_equal(seen.signature.window_multiple, 10);
    synfix_engine_free(engine);
}

/* D4: without its SYN the peer's divisor is left out, and the observation says so. */
static void test_syn_not_seen(void **state)
{
    (void)state;
    seen_t seen;
    synfix_engine_t *engine = make_engine(&seen, SYNFIX_UPTIME_OFF, SYNFIX_HANDSHAKES_MIN);
    push(engine, &syn_ack, SECOND, 1);
    assert_int_equal(seen.last.flags, SYNFIX_FLAG_SYN_NOT_SEEN);
    assert_int_equal(seen.signature.window_kind, SYNFIX_WINDOW_PLAIN);
    push(engine, &syn_ack, 2 * SECOND, 2);
    assert_int_equal(seen.last.flags, SYNFIX_FLAG_SYN_NOT_SEEN | SYNFIX_FLAG_RETRANSMISSION);
    push(engine, &syn, 3 * SECOND, 3);
    assert_int_equal(seen.last.flags, 0);
    const synfix_engine_counters_t counters = counters_of(engine);
    assert_int_equal(counters.syn_not_seen, 2);
    assert_int_equal(counters.retransmissions, 1);
    synfix_engine_free(engine);
}

/* D4: repeated packets are observed and marked; another initial sequence number is another connection. */
static void test_retransmission(void **state)
{
    (void)state;
    seen_t seen;
    synfix_engine_t *engine = make_engine(&seen, SYNFIX_UPTIME_LINES, SYNFIX_HANDSHAKES_MIN);
    push(engine, &syn, SECOND, 1);
    shape_t again = syn;
    again.timestamp_value += 1000;
    push(engine, &again, 2 * SECOND, 2);
    assert_int_equal(seen.last.flags, SYNFIX_FLAG_RETRANSMISSION);
    push(engine, &syn_ack, 2 * SECOND, 3);
    assert_int_equal(seen.last.flags, 0);
    push(engine, &syn_ack, 3 * SECOND, 4);
    assert_int_equal(seen.last.flags, SYNFIX_FLAG_RETRANSMISSION);
    again.sequence++;
    push(engine, &again, 4 * SECOND, 5);
    assert_int_equal(seen.last.flags, 0);
    push(engine, &again, 4 * SECOND + 121 * SECOND, 6);
    assert_int_equal(seen.last.flags, 0); /* forgotten in time */
    const synfix_engine_counters_t counters = counters_of(engine);
    assert_int_equal(counters.retransmissions, 2);
    assert_int_equal(counters.handshakes_expired, 1);
    assert_int_equal(counters.verdicts[SYNFIX_VERDICT_SYN], 4);
    synfix_engine_free(engine);
}

/* Both ends open at once: neither SYN+ACK can name the SYN that it answers. */
static void test_simultaneous_open(void **state)
{
    (void)state;
    seen_t seen;
    synfix_engine_t *engine = make_engine(&seen, SYNFIX_UPTIME_OFF, SYNFIX_HANDSHAKES_MIN);
    push(engine, &syn, SECOND, 1);
    shape_t crossed = syn_ack;
    crossed.source = syn.source;
    crossed.destination = syn.destination;
    crossed.source_port = syn.source_port;
    crossed.destination_port = syn.destination_port;
    push(engine, &crossed, SECOND, 2);
    assert_int_equal(seen.last.flags, SYNFIX_FLAG_SYN_NOT_SEEN);
    synfix_engine_free(engine);
}

/* Whatever the signature does not depend on is one slot; what it depends on is another one. */
static void test_fingerprint_is_remembered(void **state)
{
    (void)state;
    seen_t seen;
    synfix_engine_t *engine = make_engine(&seen, SYNFIX_UPTIME_OFF, SYNFIX_HANDSHAKES_MIN);
    push(engine, &syn, SECOND, 1);
    const uint32_t slot = seen.slot;
    const uint64_t stamp = seen.stamp;
    shape_t other = syn;
    other.source++;
    other.source_port++;
    other.sequence = 99;
    other.timestamp_value = 77;
    push(engine, &other, SECOND, 2);
    assert_int_equal(seen.slot, slot);
    assert_int_equal(seen.stamp, stamp);
    assert_int_equal(seen.options.timestamp_value, 77);
    other.timestamp_value = 0;
    push(engine, &other, SECOND, 3);
    assert_int_not_equal(seen.stamp, stamp);
    assert_true((seen.signature.quirks & SYNFIX_QUIRK_TS1_ZERO) != 0);
    other.timestamp_echo = 1;
    push(engine, &other, SECOND, 4);
    assert_true((seen.signature.quirks & SYNFIX_QUIRK_TS2_NONZERO) != 0);
    other = syn;
    other.window++;
    push(engine, &other, SECOND, 5);
    assert_int_equal(seen.signature.window, syn.window + 1);
    other = syn;
    other.payload = 5;
    push(engine, &other, SECOND, 6);
    assert_int_equal(seen.signature.payload, 1);
    const synfix_engine_counters_t counters = counters_of(engine);
    assert_int_equal(counters.fingerprint_hits, 1);
    assert_int_equal(counters.fingerprint_misses, 5);
    synfix_engine_set_sigdb(engine, NULL);
    push(engine, &syn, SECOND, 7);
    assert_int_not_equal(seen.stamp, stamp);
    synfix_engine_free(engine);
}

/* The remembered way and the direct way agree on random packets, whatever their options. */
static void test_remembered_equals_direct(void **state)
{
    (void)state;
    seen_t seen;
    synfix_engine_t *engine = make_engine(&seen, SYNFIX_UPTIME_OFF, SYNFIX_HANDSHAKES_MIN);
    static const uint8_t likely[] = {0, 1, 2, 3, 4, 5, 8, 8, 10, 4, 3, 2};
    unsigned random = 1;
    for (unsigned round = 0; round < 20000; round++) {
        uint8_t frame[FRAME_SIZE] = {0};
        shape_t shape = syn;
        shape.source_port = (uint16_t)round;
        const uint32_t length = make_frame(&shape, frame);
        for (unsigned i = 0; i < round % 16; i++) {
            random = random * 1103515245u + 12345u;
            frame[40 + (random >> 16) % 20] = likely[(random >> 8) % sizeof likely];
        }
        frame[6] = (uint8_t)(random >> 24 & 0xC0);
        const synfix_packet_t packet = {.data = frame,
                                        .captured_length = length,
                                        .original_length = length,
                                        .time_ns = SECOND,
                                        .number = round,
                                        .link_type = 101};
        synfix_engine_push(engine, &packet, 1);
        synfix_headers_t headers;
        assert_int_equal(synfix_decode(&packet, &headers), SYNFIX_VERDICT_SYN);
        synfix_tcp_options_t options;
        synfix_tcp_options_read(headers.options, headers.options_length, &options);
        synfix_signature_t signature;
        synfix_signature_extract(&headers, &options, 0, &signature);
        assert_memory_equal(&signature, &seen.signature, sizeof signature);
        assert_int_equal(options.timestamp_value, seen.options.timestamp_value);
        assert_int_equal(options.timestamp_echo, seen.options.timestamp_echo);
        assert_int_equal(options.mss, seen.options.mss);
    }
    assert_true(counters_of(engine).fingerprint_hits > 1000);
    synfix_engine_free(engine);
}

/* A flood forgets itself first: an answered connection outlives it, and nothing grows. */
static void test_flood(void **state)
{
    (void)state;
    seen_t seen;
    synfix_engine_t *engine = make_engine(&seen, SYNFIX_UPTIME_LINES, SYNFIX_HANDSHAKES_MIN);
    push(engine, &syn, SECOND, 1);
    push(engine, &syn_ack, SECOND, 2);
    unsigned random = 7;
    for (unsigned i = 0; i < 50000; i++) {
        shape_t flood = syn;
        random = random * 1664525u + 1013904223u;
        flood.source = random;
        flood.source_port = (uint16_t)i;
        flood.sequence = random ^ i;
        push(engine, &flood, SECOND + i, 3 + i);
        assert_int_equal(seen.last.flags, 0);
    }
    push(engine, &syn_ack, 2 * SECOND, 60000);
    assert_int_equal(seen.last.flags, SYNFIX_FLAG_RETRANSMISSION);
    const synfix_engine_counters_t counters = counters_of(engine);
    assert_true(counters.handshakes_evicted >= 50000 - SYNFIX_HANDSHAKES_MIN);
    assert_true(counters.hosts_evicted >= 50000 - SYNFIX_HOSTS_MIN - 2);
    assert_int_equal(counters.packets_received, 50003);
    synfix_engine_free(engine);
}

static void push_exchange(synfix_engine_t *engine, uint16_t payload)
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

static void test_uptime_lines(void **state)
{
    (void)state;
    seen_t seen;
    synfix_engine_t *engine = make_engine(&seen, SYNFIX_UPTIME_LINES, SYNFIX_HANDSHAKES_MIN);
    push_exchange(engine, 0);
    assert_int_equal(seen.count[SYNFIX_OBSERVATION_UPTIME], 1);
    assert_int_equal(seen.uptime.frequency, 1000);
    assert_int_equal(seen.uptime.uptime_seconds, 5);
    assert_int_equal(seen.uptime.reliability, SYNFIX_UPTIME_SINGLE_CONNECTION);
    assert_int_equal(seen.uptime_flags, 0);
    synfix_engine_free(engine);
}

/* Asked for later, or no more. */
static void test_uptime_changes(void **state)
{
    (void)state;
    for (synfix_uptime_mode_t mode = SYNFIX_UPTIME_OFF; mode <= SYNFIX_UPTIME_LINES; mode++) {
        seen_t seen;
        const synfix_uptime_mode_t other =
            mode == SYNFIX_UPTIME_OFF ? SYNFIX_UPTIME_LINES : SYNFIX_UPTIME_OFF;
        synfix_engine_t *engine = make_engine(&seen, other, SYNFIX_HANDSHAKES_MIN);
        assert_int_equal(synfix_engine_set_uptime(engine, mode, NULL), SYNFIX_OK);
        push_exchange(engine, 0);
        assert_int_equal(seen.count[SYNFIX_OBSERVATION_UPTIME], mode == SYNFIX_UPTIME_LINES);
        assert_int_equal(synfix_engine_set_uptime(engine, SYNFIX_UPTIME_P0F, NULL), SYNFIX_INVALID);
        synfix_engine_free(engine);
        engine = make_engine(&seen, SYNFIX_UPTIME_P0F, SYNFIX_HANDSHAKES_MIN);
        assert_int_equal(synfix_engine_set_uptime(engine, mode, NULL), SYNFIX_INVALID);
        synfix_engine_free(engine);
    }
}

/* An uptime carries the marks of the packet that showed it. */
static void test_uptime_of_cut_segment(void **state)
{
    (void)state;
    static const synfix_uptime_mode_t modes[] = {SYNFIX_UPTIME_LINES, SYNFIX_UPTIME_P0F};
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        seen_t seen;
        synfix_engine_t *engine = make_engine(&seen, modes[i], SYNFIX_HANDSHAKES_MIN);
        push_exchange(engine, FRAME_SIZE);
        assert_int_equal(seen.count[SYNFIX_OBSERVATION_UPTIME], 1);
        assert_int_equal(seen.uptime_flags, SYNFIX_FLAG_TRUNCATED);
        synfix_engine_free(engine);
    }
}

static void test_uptime_p0f(void **state)
{
    (void)state;
    seen_t seen;
    synfix_engine_t *engine = make_engine(&seen, SYNFIX_UPTIME_P0F, SYNFIX_HANDSHAKES_MIN);
    push_exchange(engine, 0);
    assert_int_equal(seen.count[SYNFIX_OBSERVATION_UPTIME], 1);
    assert_int_equal(seen.uptime.frequency_centihertz, 100000);
    shape_t segment = syn;
    segment.flags = SYNFIX_TCP_ACK;
    segment.sequence = 1001;
    segment.timestamp_value = 6000;
    push(engine, &segment, 2 * SECOND, 4); /* one report for each flow and direction */
    assert_int_equal(seen.count[SYNFIX_OBSERVATION_UPTIME], 1);
    segment = syn_ack;
    segment.flags = SYNFIX_TCP_ACK;
    segment.sequence = 7002; /* out of sequence */
    segment.timestamp_value = 900250;
    push(engine, &segment, 2 * SECOND, 5);
    assert_int_equal(seen.count[SYNFIX_OBSERVATION_UPTIME], 1);
    segment.flags = SYNFIX_TCP_RST; /* not checked for sequence */
    push(engine, &segment, 2 * SECOND, 6);
    assert_int_equal(seen.count[SYNFIX_OBSERVATION_UPTIME], 2);
    assert_int_equal(seen.uptime.frequency, 250);
    synfix_engine_free(engine);
}

static void on_point(const synfix_host_point_t *point, void *user)
{
    synfix_engine_push_point(user, point);
}

/* Points carried to another engine give what the engine itself would have given. */
static void test_points_elsewhere(void **state)
{
    (void)state;
    seen_t seen;
    synfix_engine_t *owner = make_engine(&seen, SYNFIX_UPTIME_LINES, SYNFIX_HANDSHAKES_MIN);
    seen_t seen_worker = {.total = 0};
    synfix_engine_config_t config;
    synfix_engine_config_init(&config, sizeof config);
    config.on_observation = on_observation;
    config.observation_user = &seen_worker;
    config.on_host_point = on_point;
    config.host_point_user = owner;
    synfix_engine_t *worker = NULL;
    synfix_error_t error;
    assert_int_equal(synfix_engine_new(&config, &worker, &error), SYNFIX_OK);
    push_exchange(worker, 0);
    assert_int_equal(seen_worker.total, 2);
    assert_int_equal(seen.total, 1);
    assert_int_equal(seen.uptime.frequency, 1000);
    synfix_engine_free(worker);
    synfix_engine_free(owner);
}

/* The snap length cut the options: no signature, and counted so. */
static void test_options_cut(void **state)
{
    (void)state;
    seen_t seen;
    synfix_engine_t *engine = make_engine(&seen, SYNFIX_UPTIME_LINES, SYNFIX_HANDSHAKES_MIN);
    uint8_t frame[FRAME_SIZE];
    const uint32_t length = make_frame(&syn, frame);
    const synfix_packet_t packet = {
        .data = frame, .captured_length = 50, .original_length = length, .time_ns = 1, .link_type = 101};
    synfix_engine_push(engine, &packet, 1);
    assert_int_equal(seen.total, 0);
    assert_int_equal(counters_of(engine).verdicts[SYNFIX_VERDICT_OPTIONS_CUT], 1);
    synfix_engine_free(engine);
}

static bool refuse(const synfix_headers_t *headers, void *user)
{
    (void)user;
    return headers->destination_port != 80;
}

static void test_filter(void **state)
{
    (void)state;
    seen_t seen = {.total = 0};
    synfix_engine_config_t config;
    synfix_engine_config_init(&config, sizeof config);
    config.on_observation = on_observation;
    config.observation_user = &seen;
    config.filter = refuse;
    synfix_engine_t *engine = NULL;
    synfix_error_t error;
    assert_int_equal(synfix_engine_new(&config, &engine, &error), SYNFIX_OK);
    push(engine, &syn, SECOND, 1);
    assert_int_equal(seen.total, 0);
    push(engine, &syn_ack, SECOND, 2);
    assert_int_equal(seen.last.flags, SYNFIX_FLAG_SYN_NOT_SEEN);
    assert_int_equal(counters_of(engine).verdicts[SYNFIX_VERDICT_FILTERED], 1);
    synfix_engine_free(engine);
}

static void test_refused_configurations(void **state)
{
    (void)state;
    seen_t seen;
    synfix_engine_config_t good;
    synfix_engine_config_init(&good, sizeof good);
    good.on_observation = on_observation;
    good.observation_user = &seen;
    synfix_engine_config_t bad[6] = {good, good, good, good, good, good};
    bad[0].on_observation = NULL;
    bad[1].handshakes = SYNFIX_HANDSHAKES_MIN - 1;
    bad[2].hosts = SYNFIX_HOSTS_MAX + 1;
    bad[3].fingerprint_slots = 0;
    bad[4].uptime = (synfix_uptime_mode_t)9;
    bad[5].uptime = SYNFIX_UPTIME_P0F;
    bad[5].on_host_point = on_point;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        synfix_engine_t *engine = NULL;
        synfix_error_t error = {""};
        assert_int_equal(synfix_engine_new(&bad[i], &engine, &error), SYNFIX_INVALID);
        assert_int_equal(strncmp(error.text, "engine: ", 8), 0);
        assert_null(engine);
    }
    synfix_engine_free(NULL);
}

static void test_flow_hash(void **state)
{
    (void)state;
    synfix_headers_t headers;
    memset(&headers, 0, sizeof headers);
    unsigned shards[SYNFIX_FLOW_SHARDS] = {0};
    for (uint32_t i = 0; i < 64000; i++) {
        write_be32(headers.source.bytes, 0x0A000000 + i % 250);
        write_be32(headers.destination.bytes, 0xC0000200);
        headers.source_port = (uint16_t)(1024 + i / 250);
        headers.destination_port = 443;
        headers.ip_version = 4;
        const uint32_t hash = synfix_flow_hash(&headers);
        shards[hash % SYNFIX_FLOW_SHARDS]++;
        synfix_headers_t back = headers;
        back.source = headers.destination;
        back.destination = headers.source;
        back.source_port = headers.destination_port;
        back.destination_port = headers.source_port;
        assert_int_equal(synfix_flow_hash(&back), hash);
    }
    for (unsigned i = 0; i < SYNFIX_FLOW_SHARDS; i++)
        assert_in_range(shards[i], 800, 1200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_peer_mss),
        cmocka_unit_test(test_tag_in_one_direction),
        cmocka_unit_test(test_syn_not_seen),
        cmocka_unit_test(test_retransmission),
        cmocka_unit_test(test_simultaneous_open),
        cmocka_unit_test(test_fingerprint_is_remembered),
        cmocka_unit_test(test_remembered_equals_direct),
        cmocka_unit_test(test_flood),
        cmocka_unit_test(test_uptime_lines),
        cmocka_unit_test(test_uptime_changes),
        cmocka_unit_test(test_uptime_of_cut_segment),
        cmocka_unit_test(test_uptime_p0f),
        cmocka_unit_test(test_points_elsewhere),
        cmocka_unit_test(test_options_cut),
        cmocka_unit_test(test_filter),
        cmocka_unit_test(test_refused_configurations),
        cmocka_unit_test(test_flow_hash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
