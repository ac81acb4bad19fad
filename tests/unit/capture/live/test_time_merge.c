/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "capture/live/time_merge.h"
#include <string.h>

#define HOLD 100

static merge_input_t inputs[2];

/* Times up to a 0; an empty list is a read that gave nothing. */
static void show(unsigned input, int64_t now, const int64_t *times)
{
    size_t count = 0;
    for (; times[count] != 0; count++) {
        inputs[input].packets[count] = (synfix_packet_t){.time_ns = times[count], .interface_id = input};
    }
    merge_filled(&inputs[input], count, now);
}

#define SHOW(input, now, ...) show(input, now, (const int64_t[]){__VA_ARGS__})

static void expect(bool all, const int64_t *times)
{
    synfix_packet_t packets[8];
    const size_t count = merge_take(inputs, 2, all, packets, 8);
    for (size_t i = 0; i < count; i++) {
        if (packets[i].time_ns != times[i]) {
            fail_msg("packet %zu is of %d, not %d", i, (int)packets[i].time_ns, (int)times[i]);
        }
    }
    assert_int_equal(times[count], 0);
}

#define EXPECT(...) expect(false, (const int64_t[]){__VA_ARGS__})

static int begin(void **state)
{
    (void)state;
    memset(inputs, 0, sizeof inputs);
    inputs[0].hold_ns = inputs[1].hold_ns = HOLD;
    return 0;
}

static void both_have_packets(void **state)
{
    (void)state;
    SHOW(0, 1000, 900, 930, 940, 0);
    SHOW(1, 1000, 910, 935, 0);
    /* behind 935 the second one may show others */
    EXPECT(900, 910, 930, 935, 0);
    assert_true(merge_empty(&inputs[1]));
    assert_int_equal(merge_wait_ns(inputs, 2), 5);
    SHOW(1, 1010, 938, 950, 0);
    EXPECT(938, 940, 0);
}

static void the_other_one_is_silent(void **state)
{
    (void)state;
    SHOW(0, 1000, 950, 960, 0);
    SHOW(1, 1000, 0);
    EXPECT(0); /* one of 900 and later may still come */
    assert_int_equal(merge_wait_ns(inputs, 2), 50);
    SHOW(1, 1049, 0);
    EXPECT(0);
    SHOW(1, 1050, 0);
    EXPECT(950, 0);
    SHOW(1, 1055, 951, 0); /* it does come, in time */
    EXPECT(951, 0);
    SHOW(1, 1060, 0);
    EXPECT(960, 0);
    assert_int_equal(merge_wait_ns(inputs, 2), -1);
}

static void one_has_ended(void **state)
{
    (void)state;
    SHOW(0, 1000, 950, 0);
    merge_ended(&inputs[1]);
    EXPECT(950, 0);
}

static void at_the_end_nobody_waits(void **state)
{
    (void)state;
    SHOW(0, 1000, 990, 999, 0);
    SHOW(1, 1000, 995, 0);
    expect(true, (const int64_t[]){990, 995, 999, 0});
}

static void room_is_kept(void **state)
{
    (void)state;
    synfix_packet_t packets[2];
    SHOW(0, 1000, 1, 2, 3, 0);
    merge_ended(&inputs[1]);
    assert_int_equal(merge_take(inputs, 2, false, packets, 2), 2);
    assert_int_equal(merge_take(inputs, 2, false, packets, 2), 1);
    assert_int_equal(merge_take(inputs, 2, false, packets, 2), 0);
}

/* The order holds again with the first read that gives nothing. */
static void the_clock_is_set_back(void **state)
{
    (void)state;
    SHOW(0, 1000000, 999000, 0);
    SHOW(1, 1000000, 0);
    EXPECT(999000, 0);
    SHOW(0, 5000, 4950, 0);
    SHOW(1, 5000, 0);
    EXPECT(0);
    SHOW(1, 5010, 4940, 0);
    EXPECT(4940, 0);
    SHOW(1, 5060, 0);
    EXPECT(4950, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(both_have_packets, begin),
        cmocka_unit_test_setup(the_other_one_is_silent, begin),
        cmocka_unit_test_setup(one_has_ended, begin),
        cmocka_unit_test_setup(at_the_end_nobody_waits, begin),
        cmocka_unit_test_setup(room_is_kept, begin),
        cmocka_unit_test_setup(the_clock_is_set_back, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
