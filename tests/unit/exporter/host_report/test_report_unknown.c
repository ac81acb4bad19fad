/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/host_report/report_unknown.h"

static const host_label_t unknown_label = {.text = "?", .family = "", .number = HOST_LABEL_UNKNOWN};

static host_row_t row_of(uint16_t window, uint16_t length)
{
    host_row_t row = {
        .key = {.ip_version = 4, .role = HOST_CLIENT}, .signature_count = 1, .label = &unknown_label};
    row.signatures[0] = (host_signature_count_t){.label = &unknown_label, .count = 1};
    row.signatures[0].signature.ip_version = 4;
    row.signatures[0].signature.window_kind = SYNFIX_WINDOW_PLAIN;
    row.signatures[0].signature.ip_options_length = length;
    row.signatures[0].signature.window = window;
    return row;
}

/* A flood of signatures of one host each: the frequent one keeps its count, memory is bounded, and the page
 * says so. */
static void rare_signatures_are_forgotten_first(void **state)
{
    (void)state;
    report_unknown_t *unknown = report_unknown_new();
    for (uint32_t i = 0; i < 3 * REPORT_UNKNOWN_MAX + 2000; i++) {
        const host_row_t rare = row_of((uint16_t)i, (uint16_t)(i >> 16));
        report_unknown_add(unknown, &rare);
        if (i % 1000 == 0) {
            const host_row_t frequent = row_of(1, 9);
            report_unknown_add(unknown, &frequent);
        }
    }
    report_table_t *table = report_list_unknown(unknown);
    assert_int_equal(report_table_rows(table), 50);
    assert_string_equal(report_table_at(table, 0, 2), "199");
    assert_non_null(table->remark);
    assert_non_null(strstr(table->remark, "rare signatures began again at 0"));
    report_table_free(table);
    report_unknown_free(unknown);
}

static void a_short_list_has_no_remark(void **state)
{
    (void)state;
    report_unknown_t *unknown = report_unknown_new();
    const host_row_t row = row_of(1, 0);
    report_unknown_add(unknown, &row);
    report_table_t *table = report_list_unknown(unknown);
    assert_int_equal(report_table_rows(table), 1);
    assert_null(table->remark);
    report_table_free(table);
    report_unknown_free(unknown);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(rare_signatures_are_forgotten_first),
                                       cmocka_unit_test(a_short_list_has_no_remark)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
