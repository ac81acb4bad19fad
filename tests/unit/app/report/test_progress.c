/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/report/progress.h"
#include "support/captured_stderr.h"

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

static void one_line_that_is_replaced(void **state)
{
    (void)state;
    g_autofree pipeline_summary_t *summary = g_new0(pipeline_summary_t, 1);
    captured_stderr_t captured = stderr_capture();
    const gboolean wanted = progress_wanted();
    summary->sources.received = 7;
    progress_show(summary, 0); /* no time has passed: no division by it */
    summary->sources.received = 2000000;
    progress_show(summary, 1000000);
    progress_clear();
    g_autofree char *text = stderr_release(&captured);
    assert_false(wanted); /* a file is no terminal */
    assert_string_equal(text, "\r\033[K7 packets, 7.00 Mpps\r\033[K2000000 packets, 2.00 Mpps\r\033[K");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(share_rate_and_rest),
        cmocka_unit_test(one_line_that_is_replaced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
