/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/transport/spool_internal.h"
#include "unit/exporter/transport/spool_fixture.h"
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/resource.h>

static void gives_back_in_order(void **state)
{
    spool_fixture_t *const fixture = *state;
    spool_t *const spool = must_open(fixture);
    spool_message_t message;
    assert_true(spool_is_empty(spool));
    assert_int_equal(spool_next(spool, &message), SYNFIX_END);
    const bool again[] = {false, false, true, false};
    for (size_t i = 0; i < G_N_ELEMENTS(again); i++) {
        add(fixture, spool, again[i]);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(again); i++) {
        assert_int_equal(spool_next(spool, &message), SYNFIX_OK);
        assert_int_equal(message.again, again[i]);
        assert_false(message.former);
        assert_int_equal(message.records, fixture->records);
        assert_int_equal(message.length, fixture->length);
        assert_memory_equal(message.data + 16, fixture->message + 16, fixture->length - 16);
    }
    assert_int_equal(spool_next(spool, &message), SYNFIX_END);
    assert_true(spool_is_empty(spool));
    assert_int_equal(count_files(fixture->directory), 0);
    spool_close(spool);
}

static void survives_a_run(void **state)
{
    spool_fixture_t *const fixture = *state;
    spool_t *spool = must_open(fixture);
    spool_t *second = NULL;
    spool_message_t message;
    add(fixture, spool, false);
    assert_true(open_spool(fixture, &second) < 0); /* one process at a time */
    spool_close(spool);
    /* A kill in the middle of a write leaves half a message. */
    GDir *const entries = g_dir_open(fixture->directory, 0, NULL);
    for (const char *name; (name = g_dir_read_name(entries));) {
        g_autofree char *path = g_build_filename(fixture->directory, name, NULL);
        FILE *const file = g_str_has_suffix(name, ".ipfix") ? fopen(path, "a") : NULL;
        if (file) {
            assert_int_equal(fwrite(fixture->message, 1, 100, file), 100);
            fclose(file);
        }
    }
    g_dir_close(entries);
    spool = must_open(fixture);
    assert_int_equal(spool_next(spool, &message), SYNFIX_OK);
    assert_true(message.former);
    assert_int_equal(message.records, fixture->records);
    assert_int_equal(spool_next(spool, &message), SYNFIX_END);
    spool_close(spool);
}

/* The first two elements (both 8 bytes) change places. */
static void edit_profile(spool_fixture_t *fixture)
{
    ipfix_template_t *const template = &fixture->settings.profile->templates[0];
    const ipfix_element_t *const first = template->fields[0];
    template->fields[0] = template->fields[1];
    template->fields[1] = first;
}

static void leaves_other_templates_alone(void **state)
{
    spool_fixture_t *const fixture = *state;
    spool_t *spool = must_open(fixture);
    add(fixture, spool, false);
    spool_close(spool);
    edit_profile(fixture);
    spool = must_open(fixture);
    assert_true(spool_is_empty(spool));
    assert_true(fixture->warnings > 0);
    spool_close(spool);
    edit_profile(fixture);
    assert_int_equal(count_files(fixture->directory), 1);
}

static void drops_copies_before_others(void **state)
{
    spool_fixture_t *const fixture = *state;
    spool_t *const spool = must_open(fixture);
    const unsigned fitting = SPOOL_LIMIT / (unsigned)fixture->length;
    unsigned copies = 0;
    synfix_error_t error;
    add(fixture, spool, false);
    while (spool_add(spool, fixture->message, fixture->length, fixture->records, true, SPOOL_NOW, &error) >=
           0) {
        copies++;
    }
    assert_true(copies > 0 && copies <= fitting / 2); /* the rest is for what was never sent */
    uint64_t lost = 0;
    for (unsigned i = 0; i < fitting * 3 / 4; i++) {
        add(fixture, spool, false);
        lost += spool_trim(spool, after(0));
    }
    assert_int_equal(lost, 0);
    for (unsigned i = 0; i < fitting; i++) {
        add(fixture, spool, false);
        lost += spool_trim(spool, after(0));
    }
    assert_true(lost > 0);
    uint64_t left = 0;
    spool_message_t message;
    while (spool_next(spool, &message) == SYNFIX_OK) {
        assert_false(message.again);
        left += message.records;
    }
    assert_int_equal(left + lost, (uint64_t)fixture->records * (1 + fitting * 3 / 4 + fitting));
    spool_close(spool);
}

