/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/exporter/host_report/report_fixture.h"

static void families_are_counted(void **state)
{
    report_fixture_t *fixture = *state;
    add(fixture, 1, LINUX_TEXT, &linux_label, 0);
    add(fixture, 2, LINUX_TEXT, &linux_label, 1);
    add(fixture, 3, WINDOWS_TEXT, &windows_label, 2);
    add(fixture, 4, LINUX_STRIPPED, NULL, 3);
    g_autoptr(GPtrArray) tables = tables_of(fixture);
    const report_table_t *table = table_of(tables, "families");
    assert_int_equal(report_table_rows(table), 3);
    assert_string_equal(report_table_at(table, 0, 0), "Linux");
    assert_string_equal(report_table_at(table, 0, 1), "2");
    assert_string_equal(report_table_at(table, 0, 3), "50.0");
    assert_string_equal(report_table_at(table_of(tables, "versions"), 0, 0), "Linux 5.x");
}

/* Two rows of one host, in both roles; the same address in a VLAN is another host. */
static void a_host_in_both_roles_is_one_host(void **state)
{
    report_fixture_t *fixture = *state;
    host_sighting_t sighting = sighting_of(fixture->model, 1, LINUX_TEXT, &linux_label, 0);
    host_model_add(fixture->model, &sighting, NULL);
    sighting.key.role = HOST_SERVER;
    sighting.kind = SYNFIX_OBSERVATION_SYN_ACK;
    host_model_add(fixture->model, &sighting, NULL);
    sighting.key.vlan_id = 7;
    host_model_add(fixture->model, &sighting, NULL);
    g_autoptr(GPtrArray) tables = tables_of(fixture);
    assert_int_equal(report_table_rows(table_of(tables, "hosts")), 3);
    assert_int_equal(host_report_count(fixture->report), 2);
}

/* The role with the greater quality stands for the host; sums of all counts are the number of hosts. */
static void each_host_counts_once(void **state)
{
    report_fixture_t *fixture = *state;
    static const char *const sections[] = {"families", "versions", "distances", "links", "encapsulations"};
    host_sighting_t sighting = sighting_of(fixture->model, 1, LINUX_STRIPPED, NULL, 0);
    host_model_add(fixture->model, &sighting, NULL);
    sighting = sighting_of(fixture->model, 1, WINDOWS_TEXT, &windows_label, 1);
    sighting.key.role = HOST_SERVER;
    sighting.kind = SYNFIX_OBSERVATION_SYN_ACK;
    host_model_add(fixture->model, &sighting, NULL);
    add(fixture, 2, "4:47+17:0:1460:1024,0:mss::0", &tool_label, 0);
    add(fixture, 3, LINUX_STRIPPED, NULL, 0);
    g_autoptr(GPtrArray) tables = tables_of(fixture);
    assert_int_equal(host_report_count(fixture->report), 3);
    for (size_t i = 0; i < G_N_ELEMENTS(sections); i++) {
        const report_table_t *table = table_of(tables, sections[i]);
        unsigned sum = 0;
        for (unsigned row = 0; row < report_table_rows(table); row++) {
            sum += (unsigned)atoi(report_table_at(table, row, 1));
        }
        assert_int_equal(sum, 3);
    }
    const report_table_t *families = table_of(tables, "families");
    assert_int_equal(report_table_rows(families), 3);
    assert_string_equal(report_table_at(families, 0, 0), "Tools and scanners");
    assert_string_equal(report_table_at(families, 1, 0), "Unknown");
    assert_string_equal(report_table_at(families, 2, 0), "Windows");
    assert_string_equal(report_table_at(table_of(tables, "versions"), 0, 5), "Tools and scanners");
}

static void hosts_are_sorted_by_address(void **state)
{
    report_fixture_t *fixture = *state;
    add(fixture, 9, LINUX_TEXT, &linux_label, 0);
    add(fixture, 2, WINDOWS_TEXT, &windows_label, 60);
    g_autoptr(GPtrArray) tables = tables_of(fixture);
    const report_table_t *table = table_of(tables, "hosts");
    assert_string_equal(report_table_at(table, 0, 0), "192.0.2.2");
    assert_string_equal(report_table_at(table, 1, 0), "192.0.2.9");
    assert_string_equal(report_table_at(table, 0, 2), "Windows 10");
    assert_string_equal(report_table_at(table, 0, 10), "2025-11-29 00:01:00");
}

