/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/exporter/transport/spool_fixture.h"
#include <glib/gstdio.h>

/* Each file of the directory with this suffix. */
static void remove_files(const spool_fixture_t *fixture, const char *suffix)
{
    GDir *const entries = g_dir_open(fixture->directory, 0, NULL);
    for (const char *name; (name = g_dir_read_name(entries)) != NULL;) {
        g_autofree char *path = g_build_filename(fixture->directory, name, NULL);
        if (g_str_has_suffix(name, suffix)) {
            assert_int_equal(g_unlink(path), 0);
        }
    }
    g_dir_close(entries);
}

static synfix_status_t try_add(spool_fixture_t *fixture, spool_t *spool)
{
    return spool_add(spool, fixture->message, fixture->length, fixture->records, false, SPOOL_NOW, NULL);
}

static unsigned count_messages(spool_t *spool, bool former)
{
    spool_message_t message;
    unsigned count = 0;
    while (spool_next(spool, &message) == SYNFIX_OK) {
        assert_true(message.former == former);
        count++;
    }
    return count;
}

static void a_removed_lock_is_made_again(void **state)
{
    spool_fixture_t *const fixture = *state;
    spool_t *const spool = must_open(fixture), *second = NULL;
    add(fixture, spool, false);
    remove_files(fixture, "lock");
    add(fixture, spool, false);
    assert_int_equal(fixture->warnings, 1);
    assert_int_equal(open_spool(fixture, &second), SYNFIX_IO);
    assert_int_equal(count_messages(spool, false), 2);
    add(fixture, spool, false);
    assert_int_equal(fixture->warnings, 1);
    spool_close(spool);
}

/* The messages of the first process are sent by the second one, each once. */
static void the_process_with_the_new_lock_has_the_files(void **state)
{
    spool_fixture_t *const fixture = *state;
    spool_t *const first = must_open(fixture);
    uint64_t own, former;
    add(fixture, first, false);
    add(fixture, first, false);
    remove_files(fixture, "lock");
    spool_t *const second = must_open(fixture);
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(try_add(fixture, first), SYNFIX_IO);
        assert_int_equal(count_messages(first, false), 0);
    }
    assert_int_equal(fixture->warnings, 1);
    assert_true(spool_is_empty(first));
    assert_int_equal(count_messages(second, true), 2);
    spool_close(second);
    spool_take_damage(first, &own, &former);
    assert_int_equal(own + former, 0);
    assert_int_equal(try_add(fixture, first), SYNFIX_OK);
    assert_int_equal(count_messages(first, false), 1);
    spool_close(first);
}

/* The second process has ended before the first one wrote again. */
static void a_file_that_another_process_sent_is_not_written(void **state)
{
    spool_fixture_t *const fixture = *state;
    spool_t *const first = must_open(fixture);
    uint64_t own, former;
    add(fixture, first, false);
    remove_files(fixture, "lock");
    spool_t *const second = must_open(fixture);
    assert_int_equal(count_messages(second, true), 1);
    spool_close(second);
    add(fixture, first, false);
    spool_take_damage(first, &own, &former);
    assert_int_equal(own, 0);
    assert_int_equal(count_messages(first, false), 1);
    spool_close(first);
}

/* The lock is moved, and moved back: this process still has it. */
static void a_lock_that_was_moved_back_is_used_again(void **state)
{
    spool_fixture_t *const fixture = *state;
    spool_t *const spool = must_open(fixture);
    g_autofree char *lock = g_build_filename(fixture->directory, "lock", NULL);
    g_autofree char *other = g_build_filename(fixture->directory, "other", NULL);
    uint64_t own, former;
    add(fixture, spool, false);
    assert_int_equal(g_rename(lock, other), 0);
    assert_int_equal(g_mkdir(lock, 0700), 0);
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(try_add(fixture, spool), SYNFIX_IO);
        assert_int_equal(count_messages(spool, false), 0);
        assert_int_equal(spool_trim(spool, after(7200)), 0);
        assert_false(spool_is_readable(spool) || spool_is_empty(spool));
    }
    assert_int_equal(fixture->warnings, 1);
    assert_int_equal(g_rmdir(lock), 0);
    assert_int_equal(g_rename(other, lock), 0);
    add(fixture, spool, false);
    assert_int_equal(fixture->warnings, 2);
    assert_true(spool_is_readable(spool));
    assert_int_equal(count_messages(spool, false), 2);
    spool_take_damage(spool, &own, &former);
    assert_int_equal(own + former, 0);
    spool_close(spool);
}

