/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/report/metrics_file.h"
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

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

static synfix_status_t begin(fixture_t *fixture, metrics_file_news_t *news)
{
    return metrics_file_begin(&fixture->file, fixture->path, fixture->text, news, &fixture->message);
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
    metrics_file_news_t news = METRICS_FILE_NO_NEWS;
    assert_int_equal(begin(fixture, &news), SYNFIX_IO);
    assert_int_equal(fixture->message.cause, SYNFIX_CAUSE_SINK);
    assert_int_equal(g_mkdir(fixture->parent, 0700), 0);
    assert_int_equal(begin(fixture, &news), SYNFIX_OK);
    assert_int_equal(news, METRICS_FILE_NO_NEWS);
}

/* A pipe without a reader, as a full disk, is a failure that may end. */
static void the_first_write_may_succeed_later(void **state)
{
    fixture_t *const fixture = *state;
    metrics_file_news_t news = METRICS_FILE_NO_NEWS;
    char got[8] = "";
    assert_int_equal(g_mkdir(fixture->parent, 0700), 0);
    assert_int_equal(mkfifo(fixture->path, 0600), 0);
    assert_int_equal(begin(fixture, &news), SYNFIX_OK);
    assert_int_equal(news, METRICS_FILE_FAILED);
    assert_non_null(strstr(fixture->message.text, "no process reads this pipe"));
    assert_int_equal(refresh(fixture), METRICS_FILE_NO_NEWS);
    const int reader = open(fixture->path, O_RDONLY | O_NONBLOCK);
    assert_int_equal(refresh(fixture), METRICS_FILE_RECOVERED);
    assert_int_equal(read(reader, got, sizeof got), 4);
    assert_string_equal(got, "a 1\n");
    close(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_failure_is_reported_once_and_its_end_too, set_up, tear_down),
        cmocka_unit_test_setup_teardown(another_reason_is_reported, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_first_write_returns_the_cause, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_first_write_may_succeed_later, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