static void tools_and_unknown_signatures_are_listed(void **state)
{
    report_fixture_t *fixture = *state;
    add(fixture, 1, "4:47+17:0:1460:1024,0:mss::0", &tool_label, 0);
    add(fixture, 2, LINUX_BY_VPN, NULL, 1);
    add(fixture, 3, LINUX_BY_VPN, NULL, 2);
    g_autoptr(GPtrArray) tables = tables_of(fixture);
    assert_int_equal(report_table_rows(table_of(tables, "tools")), 1);
    assert_string_equal(report_table_at(table_of(tables, "tools"), 0, 1), "NMap");
    const report_table_t *unknown = table_of(tables, "unknown");
    assert_int_equal(report_table_rows(unknown), 1);
    assert_string_equal(report_table_at(unknown, 0, 0), LINUX_BY_VPN);
    assert_string_equal(report_table_at(unknown, 0, 2), "2");
    assert_string_equal(report_table_at(unknown, 0, 5),
                        "sig = *:64:0:1360:mss*44,7:mss,sok,ts,nop,ws:df,id+:0");
}

static void formats_hold_the_same_tables(void **state)
{
    report_fixture_t *fixture = *state;
    static const synfix_label_t odd_label = {.type = 's',
                                             .id = 99,
                                             .os_class = "other",
                                             .name = "<script>|\"x",
                                             .flavor = "",
                                             .text = "<script>|\"x"};
    add(fixture, 1, LINUX_TEXT, &odd_label, 0);
    host_report_add_fact(fixture->report, "packets", "17");
    host_model_each(fixture->model, add_row, fixture->report);
    static const struct {
        host_report_format_t format;
        const char *label;
    } rows[] = {{HOST_REPORT_HTML, "&lt;script&gt;|&quot;x"},
                {HOST_REPORT_MARKDOWN, "<script>\\|\"x"},
                {HOST_REPORT_JSON, "\"\\u003cscript>|\\\"x\""}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        GString *text = host_report_print(fixture->report, rows[i].format);
        assert_non_null(strstr(text->str, rows[i].label));
        assert_non_null(strstr(text->str, "2025-11-29 00:00:00"));
        assert_non_null(strstr(text->str, "192.0.2.1"));
        assert_non_null(strstr(text->str, "17"));
        g_string_free(text, TRUE);
    }
}

static void long_tables_stand_in_a_data_block(void **state)
{
    report_fixture_t *fixture = *state;
    static const report_column_t columns[] = {{"name", "Name", REPORT_TEXT},
                                              {"count", "Count", REPORT_NUMBER}};
    report_table_t *table = report_table_new("long", "Long", "", columns, 2, "");
    for (unsigned i = 0; i < 501; i++) {
        report_table_add(table, g_strdup_printf("row %u", i), g_strdup_printf("%u", i));
    }
    g_autoptr(GPtrArray) tables = g_ptr_array_new_with_free_func((GDestroyNotify)report_table_free);
    g_ptr_array_add(tables, table);
    GString *text = report_html(fixture->report, tables);
    assert_non_null(strstr(text->str, "id=\"data-long\">[\n[\"row 0\",0],"));
    assert_non_null(strstr(text->str, "[\"row 500\",500]"));
    assert_null(strstr(text->str, "<td>row 500</td>"));
    g_string_free(text, TRUE);
}

static void nothing_is_stated(void **state)
{
    report_fixture_t *fixture = *state;
    host_report_add_note(fixture->report, "no host: no SYN and no SYN+ACK in the input");
    for (int format = HOST_REPORT_HTML; format <= HOST_REPORT_JSON; format++) {
        GString *text = host_report_print(fixture->report, (host_report_format_t)format);
        assert_non_null(strstr(text->str, "no host: no SYN and no SYN+ACK in the input"));
        g_string_free(text, TRUE);
    }
}

static void format_names(void **state)
{
    (void)state;
    host_report_format_t format;
    assert_true(host_report_format_of("md", &format));
    assert_int_equal(format, HOST_REPORT_MARKDOWN);
    assert_false(host_report_format_of("pdf", &format));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(families_are_counted, report_set_up, report_tear_down),
        cmocka_unit_test_setup_teardown(a_host_in_both_roles_is_one_host, report_set_up, report_tear_down),
        cmocka_unit_test_setup_teardown(each_host_counts_once, report_set_up, report_tear_down),
        cmocka_unit_test_setup_teardown(hosts_are_sorted_by_address, report_set_up, report_tear_down),
        cmocka_unit_test_setup_teardown(tools_and_unknown_signatures_are_listed, report_set_up,
                                        report_tear_down),
        cmocka_unit_test_setup_teardown(formats_hold_the_same_tables, report_set_up, report_tear_down),
        cmocka_unit_test_setup_teardown(long_tables_stand_in_a_data_block, report_set_up, report_tear_down),
        cmocka_unit_test_setup_teardown(nothing_is_stated, report_set_up, report_tear_down),
        cmocka_unit_test(format_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
