/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/exporter/inventory/inventory_fixture.h"
#include <sys/stat.h>

static void a_saved_row_comes_back(void **state)
{
    const inventory_fixture_t *fixture = *state;
    host_model_t *model = sample_model();
    const host_row_t before = row_of(model, 1);
    save_good(fixture->path, model, (inventory_bounds_t){.hosts = 0});
    host_model_t *loaded = load_good(fixture->path, 0);
    const host_row_t after = row_of(loaded, 1);
    assert_int_equal(host_count(loaded), 4);
    assert_memory_equal(&before.key, &after.key, sizeof before.key);
    assert_int_equal(before.first_ns, after.first_ns);
    assert_int_equal(before.last_ns, after.last_ns);
    assert_int_equal(before.observations, after.observations);
    assert_int_equal(before.score, after.score);
    assert_int_equal(before.reasons, after.reasons);
    assert_int_equal(before.label_count, after.label_count);
    assert_int_equal(before.signature_count, after.signature_count);
    assert_int_equal(before.change_count, after.change_count);
    assert_string_equal(before.label->text, after.label->text);
    assert_string_equal(before.changes[0].after->text, after.changes[0].after->text);
    assert_memory_equal(&before.signatures[0].signature, &after.signatures[0].signature,
                        sizeof before.signatures[0].signature);
    host_model_free(model);
    host_model_free(loaded);
}

static void a_second_save_replaces_the_row(void **state)
{
    const inventory_fixture_t *fixture = *state;
    host_model_t *model = sample_model();
    save_good(fixture->path, model, (inventory_bounds_t){.hosts = 0});
    (void)sighting_add(model, 2, LINUX_TEXT, &linux_label, 5000, NULL);
    save_good(fixture->path, model, (inventory_bounds_t){.hosts = 0});
    host_model_t *loaded = load_good(fixture->path, 0);
    assert_int_equal(host_count(loaded), 4);
    assert_int_equal(row_of(loaded, 2).observations, 2);
    assert_int_equal(row_of(loaded, 2).labels[0].count, 2);
    host_model_free(model);
    host_model_free(loaded);
}

static void number_and_age_are_bounded(void **state)
{
    const inventory_fixture_t *fixture = *state;
    host_model_t *model = sample_model();
    save_good(fixture->path, model, (inventory_bounds_t){.hosts = 2});
    host_model_t *loaded = load_good(fixture->path, 0);
    assert_int_equal(host_count(loaded), 2);
    assert_int_equal(row_of(loaded, 4).observations, 1);
    host_model_free(loaded);
    save_good(fixture->path, model, (inventory_bounds_t){.oldest_ns = TEST_START_NS + 3500 * SECOND_NS});
    loaded = load_good(fixture->path, 0);
    assert_int_equal(host_count(loaded), 1);
    host_model_free(loaded);
    host_model_free(model);
}

static void the_newest_are_loaded(void **state)
{
    const inventory_fixture_t *fixture = *state;
    host_model_t *model = sample_model();
    save_good(fixture->path, model, (inventory_bounds_t){.hosts = 0});
    host_model_t *loaded = load_good(fixture->path, 1);
    assert_int_equal(host_count(loaded), 1);
    assert_int_equal(row_of(loaded, 4).observations, 1);
    host_model_free(loaded);
    host_model_free(model);
}

static void a_full_disk_loses_nothing(void **state)
{
    const inventory_fixture_t *fixture = *state;
    const inventory_bounds_t bounds = {.hosts = 0};
    synfix_error_t error = {.text = ""};
    host_model_t *model = test_model(0);
    inventory_t *inventory = open_good(fixture->path, INVENTORY_WRITE);
    (void)sighting_add(model, 200, LINUX_TEXT, &linux_label, 0, NULL);
    assert_int_equal(inventory_save(inventory, model, &bounds, NULL), SYNFIX_OK);
    assert_int_equal(inventory_execute(inventory, "PRAGMA max_page_count = 1", NULL), SYNFIX_OK);
    for (int i = 0; i < 2000; i++) {
        host_sighting_t sighting = sighting_of(model, (uint8_t)i, LINUX_TEXT, &windows_label, i);
        sighting.key.address.bytes[2] = (uint8_t)(i >> 8);
        (void)host_model_add(model, &sighting, NULL);
    }
    assert_int_equal(inventory_save(inventory, model, &bounds, &error), SYNFIX_IO);
    assert_non_null(strstr(error.text, "no space left"));
    host_model_t *loaded = load_good(fixture->path, 0);
    assert_int_equal(host_count(loaded), 1);
    host_model_free(loaded);
    assert_int_equal(inventory_execute(inventory, "PRAGMA max_page_count = 1000000", NULL), SYNFIX_OK);
    assert_int_equal(inventory_save(inventory, model, &bounds, NULL), SYNFIX_OK);
    inventory_close(inventory);
    loaded = load_good(fixture->path, 0);
    assert_int_equal(host_count(loaded), host_count(model));
    host_model_free(loaded);
    host_model_free(model);
}

static void write_file(const char *path, const char *text, size_t length)
{
    assert_true(g_file_set_contents(path, text, (gssize)length, NULL));
}

static void other_files_are_left_alone(void **state)
{
    const inventory_fixture_t *fixture = *state;
    static const char text[] = "these are my notes about hosts\n";
    g_autofree char *found = NULL;
    write_file(fixture->path, text, sizeof text);
    open_bad(fixture->path, INVENTORY_WRITE, SYNFIX_INVALID, "not an SQLite database");
    open_bad(fixture->path, INVENTORY_READ, SYNFIX_INVALID, "not an SQLite database");
    assert_true(g_file_get_contents(fixture->path, &found, NULL, NULL));
    assert_string_equal(found, text);
    (void)g_remove(fixture->path);
    open_bad(fixture->path, INVENTORY_READ, SYNFIX_NOT_FOUND, "No such file");
    assert_false(g_file_test(fixture->path, G_FILE_TEST_EXISTS));
}

