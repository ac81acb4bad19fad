/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/engine_fixture.h"

/* Packets that differ only in fields outside of the signature share one slot; others have another slot. */
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

/* A SYN with random options, flags of IP, and sometimes an acknowledgement number that it should not have. */
static uint32_t make_odd_frame(unsigned *random, unsigned round, uint8_t *frame)
{
    static const uint8_t likely[] = {0, 0, 1, 2, 3, 4, 5, 8, 8, 10, 4, 3, 2};
    shape_t shape = syn;
    shape.source_port = (uint16_t)round;
    shape.acknowledgement = round % 4 == 0 ? 1u << (round / 4 % 32) : 0;
    memset(frame, 0, FRAME_SIZE);
    const uint32_t length = make_frame(&shape, frame);
    for (unsigned i = 0; i < round % 16; i++) {
        *random = *random * 1103515245u + 12345u;
        frame[40 + (*random >> 16) % 20] = likely[(*random >> 8) % sizeof likely];
    }
    frame[6] = (uint8_t)(*random >> 24 & 0xC0);
    return length;
}

static void extract(const synfix_headers_t *headers, const synfix_tcp_options_t *options,
                    synfix_signature_mode_t mode, synfix_signature_t *signature)
{
    synfix_signature_extract(headers, options, 0, signature);
    if (mode == SYNFIX_SIGNATURE_P0F) {
        synfix_signature_as_p0f(headers, signature);
    }
}

/* The cached and the direct result agree on random packets with any options. */
static void remembered_equals_direct(synfix_signature_mode_t mode)
{
    seen_t seen;
    synfix_engine_t *engine = make_engine(&seen, SYNFIX_UPTIME_OFF, SYNFIX_HANDSHAKES_MIN);
    assert_int_equal(synfix_engine_set_signatures(engine, mode, NULL), SYNFIX_OK);
    unsigned random = 1;
    for (unsigned round = 0; round < 20000; round++) {
        uint8_t frame[FRAME_SIZE];
        const uint32_t length = make_odd_frame(&random, round, frame);
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
        extract(&headers, &options, mode, &signature);
        assert_memory_equal(&signature, &seen.signature, sizeof signature);
        assert_int_equal(options.timestamp_value, seen.options.timestamp_value);
        assert_int_equal(options.timestamp_echo, seen.options.timestamp_echo);
        assert_int_equal(options.mss, seen.options.mss);
    }
    assert_true(counters_of(engine).fingerprint_hits > 1000);
    synfix_engine_free(engine);
}

static void test_remembered_equals_direct(void **state)
{
    (void)state;
    remembered_equals_direct(SYNFIX_SIGNATURE_PACKET);
    remembered_equals_direct(SYNFIX_SIGNATURE_P0F);
}

/* A signature that is cached in one form is not the result in the other form. */
static void test_signatures_change(void **state)
{
    (void)state;
    seen_t seen;
    shape_t stray = syn;
    stray.acknowledgement = 1;
    synfix_engine_t *engine = make_engine(&seen, SYNFIX_UPTIME_OFF, SYNFIX_HANDSHAKES_MIN);
    for (unsigned round = 0; round < 4; round++) {
        const synfix_signature_mode_t mode = round % 2 == 0 ? SYNFIX_SIGNATURE_PACKET : SYNFIX_SIGNATURE_P0F;
        assert_int_equal(synfix_engine_set_signatures(engine, mode, NULL), SYNFIX_OK);
        push(engine, &stray, SECOND, 1 + round);
        assert_int_equal((seen.signature.quirks & SYNFIX_QUIRK_ACK_NONZERO) != 0,
                         mode == SYNFIX_SIGNATURE_PACKET);
    }
    assert_int_equal(synfix_engine_set_signatures(engine, (synfix_signature_mode_t)2, NULL), SYNFIX_INVALID);
    synfix_engine_free(engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fingerprint_is_remembered),
        cmocka_unit_test(test_remembered_equals_direct),
        cmocka_unit_test(test_signatures_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
