/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "uptime/clock_frequency.h"
#include <math.h>

static void two_samples(void **state)
{
    (void)state;
    static const struct {
        uint32_t ticks;
        int64_t elapsed_ms;
        frequency_estimate_t estimate;
        double hertz;
    } table[] = {
        {1000, 1000, FREQUENCY_GOOD, 1000},
        {100, 1000, FREQUENCY_GOOD, 100},
        {150000, 600000, FREQUENCY_GOOD, 250},
        {5, FREQUENCY_WAIT_MIN_MS, FREQUENCY_GOOD, 200},
        {5, FREQUENCY_WAIT_MIN_MS - 1, FREQUENCY_IGNORED, 0},
        {1000, FREQUENCY_WAIT_MAX_MS + 1, FREQUENCY_IGNORED, 0},
        {FREQUENCY_TICKS_MIN - 1, 1000, FREQUENCY_IGNORED, 0},
        {(uint32_t)-100, 50, FREQUENCY_IGNORED, 0}, /* reordered packets */
        {(uint32_t)-100, 1000, FREQUENCY_BAD, 0},   /* the clock goes backwards */
        {(uint32_t)-20000, 50, FREQUENCY_BAD, 0},
        {1501, 1000, FREQUENCY_BAD, 0}, /* too fast */
        {1500, 1000, FREQUENCY_GOOD, 1500},
        {6, 10000, FREQUENCY_BAD, 0}, /* too slow */
        {7, 10000, FREQUENCY_GOOD, 0.7},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        double hertz = 0;
        const frequency_estimate_t estimate = frequency_read(table[i].ticks, table[i].elapsed_ms, &hertz);
        if (estimate != table[i].estimate || fabs(hertz - table[i].hertz) > 1e-9) {
            fail_msg("row %zu: %d, %f Hz", i, (int)estimate, hertz);
        }
    }
}

static void rounds_as_p0f(void **state)
{
    (void)state;
    static const double table[][2] = {{0.7, 1},     {1.9, 1},   {9.9, 9},       {10.5, 10},   {11, 10},
                                      {12, 15},     {17, 20},   {50, 50},       {51, 50},     {53, 60},
                                      {100.9, 100}, {101, 100}, {117, 150},     {250.3, 250}, {499, 500},
                                      {501, 500},   {533, 600}, {1000.4, 1000}, {1033, 1100}, {1500, 1500}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        assert_int_equal(frequency_round(table[i][0]), (unsigned)table[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_samples),
        cmocka_unit_test(rounds_as_p0f),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
