/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/report/metrics_file.h"
#include <glib/gstdio.h>

typedef struct fixture {
    char *directory;
    char *path; /* in a directory of its own that does not exist at first */
    char *parent;
    GString *text;
    metrics_file_t file;
    synfix_error_t message;
} fixture_t;

static int set_up(void **state)
{
    fixture_t *const fixture = g_new0(fixture_t, 1);
    fixture->directory = g_dir_make_tmp("synfix-metrics-XXXXXX", NULL);
    fixture->parent = g_build_filename(fixture->directory, "missing", NULL);
    fixture->path = g_build_filename(fixture->parent, "metrics", NULL);
    fixture->text = g_string_new("a 1\n");
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    fixture_t *const fixture = *state;
    (void)g_unlink(fixture->path);
    (void)g_rmdir(fixture->parent);
    (void)g_rmdir(fixture->directory);
    g_string_free(fixture->text, TRUE);
    g_free(fixture->path);
    g_free(fixture->parent);
    g_free(fixture->directory);
    g_free(fixture);
    return 0;
}

static metrics_file_news_t refresh(fixture_t *fixture)
{
    return metrics_file_refresh(&fixture->file, fixture->path, fixture->text, &fixture->message);
}

static void a_failure_is_reported_once_and_its_end_too(void **state)
{
    fixture_t *const fixture = *state;
    g_autofree char *content = NULL;
    g_autofree char *again = g_strdup_printf("metrics-file: %s: written again", fixture->path);
    assert_int_equal(refresh(fixture), METRICS_FILE_FAILED);
    assert_non_null(strstr(fixture->message.text, "metrics-file: "));
    assert_non_null(strstr(fixture->message.text, "No such file or directory"));
    assert_int_equal(refresh(fixture), METRICS_FILE_NO_NEWS);
    assert_int_equal(refresh(fixture), METRICS_FILE_NO_NEWS);
    assert_int_equal(g_mkdir(fixture->parent, 0700), 0);
    assert_int_equal(refresh(fixture), METRICS_FILE_RECOVERED);
    assert_string_equal(fixture->message.text, again);
    assert_int_equal(refresh(fixture), METRICS_FILE_NO_NEWS);
    assert_true(g_file_get_contents(fixture->path, &content, NULL, NULL));
    assert_string_equal(content, "a 1\n");
}

static void another_reason_is_reported(void **state)
{
    fixture_t *const fixture = *state;
    assert_int_equal(refresh(fixture), METRICS_FILE_FAILED);
    assert_true(g_file_set_contents(fixture->parent, "", 0, NULL)); /* a file where a directory is expected */
    assert_int_equal(refresh(fixture), METRICS_FILE_FAILED);
    assert_non_null(strstr(fixture->message.text, "Not a directory"));
    assert_int_equal(g_unlink(fixture->parent), 0);
}

static void the_first_write_returns_the_cause(void **state)
{
    fixture_t *const fixture = *state;
    synfix_error_t error;
    assert_true(metrics_file_write(fixture->path, fixture->text, &error) < 0);
    assert_int_equal(error.cause, SYNFIX_CAUSE_SINK);
    assert_int_equal(g_mkdir(fixture->parent, 0700), 0);
    assert_int_equal(metrics_file_write(fixture->path, fixture->text, &error), SYNFIX_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_failure_is_reported_once_and_its_end_too, set_up, tear_down),
        cmocka_unit_test_setup_teardown(another_reason_is_reported, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_first_write_returns_the_cause, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
