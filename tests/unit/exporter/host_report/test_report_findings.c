/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/exporter/host_report/report_fixture.h"

static const synfix_label_t recent_label = {.type = 's',
                                            .id = 22,
                                            .os_class = "win",
                                            .name = "Windows",
                                            .flavor = "10 or 11",
                                            .text = "Windows 10 or 11"};

static void findings_name_the_oldest_windows_the_scanner_and_the_shared_address(void **state)
{
    report_fixture_t *fixture = *state;
    static const synfix_label_t xp_label = {.type = 's',
                                            .id = 21,
                                            .os_class = "win",
                                            .name = "Windows",
                                            .flavor = "XP or Server 2003",
                                            .text = "Windows XP or Server 2003"};
    add(fixture, 1, WINDOWS_TEXT, &recent_label, 0);
    add(fixture, 2, WINDOWS_TEXT, &xp_label, 1);
    add(fixture, 3, "4:47+17:0:1460:1024,0:mss::0", &tool_label, 2);
    for (int i = 0; i < 8; i++) {
        add(fixture, 4, i % 2 ? WINDOWS_TEXT : LINUX_TEXT, i % 2 ? &xp_label : &linux_label, 100 + i);
    }
    g_autoptr(GPtrArray) tables = tables_of(fixture);
    const report_table_t *findings = table_of(tables, "findings");
    assert_string_equal(report_table_at(findings, 0, 0), "Oldest Windows");
    assert_string_equal(report_table_at(findings, 0, 3), "2");
    assert_string_equal(report_table_at(findings, 0, 1), "192.0.2.2");
    assert_string_equal(report_table_at(findings, 0, 2),
                        "Windows XP or Server 2003 (quality 90), security support ended 2015-07");
    assert_string_equal(report_table_at(findings, 1, 0), "Systems without security support");
    assert_string_equal(report_table_at(findings, 2, 2), "NMap (1 packet)");
    assert_string_equal(report_table_at(findings, 3, 0), "Shared addresses");
    assert_string_equal(report_table_at(findings, 3, 1), "192.0.2.4");
    static const char *const sections[] = {"unsupported", "unsupported", "tools", "shared"};
    for (unsigned i = 0; i < G_N_ELEMENTS(sections); i++) {
        assert_string_equal(report_table_link_at(findings, i), sections[i]);
        (void)table_of(tables, sections[i]);
    }
    const report_table_t *unsupported = table_of(tables, "unsupported");
    assert_int_equal(report_table_rows(unsupported), 2);
    assert_string_equal(report_table_at(unsupported, 0, 2), "ended 2015-07");
    assert_string_equal(report_table_at(table_of(tables, "hosts"), 1, 4), "ended 2015-07");
}

/* A Windows with support is not in the list of those without. */
static void a_supported_windows_leads_to_the_hosts(void **state)
{
    report_fixture_t *fixture = *state;
    add(fixture, 1, WINDOWS_TEXT, &recent_label, 0);
    g_autoptr(GPtrArray) tables = tables_of(fixture);
    const report_table_t *findings = table_of(tables, "findings");
    assert_string_equal(report_table_link_at(findings, 0), "hosts");
    assert_null(report_table_link_at(findings, 1)); /* none observed */
    assert_null(report_table_link_at(findings, 99));
}

static void change_system(report_fixture_t *fixture, uint8_t last, int64_t at_s)
{
    add(fixture, last, LINUX_TEXT, &linux_label, at_s - 40000);
    for (int i = 0; i < 3; i++) {
        add(fixture, last, WINDOWS_TEXT, &windows_label, at_s + i);
    }
}

/* A clock that is ahead does not make the newest change. */
static void changes_ahead_of_the_report_come_last(void **state)
{
    report_fixture_t *fixture = *state;
    change_system(fixture, 1, 40000);
    change_system(fixture, 2, 50000);
    change_system(fixture, 3, INT64_C(86400) * 365 * 30);
    g_autoptr(GPtrArray) tables = tables_of(fixture);
    const report_table_t *changes = table_of(tables, "changes");
    assert_int_equal(report_table_rows(changes), 3);
    assert_string_equal(report_table_at(changes, 0, 1), "192.0.2.2");
    assert_string_equal(report_table_at(changes, 1, 1), "192.0.2.1");
    assert_string_equal(report_table_at(changes, 2, 1), "192.0.2.3");
    const report_table_t *findings = table_of(tables, "findings");
    assert_string_equal(report_table_at(findings, 4, 1), "192.0.2.2");
    assert_string_equal(report_table_link_at(findings, 4), "changes");
}

/* A kind without a host says so: the reader need not search for it. */
static void absent_findings_are_stated(void **state)
{
    report_fixture_t *fixture = *state;
    add(fixture, 1, LINUX_TEXT, &linux_label, 0);
    g_autoptr(GPtrArray) tables = tables_of(fixture);
    const report_table_t *findings = table_of(tables, "findings");
    assert_int_equal(report_table_rows(findings), 4);
    assert_string_equal(report_table_at(findings, 3, 0), "Shared addresses");
    assert_string_equal(report_table_at(findings, 3, 2), "none observed");
    assert_string_equal(report_table_at(findings, 3, 3), "0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(findings_name_the_oldest_windows_the_scanner_and_the_shared_address,
                                        report_set_up, report_tear_down),
        cmocka_unit_test_setup_teardown(a_supported_windows_leads_to_the_hosts, report_set_up,
                                        report_tear_down),
        cmocka_unit_test_setup_teardown(changes_ahead_of_the_report_come_last, report_set_up,
                                        report_tear_down),
        cmocka_unit_test_setup_teardown(absent_findings_are_stated, report_set_up, report_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
