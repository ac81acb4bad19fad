/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/flow_set.h"

#define LIFETIME    120u
#define AT(seconds) ((uint32_t)(seconds) << 2 | STAMP_USED)
#define NOW         (1000u << 2)

static void test_candidates(void **state)
{
    (void)state;
    const flow_set_t set = {.tags = {7, 7, 0, 9, 7, 7, 0, 0x8007u}};
    assert_int_equal(flow_set_candidates(&set, 0xABCD0007u), 0x33); /* high bits select the set */
    assert_int_equal(flow_set_candidates(&set, 0), 0x44);
    assert_int_equal(flow_set_candidates(&set, 0x8007u), 0x80);
    assert_int_equal(flow_set_candidates(&set, 8), 0);
}

static void test_victims(void **state)
{
    (void)state;
    static const struct {
        uint8_t hand;
        uint8_t kept;
        unsigned old; /* a place whose flow is past its time */
        unsigned victim;
    } cases[] = {
        {3, 0x00, 0, 3}, /* in turn */
        {3, 0x08, 0, 4}, /* a kept one is skipped */
        {6, 0xC1, 0, 1}, /* across the end */
        {2, 0x3C, 0, 6}, /* half of the places at most */
        {1, 0xFC, 0, 1}, /* more than half: all in turn */
        {2, 0xFF, 0, 2}, /* all are kept */
        {2, 0x1C, 2, 2}, /* past its time: not protected any more */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        flow_set_t set = {.kept = cases[i].kept, .hand = cases[i].hand};
        for (unsigned way = 0; way < FLOW_WAYS; way++) {
            set.stamps[way] = AT(990);
        }
        set.stamps[cases[i].old] = AT(1000 - LIFETIME - 1);
        assert_int_equal(flow_set_victim(&set, NOW, LIFETIME << 2), cases[i].victim);
    }
}

static unsigned insert(flow_set_t *set, uint32_t hash)
{
    const unsigned way = flow_set_victim(set, NOW, LIFETIME << 2);
    flow_set_turn(set, way);
    flow_set_begin(set, way, hash, NOW);
    return way;
}

/* A flood overwrites its own flows, the oldest first, and each of them waits as long as there is room. */
static void test_flood(void **state)
{
    (void)state;
    flow_set_t set = {.kept = 0};
    for (uint32_t i = 0; i < FLOW_WAYS; i++) {
        assert_int_equal(insert(&set, i), i);
    }
    for (unsigned way = 1; way < FLOW_WAYS; way += 2) {
        flow_set_touch(&set, way, NOW, true); /* four of them are answered, each twice */
        flow_set_touch(&set, way, NOW, true);
    }
    unsigned waiting[FLOW_WAYS / 2];
    for (unsigned i = 0; i < FLOW_WAYS / 2; i++) {
        waiting[i] = insert(&set, 100 + i);
        assert_int_equal(set.kept, 0xAA);
    }
    for (unsigned i = 0; i < 100; i++) {
        assert_int_equal(insert(&set, 200 + i), waiting[i % (FLOW_WAYS / 2)]);
    }
}

/* Flows that are kept past their time give their places to others, one after the other. */
static void test_expired(void **state)
{
    (void)state;
    flow_set_t set = {.kept = 0xFF};
    for (unsigned way = 0; way < FLOW_WAYS; way++) {
        set.stamps[way] = AT(1);
    }
    for (unsigned i = 0; i < FLOW_WAYS; i++) {
        assert_int_equal(insert(&set, i), i);
    }
    assert_int_equal(set.kept, 0);
}

/* Empty ways, and flows past their time. All variants agree. */
static void test_free_ways(void **state)
{
    (void)state;
    flow_set_t set = {.stamps = {0, AT(1000), AT(880), AT(879), AT(1), AT(1001), 0, AT(990)}};
    assert_int_equal(flow_set_free(&set, NOW, LIFETIME << 2), 0x59);
    for (uint32_t seconds = 0; seconds < 3000; seconds++) {
        assert_int_equal(flow_set_free(&set, seconds << 2, LIFETIME << 2),
                         flow_set_free_scalar(&set, seconds << 2, LIFETIME << 2));
    }
}

/* A set is full until a time, and not when packet time lies far before it. */
static void test_full(void **state)
{
    (void)state;
    const flow_set_t set = {.full_until = 1000u << 2};
    assert_true(flow_set_is_full(&set, 1000u << 2, LIFETIME << 2));
    assert_true(flow_set_is_full(&set, 880u << 2, LIFETIME << 2));
    assert_false(flow_set_is_full(&set, 1001u << 2, LIFETIME << 2));
    assert_false(flow_set_is_full(&set, 879u << 2, LIFETIME << 2));
}

/* By the low five bits of the tag. */
static void test_may_miss(void **state)
{
    (void)state;
    const flow_set_t set = {.absent = 1u << 31 | 1u};
    assert_true(flow_set_may_miss(&set, 0xABCD0020u));
    assert_true(flow_set_may_miss(&set, 0x1Fu));
    assert_false(flow_set_may_miss(&set, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_candidates), cmocka_unit_test(test_victims),
                                       cmocka_unit_test(test_flood),      cmocka_unit_test(test_expired),
                                       cmocka_unit_test(test_free_ways),  cmocka_unit_test(test_full),
                                       cmocka_unit_test(test_may_miss)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
