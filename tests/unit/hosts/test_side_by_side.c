/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hosts/host_evidence.h"
#include <string.h>

static void counts_returns_of_a_pair(void **state)
{
    (void)state;
    side_by_side_t sides = {.uses = 0};
    side_used(&sides, 0);
    side_used(&sides, 1);
    assert_int_equal(side_alternations(&sides, 0, 1), 0); /* one after the other: none came back */
    side_used(&sides, 0);
    assert_int_equal(side_alternations(&sides, 0, 1), 1);
    side_used(&sides, 0); /* no other was used in between */
    assert_int_equal(side_alternations(&sides, 0, 1), 1);
    side_used(&sides, 1);
    assert_int_equal(side_alternations(&sides, 1, 0), 2);
    assert_int_equal(side_alternations(&sides, 0, 2), 0);
    assert_int_equal(sides.most, 2);
}

static void a_cleared_one_starts_again(void **state)
{
    (void)state;
    side_by_side_t sides = {.uses = 0};
    for (unsigned i = 0; i < 6; i++) {
        side_used(&sides, i % 3);
    }
    assert_int_equal(side_alternations(&sides, 0, 1), 2);
    assert_int_equal(side_alternations(&sides, 0, 2), 2);
    side_cleared(&sides, 1);
    assert_int_equal(side_alternations(&sides, 0, 1), 0);
    assert_int_equal(side_alternations(&sides, 1, 2), 0);
    assert_int_equal(side_alternations(&sides, 0, 2), 2);
    side_used(&sides, 1);
    assert_int_equal(side_alternations(&sides, 0, 1), 0);
}

/* The numbers of the uses have 16 bits; their order outlives the renumbering. */
static void many_uses(void **state)
{
    (void)state;
    side_by_side_t sides = {.uses = 0};
    for (unsigned i = 0; i < 3 * UINT16_MAX; i++) {
        side_used(&sides, i % 2);
    }
    assert_int_equal(side_alternations(&sides, 0, 1), UINT8_MAX);
    side_cleared(&sides, 1);
    side_used(&sides, 1);
    side_used(&sides, 0);
    assert_int_equal(side_alternations(&sides, 0, 1), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_returns_of_a_pair),
        cmocka_unit_test(a_cleared_one_starts_again),
        cmocka_unit_test(many_uses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
