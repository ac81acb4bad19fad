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
#include <stdbool.h>
#include <string.h>
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
static void make_file(const char *directory, const char *name, time_t second, bool foreign)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);
    g_autofree char *content = g_strnfill(1000, 'x');
    if (!foreign) { /* one message of one set */
        static const uint8_t head[] = {0, 10, 1000 >> 8, 1000 & 0xFF, 0, 0, 0, 1, 0,        0,
                                       0, 0,  0,         0,           0, 0, 1, 0, 984 >> 8, 984 & 0xFF};
        memcpy(content, head, sizeof head);
    }
    assert_true(g_file_set_contents(path, content, 1000, NULL));
    const struct timespec times[2] = {{.tv_sec = second}, {.tv_sec = second}};
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void make(const char *directory, const char *name, time_t second)
{
    make_file(directory, name, second, false);
}

static gboolean exists(const char *directory, const char *name)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);
    return g_file_test(path, G_FILE_TEST_EXISTS) || g_file_test(path, G_FILE_TEST_IS_SYMLINK);
}

static unsigned apply_logged(const char *directory, const char *pattern, uint64_t bytes_max, unsigned *lines)
{
    g_autofree char *target = g_build_filename(directory, pattern, NULL);
    logged_t logged = {0};
    const archive_limit_t limit = {.target = target, .bytes_max = bytes_max, .log = on_log, .user = &logged};
    const unsigned removed = archive_limit_apply(&limit);
    *lines = logged.lines;
    return removed;
}

static unsigned apply(const char *directory, const char *pattern, uint64_t bytes_max)
{
    unsigned lines = 0;
    const unsigned removed = apply_logged(directory, pattern, bytes_max, &lines);
    assert_int_equal(lines, 0);
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

/* Foreign files beside: with names that "any text" or "any digits" would fit, and with names of the target.
 */
static void foreign_files_stay(void **state)
{
    (void)state;
    static const char *const patterns[] = {"%A.ipfix",   "%a-%F.ipfix", "%B%d.ipfix",
                                           "%b%p.ipfix", "%Z-%Y.ipfix", "%F"};
    static const char *const others[] = {"notes.ipfix",
                                         "accounts-2026-11-29.ipfix",
                                         "Invoice12.ipfix",
                                         "customers.ipfix",
                                         "backup-2026.ipfix",
                                         "1234567",
                                         "2026",
                                         "11-29",
                                         "a",
                                         "x.ipfix"};
    char *const directory = temporary_directory_new();
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        make(directory, others[i], 10 + (time_t)i); /* even an archive, of another target */
    }
    make(directory, "zz", 100000);
    for (size_t i = 0; i < G_N_ELEMENTS(patterns); i++) {
        assert_int_equal(apply(directory, patterns[i], 1), 0);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        assert_true(exists(directory, others[i]));
    }
    assert_int_equal(temporary_directory_remove(directory), 0);
}

/* Names of the target without IPFIX: neither removed nor counted. */
static void files_without_ipfix_stay(void **state)
{
    (void)state;
    char *const directory = temporary_directory_new();
    g_autofree char *empty = g_build_filename(directory, "2026-11-26.ipfix", NULL);
    unsigned lines = 0;
    make_file(directory, "2026-11-25.ipfix", 1000, true);
    assert_true(g_file_set_contents(empty, "", 0, NULL));
    make(directory, "2026-11-27.ipfix", 3000);
    make(directory, "2026-11-28.ipfix", 4000);
    make(directory, "2026-11-29.ipfix", 5000);
    assert_int_equal(apply_logged(directory, "%F.ipfix", 3000, &lines), 0);
    assert_int_equal(lines, 1);
    assert_int_equal(apply_logged(directory, "%F.ipfix", 2000, &lines), 1);
    assert_true(exists(directory, "2026-11-25.ipfix"));
    assert_true(exists(directory, "2026-11-26.ipfix"));
    assert_false(exists(directory, "2026-11-27.ipfix"));
    assert_true(exists(directory, "2026-11-28.ipfix"));
    assert_int_equal(temporary_directory_remove(directory), 0);
}

/* Of a conversion without known texts nothing is removed. */
static void unknown_names_stay(void **state)
{
    (void)state;
    char *const directory = temporary_directory_new();
    make(directory, "Sat Nov 28 10:00:00 2026", 1000);
    make(directory, "Sun Nov 29 10:00:00 2026", 2000);
    assert_int_equal(apply(directory, "%c", 1), 0);
    assert_true(exists(directory, "Sat Nov 28 10:00:00 2026"));
    assert_int_equal(temporary_directory_remove(directory), 0);
}

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
        cmocka_unit_test(foreign_files_stay),
        cmocka_unit_test(files_without_ipfix_stay),
        cmocka_unit_test(unknown_names_stay),
        cmocka_unit_test(unfinished_files_of_a_name_without_suffix_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
