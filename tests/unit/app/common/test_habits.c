/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "app/common/habits.h"

static void advice_depends_on_the_command(void **state)
{
    (void)state;
    assert_string_equal(habit_advice("--json", "read"), "write --to json:-");
    assert_string_equal(habit_advice("--json", "hosts"), "write --format json");
    assert_string_equal(habit_advice("-V", "query"), "synfix --version prints the version");
    assert_null(habit_advice("-w", "sigdb"));
}

static void filters_begin_with_their_words(void **state)
{
    (void)state;
    assert_true(habit_is_filter("tcp"));
    assert_true(habit_is_filter("tcp port 80"));
    assert_true(habit_is_filter("(host 192.0.2.1)"));
    assert_false(habit_is_filter("my capture.pcap"));
    assert_false(habit_is_filter("tcp.pcap"));
    assert_false(habit_is_filter(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(advice_depends_on_the_command),
        cmocka_unit_test(filters_begin_with_their_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