static void habits_and_clocks_come_back(void **state)
{
    const inventory_fixture_t *fixture = *state;
    host_model_t *model = test_model(0);
    for (uint32_t i = 0; i < 4; i++) { /* one clock of 250 Hz for all peers, a counter of IP IDs */
        host_sighting_t sighting = sighting_of(model, 7, LINUX_TEXT, &linux_label, i * 4);
        host_labels_add_clock(host_model_labels(model), sighting.label,
                              HOST_CLOCK_RATE(CLOCK_RATE_250) | SYNFIX_CLOCK_BOOT);
        sighting.version_quality = 70;
        sighting.ip_id = (uint16_t)(i + 1);
        sighting.timestamp = 1000 + i * 1000;
        sighting.peer = i;
        (void)host_model_add(model, &sighting, NULL);
    }
    const host_row_t before = row_of(model, 7);
    save_good(fixture->path, model, (inventory_bounds_t){.hosts = 0});
    host_model_t *loaded = load_good(fixture->path, 0);
    const host_row_t after = row_of(loaded, 7);
    assert_int_equal(after.habits.ip_id, IP_ID_COUNTER);
    assert_int_equal(after.habits.rate, CLOCK_RATE_250);
    assert_int_equal(after.habits.offset, CLOCK_OFFSET_BOOT);
    assert_int_equal(after.quality, before.quality);
    assert_int_equal(after.version_quality, before.version_quality);
    assert_int_equal(host_label_clock(after.labels[0].label), host_label_clock(before.labels[0].label));
    host_model_free(loaded);
    host_model_free(model);
}

static void a_damaged_database_is_named(void **state)
{
    const inventory_fixture_t *fixture = *state;
    host_model_t *model = sample_model();
    save_good(fixture->path, model, (inventory_bounds_t){.hosts = 0});
    host_model_free(model);
    change_database(fixture->path, "PRAGMA wal_checkpoint(TRUNCATE)");
    g_autofree char *content = NULL;
    gsize length = 0;
    assert_true(g_file_get_contents(fixture->path, &content, &length, NULL));
    memset(content + 4096, 0xA5, length - 4096);
    write_file(fixture->path, content, length);
    open_bad(fixture->path, INVENTORY_WRITE, SYNFIX_INVALID, "damaged");
    open_bad(fixture->path, INVENTORY_READ, SYNFIX_INVALID, "damaged");
}

static void one_process_writes(void **state)
{
    const inventory_fixture_t *fixture = *state;
    inventory_t *first = open_good(fixture->path, INVENTORY_WRITE);
    open_bad(fixture->path, INVENTORY_WRITE, SYNFIX_IO, "another process");
    inventory_t *reader = open_good(fixture->path, INVENTORY_READ);
    inventory_close(reader);
    inventory_close(first);
    inventory_close(open_good(fixture->path, INVENTORY_WRITE));
}

static void a_locked_database_is_named(void **state)
{
    const inventory_fixture_t *fixture = *state;
    host_model_t *model = sample_model();
    save_good(fixture->path, model, (inventory_bounds_t){.hosts = 0});
    sqlite3 *other = NULL;
    assert_int_equal(sqlite3_open(fixture->path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    inventory_t *inventory = open_good(fixture->path, INVENTORY_WRITE);
    (void)sqlite3_busy_timeout(inventory->database, 10);
    const inventory_bounds_t bounds = {.hosts = 0};
    synfix_error_t error = {.text = ""};
    (void)sighting_add(model, 9, LINUX_TEXT, &linux_label, 0, NULL);
    assert_int_equal(inventory_save(inventory, model, &bounds, &error), SYNFIX_IO);
    assert_non_null(strstr(error.text, "locked"));
    assert_int_equal(sqlite3_close(other), SQLITE_OK);
    assert_int_equal(inventory_save(inventory, model, &bounds, NULL), SYNFIX_OK);
    inventory_close(inventory);
    host_model_t *loaded = load_good(fixture->path, 0);
    assert_int_equal(host_count(loaded), 5);
    host_model_free(loaded);
    host_model_free(model);
}

/* Opening the pipe would wait for a writer. */
static void a_pipe_is_not_opened(void **state)
{
    const inventory_fixture_t *fixture = *state;
    inventory_close(open_good(fixture->path, INVENTORY_WRITE));
    assert_true(inventory_is_database(fixture->path));
    assert_int_equal(g_remove(fixture->path), 0);
    assert_int_equal(mkfifo(fixture->path, 0600), 0);
    assert_false(inventory_is_database(fixture->path));
    assert_false(inventory_is_database(fixture->directory));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_DATABASE(a_saved_row_comes_back),      WITH_DATABASE(a_second_save_replaces_the_row),
        WITH_DATABASE(number_and_age_are_bounded),  WITH_DATABASE(the_newest_are_loaded),
        WITH_DATABASE(a_full_disk_loses_nothing),   WITH_DATABASE(other_files_are_left_alone),
        WITH_DATABASE(habits_and_clocks_come_back), WITH_DATABASE(a_damaged_database_is_named),
        WITH_DATABASE(one_process_writes),          WITH_DATABASE(a_locked_database_is_named),
        WITH_DATABASE(a_pipe_is_not_opened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
