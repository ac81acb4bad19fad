/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hosts/host_behaviour.h"
#include "support/host_sightings.h"

enum { PEER = 1, OTHER_PEER = 2 };

typedef struct step {
    int64_t at_ms;
    uint32_t timestamp;
    uint32_t peer;
    uint16_t ip_id;
} step_t;

/* Habits of a Linux host that sends a SYN at each step. */
static host_habits_t habits_of(const step_t *steps, size_t count, const char *text)
{
    host_behaviour_t behaviour = {.has_ip_id = false};
    for (size_t i = 0; i < count; i++) {
        host_sighting_t sighting = {
            .key = sighting_key(1),
            .time_ns = TEST_START_NS + steps[i].at_ms * (SECOND_NS / 1000),
            .timestamp = steps[i].timestamp,
            .peer = steps[i].peer,
            .ip_id = steps[i].ip_id,
        };
        (void)synfix_signature_parse(text, strlen(text), &sighting.facts.signature, NULL);
        host_behaviour_add(&behaviour, &sighting);
    }
    return host_habits_of(&behaviour, false);
}

#define HABITS(steps) habits_of(steps, sizeof(steps) / sizeof *(steps), LINUX_TEXT)

static void one_connection_shows_nothing(void **state)
{
    (void)state;
    const step_t one[] = {{0, 1000, PEER, 7}};
    const host_habits_t habits = HABITS(one);
    assert_int_equal(habits.ip_id, IP_ID_UNKNOWN);
    assert_int_equal(habits.rate, CLOCK_RATE_UNKNOWN);
    assert_int_equal(habits.offset, CLOCK_OFFSET_UNKNOWN);
}

static void one_clock_for_all_peers(void **state)
{
    (void)state;
    const step_t steps[] = {{0, 1000, PEER, 7}, {4000, 2000, OTHER_PEER, 900}, {8000, 3000, PEER, 40000}};
    const host_habits_t habits = HABITS(steps);
    assert_int_equal(habits.ip_id, IP_ID_UNKNOWN); /* each peer may have a counter */
    assert_int_equal(habits.rate, CLOCK_RATE_250);
    assert_int_equal(habits.offset, CLOCK_OFFSET_BOOT);
}

static void another_start_for_each_peer(void **state)
{
    (void)state;
    const step_t steps[] = {{0, 1000, PEER, 7},
                            {2000, 3000, PEER, 900},
                            {3000, 4000000000u, OTHER_PEER, 40000},
                            {4000, 4000001000u, OTHER_PEER, 50}};
    const host_habits_t habits = HABITS(steps);
    assert_int_equal(habits.rate, CLOCK_RATE_1000);
    assert_int_equal(habits.offset, CLOCK_OFFSET_PEER);
}

static void another_start_for_each_connection(void **state)
{
    (void)state;
    const step_t steps[] = {{0, 1000, PEER, 7}, {2000, 2000000000u, PEER, 8}, {3000, 99, PEER, 9}};
    const host_habits_t habits = HABITS(steps);
    assert_int_equal(habits.ip_id, IP_ID_COUNTER);
    assert_int_equal(habits.rate, CLOCK_RATE_UNKNOWN);
    assert_int_equal(habits.offset, CLOCK_OFFSET_CONNECTION);
}

static void a_single_peer_leaves_the_start_open(void **state)
{
    (void)state;
    const step_t steps[] = {{0, 1000, PEER, 7}, {10000, 2000, PEER, 6}};
    const host_habits_t habits = HABITS(steps);
    assert_int_equal(habits.rate, CLOCK_RATE_100);
    assert_int_equal(habits.offset, CLOCK_OFFSET_ONE_PEER);
}

static void most_pairs_make_a_habit(void **state)
{
    (void)state;
    const step_t counter[] = {
        {0, 0, PEER, 7}, {1, 0, PEER, 8}, {2, 0, PEER, 60}, {3, 0, PEER, 70}, {4, 0, PEER, 9000}};
    assert_int_equal(HABITS(counter).ip_id, IP_ID_COUNTER);
    const step_t varied[] = {{0, 0, PEER, 7}, {1, 0, PEER, 8}, {2, 0, PEER, 9000}};
    assert_int_equal(HABITS(varied).ip_id, IP_ID_VARIED);
}

static void connections_far_apart_show_no_counter(void **state)
{
    (void)state;
    const step_t steps[] = {{0, 0, PEER, 7}, {100000, 0, PEER, 900}, {200000, 0, PEER, 40000}};
    assert_int_equal(HABITS(steps).ip_id, IP_ID_UNKNOWN);
}

/* Records of some profiles have no IP ID; the signature says whether the packet had one. */
static void an_ip_id_that_the_signature_contradicts_is_not_known(void **state)
{
    (void)state;
    const step_t zero[] = {{0, 0, PEER, 0}, {1, 0, PEER, 0}, {2, 0, PEER, 0}};
    assert_int_equal(HABITS(zero).ip_id, IP_ID_UNKNOWN);
    assert_int_equal(habits_of(zero, 3, MACOS_TEXT).ip_id, IP_ID_ZERO);
}

static void habits_of_an_inventory_count(void **state)
{
    (void)state;
    for (uint8_t offset = 0; offset < CLOCK_OFFSETS; offset++) {
        const host_habits_t kept = {
            .ip_id = offset % IP_ID_HABITS, .rate = offset % CLOCK_RATES, .offset = offset};
        host_behaviour_t behaviour = {.has_ip_id = false};
        host_behaviour_merge(&behaviour, &kept);
        const host_habits_t habits = host_habits_of(&behaviour, false);
        assert_memory_equal(&habits, &kept, sizeof kept);
        for (int i = 0; i < 100; i++) {
            host_behaviour_merge(&behaviour, &kept); /* does not overflow */
        }
        const host_habits_t often = host_habits_of(&behaviour, false);
        assert_memory_equal(&often, &kept, sizeof kept);
    }
}

static void names(void **state)
{
    (void)state;
    for (uint8_t i = 1; i < IP_ID_HABITS; i++) {
        assert_int_equal(ip_id_habit_parse(ip_id_habit_name(i)), i);
        assert_int_equal(clock_rate_parse(clock_rate_name(i)), i);
        assert_int_equal(clock_offset_parse(clock_offset_name(i)), i);
    }
    assert_int_equal(clock_rate_parse(""), CLOCK_RATE_UNKNOWN);
    assert_null(ip_id_habit_name(IP_ID_UNKNOWN));
    assert_string_equal(ip_id_habit_name(IP_ID_COUNTER), "counter");
    assert_string_equal(clock_rate_name(CLOCK_RATE_250), "250");
    assert_string_equal(clock_offset_name(CLOCK_OFFSET_PEER), "peer");
    assert_null(clock_rate_name(CLOCK_RATES));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_connection_shows_nothing),
        cmocka_unit_test(one_clock_for_all_peers),
        cmocka_unit_test(another_start_for_each_peer),
        cmocka_unit_test(another_start_for_each_connection),
        cmocka_unit_test(a_single_peer_leaves_the_start_open),
        cmocka_unit_test(most_pairs_make_a_habit),
        cmocka_unit_test(an_ip_id_that_the_signature_contradicts_is_not_known),
        cmocka_unit_test(connections_far_apart_show_no_counter),
        cmocka_unit_test(habits_of_an_inventory_count),
        cmocka_unit_test(names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
