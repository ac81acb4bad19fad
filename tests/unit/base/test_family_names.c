/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/family_names.h"

static void one_name(void **state)
{
    (void)state;
    assert_null(family_names_next("Linux"));
    assert_int_equal(family_names_first("Linux"), 5);
    assert_null(family_names_next("Orbit")); /* no separator inside a word */
    assert_int_equal(family_names_first(""), 0);
}

static void several_names(void **state)
{
    (void)state;
    const char *names = "AIX or macOS or QNX";
    assert_int_equal(family_names_first(names), 3);
    names = family_names_next(names);
    assert_string_equal(names, "macOS or QNX");
    names = family_names_next(names);
    assert_string_equal(names, "QNX");
    assert_null(family_names_next(names));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_name),
        cmocka_unit_test(several_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
