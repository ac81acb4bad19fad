/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/collector/exporter_counters.h"
#include <string.h>

static void one_entry_for_each_address_and_domain(void **state)
{
    (void)state;
    exporter_table_t *const table = exporter_table_new();
    exporter_counters_t *const first = exporter_table_get(table, "udp://192.0.2.1:4739", 1);
    assert_ptr_equal(exporter_table_get(table, "tcp://192.0.2.1:50000", 1), first);
    assert_ptr_not_equal(exporter_table_get(table, "udp://192.0.2.1:4739", 2), first);
    assert_string_equal(first->exporter, "192.0.2.1");
    assert_string_equal(exporter_table_get(table, "udp://[2001:db8::1]:4739", 1)->exporter, "2001:db8::1");
    exporter_table_free(table);
}

static void metrics_in_order(void **state)
{
    (void)state;
    exporter_table_t *const table = exporter_table_new();
    GString *const text = g_string_new(NULL);
    exporter_table_get(table, "udp://192.0.2.9:1", 3)->missing = 7;
    exporter_table_get(table, "udp://192.0.2.1:1", 4)->missing = 5;
    exporter_table_metrics(table, text);
    assert_non_null(strstr(text->str,
                           "synfix_collect_records_missing_total{exporter=\"192.0.2.1\",domain=\"4\"} 5\n"
                           "synfix_collect_records_missing_total{exporter=\"192.0.2.9\",domain=\"3\"} 7\n"));
    assert_null(strstr(text->str, "other"));
    g_string_free(text, TRUE);
    exporter_table_free(table);
}

static void a_full_table_counts_the_others_together(void **state)
{
    (void)state;
    exporter_table_t *const table = exporter_table_new();
    for (uint32_t domain = 0; domain < EXPORTER_COUNTERS_MAX; domain++) {
        assert_string_equal(exporter_table_get(table, "udp://192.0.2.1:1", domain)->exporter, "192.0.2.1");
    }
    exporter_counters_t *const other = exporter_table_get(table, "udp://192.0.2.2:1", 1);
    assert_string_equal(other->exporter, "other");
    assert_ptr_equal(exporter_table_get(table, "udp://192.0.2.3:1", 9), other);
    assert_string_equal(exporter_table_get(table, "udp://192.0.2.1:1", 9)->exporter, "192.0.2.1");
    exporter_table_free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_entry_for_each_address_and_domain),
        cmocka_unit_test(metrics_in_order),
        cmocka_unit_test(a_full_table_counts_the_others_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
