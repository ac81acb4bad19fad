/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file inventory_fixture.h
 * For tests of the inventory: a database in a directory of its own, and a host model to save.
 */
#ifndef TESTS_INVENTORY_FIXTURE_H
#define TESTS_INVENTORY_FIXTURE_H

#include "exporter/inventory/inventory_internal.h"
#include "support/host_sightings.h"
#include "support/temporary_directory.h"

typedef struct inventory_fixture {
    char *directory;
    char *path;
} inventory_fixture_t;

static inline int inventory_set_up(void **state)
{
    inventory_fixture_t *fixture = g_new0(inventory_fixture_t, 1);
    fixture->directory = temporary_directory_new();
    fixture->path = g_build_filename(fixture->directory, "hosts.db", NULL);
    *state = fixture;
    return fixture->directory != NULL ? 0 : -1;
}

static inline int inventory_tear_down(void **state)
{
    inventory_fixture_t *fixture = *state;
    const int result = temporary_directory_remove(fixture->directory);
    g_free(fixture->path);
    g_free(fixture);
    return result;
}

static inline inventory_t *open_good(const char *path, inventory_access_t access)
{
    inventory_t *inventory = NULL;
    synfix_error_t error = {.text = ""};
    if (inventory_open(path, access, &inventory, &error) != SYNFIX_OK) {
        fail_msg("%s", error.text);
    }
    return inventory;
}

static inline void open_bad(const char *path, inventory_access_t access, synfix_status_t expected,
                            const char *text)
{
    inventory_t *inventory = NULL;
    synfix_error_t error = {.text = ""};
    assert_int_equal(inventory_open(path, access, &inventory, &error), expected);
    assert_null(inventory);
    assert_ptr_equal(strstr(error.text, path), error.text);
    assert_non_null(strstr(error.text, text));
}

/* Two systems behind one address and three plain hosts. */
static inline host_model_t *sample_model(void)
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

static inline void save_good(const char *path, host_model_t *model, inventory_bounds_t bounds)
{
    synfix_error_t error = {.text = ""};
    inventory_t *inventory = open_good(path, INVENTORY_WRITE);
    if (inventory_save(inventory, model, &bounds, &error) != SYNFIX_OK) {
        fail_msg("%s", error.text);
    }
    inventory_close(inventory);
}

static inline host_model_t *load_good(const char *path, uint32_t limit)
{
    host_model_t *model = test_model(0);
    inventory_t *inventory = open_good(path, INVENTORY_READ);
    assert_int_equal(inventory_load(inventory, model, limit, NULL), SYNFIX_OK);
    inventory_close(inventory);
    return model;
}

static inline uint64_t host_count(const host_model_t *model)
{
    host_model_stats_t stats;
    host_model_stats(model, &stats);
    return stats.hosts;
}

#define WITH_DATABASE(test) cmocka_unit_test_setup_teardown(test, inventory_set_up, inventory_tear_down)

/** Runs @p sql on the database. */
static inline void change_database(const char *path, const char *sql)
{
    sqlite3 *database = NULL;
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
}

#endif
