/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "verdict/host_path.h"

static double one_system(uint8_t ttl, uint8_t distance, uint8_t other_ttl, uint8_t other_distance)
{
    const host_path_t own = {.initial_ttl = ttl, .distance = distance};
    const host_path_t other = {.initial_ttl = other_ttl, .distance = other_distance};
    return host_path_one_system(own, other);
}

static void roles_at_one_distance_are_of_one_system(void **state)
{
    (void)state;
    assert_true(one_system(64, 9, 64, 9) > 0.9);
}

static void another_distance_makes_it_less_likely(void **state)
{
    (void)state;
    assert_true(one_system(64, 9, 64, 3) < one_system(64, 9, 64, 9));
    assert_true(one_system(64, 9, 64, 3) >= HOST_ONE_SYSTEM_LEAST);
}

static void another_initial_ttl_is_another_system(void **state)
{
    (void)state;
    assert_true(one_system(64, 9, 128, 9) < HOST_ONE_SYSTEM_LEAST);
    assert_true(one_system(255, 1, 64, 1) < HOST_ONE_SYSTEM_LEAST);
}

static void a_ttl_that_is_not_known_says_nothing(void **state)
{
    (void)state;
    static const uint8_t unknown[] = {0, 32};
    for (size_t i = 0; i < sizeof unknown; i++) {
        assert_true(one_system(unknown[i], 0, 128, 9) > 0.9);
        assert_true(one_system(128, 9, unknown[i], 0) > 0.9);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(roles_at_one_distance_are_of_one_system),
        cmocka_unit_test(another_distance_makes_it_less_likely),
        cmocka_unit_test(another_initial_ttl_is_another_system),
        cmocka_unit_test(a_ttl_that_is_not_known_says_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
