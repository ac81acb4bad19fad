/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"

static void dates_on_both_sides_of_2038(void **state)
{
    (void)state;
    static const struct {
        int64_t seconds;
        const char *text;
    } cases[] = {
        {-62135596800, "0001-01-01 00:00:00"}, {-2203891201, "1900-02-28 23:59:59"},
        {-1, "1969-12-31 23:59:59"},           {0, "1970-01-01 00:00:00"},
        {951782400, "2000-02-29 00:00:00"},    {INT32_MAX, "2038-01-19 03:14:07"},
        {UINT32_MAX, "2106-02-07 06:28:15"},   {4107542399, "2100-02-28 23:59:59"},
        {253402300799, "9999-12-31 23:59:59"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[CIVIL_TIME_LENGTH + 1] = "";
        assert_ptr_equal(civil_time_put(text, cases[i].seconds, '-', ' '), text + CIVIL_TIME_LENGTH);
        assert_string_equal(text, cases[i].text);
    }
}

/* Each day follows the one before, over an era of 400 years with all its leap years. */
static void days_follow_each_other(void **state)
{
    (void)state;
    static const unsigned lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    civil_time_t last = civil_time(0);
    for (int64_t day = 1; day <= 146097; day++) {
        const civil_time_t time = civil_time(day * S_PER_DAY);
        const bool leap = last.year % 4 == 0 && (last.year % 100 != 0 || last.year % 400 == 0);
        const bool ends = last.day == lengths[last.month - 1] + (last.month == 2 && leap);
        assert_int_equal(time.day, ends ? 1 : last.day + 1);
        assert_int_equal(time.month, ends ? last.month % 12 + 1 : last.month);
        assert_int_equal(time.year, last.year + (ends && last.month == 12));
        last = time;
    }
    assert_int_equal(last.year, 1970 + 400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_on_both_sides_of_2038),
        cmocka_unit_test(days_follow_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
