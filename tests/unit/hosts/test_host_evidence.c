/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "hosts/host_evidence.h"
#include "support/host_sightings.h"

static void one_change_is_no_alternation(void **state)
{
    (void)state;
    alternation_t alternation = {.current = 0};
    alternation_add(&alternation, 1, 100);
    alternation_add(&alternation, 1, 101);
    alternation_add(&alternation, 2, 102);
    alternation_add(&alternation, 2, 103);
    assert_false(alternation_counts(&alternation));
}

static void there_and_back_counts_when_quick_or_repeated(void **state)
{
    (void)state;
    alternation_t slow = {.current = 0};
    alternation_t quick = {.current = 0};
    alternation_t late = {.current = 0};
    for (uint32_t i = 0; i < 3; i++) {
        alternation_add(&slow, i % 2, 100 + i * 300);
    }
    assert_false(alternation_counts(&slow));
    alternation_add(&slow, 1, 1000);
    assert_true(alternation_counts(&slow));
    for (uint32_t i = 0; i < 3; i++) {
        alternation_add(&quick, i % 2, 100 + i);
    }
    assert_true(alternation_counts(&quick));
    for (uint32_t i = 0; i < 6; i++) {
        alternation_add(&late, i % 2, 100 + i * 12000);
    }
    assert_false(alternation_counts(&late));
}

static void three_systems_and_one_return_count(void **state)
{
    (void)state;
    alternation_t alternation = {.current = 0};
    static const uint32_t values[] = {1, 2, 1, 3};
    for (uint32_t i = 0; i < 4; i++) {
        assert_false(alternation_counts(&alternation));
        alternation_add(&alternation, values[i], 100 + i * 3000);
    }
    assert_true(alternation_counts(&alternation));
}

static void a_line_that_replaces_another_does_not_alternate(void **state)
{
    (void)state;
    side_by_side_t sides = {.uses = UINT16_MAX - 30}; /* numbers are renewed on the way */
    for (unsigned i = 0; i < 20; i++) {
        side_used(&sides, i % 2); /* 0 and 1 alternate */
    }
    for (unsigned i = 0; i < 20; i++) {
        side_used(&sides, i % 2 + 1); /* 2 follows 0 */
    }
    assert_true(side_alternations(&sides, 0, 1) >= 18);
    assert_true(side_alternations(&sides, 2, 1) >= 18);
    assert_int_equal(side_alternations(&sides, 0, 2), 0);
    side_cleared(&sides, 1);
    assert_int_equal(side_alternations(&sides, 1, 2), 0);
}

static void three_hosts_in_turn_alternate(void **state)
{
    (void)state;
    alternation_t alternation = {.current = 0};
    for (uint32_t i = 0; i < 6; i++) {
        alternation_add(&alternation, i % 3, 100 + i * 60);
    }
    assert_true(alternation_counts(&alternation));
}

typedef struct clock_source {
    uint32_t offset;
    uint32_t hertz;
} clock_source_t;

static void tick(host_evidence_t *evidence, clock_source_t clock, int64_t ms, uint32_t peer)
{
    clock_lines_add(evidence, clock.offset + (uint32_t)(ms * clock.hertz / 1000), peer,
                    TEST_START_NS + ms * 1000000);
}

static void two_clocks_in_turn_count(void **state)
{
    (void)state;
    const clock_source_t a = {1000000, 1000};
    const clock_source_t b = {3000000000u, 250};
    host_evidence_t evidence = {.clock_use = {.uses = 0}};
    for (int64_t i = 0; i < 8; i++) {
        tick(&evidence, a, i * 2000, 1 + (uint32_t)i % 2);
        assert_false(i < 2 && clock_lines_alternate(&evidence));
        tick(&evidence, b, i * 2000 + 700, 1 + (uint32_t)i % 2);
    }
    assert_true(clock_lines_alternate(&evidence));
}

