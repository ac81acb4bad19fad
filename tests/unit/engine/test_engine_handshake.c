/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/engine_fixture.h"

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
    synfix_engine_t *engine = make_engine(&seen, SYNFIX_UPTIME_REGRESSION, SYNFIX_HANDSHAKES_MIN);
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

/* A flood forgets itself first: an answered connection outlives it, and nothing grows. */
static void test_flood(void **state)
{
    (void)state;
    seen_t seen;
    synfix_engine_t *engine = make_engine(&seen, SYNFIX_UPTIME_REGRESSION, SYNFIX_HANDSHAKES_MIN);
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
    assert_true(counters.handshakes_evicted >= 50000 - SYNFIX_HANDSHAKES_MIN / 2 * 3); /* whole sets */
    assert_true(counters.hosts_evicted >= 50000 - SYNFIX_HOSTS_MIN - 2);
    assert_int_equal(counters.packets_received, 50003);
    synfix_engine_free(engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_peer_mss),          cmocka_unit_test(test_tag_in_one_direction),
        cmocka_unit_test(test_syn_not_seen),      cmocka_unit_test(test_retransmission),
        cmocka_unit_test(test_simultaneous_open), cmocka_unit_test(test_flood),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
