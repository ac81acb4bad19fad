/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The sink inventory: observations in blocks, rows in the database. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/inventory/inventory.h"
#include "exporter/inventory/inventory_sink.h"
#include "support/exporter.h"
#include "support/temporary_directory.h"
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

static char *directory;
static char *path;

static int set_up(void **state)
{
    (void)state;
    directory = temporary_directory_new();
    path = g_build_filename(directory, "hosts.db", NULL);
    return directory == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    g_free(path);
    return temporary_directory_remove(directory);
}

static synfix_status_t open_inventory(exporter_t *exporter, const char *options, synfix_error_t *error)
{
    g_autofree char *target = g_strdup_printf("inventory:%s?%s", path, options);
    return exporter_open(exporter, &inventory_module, true, target, error);
}

static bool add_observations(const host_row_t *row, void *user)
{
    *(uint64_t *)user += row->observations;
    return true;
}

/* Observations of all hosts in the file. */
static uint64_t saved_observations(void)
{
    synfix_error_t error;
    inventory_t *inventory = NULL;
    uint64_t sum = 0;
    const host_model_config_t config = {.hosts = 0};
    host_model_t *model = host_model_new(&config);
    assert_int_equal(inventory_open(path, INVENTORY_READ, &inventory, &error), SYNFIX_OK);
    assert_int_equal(inventory_load(inventory, model, 0, &error), SYNFIX_OK);
    host_model_each(model, add_observations, &sum);
    inventory_close(inventory);
    host_model_free(model);
    return sum;
}

/* Observations that a tick has written into the file. */
static void open_and_save(exporter_t *exporter)
{
    synfix_error_t error;
    assert_int_equal(open_inventory(exporter, "age=0&interval=100ms", &error), SYNFIX_OK);
    assert_int_equal(exporter_write(exporter, 30, &error), SYNFIX_OK);
    while (exporter_stats(exporter).pending > 0) {
        assert_int_equal(exporter_tick(exporter, &error), SYNFIX_OK);
    }
}

static void test_rows_are_written_at_the_end(void **state)
{
    (void)state;
    exporter_t exporter;
    synfix_error_t error;
    assert_int_equal(open_inventory(&exporter, "age=0&interval=1h", &error), SYNFIX_OK);
    assert_int_equal(exporter_write(&exporter, 30, &error), SYNFIX_OK);
    assert_int_equal(exporter_stats(&exporter).pending, 30);
    assert_int_equal(inventory_module.sink->finish(exporter.instance, &error), SYNFIX_OK);
    const synfix_sink_stats_t stats = exporter_stats(&exporter);
    assert_int_equal(stats.produced, 30);
    assert_int_equal(stats.delivered, stats.produced);
    assert_int_equal(stats.pending + stats.lost + stats.errors, 0);
    exporter_close(&exporter);
    assert_true(saved_observations() > 0);
}

static void test_a_tick_writes_when_the_interval_is_over(void **state)
{
    (void)state;
    exporter_t exporter;
    open_and_save(&exporter);
    assert_true(saved_observations() > 0);
    exporter_close(&exporter);
}

static void test_counts_go_on_in_the_next_run(void **state)
{
    (void)state;
    exporter_t exporter;
    synfix_error_t error;
    uint64_t first = 0;
    for (unsigned run = 1; run <= 2; run++) {
        assert_int_equal(open_inventory(&exporter, "age=0", &error), SYNFIX_OK);
        assert_int_equal(exporter_write(&exporter, 10, &error), SYNFIX_OK);
        assert_int_equal(inventory_module.sink->finish(exporter.instance, &error), SYNFIX_OK);
        exporter_close(&exporter);
        first = run == 1 ? saved_observations() : first;
    }
    assert_true(first > 0);
    assert_int_equal(saved_observations(), 2 * first);
}

/* The hosts in memory are written to a new file; to a file that replaced the first one, beside its hosts. */
static void test_a_removed_file_is_written_again(void **state)
{
    static const char *const left[] = {"-wal", "", NULL};
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(left); i++) {
        exporter_t exporter;
        synfix_error_t error;
        open_and_save(&exporter);
        const uint64_t before = saved_observations();
        assert_true(before > 0);
        if (left[i] == NULL) {
            g_autofree char *other = g_strconcat(path, ".other", NULL);
            assert_true(g_file_set_contents(other, "", 0, NULL));
            assert_int_equal(g_rename(other, path), 0);
        } else {
            assert_int_equal(g_unlink(path), 0);
        }
        if (left[i] != NULL && left[i][0] == '\0') {
            g_autofree char *log = g_strconcat(path, "-wal", NULL);
            assert_int_equal(g_unlink(log), 0);
        }
        assert_int_equal(inventory_module.sink->finish(exporter.instance, &error), SYNFIX_OK);
        const synfix_sink_stats_t stats = exporter_stats(&exporter);
        assert_int_equal(stats.errors, 1);
        assert_int_equal(stats.delivered, stats.produced);
        exporter_close(&exporter);
        assert_int_equal(saved_observations(), before);
    }
}

