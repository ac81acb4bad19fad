/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/collector/limit_report.h"
#include <string.h>

typedef struct logged {
    unsigned lines;
    uint64_t suppressed; /* sum of the numbers that the lines state */
} logged_t;

static void count_line(void *user, const char *text)
{
    logged_t *const logged = user;
    const char *const suppressed = strchr(text, '(');
    logged->lines++;
    logged->suppressed += suppressed != NULL ? g_ascii_strtoull(suppressed + 1, NULL, 10) : 0;
}

static void counts_all_and_logs_few(void **state)
{
    logged_t logged = {0};
    limit_report_t *const report = limit_report_new(count_line, &logged);
    (void)state;
    for (unsigned i = 0; i < 10000; i++) {
        limit_report_add(report, COLLECT_ENDED, 2, "udp://192.0.2.1:1", NULL);
    }
    assert_int_equal(limit_report_count(report, COLLECT_ENDED), 20000);
    assert_in_range(logged.lines, 1, 50);
    /* A flood of one kind does not hide another. */
    const unsigned before = logged.lines;
    limit_report_add(report, COLLECT_HANDSHAKE, 1, "tls://192.0.2.1:1", NULL);
    assert_int_equal(logged.lines, before + 1);
    /* Each call is a line or a suppressed line; the end adds one line if lines were suppressed since the last
     * one. */
    limit_report_end(report);
    const unsigned ended = logged.lines;
    assert_in_range(ended, before + 1, before + 2);
    assert_int_equal(before + 1 + logged.suppressed, 10001);
    limit_report_end(report);
    assert_int_equal(logged.lines, ended);
    limit_report_free(report);
}

static void keep_text(void *user, const char *text)
{
    g_free(*(char **)user);
    *(char **)user = g_strdup(text);
}

static void writes_what_limits_cost(void **state)
{
    char *line = NULL;
    limit_report_t *const report = limit_report_new(keep_text, &line);
    (void)state;
    assert_null(limit_report_text(report));
    limit_report_add(report, COLLECT_REJECTED, 1, "peer", "byte 3: wrong");
    assert_string_equal(line, "peer: byte 3: wrong");
    assert_null(limit_report_text(report)); /* the summary has that number elsewhere */
    limit_report_add(report, COLLECT_NO_SESSION, 7, "peer", NULL);
    assert_string_equal(line, "peer: no valid template yet: datagram discarded");
    g_autofree char *text = limit_report_text(report);
    assert_string_equal(text, "7 datagrams discarded from peers without a valid template");
    limit_report_free(report);
    g_free(line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_all_and_logs_few),
        cmocka_unit_test(writes_what_limits_cost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