/* A file after it has a number that the next run accepts. */
static void a_damaged_number_in_a_new_lock_is_not_used(void **state)
{
    spool_fixture_t *const fixture = *state;
    spool_t *spool = must_open(fixture);
    g_autofree char *lock = g_build_filename(fixture->directory, "lock", NULL);
    assert_true(g_file_set_contents(lock, "09223372036854775807\n", -1, NULL));
    add(fixture, spool, false);
    spool_close(spool);
    spool = must_open(fixture);
    assert_int_equal(count_messages(spool, true), 1);
    spool_close(spool);
}

static void records_of_a_removed_file_are_counted(void **state)
{
    static const enum { WRITE, CHECK, READ } then[] = {WRITE, CHECK, READ};
    spool_fixture_t *const fixture = *state;
    for (unsigned i = 0; i < G_N_ELEMENTS(then); i++) {
        spool_t *const spool = must_open(fixture);
        uint64_t own, former;
        add(fixture, spool, false);
        add(fixture, spool, false);
        remove_files(fixture, ".ipfix");
        if (then[i] == CHECK) {
            spool_check_files(spool);
        } else if (then[i] == WRITE) {
            add(fixture, spool, false);
        } else {
            assert_int_equal(count_messages(spool, false), 0);
        }
        spool_take_damage(spool, &own, &former);
        assert_int_equal(own, 2 * fixture->records);
        assert_int_equal(former, 0);
        assert_int_equal(count_messages(spool, false), then[i] == WRITE ? 1 : 0);
        spool_check_files(spool);
        spool_take_damage(spool, &own, &former);
        assert_int_equal(own, 0);
        spool_close(spool);
    }
}

/* The files of the run are in the directory that was moved: they count as lost, and the run continues in a
 * new directory of the name. */
static void a_moved_directory_is_made_again(void **state)
{
    spool_fixture_t *const fixture = *state;
    spool_t *const spool = must_open(fixture);
    g_autofree char *moved = g_strconcat(fixture->directory, ".moved", NULL);
    uint64_t own, former;
    add(fixture, spool, false);
    assert_int_equal(g_rename(fixture->directory, moved), 0);
    add(fixture, spool, false);
    spool_take_damage(spool, &own, &former);
    assert_int_equal(own, fixture->records);
    assert_int_equal(count_messages(spool, false), 1);
    spool_close(spool);
    assert_int_equal(temporary_directory_remove(g_steal_pointer(&moved)), 0);
}

/* The directory cannot be made again: its parent is missing. */
static void records_of_a_removed_directory_are_counted(void **state)
{
    spool_fixture_t *const fixture = *state;
    char *const directory = fixture->directory;
    g_autofree char *parent = g_build_filename(directory, "parent", NULL);
    uint64_t own, former;
    fixture->directory = g_build_filename(parent, "spool", NULL);
    spool_t *const spool = must_open(fixture);
    add(fixture, spool, false);
    remove_files(fixture, "");
    assert_int_equal(g_rmdir(fixture->directory), 0);
    assert_int_equal(g_rmdir(parent), 0);
    assert_true(g_file_set_contents(parent, "", 0, NULL));
    assert_true(try_add(fixture, spool) < 0);
    spool_check_files(spool);
    spool_take_damage(spool, &own, &former);
    assert_int_equal(own, fixture->records);
    spool_close(spool);
    g_free(fixture->directory);
    fixture->directory = directory;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_removed_lock_is_made_again, spool_set_up, spool_tear_down),
        cmocka_unit_test_setup_teardown(the_process_with_the_new_lock_has_the_files, spool_set_up,
                                        spool_tear_down),
        cmocka_unit_test_setup_teardown(a_file_that_another_process_sent_is_not_written, spool_set_up,
                                        spool_tear_down),
        cmocka_unit_test_setup_teardown(a_lock_that_was_moved_back_is_used_again, spool_set_up,
                                        spool_tear_down),
        cmocka_unit_test_setup_teardown(a_damaged_number_in_a_new_lock_is_not_used, spool_set_up,
                                        spool_tear_down),
        cmocka_unit_test_setup_teardown(records_of_a_removed_file_are_counted, spool_set_up, spool_tear_down),
        cmocka_unit_test_setup_teardown(a_moved_directory_is_made_again, spool_set_up, spool_tear_down),
        cmocka_unit_test_setup_teardown(records_of_a_removed_directory_are_counted, spool_set_up,
                                        spool_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