static sqlite3 *open_sqlite(const char *name)
{
    sqlite3 *database = NULL;
    assert_int_equal(sqlite3_open(name, &database), SQLITE_OK);
    return database;
}

/* A reader of the old file keeps the log of the old file: its pages do not get into the file of the backup.
 */
static void test_a_restored_backup_keeps_its_content(void **state)
{
    (void)state;
    exporter_t exporter;
    synfix_error_t error;
    g_autofree char *backup = g_strconcat(path, ".backup", NULL);
    assert_int_equal(open_inventory(&exporter, "age=0", &error), SYNFIX_OK);
    assert_int_equal(inventory_module.sink->finish(exporter.instance, &error), SYNFIX_OK);
    exporter_close(&exporter);
    assert_int_equal(g_rename(path, backup), 0);
    sqlite3 *database = open_sqlite(backup);
    assert_int_equal(sqlite3_exec(database, "CREATE TABLE mark(a)", NULL, NULL, NULL), SQLITE_OK);
    (void)sqlite3_close(database);

    open_and_save(&exporter);
    const uint64_t before = saved_observations();
    sqlite3 *const reader = open_sqlite(path);
    assert_int_equal(sqlite3_exec(reader, "BEGIN; SELECT count(*) FROM hosts", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(g_rename(backup, path), 0);
    assert_int_equal(inventory_module.sink->finish(exporter.instance, &error), SYNFIX_OK);
    exporter_close(&exporter);
    (void)sqlite3_close(reader);
    database = open_sqlite(path);
    assert_int_equal(sqlite3_exec(database, "SELECT * FROM mark", NULL, NULL, NULL), SQLITE_OK);
    (void)sqlite3_close(database);
    assert_int_equal(saved_observations(), before);
}

/* Another program's file has the name now: the hosts wait, and count as lost at the end. */
static void test_a_file_of_another_program_is_not_changed(void **state)
{
    (void)state;
    exporter_t exporter;
    synfix_error_t error;
    g_autofree char *content = NULL;
    assert_int_equal(open_inventory(&exporter, "age=0&interval=1h", &error), SYNFIX_OK);
    assert_int_equal(exporter_write(&exporter, 30, &error), SYNFIX_OK);
    assert_true(g_file_set_contents(path, "a letter\n", -1, NULL));
    assert_int_equal(inventory_module.sink->finish(exporter.instance, &error), SYNFIX_INVALID);
    assert_int_equal(exporter_stats(&exporter).lost, 30);
    exporter_close(&exporter);
    assert_true(g_file_get_contents(path, &content, NULL, NULL));
    assert_string_equal(content, "a letter\n");
}

static void test_a_second_writer_is_refused(void **state)
{
    (void)state;
    exporter_t writer;
    exporter_t second;
    synfix_error_t error;
    assert_int_equal(open_inventory(&writer, "", &error), SYNFIX_OK);
    assert_true(open_inventory(&second, "", &error) < 0);
    assert_true(g_str_has_prefix(error.text, path));
    exporter_close(&second);
    exporter_close(&writer);
}

static void test_a_foreign_file_is_left_alone(void **state)
{
    (void)state;
    exporter_t exporter;
    synfix_error_t error;
    g_autofree char *content = NULL;
    assert_true(g_file_set_contents(path, "a letter\n", -1, NULL));
    assert_int_equal(open_inventory(&exporter, "", &error), SYNFIX_INVALID);
    assert_non_null(strstr(error.text, path));
    exporter_close(&exporter);
    assert_true(g_file_get_contents(path, &content, NULL, NULL));
    assert_string_equal(content, "a letter\n");
}

static void test_a_target_is_required(void **state)
{
    (void)state;
    exporter_t exporter;
    synfix_error_t error;
    assert_int_equal(exporter_open(&exporter, &inventory_module, true, "inventory:", &error), SYNFIX_INVALID);
    assert_non_null(strstr(error.text, "no file named"));
    exporter_close(&exporter);
    assert_int_equal(exporter_open(&exporter, &inventory_module, true, "inventory:-", &error),
                     SYNFIX_INVALID);
    exporter_close(&exporter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_rows_are_written_at_the_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_tick_writes_when_the_interval_is_over, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_counts_go_on_in_the_next_run, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_removed_file_is_written_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_restored_backup_keeps_its_content, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_file_of_another_program_is_not_changed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_second_writer_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_foreign_file_is_left_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_target_is_required, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
