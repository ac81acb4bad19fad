/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/exporter/transport/spool_fixture.h"
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* Flips one byte of one of the files with @p suffix, at a place chosen by @p random. */
static void damage(const spool_fixture_t *fixture, const char *suffix, GRand *random)
{
    GDir *const entries = g_dir_open(fixture->directory, 0, NULL);
    for (const char *name; (name = g_dir_read_name(entries));) {
        if (g_str_has_suffix(name, suffix)) {
            g_autofree char *path = g_build_filename(fixture->directory, name, NULL);
            g_autofree char *data = NULL;
            gsize length = 0;
            assert_true(g_file_get_contents(path, &data, &length, NULL));
            const gsize at = (gsize)g_rand_double_range(random, 0, (double)length);
            data[at] = (char)(data[at] ^ (1 << g_rand_int_range(random, 0, 8)));
            FILE *const file = fopen(path, "r+");
            assert_non_null(file);
            assert_int_equal(fwrite(data, 1, length, file), length);
            fclose(file);
            break;
        }
    }
    g_dir_close(entries);
}

static void clean(const spool_fixture_t *fixture)
{
    temporary_directory_clear(fixture->directory);
}

#define MESSAGES 5u

/* One byte of the spool is damaged: the message that it belongs to is lost, counted and reported, and no
 * other. */
static void damage_costs_one_message(spool_fixture_t *fixture, const char *suffix, bool next_run,
                                     GRand *random)
{
    spool_t *spool = must_open(fixture);
    spool_message_t message;
    uint64_t own = 0, former = 0;
    unsigned read = 0;
    for (unsigned i = 0; i < MESSAGES; i++) {
        add(fixture, spool, false);
    }
    if (next_run) {
        spool_close(spool);
    }
    fixture->warnings = 0;
    damage(fixture, suffix, random);
    spool = next_run ? must_open(fixture) : spool;
    while (spool_next(spool, &message) == SYNFIX_OK) {
        assert_memory_equal(message.data + 16, fixture->message + 16, fixture->length - 16);
        read++;
    }
    spool_take_damage(spool, &own, &former);
    assert_in_range(read, MESSAGES - 1, MESSAGES); /* the templates may be damaged */
    assert_int_equal(fixture->warnings, 1);
    if (next_run) {
        assert_true(former <= fixture->records && own == 0);
    } else {
        assert_int_equal(own, (MESSAGES - read) * fixture->records);
    }
    spool_close(spool);
    clean(fixture);
}

/* 10000 and more by hand: SYNFIX_TEST_DAMAGES=10000. */
static void damage_anywhere(void **state)
{
    spool_fixture_t *const fixture = *state;
    const char *const wanted = g_getenv("SYNFIX_TEST_DAMAGES");
    const guint64 count = wanted ? g_ascii_strtoull(wanted, NULL, 10) : 300;
    GRand *const random = g_rand_new_with_seed(21);
    for (guint64 i = 0; i < count; i++) {
        damage_costs_one_message(fixture, i % 4 == 0 ? ".sums" : ".ipfix", i % 2 != 0, random);
    }
    g_rand_free(random);
}

/* The file of the spool with @p suffix. */
static char *path_of(const spool_fixture_t *fixture, const char *suffix)
{
    char *path = NULL;
    GDir *const entries = g_dir_open(fixture->directory, 0, NULL);
    for (const char *name; path == NULL && (name = g_dir_read_name(entries));) {
        path = g_str_has_suffix(name, suffix) ? g_build_filename(fixture->directory, name, NULL) : NULL;
    }
    g_dir_close(entries);
    assert_non_null(path);
    return path;
}

static void cut(const spool_fixture_t *fixture, const char *suffix, double part)
{
    g_autofree char *path = path_of(fixture, suffix);
    GStatBuf state;
    assert_int_equal(g_stat(path, &state), 0);
    assert_int_equal(truncate(path, (off_t)((double)state.st_size * part)), 0);
}

static void fill_and_close(spool_fixture_t *fixture)
{
    spool_t *const spool = must_open(fixture);
    for (unsigned i = 0; i < MESSAGES; i++) {
        add(fixture, spool, false);
    }
    spool_close(spool);
}

static unsigned read_all(spool_fixture_t *fixture, uint64_t *former)
{
    uint64_t own = 0;
    unsigned read = 0;
    spool_message_t message;
    spool_t *const spool = must_open(fixture);
    while (spool_next(spool, &message) == SYNFIX_OK) {
        assert_memory_equal(message.data + 16, fixture->message + 16, fixture->length - 16);
        assert_int_equal(message.records, fixture->records);
        read++;
    }
    spool_take_damage(spool, &own, former);
    assert_int_equal(own, 0);
    spool_close(spool);
    return read;
}