static void a_restart_is_one_clock_after_the_other(void **state)
{
    (void)state;
    host_evidence_t evidence = {.clock_use = {.uses = 0}};
    for (int64_t i = 0; i < 8; i++) {
        tick(&evidence, (clock_source_t){900000000, 1000}, i * 2000, (uint32_t)i);
    }
    for (int64_t i = 0; i < 8; i++) {
        tick(&evidence, (clock_source_t){3294000000u, 1000}, 20000 + i * 2000, (uint32_t)i);
    }
    assert_false(clock_lines_alternate(&evidence));
}

static void clocks_for_each_destination_are_one_host(void **state)
{
    (void)state;
    host_evidence_t evidence = {.clock_use = {.uses = 0}};
    for (int64_t i = 0; i < 20; i++) {
        tick(&evidence, (clock_source_t){i % 2 ? 12345 : 2000000000u, 1000}, i * 1500, 1 + (uint32_t)i % 2);
    }
    assert_false(clock_lines_alternate(&evidence));
    for (int64_t i = 0; i < 8; i++) {
        tick(&evidence, (clock_source_t){i % 2 ? 77000000 : 3000000000u, 1000}, 40000 + i * 1500, 9);
    }
    assert_true(clock_lines_alternate(&evidence));
}

static void random_clocks_are_none(void **state)
{
    (void)state;
    host_evidence_t evidence = {.clock_use = {.uses = 0}};
    uint32_t value = 1;
    for (int64_t i = 0; i < 200; i++) {
        value = value * 1664525u + 1013904223u;
        tick(&evidence, (clock_source_t){value, 1000}, i * 500, (uint32_t)i % 3);
    }
    assert_false(clock_lines_alternate(&evidence));
}

static void counters_side_by_side_count(void **state)
{
    (void)state;
    counter_track_t tracks[COUNTER_TRACKS] = {{0}};
    side_by_side_t use = {0};
    for (uint16_t i = 0; i < 12; i++) {
        counter_track_add(tracks, &use, (uint16_t)(1000 + i * 2), i % 3, 16, 100);
        counter_track_add(tracks, &use, (uint16_t)(40000 + i), i % 3, 16, 100);
    }
    assert_true(counter_tracks_alternate(tracks, &use));
}

static void counters_for_each_destination_are_one_host(void **state)
{
    (void)state;
    counter_track_t tracks[COUNTER_TRACKS] = {{0}};
    side_by_side_t use = {0};
    for (uint16_t i = 0; i < 12; i++) {
        counter_track_add(tracks, &use, (uint16_t)(1000 + i * 2), 1, 16, 100);
        counter_track_add(tracks, &use, (uint16_t)(40000 + i), 2, 16, 100);
    }
    assert_false(counter_tracks_alternate(tracks, &use));
}

static void the_score_adds_up(void **state)
{
    (void)state;
    assert_int_equal(host_reasons_score(0), 0);
    assert_true(host_reasons_score(SYNFIX_HOST_CLOCK) >= SYNFIX_HOST_SHARED_SCORE);
    assert_true(host_reasons_score(SYNFIX_HOST_DISTANCE | SYNFIX_HOST_MTU | SYNFIX_HOST_SCALE) <
                SYNFIX_HOST_SHARED_SCORE);
    assert_int_equal(host_reasons_score(SYNFIX_HOST_SHARING_REASONS), 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_change_is_no_alternation),
        cmocka_unit_test(there_and_back_counts_when_quick_or_repeated),
        cmocka_unit_test(three_hosts_in_turn_alternate),
        cmocka_unit_test(three_systems_and_one_return_count),
        cmocka_unit_test(a_line_that_replaces_another_does_not_alternate),
        cmocka_unit_test(two_clocks_in_turn_count),
        cmocka_unit_test(a_restart_is_one_clock_after_the_other),
        cmocka_unit_test(clocks_for_each_destination_are_one_host),
        cmocka_unit_test(random_clocks_are_none),
        cmocka_unit_test(counters_side_by_side_count),
        cmocka_unit_test(counters_for_each_destination_are_one_host),
        cmocka_unit_test(the_score_adds_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
