/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/archive/archive_input.h"

#define NS_PER_S INT64_C(1000000000)

static void test_dates(void **state)
{
    static const struct {
        const char *path;
        int64_t seconds;
        int64_t span;
    } names[] = {
        {"synfix-20261129-10.ipfix", 1795946400, 3600},
        {"/a/2012-01-01/2026-11-29T10.ipfix", 1795946400, 3600},
        {"2026-11-29.ipfix.zst", 1795910400, 86400},
        {"x_20261129_1030.ipfix", 1795948200, 60},
        {"a.2026-11-29T10:30:05-2.ipfix", 1795948205, 1},
        {"20261129103005.ipfix", 1795948205, 1},
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        int64_t first = 0;
        int64_t span = 0;
        if (!archive_name_time(names[i].path, &first, &span)) {
            fail_msg("%s: no date", names[i].path);
        }
        assert_int_equal(first, names[i].seconds * NS_PER_S);
        assert_int_equal(span, names[i].span * NS_PER_S);
    }
}

static void test_no_dates(void **state)
{
    static const char *const names[] = {"out.ipfix",
                                        "20261329.ipfix",
                                        "/20261129/out.ipfix",
                                        "120261129.ipfix",
                                        "2026112910300512.x",
                                        "2026-11.ipfix",
                                        "",
                                        "20261131.ipfix",
                                        "20261129-99.ipfix",
                                        "a1020261129x.ipfix",
                                        "19991231.ipfix"};
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        int64_t first = 0;
        int64_t span = 0;
        if (archive_name_time(names[i], &first, &span)) {
            fail_msg("%s: %lld", names[i], (long long)first);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_dates), cmocka_unit_test(test_no_dates)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
