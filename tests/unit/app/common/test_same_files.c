/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/common/same_files.h"
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The text on standard error while @p path is added as an input. The caller frees the text. */
static char *said(same_files_t *files, const char *path)
{
    FILE *file = tmpfile();
    assert_non_null(file);
    fflush(stderr);
    const int before = dup(STDERR_FILENO);
    assert_true(dup2(fileno(file), STDERR_FILENO) >= 0);
    same_files_input(files, path);
    fflush(stderr);
    assert_true(dup2(before, STDERR_FILENO) >= 0);
    close(before);
    char *text = g_malloc0(1024);
    rewind(file);
    (void)!fread(text, 1, 1023, file);
    fclose(file);
    return text;
}

static void check(same_files_t *files, const char *path, const char *wanted)
{
    g_autofree char *text = said(files, path);
    g_autofree char *line = wanted != NULL ? g_strconcat("synfix: ", wanted, "\n", NULL) : g_strdup("");
    assert_string_equal(text, line);
}

static void test_notes(void **state)
{
    (void)state;
    g_autofree char *before = g_get_current_dir();
    g_autofree char *directory = g_dir_make_tmp("synfix-same-XXXXXX", NULL);
    assert_non_null(directory);
    assert_int_equal(g_chdir(directory), 0);
    assert_true(g_file_set_contents("a", "x", 1, NULL) && g_file_set_contents("other", "x", 1, NULL));
    assert_int_equal(link("a", "hard"), 0);
    assert_int_equal(symlink("a", "soft"), 0);
    g_autoptr(same_files_t) files = same_files_new();
    check(files, "a", NULL);
    check(files, "other", NULL);
    check(files, "a", "a: named twice: read and counted twice; name the file once");
    check(files, "hard", "hard: the same file as a: read and counted twice; name one of the files");
    check(files, "soft", "soft: the same file as a: read and counted twice; name one of the files");
    assert_int_equal(symlink("a", "\033[2J"), 0);
    check(files, "\033[2J", "?[2J: the same file as a: read and counted twice; name one of the files");
    check(files, "missing", NULL);
    check(files, "-", NULL);
    check(files, "/dev/null", NULL);
    check(files, "/dev/null", NULL);
    static const char *const names[] = {"a", "other", "hard", "soft", "\033[2J"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        assert_int_equal(g_unlink(names[i]), 0);
    }
    assert_int_equal(g_chdir(before), 0);
    assert_int_equal(g_rmdir(directory), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_notes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
