/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/flow_hash.h"
#include "engine/flow_table.h"
#include "support/engine_fixture.h"

static void test_uptime_lines(void **state)
{
    (void)state;
    seen_t seen;
    synfix_engine_t *engine = make_engine(&seen, SYNFIX_UPTIME_REGRESSION, SYNFIX_HANDSHAKES_MIN);
    push_exchange(engine, 0);
    assert_int_equal(seen.count[SYNFIX_OBSERVATION_UPTIME], 1);
    assert_int_equal(seen.uptime.frequency, 1000);
    assert_int_equal(seen.uptime.uptime_seconds, 5);
    assert_int_equal(seen.uptime.reliability, SYNFIX_UPTIME_SINGLE_CONNECTION);
    assert_int_equal(seen.uptime_flags, 0);
    synfix_engine_free(engine);
}

/* Uptimes are enabled later, or disabled. */
static void test_uptime_changes(void **state)
{
    (void)state;
    for (synfix_uptime_mode_t mode = SYNFIX_UPTIME_OFF; mode <= SYNFIX_UPTIME_REGRESSION; mode++) {
        seen_t seen;
        const synfix_uptime_mode_t other =
            mode == SYNFIX_UPTIME_OFF ? SYNFIX_UPTIME_REGRESSION : SYNFIX_UPTIME_OFF;
        synfix_engine_t *engine = make_engine(&seen, other, SYNFIX_HANDSHAKES_MIN);
        assert_int_equal(synfix_engine_set_uptime(engine, mode, NULL), SYNFIX_OK);
        push_exchange(engine, 0);
        assert_int_equal(seen.count[SYNFIX_OBSERVATION_UPTIME], mode == SYNFIX_UPTIME_REGRESSION);
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
    static const synfix_uptime_mode_t modes[] = {SYNFIX_UPTIME_REGRESSION, SYNFIX_UPTIME_P0F};
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

static void on_sample(const synfix_timestamp_sample_t *point, void *user)
{
    synfix_engine_push_sample(user, point);
}

/* Points carried to another engine give what the engine itself would have given. */
static void test_points_elsewhere(void **state)
{
    (void)state;
    seen_t seen;
    synfix_engine_t *owner = make_engine(&seen, SYNFIX_UPTIME_REGRESSION, SYNFIX_HANDSHAKES_MIN);
    seen_t seen_worker = {.total = 0};
    synfix_engine_config_t config;
    synfix_engine_config_init(&config, sizeof config);
    config.on_observation = on_observation;
    config.observation_user = &seen_worker;
    config.on_timestamp_sample = on_sample;
    config.timestamp_sample_user = owner;
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

static uint32_t set_of(const flow_table_t *table, const shape_t *shape)
{
    uint8_t frame[FRAME_SIZE];
    const synfix_packet_t packet = {
        .data = frame, .captured_length = FRAME_SIZE, .original_length = FRAME_SIZE, .link_type = 101};
    (void)make_frame(shape, frame);
    synfix_headers_t headers;
    (void)synfix_decode(&packet, &headers);
    return flow_table_set(table, flow_hash(&headers, flow_tuple(&headers)));
}

/* A SYN of another connection whose first set is that of the connection of @p shape. */
static shape_t neighbour_of(const shape_t *shape)
{
    flow_table_t table;
    counter_t counts[2];
    shape_t other = syn;
    assert_true(flow_table_init(&table, SYNFIX_HANDSHAKES_MIN, 120, &counts[0], &counts[1]));
    do {
        other.source_port++;
    } while (set_of(&table, &other) != set_of(&table, shape));
    flow_table_clear(&table);
    return other;
}

/* The counters after a connection was quiet for longer than the lifetime, and its next segment was in one
 * group with the SYN of a neighbour, or in a separate group. */
static synfix_engine_counters_t push_late_segment(bool one_group)
{
    static const unsigned seconds[] = {2, 100, 205}; /* samples; the next one is due at 409 */
    seen_t seen;
    synfix_engine_t *engine = make_engine(&seen, SYNFIX_UPTIME_REGRESSION, SYNFIX_HANDSHAKES_MIN);
    push_exchange(engine, 0);
    shape_t shapes[2] = {neighbour_of(&syn), syn};
    shapes[1].flags = SYNFIX_TCP_ACK;
    for (unsigned i = 0; i < 3; i++) {
        shapes[1].timestamp_value = 5000 + 1000 * seconds[i];
        push(engine, &shapes[1], seconds[i] * SECOND, 4 + i);
    }
    uint8_t frames[2][FRAME_SIZE];
    synfix_packet_t packets[2];
    for (unsigned i = 0; i < 2; i++) {
        const uint32_t length = make_frame(&shapes[i], frames[i]);
        packets[i] = (synfix_packet_t){.data = frames[i],
                                       .captured_length = length,
                                       .original_length = length,
                                       .time_ns = 330 * SECOND,
                                       .number = 7 + i,
                                       .link_type = 101};
    }
    synfix_engine_push(engine, packets, one_group ? 2 : 1);
    if (!one_group) {
        synfix_engine_push(engine, packets + 1, 1);
    }
    const synfix_engine_counters_t counters = counters_of(engine);
    synfix_engine_free(engine);
    return counters;
}

/* Groups depend on the number of workers; results must not. */
static void test_groups_change_nothing(void **state)
{
    (void)state;
    const synfix_engine_counters_t one = push_late_segment(true);
    const synfix_engine_counters_t two = push_late_segment(false);
    assert_int_equal(one.timestamp_samples, 7);
    assert_memory_equal(&one, &two, sizeof one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_uptime_lines),          cmocka_unit_test(test_uptime_changes),
        cmocka_unit_test(test_uptime_of_cut_segment), cmocka_unit_test(test_uptime_p0f),
        cmocka_unit_test(test_points_elsewhere),      cmocka_unit_test(test_groups_change_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
