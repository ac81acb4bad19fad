/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hosts/host_evidence.h"
#include <string.h>

#define REACH 100u

typedef struct fixture {
    counter_track_t tracks[COUNTER_TRACKS];
    side_by_side_t use;
} fixture_t;

/* @p rounds values of each counter in turn; counter i starts at i * 10000 and has the peer @p peers[i]. */
static bool alternate(const uint32_t *peers, unsigned counters, unsigned rounds, bool several)
{
    fixture_t fixture;
    memset(&fixture, 0, sizeof fixture);
    for (unsigned round = 0; round < rounds; round++) {
        for (unsigned i = 0; i < counters; i++) {
            const uint32_t peer = peers[i] + (several ? round % 2 * 100 : 0);
            counter_track_add(fixture.tracks, &fixture.use, (uint16_t)(i * 10000 + round * 3), peer, REACH,
                              round * 10 + i);
        }
    }
    return counter_tracks_alternate(fixture.tracks, &fixture.use);
}

static void two_counters_of_comparable_connections(void **state)
{
    (void)state;
    static const uint32_t same[] = {1, 1}, other[] = {1, 2};
    assert_false(alternate(same, 1, 20, false));
    assert_true(alternate(same, 2, 20, false));
    assert_false(alternate(other, 2, 20, false)); /* one host may count for each destination */
    assert_true(alternate(other, 2, 20, true));   /* both serve several destinations */
    assert_false(alternate(same, 2, 4, false));   /* too few values */
}

static void a_counter_wraps(void **state)
{
    (void)state;
    fixture_t fixture;
    memset(&fixture, 0, sizeof fixture);
    for (unsigned i = 0; i < 8; i++) {
        counter_track_add(fixture.tracks, &fixture.use, (uint16_t)(65530 + i * 3), 1, REACH, i);
    }
    assert_int_equal(fixture.tracks[0].points, 8);
    assert_int_equal(fixture.tracks[0].last, (uint16_t)(65530 + 21));
    assert_int_equal(fixture.tracks[1].points, 0);
}

/* A value out of reach begins a track; tracks with few points make room first. */
static void the_least_used_track_is_replaced(void **state)
{
    (void)state;
    fixture_t fixture;
    memset(&fixture, 0, sizeof fixture);
    for (unsigned i = 0; i < 4; i++) {
        counter_track_add(fixture.tracks, &fixture.use, (uint16_t)(10 + i), 1, REACH, i);
    }
    for (unsigned i = 0; i < 3 * COUNTER_TRACKS; i++) {
        counter_track_add(fixture.tracks, &fixture.use, (uint16_t)(1000 + i * 1000), 1, REACH, 10 + i);
    }
    assert_int_equal(fixture.tracks[0].points, 4);
    counter_track_add(fixture.tracks, &fixture.use, 14, 1, REACH, 100);
    assert_int_equal(fixture.tracks[0].points, 5);
    counter_track_add(fixture.tracks, &fixture.use, 14, 1, REACH, 101); /* the same value is no step */
    assert_int_equal(fixture.tracks[0].points, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_counters_of_comparable_connections),
        cmocka_unit_test(a_counter_wraps),
        cmocka_unit_test(the_least_used_track_is_replaced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
