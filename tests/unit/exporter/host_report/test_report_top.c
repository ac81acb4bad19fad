/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/host_report/report_lists.h"

static report_host_t host(uint8_t last_byte, uint8_t role, uint64_t observations)
{
    return (report_host_t){
        .key = {.address = {{10, 0, 0, last_byte}}, .ip_version = 4, .role = role},
        .observations = observations,
    };
}

static void the_first_rows_are_kept_and_all_are_counted(void **state)
{
    (void)state;
    report_top_t *top = report_top_new(3, report_by_weight);
    for (uint8_t i = 1; i <= 100; i++) {
        const report_host_t added = host(i, HOST_CLIENT, i % 50);
        report_top_add(top, &added);
        assert_true(top->rows->len < 6);
    }
    report_top_conclude(top);
    assert_int_equal(top->seen, 100);
    assert_int_equal(top->rows->len, 3);
    assert_int_equal(report_top_at(top, 0)->observations, 49);
    assert_int_equal(report_top_at(top, 1)->observations, 49);
    assert_int_equal(report_top_at(top, 2)->observations, 48);
    char *remark = report_top_remark(top);
    assert_string_equal(remark, "The first 3 of 100 rows.");
    g_free(remark);
    report_top_free(top);
}

static void roles_are_rows_of_one_host(void **state)
{
    (void)state;
    report_top_t *top = report_top_new(10, report_by_key);
    for (uint8_t i = 0; i < 4; i++) {
        const report_host_t added = host(i / 2, i % 2 == 0 ? HOST_CLIENT : HOST_SERVER, 1);
        report_top_add(top, &added);
    }
    assert_int_equal(top->seen, 4);
    assert_int_equal(top->hosts, 2);
    report_top_conclude(top);
    assert_null(report_top_remark(top));
    report_top_free(top);
}

/* A finding is never displaced by ordinary hosts, however busy. */
static void findings_come_first(void **state)
{
    (void)state;
    report_top_t *top = report_top_new(1, report_by_weight);
    const report_host_t busy = host(1, HOST_CLIENT, 1000);
    report_host_t scanner = host(2, HOST_CLIENT, 1);
    scanner.tool = true;
    report_top_add(top, &scanner);
    report_top_add(top, &busy);
    report_top_conclude(top);
    assert_true(report_top_at(top, 0)->tool);
    report_top_free(top);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_first_rows_are_kept_and_all_are_counted),
                                       cmocka_unit_test(roles_are_rows_of_one_host),
                                       cmocka_unit_test(findings_come_first)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
