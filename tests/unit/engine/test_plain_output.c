/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Observations of plain frames that their receiver takes, or refuses. */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/plain_output.h"
#include "support/engine_fixture.h"

#define LINK    14u
#define PACKETS 100u /* several groups, the last one not full */

/* Packets in the order in which their observations came, and how. */
typedef struct received {
    uint64_t numbers[2 * PACKETS];
    size_t count;
    size_t plain;
    size_t decoded;
    unsigned refused_from; /* groups of this number and later ones are refused */
    unsigned groups;
} received_t;

static bool on_plain(const synfix_plain_observation_t *const *observations, size_t count, void *user)
{
    received_t *received = user;
    if (received->groups++ >= received->refused_from) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        received->numbers[received->count++] = observations[i]->packet_number;
    }
    received->plain += count;
    return true;
}

static void on_decoded(const synfix_observation_t *observation, void *user)
{
    received_t *received = user;
    received->numbers[received->count++] = observation->packet_number;
    received->decoded++;
    assert_int_equal(observation->headers->source_port, 1000 + observation->packet_number);
    assert_int_equal(observation->headers->details.link_addresses[5], observation->packet_number);
    assert_int_equal(observation->options->timestamp_value, 1 + observation->packet_number);
    assert_string_equal(observation->fingerprint->text, "4:60+4:0:1400:mss*44,7:mss,sok,ts,nop,ws:df,id+:0");
}

static synfix_engine_t *new_engine(received_t *received, unsigned refused_from)
{
    synfix_engine_config_t config;
    synfix_engine_config_init(&config, sizeof config);
    config.on_observation = on_decoded;
    config.observation_user = received;
    config.uptime = SYNFIX_UPTIME_OFF;
    *received = (received_t){.refused_from = refused_from};
    synfix_engine_t *engine = NULL;
    assert_int_equal(synfix_engine_new(&config, &engine, NULL), SYNFIX_OK);
    return engine;
}

static void push_later(synfix_engine_t *engine, unsigned number)
{
    uint8_t frame[LINK + FRAME_SIZE] = {[5] = (uint8_t)number, [12] = 8};
    shape_t shape = syn;
    shape.source_port = (uint16_t)(1000 + number);
    shape.timestamp_value = 1 + number;
    const uint32_t length = LINK + make_frame(&shape, frame + LINK);
    const synfix_packet_t packet = {.data = frame,
                                    .captured_length = length,
                                    .original_length = length,
                                    .time_ns = SECOND,
                                    .number = number,
                                    .link_type = 1};
    synfix_engine_push_later(engine, &packet, 1);
}

static void push_all(synfix_engine_t *engine)
{
    for (unsigned i = 0; i < PACKETS; i++) {
        push_later(engine, i);
    }
    synfix_engine_flush(engine);
}

static void expect_all_in_order(const received_t *received)
{
    assert_int_equal(received->count, PACKETS);
    for (unsigned i = 0; i < PACKETS; i++) {
        assert_int_equal(received->numbers[i], i);
    }
}

/* Observations that the receiver refuses are delivered decoded, each once and in the order of the packets. */
static void test_refused_observations_come_decoded(void **state)
{
    (void)state;
    static const unsigned refused_from[] = {0, 1, 2, UINT_MAX};
    for (size_t i = 0; i < sizeof refused_from / sizeof *refused_from; i++) {
        received_t received;
        synfix_engine_t *engine = new_engine(&received, refused_from[i]);
        engine_set_on_plain(engine, on_plain, &received);
        push_all(engine);
        expect_all_in_order(&received);
        assert_int_equal(received.decoded == 0, refused_from[i] == UINT_MAX);
        assert_int_equal(received.plain == 0, refused_from[i] == 0);
        synfix_engine_free(engine);
    }
}

/* NULL: no receiver any more. */
static void test_receiver_is_removed(void **state)
{
    (void)state;
    received_t received;
    synfix_engine_t *engine = new_engine(&received, UINT_MAX);
    engine_set_on_plain(engine, on_plain, &received);
    engine_set_on_plain(engine, NULL, NULL);
    push_all(engine);
    expect_all_in_order(&received);
    assert_int_equal(received.groups, 0);
    synfix_engine_free(engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refused_observations_come_decoded),
        cmocka_unit_test(test_receiver_is_removed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
