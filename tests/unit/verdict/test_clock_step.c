/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "verdict/clock_step.h"

static void frequencies_of_stacks(void **state)
{
    (void)state;
    static const struct {
        uint32_t ticks;
        uint32_t elapsed_ms;
        uint16_t frequency;
    } steps[] = {
        {5000, 5000, 1000}, {500, 5000, 100},   {1250, 5000, 250},      {50, 5000, 10},
        {10, 5000, 2},      {4000000, 5000, 0}, {0xFFFFFF00u, 5000, 0}, {3600000, 3600001, 0},
    };
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        assert_int_equal(clock_step_frequency(steps[i].ticks, steps[i].elapsed_ms, 5), steps[i].frequency);
    }
}

static void few_ticks_name_no_frequency(void **state)
{
    (void)state;
    assert_int_equal(clock_step_frequency(4, 4, 5), 0);
    assert_int_not_equal(clock_step_frequency(4, 4, 0), 0);
}

static void jitter_is_allowed(void **state)
{
    (void)state;
    assert_true(clock_step_fits(5055, 5000, 1000));
    assert_false(clock_step_fits(5100, 5000, 1000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frequencies_of_stacks),
        cmocka_unit_test(few_ticks_name_no_frequency),
        cmocka_unit_test(jitter_is_allowed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
