/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/report/progress.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void share_rate_and_rest(void **state)
{
    (void)state;
    static const struct {
        uint64_t packets;
        uint64_t read;
        uint64_t total;
        const char *text;
    } table[] = {
        {3000000, 0, 0, "3000000 packets, 2.00 Mpps"},     {3000000, 0, 1000, "3000000 packets, 2.00 Mpps"},
        {3000000, 250, 1000, "25 %, 2.00 Mpps, 4 s left"}, {1500, 1000, 1000, "100 %, 0.00 Mpps, 0 s left"},
        {1500, 2000, 1000, "100 %, 0.00 Mpps, 0 s left"}, /* the file has grown */
    };
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree pipeline_summary_t *summary = g_new0(pipeline_summary_t, 1);
        g_autoptr(GString) text = g_string_new(NULL);
        summary->sources.received = table[i].packets;
        summary->sources.bytes_read = table[i].read;
        summary->sources.bytes_total = table[i].total;
        progress_format(summary, 1500000, text);
        assert_string_equal(text->str, table[i].text);
    }
}

/* What stands on standard error, which is a file here. */
static void one_line_that_is_replaced(void **state)
{
    (void)state;
    char bytes[256] = "";
    g_autofree pipeline_summary_t *summary = g_new0(pipeline_summary_t, 1);
    FILE *const file = tmpfile();
    const int before = dup(STDERR_FILENO);
    assert_non_null(file);
    assert_true(before >= 0 && dup2(fileno(file), STDERR_FILENO) >= 0);
    const gboolean wanted = progress_wanted();
    summary->sources.received = 7;
    progress_show(summary, 0); /* no time has passed: no division by it */
    summary->sources.received = 2000000;
    progress_show(summary, 1000000);
    progress_clear();
    (void)fflush(stderr);
    assert_true(dup2(before, STDERR_FILENO) >= 0);
    (void)close(before);
    rewind(file);
    const size_t length = fread(bytes, 1, sizeof bytes - 1, file);
    (void)fclose(file);
    assert_false(wanted);
    assert_int_equal(length, strlen(bytes));
    assert_string_equal(bytes, "\r\033[K7 packets, 7.00 Mpps\r\033[K2000000 packets, 2.00 Mpps\r\033[K");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(share_rate_and_rest),
        cmocka_unit_test(one_line_that_is_replaced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
