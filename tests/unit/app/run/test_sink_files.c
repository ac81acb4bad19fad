/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/run/sink_files.h"
#include "exporter/formats/text_sink.h"
#include "exporter/ipfix_file/file_sink.h"
#include "exporter/transport/transport_modules.h"
#include "support/module_specs.h"
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static synfix_status_t check(module_spec_t *one, module_spec_t *other, char *const *inputs,
                             synfix_error_t *error)
{
    g_autoptr(sink_files_t) files = sink_files_new(inputs);
    const synfix_status_t status = sink_files_add(files, one, error);
    return status < 0 ? status : sink_files_add(files, other, error);
}

/* In a directory of its own: o is a file, link a symbolic link to it, sub a directory. */
static int make_directory(void **state)
{
    char *path = g_dir_make_tmp("synfix-XXXXXX", NULL);
    *state = path;
    return path == NULL || chdir(path) != 0 || !g_file_set_contents("o", "x", 1, NULL) ||
           g_mkdir("sub", 0700) != 0 || symlink("o", "link") != 0;
}

static int remove_directory(void **state)
{
    (void)g_unlink("link");
    (void)g_unlink("o");
    (void)g_rmdir("sub");
    const int result = chdir("/") != 0 || g_rmdir(*state) != 0;
    g_free(*state);
    return result;
}

static void same_file(void **state)
{
    g_autofree char *absolute = g_strdup_printf("json:%s/new", (const char *)*state);
    const char *const rows[][2] = {
        {"json:new", "json:new"},
        {"json:new", "json:./new"},
        {"json:sub/../new", "json:new"},
        {"json:new", absolute},
        {"json:o", "json:link"},
        {"json:sub//a", "json:sub/a"},
        {"json:new?append=no", "json:new"},
        {"json:-", "json:-"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        synfix_error_t error = {.text = ""};
        assert_int_equal(
            check(spec_of(&json_module, rows[i][0]), spec_of(&json_module, rows[i][1]), NULL, &error),
            SYNFIX_INVALID);
    }
    synfix_error_t error = {.text = ""};
    assert_int_equal(check(spec_of(&json_module, "json:o1"), spec_of(&csv_module, "csv:./o1"), NULL, &error),
                     SYNFIX_INVALID);
    assert_string_equal(error.text,
                        "csv:./o1: writes the same file as the sink json:o1; choose another target");
    assert_int_equal(
        check(spec_of(&file_module, "file:x-%F"), spec_of(&csv_module, "csv:x-%F"), NULL, &error),
        SYNFIX_INVALID);
}

static void different_targets(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"json:a", "json:b"},
        {"json:/dev/null", "json:/dev/null"},
        {"json:sock?type=unix_dgram", "json:sock?type=unix_dgram"},
        {"json:-", "json:a"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        synfix_error_t error = {.text = ""};
        assert_int_equal(
            check(spec_of(&json_module, rows[i][0]), spec_of(&json_module, rows[i][1]), NULL, &error),
            SYNFIX_OK);
    }
    assert_int_equal(check(spec_of(&tcp_module, "tcp://h:1"),
                           spec_of(&tcp_module, "tcp://h:1?profile=compact"), NULL, NULL),
                     SYNFIX_OK);
}

static void inputs(void **state)
{
    (void)state;
    char missing[] = "missing";
    char present[] = "o";
    char *const list[] = {missing, present, NULL};
    synfix_error_t error = {.text = ""};
    assert_int_equal(check(spec_of(&json_module, "json:a"), spec_of(&json_module, "json:link"), list, &error),
                     SYNFIX_INVALID);
    assert_string_equal(error.text,
                        "json:link: would replace o, which is an input; choose another output file");
    assert_int_equal(
        check(spec_of(&json_module, "json:a"), spec_of(&json_module, "json:missing"), list, &error),
        SYNFIX_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(same_file), cmocka_unit_test(different_targets),
                                       cmocka_unit_test(inputs)};
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
