/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/frame.h"
#include <synfix/engine.h>

/* A datagram to port 6343 with an agent address and the number of its samples; a flow sample of a SYN. */
#define DATAGRAM "E0800 I17 U6343 00000005 00000001 0a090807 00000000 00000001 000003e8 "
#define SAMPLE                                                                                               \
    "00000001 0000006e 00000001 00000007 00000200 00000000 00000000 0000000b 0000000c 00000001 "             \
    "00000001 00000046 00000001 0000003a 00000004 00000036 E0800 I6 T "
#define SAMPLE_COUNTERS "00000002 0000000c 00000001 00000007 00000000 "

static void count(const synfix_observation_t *observation, void *user)
{
    assert_int_equal(observation->kind, SYNFIX_OBSERVATION_SYN);
    assert_int_equal(observation->headers->destination_port, 443);
    ++*(unsigned *)user;
}

static synfix_engine_counters_t after(const char *words, synfix_encapsulations_t encapsulations,
                                      unsigned *observations)
{
    synfix_engine_config_t config;
    synfix_engine_counters_t counters;
    synfix_engine_t *engine = NULL;
    frame_t frame;
    *observations = 0;
    synfix_engine_config_init(&config, sizeof config);
    config.on_observation = count;
    config.observation_user = observations;
    config.encapsulations = encapsulations;
    assert_int_equal(synfix_engine_new(&config, &engine, NULL), SYNFIX_OK);
    frame_build(&frame, words);
    const synfix_packet_t packet = frame_packet(&frame, 1);
    synfix_engine_push(engine, &packet, 1);
    synfix_engine_counters(engine, &counters);
    synfix_engine_free(engine);
    return counters;
}

/* The datagram counts as a packet of sFlow, and each sample as one with the length that it had on its wire.
 */
static void each_sample_is_a_packet(void **state)
{
    (void)state;
    unsigned observations = 0;
    const synfix_engine_counters_t counters =
        after(DATAGRAM "00000003 " SAMPLE SAMPLE_COUNTERS SAMPLE, SYNFIX_ENCAPSULATIONS_ALL, &observations);
    assert_int_equal(counters.packets_received, 3);
    assert_int_equal(counters.octets_received,
                     14 + 20 + 8 + 28 + 2 * 118 + 20 + 2 * 0x36); /* without 4 bytes of check sequence */
    assert_int_equal(counters.verdicts[SYNFIX_VERDICT_SYN], 2);
    assert_int_equal(counters.verdicts[SYNFIX_VERDICT_SFLOW], 1);
    assert_true(observations > 0);
}

/* Bytes that are not a whole sample are counted once. */
static void the_rest_of_a_datagram(void **state)
{
    (void)state;
    unsigned observations = 0;
    const synfix_engine_counters_t counters = after(DATAGRAM "00000002 " SAMPLE "00000001 0000006e 00000001",
                                                    SYNFIX_ENCAPSULATIONS_ALL, &observations);
    assert_int_equal(counters.verdicts[SYNFIX_VERDICT_SYN], 1);
    assert_int_equal(counters.packets_received, 3);
    assert_int_equal(counters.verdicts[SYNFIX_VERDICT_SFLOW], 1);
    assert_int_equal(counters.verdicts[SYNFIX_VERDICT_BAD_LINK], 1);
    assert_int_equal(observations, 1);
}

static void an_excluded_encapsulation(void **state)
{
    (void)state;
    unsigned observations = 0;
    const synfix_engine_counters_t counters = after(
        DATAGRAM "00000001 " SAMPLE,
        SYNFIX_ENCAPSULATIONS_ALL & ~SYNFIX_ENCAPSULATION_BIT(SYNFIX_ENCAPSULATION_SFLOW), &observations);
    assert_int_equal(counters.verdicts[SYNFIX_VERDICT_SYN], 0);
    assert_int_equal(counters.packets_received, 1);
    assert_int_equal(observations, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_sample_is_a_packet),
        cmocka_unit_test(the_rest_of_a_datagram),
        cmocka_unit_test(an_excluded_encapsulation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
