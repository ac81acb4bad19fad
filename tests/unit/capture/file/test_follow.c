/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Files of a followed directory: which are next, and which are remembered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "capture/file/follow_scan.h"
#include "capture/file/follow_state.h"
#include "support/temporary_directory.h"
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct fixture {
    char *directory;
    int descriptor;
    char *state_path;
    follow_state_t *state;
    follow_scan_t scan;
} fixture_t;

static int set_up(void **state)
{
    fixture_t *fixture = g_new0(fixture_t, 1);
    fixture->directory = temporary_directory_new();
    fixture->descriptor = open(fixture->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    fixture->state_path = g_build_filename(fixture->directory, ".state", NULL);
    *state = fixture;
    return follow_state_open(fixture->state_path, &fixture->state, NULL) != SYNFIX_OK;
}

static int tear_down(void **state)
{
    fixture_t *fixture = *state;
    follow_scan_clear(&fixture->scan);
    follow_state_free(fixture->state);
    (void)close(fixture->descriptor);
    const int left = temporary_directory_remove(fixture->directory);
    g_free(fixture->state_path);
    g_free(fixture);
    return left;
}

static void make_file(const fixture_t *fixture, const char *name, time_t modified_s)
{
    g_autofree char *path = g_build_filename(fixture->directory, name, NULL);
    assert_true(g_file_set_contents(path, name, -1, NULL));
    const struct timespec times[2] = {{.tv_sec = modified_s}, {.tv_sec = modified_s}};
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

/* The next file must be @p name (NULL: none); it is remembered as finished at @p finished_ns. */
static void expect_next(fixture_t *fixture, const char *name, int64_t finished_ns)
{
    followed_file_t file = {.name = NULL};
    if (follow_scan_is_empty(&fixture->scan)) {
        follow_scan_read(&fixture->scan, fixture->descriptor, fixture->state);
    }
    const bool found = follow_scan_next(&fixture->scan, fixture->descriptor, &file);
    if (name == NULL) {
        assert_false(found);
        return;
    }
    assert_true(found);
    assert_string_equal(file.name, name);
    assert_true(follow_state_add(fixture->state, &file, finished_ns));
    free((char *)(uintptr_t)file.name);
}

static void reopen(fixture_t *fixture)
{
    synfix_error_t error;
    follow_state_free(fixture->state);
    fixture->state = NULL;
    assert_int_equal(follow_state_open(fixture->state_path, &fixture->state, &error), SYNFIX_OK);
    follow_scan_clear(&fixture->scan);
}

static void test_oldest_first(void **state)
{
    fixture_t *fixture = *state;
    make_file(fixture, "b", 1000);
    make_file(fixture, "a", 2000);
    make_file(fixture, ".hidden", 500);
    assert_int_equal(symlinkat("a", fixture->descriptor, "link"), 0);
    expect_next(fixture, "b", 1);
    make_file(fixture, "c", 3000); /* after the directory was read: found by the next read */
    expect_next(fixture, "a", 1);
    expect_next(fixture, "c", 1);
    expect_next(fixture, NULL, 0);
}

static void test_changed_file_is_read_with_the_next_scan(void **state)
{
    fixture_t *fixture = *state;
    make_file(fixture, "a", 1000);
    make_file(fixture, "b", 2000);
    expect_next(fixture, "a", 1);
    make_file(fixture, "b", 4000);
    followed_file_t file;
    assert_false(follow_scan_next(&fixture->scan, fixture->descriptor, &file));
    expect_next(fixture, "b", 1);
}

static void test_file_that_is_written_waits(void **state)
{
    fixture_t *fixture = *state;
    make_file(fixture, "a", 1000);
    const int writer = openat(fixture->descriptor, "a", O_WRONLY | O_CLOEXEC);
    assert_true(writer >= 0);
    expect_next(fixture, NULL, 0);
    (void)close(writer);
    expect_next(fixture, "a", 1);
}

static void test_only_delivered_files_are_saved(void **state)
{
    fixture_t *fixture = *state;
    synfix_error_t error;
    make_file(fixture, "a", 1000);
    make_file(fixture, "b", 2000);
    expect_next(fixture, "a", 10);
    expect_next(fixture, "b", 20);
    assert_int_equal(follow_state_save(fixture->state, fixture->descriptor, 15, &error), SYNFIX_OK);
    assert_true(follow_state_changed(fixture->state)); /* b */
    reopen(fixture);
    expect_next(fixture, "b", 20); /* a is known */
    assert_int_equal(follow_state_save(fixture->state, fixture->descriptor, INT64_MAX, &error), SYNFIX_OK);
    assert_false(follow_state_changed(fixture->state));
    reopen(fixture);
    expect_next(fixture, NULL, 0);
}

static void test_removed_files_are_forgotten(void **state)
{
    fixture_t *fixture = *state;
    synfix_error_t error;
    g_autofree char *text = NULL;
    make_file(fixture, "a", 1000);
    expect_next(fixture, "a", 1);
    assert_int_equal(unlinkat(fixture->descriptor, "a", 0), 0);
    assert_int_equal(follow_state_save(fixture->state, fixture->descriptor, INT64_MAX, &error), SYNFIX_OK);
    assert_true(g_file_get_contents(fixture->state_path, &text, NULL, NULL));
    assert_null(strstr(text, " a\n"));
}

static void test_foreign_state_is_refused(void **state)
{
    fixture_t *fixture = *state;
    synfix_error_t error;
    follow_state_t *other = NULL;
    assert_true(g_file_set_contents(fixture->state_path, "a letter\n", -1, NULL));
    assert_int_equal(follow_state_open(fixture->state_path, &other, &error), SYNFIX_INVALID);
    assert_non_null(strstr(error.text, "--follow-state"));
}

/* The temporary file of a killed run is replaced; the state stays whole. */
static void test_rest_of_a_killed_run(void **state)
{
    fixture_t *fixture = *state;
    synfix_error_t error;
    g_autofree char *rest = g_strconcat(fixture->state_path, ".new", NULL);
    assert_true(g_file_set_contents(rest, "half", -1, NULL));
    make_file(fixture, "a", 1000);
    expect_next(fixture, "a", 1);
    assert_int_equal(follow_state_save(fixture->state, fixture->descriptor, INT64_MAX, &error), SYNFIX_OK);
    assert_false(g_file_test(rest, G_FILE_TEST_EXISTS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_oldest_first, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_changed_file_is_read_with_the_next_scan, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_file_that_is_written_waits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_only_delivered_files_are_saved, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_removed_files_are_forgotten, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_foreign_state_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_rest_of_a_killed_run, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
