/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/commands.h"
#include "support/skip.h"

static void first_words(void **state)
{
    (void)state;
    static const command_row_t rows[] = {
        {APP_EXIT_USAGE, "", "Usage: synfix COMMAND"},
        {APP_EXIT_OK, "--help", "Usage: synfix COMMAND"},
        {APP_EXIT_OK, "-h", "the same as synfix read FILE..."},
        {APP_EXIT_OK, "--version", "synfix 0."},
        {APP_EXIT_OK, "-V", "synfix 0."},
        {APP_EXIT_USAGE, "reed", "reed: no such command; did you mean 'read'?"},
        {APP_EXIT_USAGE, "--no-such-option", "--no-such-option"},
        /* a file, or a name that looks like one, is read */
        {APP_EXIT_OK, WEB " --quiet --to json:-", "\"event_type\""},
        {APP_EXIT_INPUT, "missing.pcap.zst", "missing.pcap.zst: No such file or directory"},
        {APP_EXIT_OK, "help", "Commands:"},
    };
    run_rows(rows, G_N_ELEMENTS(rows));
}

static void a_file_without_an_ending_is_read(void **state)
{
    (void)state;
    g_autofree char *bytes = NULL;
    g_autofree char *output = NULL;
    gsize length = 0;
    assert_true(g_file_get_contents(WEB, &bytes, &length, NULL));
    assert_true(g_file_set_contents("web", bytes, (gssize)length, NULL));
    assert_int_equal(run("web --quiet --to json:-", &output), APP_EXIT_OK);
    assert_non_null(strstr(output, "\"event_type\""));
}

/* Runs `synfix LINE` with @p out as standard output, and standard error in the file `errors`. */
static int run_into(const char *line, int out, char **errors)
{
    (void)fflush(NULL);
    const pid_t child = fork();
    if (child == 0) {
        (void)signal(SIGPIPE, SIG_IGN);
        const int file = open("errors", O_CREAT | O_TRUNC | O_WRONLY, 0600);
        if (dup2(out, STDOUT_FILENO) < 0 || dup2(file, STDERR_FILENO) < 0) {
            _exit(99);
        }
        g_auto(GStrv) words = g_strsplit(line, " ", -1);
        exit(run_words((int)g_strv_length(words), words));
    }
    const int code = await_exit(child);
    assert_true(g_file_get_contents("errors", errors, NULL, NULL));
    return code;
}

static void output_that_cannot_be_written_is_an_error(void **state)
{
    (void)state;
    static const char *const lines[] = {"synfix --help", "synfix --version", "synfix help read",
                                        "synfix modules"};
    const int full = open("/dev/full", O_WRONLY);
    if (full < 0) {
        SKIP("no /dev/full; mount devtmpfs");
    }
    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_autofree char *errors = NULL;
        assert_int_equal(run_into(lines[i], full, &errors), APP_EXIT_SINK);
        assert_non_null(strstr(errors, "synfix: standard output: "));
    }
    (void)close(full);
}

/* As `synfix help | head -1` ends. */
static void a_reader_that_has_ended_is_no_error(void **state)
{
    (void)state;
    g_autofree char *errors = NULL;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    (void)close(ends[0]);
    assert_int_equal(run_into("synfix --help", ends[1], &errors), APP_EXIT_OK);
    assert_string_equal(errors, "");
    (void)close(ends[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(first_words, make_directory, remove_directory),
        cmocka_unit_test_setup_teardown(a_file_without_an_ending_is_read, make_directory, remove_directory),
        cmocka_unit_test_setup_teardown(output_that_cannot_be_written_is_an_error, make_directory,
                                        remove_directory),
        cmocka_unit_test_setup_teardown(a_reader_that_has_ended_is_no_error, make_directory,
                                        remove_directory),
    };
    return tests_exit_code(cmocka_run_group_tests(tests, NULL, NULL));
}