static void drops_what_is_too_old(void **state)
{
    spool_fixture_t *const fixture = *state;
    spool_t *spool = must_open(fixture);
    add(fixture, spool, false);
    add(fixture, spool, true); /* the file before it is finished */
    assert_int_equal(spool_trim(spool, after(0)), 0);
    /* a step of the wall clock is no age */
    const spool_times_t stepped = {.wall_ns = SPOOL_NOW + 7200 * NS_PER_S, .monotonic_ns = monotonic_ns()};
    assert_int_equal(spool_trim(spool, &stepped), 0);
    assert_int_equal(spool_trim(spool, after(7200)), fixture->records);
    spool_close(spool);
}

/* The path of the only file of the spool. */
static char *path_of_file(const spool_fixture_t *fixture)
{
    char *path = NULL;
    GDir *const entries = g_dir_open(fixture->directory, 0, NULL);
    for (const char *name; (name = g_dir_read_name(entries)) != NULL;) {
        if (g_str_has_suffix(name, ".ipfix")) {
            assert_null(path);
            path = g_build_filename(fixture->directory, name, NULL);
        }
    }
    g_dir_close(entries);
    assert_non_null(path);
    return path;
}

/* Spools one message. Returns the path of its file, which stays in the directory; @p copy is its content. */
static char *copy_of_one_file(spool_fixture_t *fixture, char **copy, gsize *length)
{
    spool_t *const spool = must_open(fixture);
    add(fixture, spool, false);
    spool_close(spool);
    char *const path = path_of_file(fixture);
    assert_true(g_file_get_contents(path, copy, length, NULL));
    return path;
}

/* An operator copies a file back that was sent, and another one with a name of his own. */
static void a_sent_file_is_not_sent_again(void **state)
{
    spool_fixture_t *const fixture = *state;
    spool_message_t message;
    gsize length = 0;
    g_autofree char *copy = NULL;
    g_autofree char *path = copy_of_one_file(fixture, &copy, &length);
    spool_t *spool = must_open(fixture);
    assert_int_equal(spool_next(spool, &message), SYNFIX_OK);
    assert_int_equal(spool_next(spool, &message), SYNFIX_END);
    spool_close(spool);
    assert_int_equal(count_files(fixture->directory), 0);
    g_autofree char *renamed = g_strconcat(path, ".old.ipfix", NULL);
    assert_true(g_file_set_contents(path, copy, (gssize)length, NULL));
    assert_true(g_file_set_contents(renamed, copy, (gssize)length, NULL));
    fixture->warnings = 0;
    spool = must_open(fixture);
    assert_int_equal(fixture->warnings, 2);
    assert_true(spool_is_empty(spool));
    add(fixture, spool, false); /* under another name */
    assert_int_equal(spool_next(spool, &message), SYNFIX_OK);
    assert_false(message.former);
    assert_int_equal(spool_next(spool, &message), SYNFIX_END);
    spool_close(spool);
    assert_int_equal(count_files(fixture->directory), 2);
    g_autofree char *list = g_build_filename(fixture->directory, "sent", NULL);
    assert_int_equal(g_unlink(list), 0);
    assert_int_equal(g_mkdir(list, 0700), 0); /* cannot be used: nothing is known, which is logged */
    assert_int_equal(g_unlink(renamed), 0);
    fixture->warnings = 0;
    spool = must_open(fixture);
    assert_int_equal(fixture->warnings, 1);
    assert_int_equal(spool_next(spool, &message), SYNFIX_OK);
    assert_true(message.former);
    spool_close(spool);
    assert_int_equal(g_rmdir(list), 0);
    assert_int_equal(mkfifo(list, 0600), 0); /* not used either, and named once */
    fixture->warnings = 0;
    spool = must_open(fixture);
    assert_int_equal(spool_next(spool, &message), SYNFIX_OK);
    assert_int_equal(spool_next(spool, &message), SYNFIX_END);
    assert_int_equal(fixture->warnings, 1);
    spool_close(spool);
    assert_int_equal(g_unlink(list), 0);
}

