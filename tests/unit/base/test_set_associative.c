/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/set_associative.h"

#define AT(seconds) ((uint32_t)(seconds) << 2 | STAMP_USED)

static void test_victims(void **state)
{
    (void)state;
    static const struct {
        uint32_t stamps[SET_WAYS];
        unsigned victim;
    } cases[] = {
        {{AT(90), AT(91), 0, AT(10), AT(90), 0, AT(90), AT(90)}, 2},            /* empty, the first */
        {{AT(90), AT(91), AT(92), AT(80), AT(93), AT(80), AT(90), AT(90)}, 3},  /* oldest, the first */
        {{AT(99), AT(98), AT(200), AT(98), AT(99), AT(99), AT(99), AT(99)}, 1}, /* the future is young */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(set_victim(cases[i].stamps, 0, 100u << 2), cases[i].victim);
    }
}

/* Of the same second every place is lost by some tag, so that a newcomer is not always the next to go. */
static void test_ties(void **state)
{
    (void)state;
    uint32_t stamps[SET_WAYS];
    for (unsigned way = 0; way < SET_WAYS; way++) {
        stamps[way] = AT(90);
    }
    unsigned seen = 0;
    for (uint32_t tag = 0; tag < 8u << 9; tag += 1u << 9) {
        seen |= 1u << set_victim(stamps, tag, 100u << 2);
    }
    assert_int_equal(seen, 0xFF);
    stamps[5] = AT(89); /* age comes first */
    for (uint32_t tag = 0; tag < 8u << 9; tag += 1u << 9) {
        assert_int_equal(set_victim(stamps, tag, 100u << 2), 5);
    }
}

/* Half the range of stamps apart: the sanitizers would report an overflow. A stamp in the future is young. */
static void test_far_apart(void **state)
{
    (void)state;
    const uint32_t seconds = 2051169440u;
    uint32_t stamps[SET_WAYS];
    for (unsigned way = 0; way < SET_WAYS; way++) {
        stamps[way] = (seconds - 40) | STAMP_USED;
    }
    stamps[0] = 0x95818000u | STAMP_USED;
    assert_int_equal(set_victim(stamps, 0, seconds), 1);
}

/* An empty place is older than all others, or younger, as the caller says. */
static void test_empty_places(void **state)
{
    (void)state;
    const uint32_t seconds = 1000u << 2;
    uint32_t stamps[SET_WAYS] = {0};
    assert_int_equal(set_choose(stamps, 0, seconds, SET_AGE_NONE).age, SET_AGE_NONE);
    stamps[5] = (990u << 2) | STAMP_USED;
    assert_int_equal(set_choose(stamps, 0, seconds, SET_AGE_NONE).way, 5);
    assert_int_equal(set_choose(stamps, 0, seconds, SET_AGE_NONE).age, 10);
    assert_int_not_equal(set_choose(stamps, 0, seconds, SET_AGE_EMPTY).way, 5);
    assert_int_equal(set_choose(stamps, 0, seconds, SET_AGE_EMPTY).age, SET_AGE_EMPTY);
}

/* However many places are compared at once, the same one is chosen. */
static void test_wide_and_scalar(void **state)
{
    (void)state;
    static const uint32_t spans[] = {2, 8, 200, 20000, 70000, UINT32_MAX};
    for (unsigned round = 0; round < 200000; round++) {
        uint32_t stamps[SET_WAYS];
        const uint32_t seconds = (uint32_t)random() << 2;
        const uint32_t span = spans[round % 6];
        for (unsigned way = 0; way < SET_WAYS; way++) {
            const uint32_t ago = ((uint32_t)random() % span - span / 8) << 2;
            const bool empty = random() % 16 == 0;
            stamps[way] = empty ? 0 : ((seconds - ago) & ~3u) | STAMP_USED;
        }
        const uint32_t tag = (uint32_t)random();
        const int empty = round / 6 % 2 == 0 ? SET_AGE_EMPTY : SET_AGE_NONE;
        const set_choice_t choice = set_choose(stamps, tag, seconds, empty);
        const set_choice_t scalar = set_choose_scalar(stamps, tag, seconds, empty);
        assert_int_equal(choice.way, scalar.way);
        assert_int_equal(choice.age, scalar.age);
    }
}

/* Older than a lifetime: by age, also if packet time went backwards or started again at 0. */
static void test_older(void **state)
{
    (void)state;
    static const uint32_t lifetimes[] = {0, 1, 120, 7200, 1000000};
    static const int32_t steps[] = {-1000001, -1, 0, 1, 119, 120, 121, 7200, 7201, 1000000, 1000001};
    static const uint32_t seconds[] = {0, 1, 1700000000, 0x3FFFFFFF};
    for (size_t s = 0; s < sizeof seconds / sizeof *seconds; s++) {
        for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
            const uint32_t stamp = seconds[s] << 2 | STAMP_USED;
            const uint32_t now = (seconds[s] + (uint32_t)steps[i]) << 2;
            for (size_t l = 0; l < sizeof lifetimes / sizeof *lifetimes; l++) {
                assert_int_equal(stamp_is_older(stamp, now, lifetimes[l]),
                                 stamp_age(stamp, now) > lifetimes[l]);
            }
        }
    }
}

static void test_seconds(void **state)
{
    (void)state;
    const uint32_t stamp = stamp_time(INT64_C(1700000000) * 1000000000) | STAMP_USED;
    assert_int_equal(stamp_age(stamp, stamp_time(INT64_C(1700000120) * 1000000000)), 120);
    assert_int_equal(stamp_age(stamp, stamp_time(INT64_C(1699999999) * 1000000000)), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_victims),         cmocka_unit_test(test_ties),
        cmocka_unit_test(test_far_apart),       cmocka_unit_test(test_empty_places),
        cmocka_unit_test(test_wide_and_scalar), cmocka_unit_test(test_older),
        cmocka_unit_test(test_seconds)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
