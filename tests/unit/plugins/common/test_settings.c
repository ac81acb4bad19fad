/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "plugins/common/settings.h"

static plugin_settings_t settings;
static synfix_error_t error;

static int reset(void **state)
{
    (void)state;
    plugin_settings_init(&settings);
    error.text[0] = '\0';
    return 0;
}

static void set(const char *name, const char *value)
{
    assert_true(plugin_settings_set(&settings, name, value, &error));
}

static void refuse(const char *name, const char *value, const char *reason)
{
    assert_false(plugin_settings_set(&settings, name, value, &error));
    assert_non_null(strstr(error.text, name));
    assert_non_null(strstr(error.text, reason));
}

static void each_setting_reaches_the_engine(void **state)
{
    (void)state;
    set("uptime", "p0f");
    assert_int_equal(settings.engine.uptime, SYNFIX_UPTIME_P0F);
    set("uptime", "off");
    assert_int_equal(settings.engine.uptime, SYNFIX_UPTIME_OFF);
    set("uptime", "regression");
    assert_int_equal(settings.engine.uptime, SYNFIX_UPTIME_REGRESSION);
    set("uptime", "no"); /* YAML's spelling of off */
    assert_int_equal(settings.engine.uptime, SYNFIX_UPTIME_OFF);
    set("signatures", "p0f");
    assert_int_equal(settings.engine.signatures, SYNFIX_SIGNATURE_P0F);
    set("hosts", "2048");
    assert_int_equal(settings.engine.hosts, 2048);
    set("handshakes", "4096");
    assert_int_equal(settings.engine.handshakes, 4096);
    set("fingerprint-slots", "64");
    assert_int_equal(settings.engine.fingerprint_slots, 64);
    set("min-quality", "100");
    assert_int_equal(settings.min_quality, 100);
}

static void wrong_values_are_refused_with_the_reason(void **state)
{
    (void)state;
    refuse("uptime", "fast", "regression");
    refuse("uptime", NULL, "missing");
    refuse("signatures", "", "packet, p0f");
    refuse("hosts", "3", "1024");
    refuse("hosts", "-1", "number");
    refuse("hosts", "4k", "number");
    refuse("hosts", "99999999999999999999", "number");
    refuse("min-quality", "101", "100");
    refuse("hots", "3", "no such setting");
}

static void the_first_file_replaces_the_default(void **state)
{
    (void)state;
    assert_int_equal(settings.database_count, 1);
    assert_true(plugin_settings_add_database(&settings, "one.fp", &error));
    assert_int_equal(settings.database_count, 1);
    assert_string_equal(settings.databases[0], "one.fp");
    for (unsigned i = 1; i < PLUGIN_DATABASES_MAX; i++) {
        assert_true(plugin_settings_add_database(&settings, "more.fp", &error));
    }
    assert_false(plugin_settings_add_database(&settings, "last.fp", &error));
    assert_non_null(strstr(error.text, "more than"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(each_setting_reaches_the_engine, reset),
        cmocka_unit_test_setup(wrong_values_are_refused_with_the_reason, reset),
        cmocka_unit_test_setup(the_first_file_replaces_the_default, reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
