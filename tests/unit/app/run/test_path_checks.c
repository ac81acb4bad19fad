/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/run/path_checks.h"
#include "support/working_directory.h"
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int set_up(void **state)
{
    return enter_temporary_directory(state) != 0 || mkfifo("pipe", 0600) != 0 ||
                   g_mkdir("directory", 0755) != 0
               ? -1
               : 0;
}

/* Mistakes of paths in the configuration @p text, as lines, and their exit status in @p error. */
static char *mistakes_in(const char *text, synfix_error_t *error)
{
    g_autoptr(mistakes_t) mistakes = mistakes_new();
    g_autoptr(settings_t) settings = settings_new();
    g_autofree char *whole = g_strconcat("[capture]\ninterface=lo\n", text, NULL);
    prepared_t prepared = {.registry = NULL};
    settings_read_text(settings, "conf", whole, strlen(whole), mistakes);
    prepare_run(settings, NULL, true, &prepared, mistakes);
    path_checks_run(settings, &prepared, mistakes);
    prepared_clear(&prepared);
    GString *lines = g_string_new(NULL);
    for (unsigned i = 0; i < mistakes_count(mistakes); i++) {
        g_string_append_printf(lines, "%s\n", mistakes_text(mistakes, i));
    }
    (void)mistakes_status(mistakes, error);
    return g_string_free(lines, FALSE);
}

static void names_file_line_and_option(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *lines;
        synfix_cause_t cause;
    } table[] = {
        {"[metrics]\nmetrics-file=none/x\n", "conf:4: metrics-file: none/x: No such file or directory\n",
         SYNFIX_CAUSE_SINK},
        {"[hosts]\nquery-socket=none/x\n", "conf:4: query-socket: none/x: No such file or directory\n",
         SYNFIX_CAUSE_USAGE},
        {"[sink a]\nto=json:directory\n", "conf:4: json:directory: Is a directory\n", SYNFIX_CAUSE_SINK},
        {"[sink a]\nto=file:none/x\n[sink b]\nto=csv:none/y\n",
         "conf:4: file:none/x: No such file or directory\nconf:6: csv:none/y: No such file or directory\n",
         SYNFIX_CAUSE_SINK},
        {"[sink a]\nto=inventory:pipe\n", "conf:4: inventory:pipe: not a regular file\n", SYNFIX_CAUSE_SINK},
        {"[sink a]\nto=eve:pipe\ntype=unix_dgram\n", "conf:4: eve:pipe: not a socket; choose another path\n",
         SYNFIX_CAUSE_SINK},
        {"[sink a]\nto=tcp://192.0.2.1:1\nretain=1M\nspool=pipe\nstate=pipe/x\n",
         "conf:6: tcp://192.0.2.1:1: spool=pipe: Not a directory\n"
         "conf:7: tcp://192.0.2.1:1: state=pipe/x: Not a directory\n",
         SYNFIX_CAUSE_SINK},
        {"[sink a]\nto=file:none/%Y%m%d\nrotate-time=1h\n",
         "conf:4: file:none/%Y%m%d: none/x: No such file or directory\n", SYNFIX_CAUSE_SINK},
        /* a mistake of another kind decides the exit code */
        {"[sink a]\nto=json:none/x\n[export]\nflush=soon\n", NULL, SYNFIX_CAUSE_USAGE},
        /* the directory is known when the file begins */
        {"[sink a]\nto=file:%Y/%m%d\nrotate-time=1h\n", "", SYNFIX_CAUSE_NONE},
        {"[sink a]\nto=json:pipe\n[sink b]\nto=csv:new\n[metrics]\nmetrics-file=new2\n", "",
         SYNFIX_CAUSE_NONE},
        {"[sink a]\nto=tcp://192.0.2.1:1\nspool=one/two\nstate=directory\n", "", SYNFIX_CAUSE_NONE},
        {"[sink a]\nto=json:-\n", "", SYNFIX_CAUSE_NONE},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        synfix_error_t error = {.cause = SYNFIX_CAUSE_NONE};
        g_autofree char *lines = mistakes_in(table[i].text, &error);
        if (table[i].lines != NULL) {
            assert_string_equal(lines, table[i].lines);
        }
        assert_int_equal(error.cause, table[i].cause);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(names_file_line_and_option, set_up, leave_temporary_directory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
