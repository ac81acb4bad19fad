/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/exporter/transport/spool_fixture.h"
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

static char *path_of_lock(const spool_fixture_t *fixture)
{
    return g_build_filename(fixture->directory, "lock", NULL);
}

/* Writes and sends one file; its number. */
static uint64_t number_of_next(spool_fixture_t *fixture, spool_t *spool)
{
    uint64_t number = 0;
    spool_message_t message;
    add(fixture, spool, false);
    GDir *const entries = g_dir_open(fixture->directory, 0, NULL);
    for (const char *name; (name = g_dir_read_name(entries)) != NULL;) {
        number = g_str_has_suffix(name, ".sums") ? g_ascii_strtoull(name, NULL, 10) : number;
    }
    g_dir_close(entries);
    assert_int_equal(spool_next(spool, &message), SYNFIX_OK);
    assert_int_equal(spool_next(spool, &message), SYNFIX_END);
    return number;
}

/* The files 1, 2, 3 ... are in the list: a number that begins again would have the name of one of them. */
static void a_damaged_number_is_logged_and_not_used(void **state)
{
    static const struct {
        const char *text;
        size_t length;
        bool damaged;
    } cases[] = {{"18446744073709551614\n", 21, true},
                 {"18446744073709551615\n", 21, true},
                 {"99999999999999999999\n", 21, true},
                 {"10000000000000000001\n", 21, true},
                 {"-0000000000000000009\n", 21, true},
                 {" 0000000000000000009\n", 21, true},
                 {"0000000000000000000x\n", 21, true},
                 {"0000000000\0\0\0\0\0\0\0\0\0\0\n", 21, true},
                 {"1\n", 2, true},
                 {"00000000000000000001\n", 21, false},
                 {"", 0, false}};
    spool_fixture_t *const fixture = *state;
    g_autofree char *path = path_of_lock(fixture);
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        assert_true(g_file_set_contents(path, cases[i].text, (gssize)cases[i].length, NULL));
        fixture->warnings = 0;
        spool_t *const spool = must_open(fixture);
        assert_int_equal(fixture->warnings, cases[i].damaged ? 1 : 0);
        assert_int_equal(number_of_next(fixture, spool), i + 1);
        spool_close(spool);
    }
}

static void a_name_with_a_damaged_number_stays(void **state)
{
    spool_fixture_t *const fixture = *state;
    spool_t *spool = must_open(fixture);
    const uint64_t content = ipfix_profile_digest(fixture->settings.profile);
    g_autofree char *name = g_strdup_printf("18446744073709551614-%016" G_GINT64_MODIFIER "x.ipfix", content);
    g_autofree char *path = g_build_filename(fixture->directory, name, NULL);
    assert_int_equal(number_of_next(fixture, spool), 1);
    spool_close(spool);
    assert_true(g_file_set_contents(path, "", 0, NULL));
    fixture->warnings = 0;
    spool = must_open(fixture);
    assert_int_equal(fixture->warnings, 1);
    assert_int_equal(number_of_next(fixture, spool), 2);
    spool_close(spool);
    assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
}

/* A run that begins with the greatest valid number could not give its files valid names. */
static void the_last_numbers_are_refused(void **state)
{
    static const struct {
        const char *text;
        synfix_status_t status;
    } cases[] = {{"09223372036854775807\n", SYNFIX_INVALID},
                 {"09223372036854775806\n", SYNFIX_INVALID},
                 {"09223370937343148031\n", SYNFIX_INVALID},
                 {"09223370937343140000\n", SYNFIX_OK},
                 {"00000000000000000001\n", SYNFIX_OK}};
    spool_fixture_t *const fixture = *state;
    g_autofree char *path = path_of_lock(fixture);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        spool_t *spool = NULL;
        assert_true(g_file_set_contents(path, cases[i].text, -1, NULL));
        assert_int_equal(open_spool(fixture, &spool), cases[i].status);
        if (cases[i].status == SYNFIX_OK) {
            add(fixture, spool, false);
            spool_close(spool);
            spool = must_open(fixture);
            spool_message_t message;
            assert_int_equal(spool_next(spool, &message), SYNFIX_OK);
            assert_int_equal(message.records, fixture->records);
            assert_int_equal(spool_next(spool, &message), SYNFIX_END);
            spool_close(spool);
            g_autofree char *list = g_build_filename(fixture->directory, "sent", NULL);
            assert_int_equal(g_unlink(list), 0);
        }
    }
    assert_int_equal(fixture->warnings, 0);
}

static void a_lock_that_cannot_keep_a_number_is_refused(void **state)
{
    static const struct {
        mode_t kind;
        const char *reason;
    } rows[] = {
        {S_IFIFO, "/lock: not a regular file; remove this entry"},
        {S_IFSOCK, "/lock: a socket, not a file; remove this entry"},
        {S_IFDIR, "/lock: a directory, not a file; remove this entry"},
        {S_IFLNK, "/lock: a symbolic link, not followed; remove this entry"},
    };
    spool_fixture_t *const fixture = *state;
    g_autofree char *path = path_of_lock(fixture);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        spool_t *spool = NULL;
        synfix_error_t error = {.text = ""};
        const spool_config_t config = {.directory = fixture->directory,
                                       .settings = &fixture->settings,
                                       .limit_bytes = SPOOL_LIMIT,
                                       .log = count_warnings,
                                       .log_user = fixture};
        assert_int_equal(rows[i].kind == S_IFDIR   ? mkdir(path, 0700)
                         : rows[i].kind == S_IFLNK ? symlink("nowhere", path)
                                                   : mknod(path, rows[i].kind | 0600, 0),
                         0);
        assert_int_equal(spool_open(&config, &spool, &error), SYNFIX_IO);
        assert_non_null(strstr(error.text, rows[i].reason));
        assert_int_equal(g_remove(path), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_damaged_number_is_logged_and_not_used, spool_set_up,
                                        spool_tear_down),
        cmocka_unit_test_setup_teardown(a_name_with_a_damaged_number_stays, spool_set_up, spool_tear_down),
        cmocka_unit_test_setup_teardown(the_last_numbers_are_refused, spool_set_up, spool_tear_down),
        cmocka_unit_test_setup_teardown(a_lock_that_cannot_keep_a_number_is_refused, spool_set_up,
                                        spool_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
