/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/common/write_file.h"
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *directory;
static char *path;

static int set_up(void **state)
{
    (void)state;
    directory = g_dir_make_tmp("write_file.XXXXXX", NULL);
    path = g_build_filename(directory, "page.html", NULL);
    return directory == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    g_unlink(path);
    const int left = g_rmdir(directory); /* fails when a temporary file was left */
    g_free(path);
    g_free(directory);
    return left;
}

static synfix_status_t put(const char *to, const char *text, synfix_error_t *error)
{
    return write_file(to, text, strlen(text), 100, error);
}

static void assert_content(const char *file, const char *wanted)
{
    g_autofree char *text = NULL;
    assert_true(g_file_get_contents(file, &text, NULL, NULL));
    assert_string_equal(text, wanted);
}

static void test_replaces_a_file(void **state)
{
    (void)state;
    synfix_error_t error;
    const mode_t mask = umask(027);
    assert_int_equal(put(path, "old", &error), SYNFIX_OK);
    struct stat file;
    assert_int_equal(stat(path, &file), 0);
    assert_int_equal(file.st_mode & 07777, 0640);
    umask(mask);
    assert_int_equal(put(path, "new", &error), SYNFIX_OK);
    assert_content(path, "new");
}

static void test_failure_keeps_the_file(void **state)
{
    (void)state;
    synfix_error_t error;
    g_autofree char *missing = g_build_filename(directory, "no", "page.html", NULL);
    assert_int_equal(put(missing, "text", &error), SYNFIX_IO);
    assert_int_equal(error.cause, SYNFIX_CAUSE_SINK);
    assert_true(g_str_has_prefix(error.text, missing)); /* the name that the user wrote */
}

static void test_device_stays_a_device(void **state)
{
    (void)state;
    synfix_error_t error;
    struct stat device;
    assert_int_equal(put("/dev/null", "text", &error), SYNFIX_OK);
    assert_int_equal(stat("/dev/null", &device), 0);
    assert_true(S_ISCHR(device.st_mode));
    if (stat("/dev/full", &device) == 0 && S_ISCHR(device.st_mode)) {
        assert_int_equal(put("/dev/full", "text", &error), SYNFIX_IO);
        assert_int_equal(error.cause, SYNFIX_CAUSE_SINK);
        assert_int_equal(lstat("/dev/full", &device), 0);
        assert_true(S_ISCHR(device.st_mode));
    }
}

static void test_pipe(void **state)
{
    (void)state;
    synfix_error_t error;
    char text[8] = "";
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(put(path, "text", &error), SYNFIX_IO);
    assert_non_null(strstr(error.text, "no process reads"));
    const int reader = open(path, O_RDONLY | O_NONBLOCK);
    assert_int_equal(put(path, "text", &error), SYNFIX_OK);
    assert_int_equal(read(reader, text, sizeof text - 1), 4);
    assert_string_equal(text, "text");
    /* more than a pipe holds, and the reader does not read */
    g_autofree char *large = g_strnfill((gsize)1 << 20, 'x');
    assert_int_equal(put(path, large, &error), SYNFIX_IO);
    assert_non_null(strstr(error.text, "the reader pauses; continue or restart the reader"));
    close(reader);
}

static void test_links(void **state)
{
    (void)state;
    synfix_error_t error;
    g_autofree char *target = g_build_filename(directory, "target", NULL);
    assert_int_equal(put(target, "target", &error), SYNFIX_OK);
    /* a link to a file is replaced: its target keeps its content */
    assert_int_equal(symlink(target, path), 0);
    assert_int_equal(put(path, "page", &error), SYNFIX_OK);
    assert_content(target, "target");
    assert_content(path, "page");
    g_unlink(path);
    /* a name of an open descriptor is written into */
    const int descriptor = open(target, O_WRONLY | O_TRUNC);
    g_autofree char *name = g_strdup_printf("/dev/fd/%d", descriptor);
    assert_int_equal(put(name, "through", &error), SYNFIX_OK);
    close(descriptor);
    assert_content(target, "through");
    g_unlink(target);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_replaces_a_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_failure_keeps_the_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_device_stays_a_device, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_pipe, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_links, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
