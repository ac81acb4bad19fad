/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/data_path.h"
#include <limits.h>
#include <unistd.h>

/* The test runs from a build directory, which has links to the data of the source tree. */
static void data_of_the_build_tree(void **state)
{
    static const char *const names[] = {"sigdb/synfix.fp", "ipfix-templates", "ipfix-templates/synfix.xml"};
    char path[PATH_MAX];
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_true(data_path_find(names[i], path, sizeof path));
        assert_int_equal(access(path, R_OK), 0);
        assert_non_null(strstr(path, "/synfix-data/"));
    }
}

static void a_missing_file_has_the_path_of_the_prefix(void **state)
{
    char path[PATH_MAX];
    (void)state;
    assert_false(data_path_find("sigdb/missing.fp", path, sizeof path));
    assert_non_null(strstr(path, "/share/synfix/sigdb/missing.fp"));
}

static void a_path_that_does_not_fit(void **state)
{
    char path[8];
    (void)state;
    assert_false(data_path_find("sigdb/synfix.fp", path, sizeof path));
    assert_int_equal(strlen(path), sizeof path - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(data_of_the_build_tree),
        cmocka_unit_test(a_missing_file_has_the_path_of_the_prefix),
        cmocka_unit_test(a_path_that_does_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
