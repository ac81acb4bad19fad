/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/exporter/inventory/inventory_fixture.h"

static void foreign_and_newer_databases_are_left_alone(void **state)
{
    const inventory_fixture_t *fixture = *state;
    g_autofree char *before = NULL;
    g_autofree char *after = NULL;
    gsize size_before = 0;
    gsize size_after = 0;
    change_database(fixture->path, "CREATE TABLE hosts(name TEXT); INSERT INTO hosts VALUES('mine')");
    assert_true(g_file_get_contents(fixture->path, &before, &size_before, NULL));
    open_bad(fixture->path, INVENTORY_WRITE, SYNFIX_INVALID, "another program");
    open_bad(fixture->path, INVENTORY_READ, SYNFIX_INVALID, "another program");
    assert_true(g_file_get_contents(fixture->path, &after, &size_after, NULL));
    assert_int_equal(size_before, size_after);
    assert_memory_equal(before, after, size_before);
    (void)g_remove(fixture->path);
    inventory_close(open_good(fixture->path, INVENTORY_WRITE));
    change_database(fixture->path, "PRAGMA user_version = 99");
    open_bad(fixture->path, INVENTORY_WRITE, SYNFIX_UNSUPPORTED, "newer synfix");
    open_bad(fixture->path, INVENTORY_READ, SYNFIX_UNSUPPORTED, "newer synfix");
}

/* An inventory as the first version wrote it. */
static const char first_version[] =
    "ALTER TABLE os_labels DROP COLUMN clock; ALTER TABLE host_labels DROP COLUMN version_quality;"
    "ALTER TABLE hosts DROP COLUMN os_version_quality; ALTER TABLE hosts DROP COLUMN ip_ids;"
    "ALTER TABLE hosts DROP COLUMN clock_rate; ALTER TABLE hosts DROP COLUMN clock_offset;"
    "PRAGMA user_version = 1";

static void the_first_version_is_read_and_migrated(void **state)
{
    const inventory_fixture_t *fixture = *state;
    host_model_t *model = sample_model();
    save_good(fixture->path, model, (inventory_bounds_t){.hosts = 0});
    change_database(fixture->path, first_version);
    host_model_t *loaded = load_good(fixture->path, 0);
    assert_int_equal(host_count(loaded), 4);
    assert_string_equal(row_of(loaded, 2).label->text, "Linux 5.x");
    host_model_free(loaded);
    save_good(fixture->path, model, (inventory_bounds_t){.hosts = 0});
    loaded = load_good(fixture->path, 0);
    assert_int_equal(host_count(loaded), 4);
    host_model_free(loaded);
    host_model_free(model);
    int64_t version = 0;
    inventory_t *inventory = open_good(fixture->path, INVENTORY_READ);
    assert_int_equal(inventory_number(inventory, "PRAGMA user_version", &version, NULL), SYNFIX_OK);
    assert_int_equal(version, INVENTORY_VERSION);
    inventory_close(inventory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_DATABASE(foreign_and_newer_databases_are_left_alone),
        WITH_DATABASE(the_first_version_is_read_and_migrated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