static void remove_file(const spool_fixture_t *fixture, const char *name)
{
    g_autofree char *path = g_build_filename(fixture->directory, name, NULL);
    assert_int_equal(g_unlink(path), 0);
}

/* The next file has a higher number if only the list or only the lock has the number of the last one: an
 * earlier version stored no number in the lock. */
static void numbers_continue(void **state)
{
    spool_fixture_t *const fixture = *state;
    spool_message_t message;
    for (unsigned i = 1; i <= 5; i++) {
        spool_t *const spool = must_open(fixture);
        add(fixture, spool, false);
        g_autofree char *path = path_of_file(fixture);
        g_autofree char *name = g_path_get_basename(path);
        assert_int_equal(g_ascii_strtoull(name, NULL, 10), i);
        assert_int_equal(spool_next(spool, &message), SYNFIX_OK);
        assert_int_equal(spool_next(spool, &message), SYNFIX_END);
        spool_close(spool);
        remove_file(fixture, i % 2 == 0 ? "sent" : "lock");
    }
}

/* A limit on the size of files stands for a full disk. */
static void a_number_that_is_not_stored_is_logged(void **state)
{
    spool_fixture_t *const fixture = *state;
    struct rlimit limit;
    spool_t *const spool = must_open(fixture);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    const struct rlimit full = {.rlim_cur = SPOOL_NUMBER_LENGTH / 2, .rlim_max = limit.rlim_max};
    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &full), 0);
    fixture->warnings = 0;
    for (unsigned i = 0; i < 3; i++) {
        assert_true(spool_add(spool, fixture->message, fixture->length, fixture->records, false, SPOOL_NOW,
                              NULL) < 0);
    }
    assert_int_equal(fixture->warnings, 1);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    add(fixture, spool, false);
    assert_int_equal(fixture->warnings, 1);
    spool_close(spool);
}

/* An operator moves a file away that was not sent, and copies it back after the spool has been empty. */
static void a_moved_file_is_sent(void **state)
{
    spool_fixture_t *const fixture = *state;
    spool_message_t message;
    gsize length = 0;
    g_autofree char *copy = NULL;
    g_autofree char *path = copy_of_one_file(fixture, &copy, &length);
    assert_int_equal(g_unlink(path), 0);
    spool_t *spool = must_open(fixture);
    add(fixture, spool, false);
    assert_int_equal(spool_next(spool, &message), SYNFIX_OK);
    assert_int_equal(spool_next(spool, &message), SYNFIX_END);
    spool_close(spool);
    assert_true(g_file_set_contents(path, copy, (gssize)length, NULL));
    spool = must_open(fixture);
    assert_int_equal(spool_next(spool, &message), SYNFIX_OK);
    assert_true(message.former);
    assert_int_equal(message.records, fixture->records);
    assert_int_equal(spool_next(spool, &message), SYNFIX_END);
    spool_close(spool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(gives_back_in_order, spool_set_up, spool_tear_down),
        cmocka_unit_test_setup_teardown(a_sent_file_is_not_sent_again, spool_set_up, spool_tear_down),
        cmocka_unit_test_setup_teardown(numbers_continue, spool_set_up, spool_tear_down),
        cmocka_unit_test_setup_teardown(a_moved_file_is_sent, spool_set_up, spool_tear_down),
        cmocka_unit_test_setup_teardown(a_number_that_is_not_stored_is_logged, spool_set_up, spool_tear_down),
        cmocka_unit_test_setup_teardown(survives_a_run, spool_set_up, spool_tear_down),
        cmocka_unit_test_setup_teardown(leaves_other_templates_alone, spool_set_up, spool_tear_down),
        cmocka_unit_test_setup_teardown(drops_copies_before_others, spool_set_up, spool_tear_down),
        cmocka_unit_test_setup_teardown(drops_what_is_too_old, spool_set_up, spool_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