/* As after a failure of power: the file of sums is behind. */
static void messages_without_sums_are_found(void **state)
{
    spool_fixture_t *const fixture = *state;
    static const double parts[] = {0, 0.3, 0.5, 0.99};
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        uint64_t former = 0;
        fill_and_close(fixture);
        cut(fixture, ".sums", parts[i]);
        assert_int_equal(read_all(fixture, &former), MESSAGES);
        assert_int_equal(former, 0);
        clean(fixture);
    }
}

/* Something else has the name of the file of sums: the messages are sent without it. */
static void messages_with_unusable_sums_are_found(void **state)
{
    static const mode_t kinds[] = {S_IFIFO | 0600, S_IFSOCK | 0600, S_IFDIR | 0700};
    spool_fixture_t *const fixture = *state;
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        uint64_t former = 0;
        fill_and_close(fixture);
        g_autofree char *path = path_of(fixture, ".sums");
        assert_int_equal(g_unlink(path), 0);
        assert_int_equal(S_ISDIR(kinds[i]) ? g_mkdir(path, 0700) : mknod(path, kinds[i], 0), 0);
        fixture->warnings = 0;
        assert_int_equal(read_all(fixture, &former), MESSAGES);
        assert_int_equal(former, 0);
        assert_int_equal(fixture->warnings, 1);
        (void)g_rmdir(path);
        clean(fixture);
    }
}

/* As after a kill in the middle of a write. */
static void an_incomplete_message_is_logged(void **state)
{
    spool_fixture_t *const fixture = *state;
    uint64_t former = 0;
    fill_and_close(fixture);
    fixture->warnings = 0;
    cut(fixture, ".ipfix", 0.99);
    assert_int_equal(read_all(fixture, &former), MESSAGES - 1);
    assert_int_equal(former, 0);
    assert_int_equal(fixture->warnings, 1);
}

/* More than the end of the last message is missing. */
static void messages_that_were_cut_off_are_counted(void **state)
{
    spool_fixture_t *const fixture = *state;
    static const double parts[] = {0, 0.3, 0.5};
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        uint64_t former = 0;
        fill_and_close(fixture);
        fixture->warnings = 0;
        cut(fixture, ".ipfix", parts[i]);
        const unsigned read = read_all(fixture, &former);
        assert_true(read < MESSAGES - 1);
        assert_int_equal(former, (uint64_t)(MESSAGES - read) * fixture->records);
        assert_int_equal(fixture->warnings, 1);
        clean(fixture);
    }
}

static void dropped_files_of_an_earlier_run_are_counted(void **state)
{
    spool_fixture_t *const fixture = *state;
    uint64_t own = 0, former = 0;
    spool_message_t message;
    fill_and_close(fixture);
    spool_t *const spool = must_open(fixture);
    assert_int_equal(spool_next(spool, &message), SYNFIX_OK);
    assert_int_equal(spool_trim(spool, after(7200)), 0); /* not this run's */
    spool_take_damage(spool, &own, &former);
    assert_int_equal(own, 0);
    assert_int_equal(former, (uint64_t)(MESSAGES - 1) * fixture->records);
    spool_close(spool);
}

static void a_damaged_file_is_kept(void **state)
{
    spool_fixture_t *const fixture = *state;
    GRand *const random = g_rand_new_with_seed(1);
    spool_t *const spool = must_open(fixture);
    spool_message_t message;
    for (unsigned i = 0; i < MESSAGES; i++) {
        add(fixture, spool, false);
    }
    damage(fixture, ".ipfix", random);
    while (spool_next(spool, &message) == SYNFIX_OK) {
    }
    spool_close(spool);
    unsigned kept = 0;
    GDir *const entries = g_dir_open(fixture->directory, 0, NULL);
    for (const char *name; (name = g_dir_read_name(entries));) {
        kept += g_str_has_suffix(name, ".damaged") ? 1u : 0u;
    }
    g_dir_close(entries);
    assert_int_equal(kept, 2);
    g_rand_free(random);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(damage_anywhere, spool_set_up, spool_tear_down),
        cmocka_unit_test_setup_teardown(messages_without_sums_are_found, spool_set_up, spool_tear_down),
        cmocka_unit_test_setup_teardown(messages_with_unusable_sums_are_found, spool_set_up, spool_tear_down),
        cmocka_unit_test_setup_teardown(an_incomplete_message_is_logged, spool_set_up, spool_tear_down),
        cmocka_unit_test_setup_teardown(messages_that_were_cut_off_are_counted, spool_set_up,
                                        spool_tear_down),
        cmocka_unit_test_setup_teardown(dropped_files_of_an_earlier_run_are_counted, spool_set_up,
                                        spool_tear_down),
        cmocka_unit_test_setup_teardown(a_damaged_file_is_kept, spool_set_up, spool_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
