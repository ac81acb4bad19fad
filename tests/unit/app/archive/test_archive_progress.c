/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/archive/archive_progress.h"
#include "support/captured_stderr.h"
#include <glib.h>

static void at_most_two_lines_a_second(void **state)
{
    (void)state;
    int64_t shown_us = 0, unknown_us = 0;
    captured_stderr_t captured = stderr_capture();
    archive_progress_clear(shown_us); /* nothing was shown */
    archive_progress_show(&shown_us, "a/b/records.ipfix", 250, 1000, 7);
    assert_true(shown_us > 0);
    shown_us +=
        INT64_C(3600) * G_USEC_PER_SEC; /* a call before the next line is due, however slow the machine is */
    const int64_t later_us = shown_us;
    archive_progress_show(&shown_us, "a/b/records.ipfix", 500, 1000, 14);
    archive_progress_show(&unknown_us, "\033[2J", 500, 0, 14);
    archive_progress_clear(shown_us);
    g_autofree char *text = stderr_release(&captured);
    assert_int_equal(shown_us, later_us);
    assert_string_equal(text, "\r\033[Krecords.ipfix: 25 %, 7 records\r\033[K?[2J: 14 records\r\033[K");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(at_most_two_lines_a_second),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
