/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/set_associative.h"

#define AT(seconds)   ((uint32_t)(seconds) << 2 | BUCKET_USED)
#define KEEP(seconds) (AT(seconds) | BUCKET_KEEP)

static void test_victims(void **state)
{
    (void)state;
    static const struct {
        uint32_t stamps[BUCKET_WAYS];
        unsigned victim;
    } cases[] = {
        {{AT(90), AT(91), 0, AT(10), AT(90), 0, AT(90), AT(90)}, 2},               /* empty, the first */
        {{AT(90), AT(91), AT(92), AT(80), AT(93), AT(80), AT(90), AT(90)}, 3},     /* oldest, the first */
        {{AT(99), KEEP(50), AT(98), KEEP(51), AT(97), AT(99), AT(99), AT(99)}, 4}, /* kept ones stay */
        {{AT(99), KEEP(5), AT(98), KEEP(51), AT(97), AT(99), AT(99), AT(99)}, 1},  /* not past their time */
        {{AT(70), KEEP(85), KEEP(84), KEEP(80), KEEP(81), KEEP(90), AT(99), AT(99)}, 3}, /* half at most */
        {{AT(99), AT(98), AT(200), AT(98), AT(99), AT(99), AT(99), AT(99)}, 1}, /* the future is young */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bucket_t bucket = {.tags = {0}};
        for (unsigned way = 0; way < BUCKET_WAYS; way++) {
            bucket.stamps[way] = cases[i].stamps[way];
        }
        assert_int_equal(bucket_victim(bucket.stamps, 0, 100u << 2, 60), cases[i].victim);
    }
}

/* Of the same second every place is lost by some tag, so that a newcomer is not always the next to go. */
static void test_ties(void **state)
{
    (void)state;
    bucket_t bucket = {.tags = {0}};
    for (unsigned way = 0; way < BUCKET_WAYS; way++) {
        bucket.stamps[way] = AT(90);
    }
    unsigned seen = 0;
    for (uint32_t tag = 0; tag < 8u << 9; tag += 1u << 9) {
        seen |= 1u << bucket_victim(bucket.stamps, tag, 100u << 2, 60);
    }
    assert_int_equal(seen, 0xFF);
    bucket.stamps[5] = AT(89); /* age comes first */
    for (uint32_t tag = 0; tag < 8u << 9; tag += 1u << 9) {
        assert_int_equal(bucket_victim(bucket.stamps, tag, 100u << 2, 60), 5);
    }
}

/* Half the range of stamps apart: the sanitizers would tell an overflow. What seems to be to come is young.
 */
static void test_far_apart(void **state)
{
    (void)state;
    const uint32_t seconds = 2051169440u;
    bucket_t bucket = {.tags = {0}};
    for (unsigned way = 0; way < BUCKET_WAYS; way++) {
        bucket.stamps[way] = (seconds - 40) | BUCKET_USED;
    }
    bucket.stamps[0] = 0x95818000u | BUCKET_USED;
    assert_int_equal(bucket_victim(bucket.stamps, 0, seconds, 60), 1);
}

/* However many places are compared at once, the same one is chosen. */
static void test_wide_and_plain(void **state)
{
    (void)state;
    static const uint32_t lifetimes[] = {0, 60, 7200, 32766, 32767, 1000000};
    static const uint32_t spans[] = {2, 8, 200, 20000, 70000, UINT32_MAX};
    for (unsigned round = 0; round < 200000; round++) {
        bucket_t bucket = {.tags = {0}};
        const uint32_t seconds = (uint32_t)random() << 2;
        const uint32_t span = spans[round % 6];
        for (unsigned way = 0; way < BUCKET_WAYS; way++) {
            const uint32_t ago = ((uint32_t)random() % span - span / 8) << 2;
            const bool empty = random() % 16 == 0;
            bucket.stamps[way] =
                empty ? 0 : ((seconds - ago) & ~3u) | BUCKET_USED | ((uint32_t)random() & BUCKET_KEEP);
        }
        const uint32_t tag = (uint32_t)random();
        const uint32_t lifetime = lifetimes[round / 6 % 6];
        assert_int_equal(bucket_victim(bucket.stamps, tag, seconds, lifetime),
                         bucket_victim_plain(bucket.stamps, tag, seconds, lifetime));
    }
}

static void test_candidates(void **state)
{
    (void)state;
    const bucket_t bucket = {.tags = {7, 7, 0, 9, 7, 7, 0, 0x80000007u},
                             .stamps = {AT(1), 0, 0, AT(1), KEEP(2), AT(3), AT(3), AT(1)}};
    assert_int_equal(bucket_candidates(&bucket, 7), 0x33);
    assert_int_equal(bucket_candidates(&bucket, 0), 0x44);
    assert_int_equal(bucket_candidates(&bucket, 0x80000007u), 0x80);
    assert_int_equal(bucket_candidates(&bucket, 8), 0);
}

static void test_seconds(void **state)
{
    (void)state;
    const uint32_t stamp = bucket_seconds(INT64_C(1700000000) * 1000000000) | BUCKET_USED | BUCKET_KEEP;
    assert_int_equal(bucket_age(stamp, bucket_seconds(INT64_C(1700000120) * 1000000000)), 120);
    assert_int_equal(bucket_age(stamp, bucket_seconds(INT64_C(1699999999) * 1000000000)), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_victims),    cmocka_unit_test(test_ties),
        cmocka_unit_test(test_far_apart),  cmocka_unit_test(test_wide_and_plain),
        cmocka_unit_test(test_candidates), cmocka_unit_test(test_seconds)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
