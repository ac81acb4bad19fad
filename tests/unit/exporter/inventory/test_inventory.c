/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "exporter/inventory/inventory_internal.h"
#include "support/host_sightings.h"
#include <glib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

typedef struct place {
    char *directory;
    char *path;
} place_t;

static int place_make(void **state)
{
    place_t *place = g_new0(place_t, 1);
    place->directory = g_dir_make_tmp("inventory-XXXXXX", NULL);
    place->path = g_build_filename(place->directory, "hosts.db", NULL);
    *state = place;
    return place->directory != NULL ? 0 : -1;
}

static int place_remove(void **state)
{
    place_t *place = *state;
    static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
        g_autofree char *name = g_strconcat(place->path, endings[i], NULL);
        (void)g_remove(name);
    }
    (void)g_rmdir(place->directory);
    g_free(place->path);
    g_free(place->directory);
    g_free(place);
    return 0;
}

static inventory_t *open_good(const char *path, inventory_access_t access)
{
    inventory_t *inventory = NULL;
    synfix_error_t error = {.text = ""};
    if (inventory_open(path, access, &inventory, &error) != SYNFIX_OK) {
        fail_msg("%s", error.text);
    }
    return inventory;
}

static void open_bad(const char *path, inventory_access_t access, synfix_status_t expected, const char *text)
{
    inventory_t *inventory = NULL;
    synfix_error_t error = {.text = ""};
    assert_int_equal(inventory_open(path, access, &inventory, &error), expected);
    assert_null(inventory);
    assert_ptr_equal(strstr(error.text, path), error.text);
    assert_non_null(strstr(error.text, text));
}

/* Two systems behind one address and three plain hosts. */
static host_model_t *sample_model(void)
{
    host_model_t *model = test_model(0);
    for (int i = 0; i < 10; i++) {
        (void)sighting_add(model, 1, i % 2 ? WINDOWS_TEXT : LINUX_TEXT, i % 2 ? &windows_label : &linux_label,
                           i * 20, NULL);
    }
    for (uint8_t host = 2; host <= 4; host++) {
        (void)sighting_add(model, host, LINUX_TEXT, &linux_label, 1000 * host, NULL);
    }
    return model;
}

static void save_good(const char *path, host_model_t *model, inventory_bounds_t bounds)
{
    synfix_error_t error = {.text = ""};
    inventory_t *inventory = open_good(path, INVENTORY_WRITE);
    if (inventory_save(inventory, model, &bounds, &error) != SYNFIX_OK) {
        fail_msg("%s", error.text);
    }
    inventory_close(inventory);
}

static host_model_t *load_good(const char *path, uint32_t limit)
{
    host_model_t *model = test_model(0);
    inventory_t *inventory = open_good(path, INVENTORY_READ);
    assert_int_equal(inventory_load(inventory, model, limit, NULL), SYNFIX_OK);
    inventory_close(inventory);
    return model;
}

static uint64_t host_count(const host_model_t *model)
{
    host_model_stats_t stats;
    host_model_stats(model, &stats);
    return stats.hosts;
}

static void a_saved_row_comes_back(void **state)
{
    const place_t *place = *state;
    host_model_t *model = sample_model();
    const host_row_t before = row_of(model, 1);
    save_good(place->path, model, (inventory_bounds_t){.hosts = 0});
    host_model_t *loaded = load_good(place->path, 0);
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
    const place_t *place = *state;
    host_model_t *model = sample_model();
    save_good(place->path, model, (inventory_bounds_t){.hosts = 0});
    (void)sighting_add(model, 2, LINUX_TEXT, &linux_label, 5000, NULL);
    save_good(place->path, model, (inventory_bounds_t){.hosts = 0});
    host_model_t *loaded = load_good(place->path, 0);
    assert_int_equal(host_count(loaded), 4);
    assert_int_equal(row_of(loaded, 2).observations, 2);
    assert_int_equal(row_of(loaded, 2).labels[0].count, 2);
    host_model_free(model);
    host_model_free(loaded);
}

static void number_and_age_are_bounded(void **state)
{
    const place_t *place = *state;
    host_model_t *model = sample_model();
    save_good(place->path, model, (inventory_bounds_t){.hosts = 2});
    host_model_t *loaded = load_good(place->path, 0);
    assert_int_equal(host_count(loaded), 2);
    assert_int_equal(row_of(loaded, 4).observations, 1);
    host_model_free(loaded);
    save_good(place->path, model, (inventory_bounds_t){.oldest_ns = TEST_START_NS + 3500 * SECOND_NS});
    loaded = load_good(place->path, 0);
    assert_int_equal(host_count(loaded), 1);
    host_model_free(loaded);
    host_model_free(model);
}

