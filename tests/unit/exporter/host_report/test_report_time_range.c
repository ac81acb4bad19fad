/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/exporter/host_report/report_fixture.h"

/* A packet without a clock, as programs write that make captures: 1970, and the epoch itself. */
static void a_wrong_clock_does_not_stretch_the_timeline(void **state)
{
    report_fixture_t *fixture = *state;
    for (uint8_t i = 1; i <= 10; i++) {
        add(fixture, i, LINUX_TEXT, &linux_label, i * 60);
    }
    add(fixture, 11, LINUX_TEXT, &linux_label, -TEST_START_NS / SECOND_NS);
    g_autoptr(GPtrArray) tables = tables_of(fixture);
    const report_table_t *table = table_of(tables, "timeline");
    assert_string_equal(report_table_at(table, 0, 0), "2025-11-29 00:01:00");
    assert_string_equal(report_table_at(table, report_table_rows(table) - 1, 0), "2025-11-29 00:10:00");
    assert_string_equal(table->remark, "2 of 22 times are outside of this range (all: 1970-01-01 00:00:00 to "
                                       "2025-11-29 00:10:00); a clock was probably wrong.");
    for (int format = HOST_REPORT_HTML; format <= HOST_REPORT_JSON; format++) {
        GString *text = host_report_print(fixture->report, (host_report_format_t)format);
        assert_non_null(strstr(text->str, "2 of 22 times are outside"));
        g_string_free(text, TRUE);
    }
}

/* Times that no right clock shows are left out also where they are many: 1970, and the years to come. */
static void impossible_times_are_outside(void **state)
{
    report_fixture_t *fixture = *state;
    add(fixture, 1, LINUX_TEXT, &linux_label, -TEST_START_NS / SECOND_NS);
    add(fixture, 2, LINUX_TEXT, &linux_label, -TEST_START_NS / SECOND_NS - 7);
    add(fixture, 3, LINUX_TEXT, &linux_label, 0);
    add(fixture, 4, LINUX_TEXT, &linux_label, 86400);
    add(fixture, 5, LINUX_TEXT, &linux_label, INT64_C(75) * 365 * 86400);
    g_autoptr(GPtrArray) tables = tables_of(fixture);
    const report_table_t *table = table_of(tables, "timeline");
    assert_string_equal(report_table_at(table, 0, 0), "2025-11-29 00:00:00");
    assert_string_equal(report_table_at(table, report_table_rows(table) - 1, 0), "2025-11-30 00:00:00");
    assert_string_equal(table->remark, "6 of 10 times are outside of this range (all: 1969-12-31 23:59:53 to "
                                       "2100-11-11 00:00:00); a clock was probably wrong.");
}

/* The clock of the report itself may be the wrong one. */
static void impossible_times_alone_are_shown(void **state)
{
    report_fixture_t *fixture = *state;
    add(fixture, 1, LINUX_TEXT, &linux_label, -TEST_START_NS / SECOND_NS);
    add(fixture, 2, LINUX_TEXT, &linux_label, -TEST_START_NS / SECOND_NS - 7);
    g_autoptr(GPtrArray) tables = tables_of(fixture);
    const report_table_t *table = table_of(tables, "timeline");
    assert_null(table->remark);
    assert_string_equal(report_table_at(table, 0, 0), "1969-12-31 23:59:53");
}

/* Times of few hosts that are far apart are all shown. */
static void far_times_of_few_hosts_are_shown(void **state)
{
    report_fixture_t *fixture = *state;
    add(fixture, 1, LINUX_TEXT, &linux_label, INT64_C(-20) * 365 * 86400);
    add(fixture, 2, LINUX_TEXT, &linux_label, 0);
    g_autoptr(GPtrArray) tables = tables_of(fixture);
    const report_table_t *table = table_of(tables, "timeline");
    assert_null(table->remark);
    assert_string_equal(report_table_at(table, 0, 1), "1");
    assert_string_equal(report_table_at(table, report_table_rows(table) - 1, 1), "1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_wrong_clock_does_not_stretch_the_timeline, report_set_up,
                                        report_tear_down),
        cmocka_unit_test_setup_teardown(impossible_times_are_outside, report_set_up, report_tear_down),
        cmocka_unit_test_setup_teardown(impossible_times_alone_are_shown, report_set_up, report_tear_down),
        cmocka_unit_test_setup_teardown(far_times_of_few_hosts_are_shown, report_set_up, report_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
