/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/ipfix_file/archive_limit.h"
#include "support/temporary_directory.h"
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct logged {
    unsigned lines;
} logged_t;

static void on_log(void *user, int level, const char *text)
{
    logged_t *logged = user;
    (void)level;
    (void)text;
    logged->lines++;
}

/* A file of 1,000 bytes that was modified at @p second. */
static void make(const char *directory, const char *name, time_t second)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);
    g_autofree char *content = g_strnfill(1000, 'x');
    assert_true(g_file_set_contents(path, content, 1000, NULL));
    const struct timespec times[2] = {{.tv_sec = second}, {.tv_sec = second}};
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static gboolean exists(const char *directory, const char *name)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);
    return g_file_test(path, G_FILE_TEST_EXISTS) || g_file_test(path, G_FILE_TEST_IS_SYMLINK);
}

static unsigned apply(const char *directory, const char *pattern, uint64_t bytes_max)
{
    g_autofree char *target = g_build_filename(directory, pattern, NULL);
    logged_t logged = {0};
    const archive_limit_t limit = {.target = target, .bytes_max = bytes_max, .log = on_log, .user = &logged};
    const unsigned removed = archive_limit_apply(&limit);
    assert_int_equal(logged.lines, 0);
    return removed;
}

static void oldest_first(void **state)
{
    (void)state;
    char *const directory = temporary_directory_new();
    make(directory, "a-20261129-10.ipfix", 3000);
    make(directory, "a-20261129-09.ipfix", 2000);
    make(directory, "a-20261129-08.ipfix", 1000);
    make(directory, "a-20261129-10-2.ipfix", 4000);
    assert_int_equal(apply(directory, "a-%Y%m%d-%H.ipfix", 0), 0);
    assert_int_equal(apply(directory, "a-%Y%m%d-%H.ipfix", 4000), 0);
    assert_int_equal(apply(directory, "a-%Y%m%d-%H.ipfix", 2999), 2);
    assert_false(exists(directory, "a-20261129-08.ipfix"));
    assert_false(exists(directory, "a-20261129-09.ipfix"));
    assert_true(exists(directory, "a-20261129-10.ipfix"));
    assert_int_equal(apply(directory, "a-%Y%m%d-%H.ipfix", 1), 1); /* the newest stays */
    assert_true(exists(directory, "a-20261129-10-2.ipfix"));
    assert_int_equal(temporary_directory_remove(directory), 0);
}

static void others_stay(void **state)
{
    (void)state;
    static const char *const others[] = {"b-20261129-08.ipfix", "a-20261129-08.ipfix.part", "a-notes.ipfix",
                                         "a-20261129-08.ipfix.bak"};
    char *const directory = temporary_directory_new();
    g_autofree char *link = g_build_filename(directory, "a-20261128-08.ipfix", NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        make(directory, others[i], 10);
    }
    make(directory, "a-20261129-09.ipfix", 1000);
    make(directory, "a-20261129-10.ipfix", 2000);
    assert_int_equal(symlink("a-20261129-10.ipfix", link), 0);
    assert_int_equal(apply(directory, "a-%Y%m%d-%H.ipfix", 1), 1);
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        assert_true(exists(directory, others[i]));
    }
    assert_true(exists(directory, "a-20261128-08.ipfix"));
    assert_true(exists(directory, "a-20261129-10.ipfix"));
    assert_int_equal(temporary_directory_remove(directory), 0);
}

/* The conversion at the end of the target matches any text. */
static void unfinished_files_of_a_name_without_suffix_stay(void **state)
{
    (void)state;
    char *const directory = temporary_directory_new();
    make(directory, "a-Sun.part", 1000);
    make(directory, "a-Mon", 2000);
    make(directory, "a-Tue", 3000);
    assert_int_equal(apply(directory, "a-%a", 1), 1);
    assert_true(exists(directory, "a-Sun.part"));
    assert_false(exists(directory, "a-Mon"));
    assert_true(exists(directory, "a-Tue"));
    assert_int_equal(temporary_directory_remove(directory), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(oldest_first),
        cmocka_unit_test(others_stay),
        cmocka_unit_test(unfinished_files_of_a_name_without_suffix_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
