/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/ipfix_file/ipfix_file_name.h"

#include <glib.h>
#include <stdio.h>

static void a_name_is_free_once(void **state)
{
    g_autofree char *directory = g_dir_make_tmp("synfix-names-XXXXXX", NULL);
    g_autofree char *wanted = g_build_filename(directory, "a.ipfix", NULL);
    g_autofree char *unfinished = g_strconcat(wanted, ".part", NULL);
    g_autofree char *second = g_build_filename(directory, "a-2.ipfix", NULL);
    (void)state;
    g_autofree char *first = ipfix_file_free_name(wanted);
    assert_string_equal(first, wanted);
    assert_true(g_file_set_contents(unfinished, "", 0, NULL));
    g_autofree char *next = ipfix_file_free_name(wanted);
    assert_string_equal(next, second);
    assert_int_equal(remove(unfinished), 0);
    assert_int_equal(remove(directory), 0);
}

static void dates_in_names(void **state)
{
    (void)state;
    g_autofree char *dated = ipfix_file_dated_name("x/%Y/a-%m%d", INT64_C(1795970040000000000));
    assert_string_equal(dated, "x/2026/a-1129");
    g_autofree char *plain = ipfix_file_dated_name("x/a.ipfix", 0);
    assert_string_equal(plain, "x/a.ipfix");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_free_once),
        cmocka_unit_test(dates_in_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
