/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/run/allowed_files.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

typedef struct fixture {
    char *root;
    settings_t *settings;
    prepared_t prepared;
    landlock_rules_t *rules;
} fixture_t;

static int set_up(void **state)
{
    fixture_t *fixture = g_new0(fixture_t, 1);
    fixture->root = g_dir_make_tmp("synfix-allowed-XXXXXX", NULL);
    fixture->settings = settings_new();
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    fixture_t *fixture = *state;
    prepared_clear(&fixture->prepared);
    landlock_rules_free(fixture->rules);
    settings_free(fixture->settings);
    g_rmdir(fixture->root);
    g_free(fixture->root);
    g_free(fixture);
    return 0;
}

static void make_rules(fixture_t *fixture, const char *sink)
{
    g_autoptr(mistakes_t) mistakes = mistakes_new();
    static char interface[] = "lo";
    char *const interfaces[] = {interface, NULL};
    char *const sinks[] = {(char *)(uintptr_t)sink, NULL};
    g_strfreev(fixture->settings->interface);
    g_strfreev(fixture->settings->to);
    fixture->settings->interface = g_strdupv((char **)(uintptr_t)interfaces);
    fixture->settings->to = g_strdupv((char **)(uintptr_t)sinks);
    prepare_run(fixture->settings, NULL, true, &fixture->prepared, mistakes);
    assert_int_equal(mistakes_count(mistakes), 0);
    fixture->rules = allowed_files(fixture->settings, &fixture->prepared);
}

static bool allows(const fixture_t *fixture, const char *path, landlock_use_t use)
{
    char text[256];
    landlock_rules_t *wanted = landlock_rules_new();
    landlock_allow_directory(wanted, path, use);
    const bool missing = landlock_missing(fixture->rules, wanted, text, sizeof text);
    landlock_rules_free(wanted);
    return !missing;
}

static bool allows_port(const fixture_t *fixture, uint16_t port)
{
    char text[256];
    landlock_rules_t *wanted = landlock_rules_new();
    landlock_allow_port(wanted, port);
    const bool missing = landlock_missing(fixture->rules, wanted, text, sizeof text);
    landlock_rules_free(wanted);
    return !missing;
}

static void directory_of_a_date_pattern(void **state)
{
    fixture_t *fixture = *state;
    g_autofree char *sink = g_strdup_printf("file:%s/%%Y/x-%%m.ipfix?rotate-time=1h", fixture->root);
    make_rules(fixture, sink);
    assert_true(allows(fixture, fixture->root, LANDLOCK_WRITE));
    assert_false(allows(fixture, g_get_tmp_dir(), LANDLOCK_READ));
    assert_true(allows(fixture, "/etc", LANDLOCK_READ));
    assert_false(allows(fixture, "/etc", LANDLOCK_WRITE));
    assert_false(allows(fixture, "/", LANDLOCK_READ));
}

static void spool_and_ports_of_collectors(void **state)
{
    fixture_t *fixture = *state;
    g_autofree char *sink =
        g_strdup_printf("tcp://192.0.2.1:4739,[2001:db8::1]:9995?spool=%s", fixture->root);
    make_rules(fixture, sink);
    assert_true(allows(fixture, fixture->root, LANDLOCK_WRITE));
    assert_true(allows_port(fixture, 4739));
    assert_true(allows_port(fixture, 9995));
    assert_true(allows_port(fixture, 53));
    assert_false(allows_port(fixture, 80));
}

/* A rule for a missing directory would permit writing beside it. */
static void a_spool_is_made_before_the_rules(void **state)
{
    fixture_t *fixture = *state;
    g_autofree char *spool = g_build_filename(fixture->root, "new", "spool", NULL);
    g_autofree char *above = g_path_get_dirname(spool);
    g_autofree char *sink = g_strdup_printf("tcp://192.0.2.1:4739?spool=%s", spool);
    make_rules(fixture, sink);
    assert_false(g_file_test(above, G_FILE_TEST_EXISTS));
    landlock_rules_free(fixture->rules);
    allowed_files_make_directories(&fixture->prepared);
    fixture->rules = allowed_files(fixture->settings, &fixture->prepared);
    assert_true(allows(fixture, spool, LANDLOCK_WRITE));
    assert_false(allows(fixture, above, LANDLOCK_WRITE));
    assert_false(allows(fixture, fixture->root, LANDLOCK_WRITE));
    assert_int_equal(g_rmdir(spool), 0);
    assert_int_equal(g_rmdir(above), 0);
}