static void the_newest_are_loaded(void **state)
{
    const place_t *place = *state;
    host_model_t *model = sample_model();
    save_good(place->path, model, (inventory_bounds_t){.hosts = 0});
    host_model_t *loaded = load_good(place->path, 1);
    assert_int_equal(host_count(loaded), 1);
    assert_int_equal(row_of(loaded, 4).observations, 1);
    host_model_free(loaded);
    host_model_free(model);
}

static void a_full_disk_loses_nothing(void **state)
{
    const place_t *place = *state;
    const inventory_bounds_t bounds = {.hosts = 0};
    synfix_error_t error = {.text = ""};
    host_model_t *model = test_model(0);
    inventory_t *inventory = open_good(place->path, INVENTORY_WRITE);
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
    host_model_t *loaded = load_good(place->path, 0);
    assert_int_equal(host_count(loaded), 1);
    host_model_free(loaded);
    assert_int_equal(inventory_execute(inventory, "PRAGMA max_page_count = 1000000", NULL), SYNFIX_OK);
    assert_int_equal(inventory_save(inventory, model, &bounds, NULL), SYNFIX_OK);
    inventory_close(inventory);
    loaded = load_good(place->path, 0);
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
    const place_t *place = *state;
    static const char text[] = "these are my notes about hosts\n";
    g_autofree char *found = NULL;
    write_file(place->path, text, sizeof text);
    open_bad(place->path, INVENTORY_WRITE, SYNFIX_INVALID, "not an SQLite database");
    open_bad(place->path, INVENTORY_READ, SYNFIX_INVALID, "not an SQLite database");
    assert_true(g_file_get_contents(place->path, &found, NULL, NULL));
    assert_string_equal(found, text);
    (void)g_remove(place->path);
    open_bad(place->path, INVENTORY_READ, SYNFIX_NOT_FOUND, "No such file");
    assert_false(g_file_test(place->path, G_FILE_TEST_EXISTS));
}

static void change_database(const char *path, const char *sql)
{
    sqlite3 *database = NULL;
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
}

static void foreign_and_newer_databases_are_left_alone(void **state)
{
    const place_t *place = *state;
    g_autofree char *before = NULL;
    g_autofree char *after = NULL;
    gsize size_before = 0;
    gsize size_after = 0;
    change_database(place->path, "CREATE TABLE hosts(name TEXT); INSERT INTO hosts VALUES('mine')");
    assert_true(g_file_get_contents(place->path, &before, &size_before, NULL));
    open_bad(place->path, INVENTORY_WRITE, SYNFIX_INVALID, "another program");
    open_bad(place->path, INVENTORY_READ, SYNFIX_INVALID, "another program");
    assert_true(g_file_get_contents(place->path, &after, &size_after, NULL));
    assert_int_equal(size_before, size_after);
    assert_memory_equal(before, after, size_before);
    (void)g_remove(place->path);
    inventory_close(open_good(place->path, INVENTORY_WRITE));
    change_database(place->path, "PRAGMA user_version = 99");
    open_bad(place->path, INVENTORY_WRITE, SYNFIX_UNSUPPORTED, "newer synfix");
    open_bad(place->path, INVENTORY_READ, SYNFIX_UNSUPPORTED, "newer synfix");
}

/* An inventory as the first version wrote it. */
static const char first_version[] =
    "ALTER TABLE os_labels DROP COLUMN clock; ALTER TABLE host_labels DROP COLUMN version_quality;"
    "ALTER TABLE hosts DROP COLUMN os_version_quality; ALTER TABLE hosts DROP COLUMN ip_ids;"
    "ALTER TABLE hosts DROP COLUMN clock_rate; ALTER TABLE hosts DROP COLUMN clock_offset;"
    "PRAGMA user_version = 1";

