/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/engine_fixture.h"

/* The snapshot length cut the options: no signature, and counted so. */
static void test_options_cut(void **state)
{
    (void)state;
    seen_t seen;
    synfix_engine_t *engine = make_engine(&seen, SYNFIX_UPTIME_REGRESSION, SYNFIX_HANDSHAKES_MIN);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_options_cut),
        cmocka_unit_test(test_filter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
