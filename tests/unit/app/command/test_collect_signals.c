/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/command/collect_signals.h"
#include "app/service/signal_thread.h"
#include "support/captured_stderr.h"
#include "support/temporary_directory.h"
#include <signal.h>
#include <unistd.h>

typedef struct fixture {
    collect_t *collect;
    collect_signals_t *signals;
    char *directory;
} fixture_t;

static void ignore_line(void *user, const char *text)
{
    (void)user, (void)text;
}

static int set_up(void **state)
{
    fixture_t *const fixture = g_new0(fixture_t, 1);
    const collect_config_t config = {.idle_us = 60 * G_USEC_PER_SEC, .log = ignore_line};
    fixture->directory = temporary_directory_new();
    fixture->collect = collect_new(&config);
    signal_thread_block();
    synfix_error_t error;
    assert_int_equal(collect_signals_new(fixture->collect, &fixture->signals, &error), SYNFIX_OK);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    fixture_t *const fixture = *state;
    collect_signals_free(fixture->signals);
    collect_free(fixture->collect);
    const int removed = temporary_directory_remove(fixture->directory);
    g_free(fixture);
    return removed;
}

/* A signal that is raised before the run is handled in it; the run ends with a later one. */
static char *text_after(fixture_t *fixture, int number, int end)
{
    synfix_error_t error;
    captured_stderr_t captured = stderr_capture();
    assert_int_equal(kill(getpid(), number), 0);
    while (!g_main_context_iteration(NULL, TRUE)) {
    }
    assert_int_equal(kill(getpid(), end), 0);
    const synfix_status_t status = collect_run(fixture->collect, &error);
    char *text = stderr_release(&captured);
    assert_int_equal(status, SYNFIX_OK);
    return text;
}

static void usr1_prints_the_summary(void **state)
{
    g_autofree char *text = text_after(*state, SIGUSR1, SIGTERM);
    assert_string_equal(text, "synfix: 0 records in 0 messages of 0 sessions, 0 messages rejected\n");
}

static void int_and_term_end_the_run(void **state)
{
    g_autofree char *text = text_after(*state, SIGINT, SIGINT);
    assert_string_equal(text, "");
}

/* A file that was moved away is made again, as by a rotation. */
static void hup_opens_the_outputs_again(void **state)
{
    fixture_t *const fixture = *state;
    synfix_error_t error;
    g_autofree char *path = g_build_filename(fixture->directory, "records", NULL);
    g_autofree char *moved = g_build_filename(fixture->directory, "moved", NULL);
    g_autofree char *where = g_strconcat("json:", path, NULL);
    assert_int_equal(collect_add_output(fixture->collect, where, &error), SYNFIX_OK);
    assert_int_equal(g_rename(path, moved), 0);
    g_autofree char *text = text_after(fixture, SIGHUP, SIGTERM);
    assert_string_equal(text, "");
    assert_true(g_file_test(path, G_FILE_TEST_IS_REGULAR));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(usr1_prints_the_summary, set_up, tear_down),
        cmocka_unit_test_setup_teardown(int_and_term_end_the_run, set_up, tear_down),
        cmocka_unit_test_setup_teardown(hup_opens_the_outputs_again, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