static void ports_of_the_failover_list(void **state)
{
    fixture_t *fixture = *state;
    make_rules(fixture, "tcp://192.0.2.1:4739?failover=192.0.2.2:4740,192.0.2.3:4741");
    assert_true(allows_port(fixture, 4739));
    assert_true(allows_port(fixture, 4740));
    assert_true(allows_port(fixture, 4741));
    assert_false(allows_port(fixture, 4742));
}

static void a_default_port_allows_every_port(void **state)
{
    fixture_t *fixture = *state;
    make_rules(fixture, "eve:192.0.2.1?type=redis");
    assert_true(allows_port(fixture, 80));
}

/* A reload of a configuration may name other files. */
static void with_a_configuration_system_directories_are_guarded(void **state)
{
    fixture_t *fixture = *state;
    fixture->settings->config = g_strdup("/etc/synfix/synfix.conf");
    make_rules(fixture, "json:-");
    assert_true(allows(fixture, fixture->root, LANDLOCK_WRITE));
    assert_true(allows(fixture, "/", LANDLOCK_READ));
    assert_true(allows_port(fixture, 80));
    assert_false(allows(fixture, "/usr", LANDLOCK_WRITE));
    assert_false(allows(fixture, "/etc", LANDLOCK_WRITE));
}

static void landlock_yes_is_strict_with_a_configuration(void **state)
{
    fixture_t *fixture = *state;
    fixture->settings->config = g_strdup("/etc/synfix/synfix.conf");
    g_free(fixture->settings->landlock);
    fixture->settings->landlock = g_strdup("yes");
    make_rules(fixture, "json:-");
    assert_false(allows(fixture, fixture->root, LANDLOCK_WRITE));
    assert_false(allows_port(fixture, 80));
}

/* A module of others may write files that no option names. */
static void with_a_loaded_module_system_directories_are_guarded(void **state)
{
    fixture_t *fixture = *state;
    make_rules(fixture, "json:-");
    assert_false(allows(fixture, fixture->root, LANDLOCK_WRITE));
    landlock_rules_free(fixture->rules);
    fixture->settings->load = g_strsplit("./other.so", ":", -1);
    fixture->rules = allowed_files(fixture->settings, &fixture->prepared);
    assert_true(allows(fixture, fixture->root, LANDLOCK_WRITE));
    assert_false(allows(fixture, "/usr", LANDLOCK_WRITE));
}

static void files_of_options_and_directories_of_the_service_manager(void **state)
{
    fixture_t *fixture = *state;
    g_autofree char *other = g_dir_make_tmp("synfix-other-XXXXXX", NULL);
    g_autofree char *file = g_build_filename(other, "elements", NULL);
    g_autofree char *both = g_strdup_printf("%s:/nonexistent/synfix", fixture->root);
    g_autofree char *sink = g_strdup_printf("tcp://192.0.2.1:4739?annotations=%s", file);
    assert_true(g_file_set_contents(file, "site 32473/1001 siteName string\n", -1, NULL));
    assert_true(g_setenv("STATE_DIRECTORY", both, TRUE));
    make_rules(fixture, "tcp://192.0.2.1:4739?source=127.0.0.1");
    assert_true(allows(fixture, fixture->root, LANDLOCK_WRITE));
    assert_false(allows(fixture, "/", LANDLOCK_READ));
    assert_false(allows(fixture, other, LANDLOCK_READ));
    assert_true(allows_port(fixture, 0));
    g_unsetenv("STATE_DIRECTORY");
    prepared_clear(&fixture->prepared);
    landlock_rules_free(fixture->rules);
    make_rules(fixture, sink);
    assert_true(allows(fixture, other, LANDLOCK_READ));
    g_unlink(file);
    g_rmdir(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(directory_of_a_date_pattern, set_up, tear_down),
        cmocka_unit_test_setup_teardown(spool_and_ports_of_collectors, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_spool_is_made_before_the_rules, set_up, tear_down),
        cmocka_unit_test_setup_teardown(ports_of_the_failover_list, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_default_port_allows_every_port, set_up, tear_down),
        cmocka_unit_test_setup_teardown(with_a_configuration_system_directories_are_guarded, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(with_a_loaded_module_system_directories_are_guarded, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(files_of_options_and_directories_of_the_service_manager, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(landlock_yes_is_strict_with_a_configuration, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
