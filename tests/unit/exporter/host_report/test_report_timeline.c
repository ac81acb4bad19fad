/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/exporter/host_report/report_fixture.h"

static void steps_of_the_timeline_are_those_of_clocks(void **state)
{
    static const struct {
        int64_t span_s;
        const char *step;
        const char *first;
        const char *last;
    } cases[] = {
        {0, "1 s.", "2025-11-29 00:00:00", "2025-11-29 00:00:00"},
        {400, "10 s.", "2025-11-29 00:00:00", "2025-11-29 00:06:40"},
        {7200, "5 min.", "2025-11-29 00:00:00", "2025-11-29 02:00:00"},
        {86400, "1 h.", "2025-11-29 00:00:00", "2025-11-30 00:00:00"},
        {40 * 86400, "1 day.", "2025-11-29", "2026-01-08"},
        {INT64_C(3650) * 86400, "90 days.", "2025-09-09", "2035-10-17"},
    };
    report_fixture_t *fixture = *state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        host_report_free(fixture->report);
        fixture->report = host_report_new(TEST_START_NS + cases[i].span_s * SECOND_NS);
        add(fixture, 1, LINUX_TEXT, &linux_label, 0);
        add(fixture, 2, LINUX_TEXT, &linux_label, cases[i].span_s);
        g_autoptr(GPtrArray) tables = tables_of(fixture);
        const report_table_t *table = table_of(tables, "timeline");
        assert_non_null(strstr(table->note, cases[i].step));
        assert_string_equal(report_table_at(table, 0, 0), cases[i].first);
        assert_string_equal(report_table_at(table, report_table_rows(table) - 1, 0), cases[i].last);
        assert_true(report_table_rows(table) <= 49);
    }
}

static void timeline_covers_the_whole_time(void **state)
{
    report_fixture_t *fixture = *state;
    add(fixture, 1, LINUX_TEXT, &linux_label, 0);
    add(fixture, 2, LINUX_TEXT, &linux_label, 7200);
    g_autoptr(GPtrArray) tables = tables_of(fixture);
    const report_table_t *table = table_of(tables, "timeline");
    unsigned sum = 0;
    for (unsigned i = 0; i < report_table_rows(table); i++) {
        sum += (unsigned)atoi(report_table_at(table, i, 1));
    }
    assert_int_equal(sum, 2);
    assert_true(report_table_rows(table) <= 49);
    assert_string_equal(report_table_at(table, report_table_rows(table) - 1, 1), "1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(steps_of_the_timeline_are_those_of_clocks, report_set_up,
                                        report_tear_down),
        cmocka_unit_test_setup_teardown(timeline_covers_the_whole_time, report_set_up, report_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