static void the_first_version_is_read_and_migrated(void **state)
{
    const place_t *place = *state;
    host_model_t *model = sample_model();
    save_good(place->path, model, (inventory_bounds_t){.hosts = 0});
    change_database(place->path, first_version);
    host_model_t *loaded = load_good(place->path, 0);
    assert_int_equal(host_count(loaded), 4);
    assert_string_equal(row_of(loaded, 2).label->text, "Linux 5.x");
    host_model_free(loaded);
    save_good(place->path, model, (inventory_bounds_t){.hosts = 0});
    loaded = load_good(place->path, 0);
    assert_int_equal(host_count(loaded), 4);
    host_model_free(loaded);
    host_model_free(model);
    int64_t version = 0;
    inventory_t *inventory = open_good(place->path, INVENTORY_READ);
    assert_int_equal(inventory_number(inventory, "PRAGMA user_version", &version, NULL), SYNFIX_OK);
    assert_int_equal(version, INVENTORY_VERSION);
    inventory_close(inventory);
}

static void habits_and_clocks_come_back(void **state)
{
    const place_t *place = *state;
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
    save_good(place->path, model, (inventory_bounds_t){.hosts = 0});
    host_model_t *loaded = load_good(place->path, 0);
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
    const place_t *place = *state;
    host_model_t *model = sample_model();
    save_good(place->path, model, (inventory_bounds_t){.hosts = 0});
    host_model_free(model);
    change_database(place->path, "PRAGMA wal_checkpoint(TRUNCATE)");
    g_autofree char *content = NULL;
    gsize length = 0;
    assert_true(g_file_get_contents(place->path, &content, &length, NULL));
    memset(content + 4096, 0xA5, length - 4096);
    write_file(place->path, content, length);
    open_bad(place->path, INVENTORY_WRITE, SYNFIX_INVALID, "damaged");
    open_bad(place->path, INVENTORY_READ, SYNFIX_INVALID, "damaged");
}

static void one_process_writes(void **state)
{
    const place_t *place = *state;
    inventory_t *first = open_good(place->path, INVENTORY_WRITE);
    open_bad(place->path, INVENTORY_WRITE, SYNFIX_IO, "another process");
    inventory_t *reader = open_good(place->path, INVENTORY_READ);
    inventory_close(reader);
    inventory_close(first);
    inventory_close(open_good(place->path, INVENTORY_WRITE));
}

static void a_locked_database_is_named(void **state)
{
    const place_t *place = *state;
    host_model_t *model = sample_model();
    save_good(place->path, model, (inventory_bounds_t){.hosts = 0});
    sqlite3 *other = NULL;
    assert_int_equal(sqlite3_open(place->path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    inventory_t *inventory = open_good(place->path, INVENTORY_WRITE);
    (void)sqlite3_busy_timeout(inventory->database, 10);
    const inventory_bounds_t bounds = {.hosts = 0};
    synfix_error_t error = {.text = ""};
    (void)sighting_add(model, 9, LINUX_TEXT, &linux_label, 0, NULL);
    assert_int_equal(inventory_save(inventory, model, &bounds, &error), SYNFIX_IO);
    assert_non_null(strstr(error.text, "locked"));
    assert_int_equal(sqlite3_close(other), SQLITE_OK);
    assert_int_equal(inventory_save(inventory, model, &bounds, NULL), SYNFIX_OK);
    inventory_close(inventory);
    host_model_t *loaded = load_good(place->path, 0);
    assert_int_equal(host_count(loaded), 5);
    host_model_free(loaded);
    host_model_free(model);
}

#define WITH_PLACE(test) cmocka_unit_test_setup_teardown(test, place_make, place_remove)

/* Opening the pipe would wait for a writer. */
static void a_pipe_is_not_opened(void **state)
{
    const place_t *place = *state;
    inventory_close(open_good(place->path, INVENTORY_WRITE));
    assert_true(inventory_is_database(place->path));
    assert_int_equal(g_remove(place->path), 0);
    assert_int_equal(mkfifo(place->path, 0600), 0);
    assert_false(inventory_is_database(place->path));
    assert_false(inventory_is_database(place->directory));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_PLACE(a_saved_row_comes_back),
        WITH_PLACE(a_second_save_replaces_the_row),
        WITH_PLACE(number_and_age_are_bounded),
        WITH_PLACE(the_newest_are_loaded),
        WITH_PLACE(a_full_disk_loses_nothing),
        WITH_PLACE(other_files_are_left_alone),
        WITH_PLACE(foreign_and_newer_databases_are_left_alone),
        WITH_PLACE(the_first_version_is_read_and_migrated),
        WITH_PLACE(habits_and_clocks_come_back),
        WITH_PLACE(a_damaged_database_is_named),
        WITH_PLACE(a_pipe_is_not_opened),
        WITH_PLACE(one_process_writes),
        WITH_PLACE(a_locked_database_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
