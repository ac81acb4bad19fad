/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/host_report/report_internal.h"
#include "support/host_sightings.h"

typedef struct fixture {
    host_model_t *model;
    host_report_t *report;
} fixture_t;

static bool add_row(const host_row_t *row, void *user)
{
    host_report_add(user, row);
    return true;
}

static int set_up(void **state)
{
    fixture_t *fixture = g_new0(fixture_t, 1);
    const host_model_config_t config = {.evidence = true};
    fixture->model = host_model_new(&config);
    fixture->report = host_report_new(TEST_START_NS);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    fixture_t *fixture = *state;
    host_report_free(fixture->report);
    host_model_free(fixture->model);
    g_free(fixture);
    return 0;
}

static void add(fixture_t *fixture, uint8_t last, const char *text, const synfix_label_t *label,
                int64_t after_s)
{
    const host_sighting_t sighting = sighting_of(fixture->model, last, text, label, after_s);
    host_model_add(fixture->model, &sighting, NULL);
}

static const report_table_t *table_of(const GPtrArray *tables, const char *id)
{
    for (guint i = 0; i < tables->len; i++) {
        const report_table_t *table = g_ptr_array_index(tables, i);
        if (strcmp(table->id, id) == 0) {
            return table;
        }
    }
    fail_msg("no section %s", id);
    return NULL;
}

static GPtrArray *tables_of(fixture_t *fixture)
{
    host_model_each(fixture->model, add_row, fixture->report);
    host_report_conclude(fixture->report);
    return report_tables_new(fixture->report);
}

static void families_are_counted(void **state)
{
    fixture_t *fixture = *state;
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
    fixture_t *fixture = *state;
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
    fixture_t *fixture = *state;
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
    fixture_t *fixture = *state;
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
    fixture_t *fixture = *state;
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

static void findings_name_the_oldest_windows_the_scanner_and_the_shared_address(void **state)
{
    fixture_t *fixture = *state;
    static const synfix_label_t xp_label = {.type = 's',
                                            .id = 21,
                                            .os_class = "win",
                                            .name = "Windows",
                                            .flavor = "XP or Server 2003",
                                            .text = "Windows XP or Server 2003"};
    static const synfix_label_t recent_label = {.type = 's',
                                                .id = 22,
                                                .os_class = "win",
                                                .name = "Windows",
                                                .flavor = "10 or 11",
                                                .text = "Windows 10 or 11"};
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
    const report_table_t *unsupported = table_of(tables, "unsupported");
    assert_int_equal(report_table_rows(unsupported), 2);
    assert_string_equal(report_table_at(unsupported, 0, 2), "ended 2015-07");
    assert_string_equal(report_table_at(table_of(tables, "hosts"), 1, 4), "ended 2015-07");
}

/* A kind without a host says so: the reader need not search for it. */
static void absent_findings_are_stated(void **state)
{
    fixture_t *fixture = *state;
    add(fixture, 1, LINUX_TEXT, &linux_label, 0);
    g_autoptr(GPtrArray) tables = tables_of(fixture);
    const report_table_t *findings = table_of(tables, "findings");
    assert_int_equal(report_table_rows(findings), 4);
    assert_string_equal(report_table_at(findings, 3, 0), "Shared addresses");
    assert_string_equal(report_table_at(findings, 3, 2), "none observed");
    assert_string_equal(report_table_at(findings, 3, 3), "0");
}

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
    fixture_t *fixture = *state;
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
    fixture_t *fixture = *state;
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

/* A packet without a clock, as programs write that make captures: 1970, and the epoch itself. */
static void a_wrong_clock_does_not_stretch_the_timeline(void **state)
{
    fixture_t *fixture = *state;
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
    fixture_t *fixture = *state;
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
    fixture_t *fixture = *state;
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
    fixture_t *fixture = *state;
    add(fixture, 1, LINUX_TEXT, &linux_label, INT64_C(-20) * 365 * 86400);
    add(fixture, 2, LINUX_TEXT, &linux_label, 0);
    g_autoptr(GPtrArray) tables = tables_of(fixture);
    const report_table_t *table = table_of(tables, "timeline");
    assert_null(table->remark);
    assert_string_equal(report_table_at(table, 0, 1), "1");
    assert_string_equal(report_table_at(table, report_table_rows(table) - 1, 1), "1");
}

static void formats_hold_the_same_tables(void **state)
{
    fixture_t *fixture = *state;
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
    fixture_t *fixture = *state;
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
    fixture_t *fixture = *state;
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
        cmocka_unit_test_setup_teardown(families_are_counted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_host_in_both_roles_is_one_host, set_up, tear_down),
        cmocka_unit_test_setup_teardown(each_host_counts_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(hosts_are_sorted_by_address, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tools_and_unknown_signatures_are_listed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(timeline_covers_the_whole_time, set_up, tear_down),
        cmocka_unit_test_setup_teardown(findings_name_the_oldest_windows_the_scanner_and_the_shared_address,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(absent_findings_are_stated, set_up, tear_down),
        cmocka_unit_test_setup_teardown(steps_of_the_timeline_are_those_of_clocks, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_wrong_clock_does_not_stretch_the_timeline, set_up, tear_down),
        cmocka_unit_test_setup_teardown(impossible_times_are_outside, set_up, tear_down),
        cmocka_unit_test_setup_teardown(impossible_times_alone_are_shown, set_up, tear_down),
        cmocka_unit_test_setup_teardown(far_times_of_few_hosts_are_shown, set_up, tear_down),
        cmocka_unit_test_setup_teardown(formats_hold_the_same_tables, set_up, tear_down),
        cmocka_unit_test_setup_teardown(long_tables_stand_in_a_data_block, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_is_stated, set_up, tear_down),
        cmocka_unit_test(format_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
