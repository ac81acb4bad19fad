/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/app/config/parse_settings.h"
#include <synfix/engine.h>

static void test_table(void **state)
{
    (void)state;
    unsigned count = 0;
    for (const setting_t *entry = settings_table; entry->name; entry++, count++) {
        assert_non_null(entry->help);
        if (entry->kind == SETTING_FLAG && g_strcmp0(entry->fallback, "yes") == 0) {
            assert_non_null(entry->off);
        }
        if (entry->group) {
            assert_non_null(settings_group_text(entry->group));
        }
        assert_true(entry->commands != 0);
        if (entry->kind == SETTING_NUMBER || entry->kind == SETTING_DURATION) {
            assert_true(entry->minimum < entry->maximum && entry->fallback);
        }
        for (const setting_t *other = entry + 1; other->name; other++) {
            assert_string_not_equal(entry->name, other->name);
            assert_true(entry->offset != other->offset);
        }
    }
    assert_true(count <= 64);
}

static void test_defaults(void **state)
{
    (void)state;
    g_autoptr(settings_t) settings = settings_new();
    assert_int_equal(settings->flush, 1000);
    assert_int_equal(settings->buffer, 16 << 20);
    assert_true(settings->promiscuous);
    assert_string_equal(settings->uptime, "regression");
    assert_int_equal(settings->fingerprint_slots, SYNFIX_FINGERPRINT_SLOTS_DEFAULT);
    assert_int_equal(settings->handshakes, SYNFIX_HANDSHAKES_DEFAULT);
    assert_int_equal(settings->hosts, SYNFIX_HOSTS_DEFAULT);
    assert_null(settings->to);
}

static void test_command_line(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        unsigned command;
        gboolean good;
    } rows[] = {
        {"synfix read a --to text:- --to json:x --flush 250ms --queue 2M --ordered", SETTING_READ, TRUE},
        {"synfix capture -i eth0 --interface eth1 --no-promiscuous", SETTING_CAPTURE, TRUE},
        {"synfix read a --interface eth0", SETTING_READ, FALSE},
        {"synfix read a --flush soon", SETTING_READ, FALSE},
        {"synfix read a --flush 0", SETTING_READ, FALSE},
        {"synfix read a --hosts 12", SETTING_READ, FALSE},
        {"synfix read a --hosts 99999999999999999999", SETTING_READ, FALSE},
        {"synfix read a --domain -1", SETTING_READ, FALSE},
        {"synfix read a --nonsense", SETTING_READ, FALSE},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(settings_t) settings = settings_new();
        g_autoptr(GError) error = NULL;
        if (parse(settings, rows[i].command, rows[i].line, &error) != rows[i].good) {
            fail_msg("%s: %s", rows[i].line, error ? error->message : "was accepted");
        }
    }
    g_autoptr(settings_t) settings = settings_new();
    assert_true(parse(settings, rows[0].command, rows[0].line, NULL));
    assert_int_equal(g_strv_length(settings->to), 2);
    assert_string_equal(settings->to[1], "json:x");
    assert_int_equal(settings->flush, 250);
    assert_int_equal(settings->queue, 2 << 20);
    assert_true(settings->ordered);
    g_autoptr(settings_t) live = settings_new();
    assert_true(parse(live, rows[1].command, rows[1].line, NULL));
    assert_string_equal(live->interface[0], "eth0");
    assert_string_equal(live->interface[1], "eth1");
    assert_false(live->promiscuous);
}

/* In the locale of this test, GLib converts neither UTF-8 nor Latin-1. */
static void test_any_bytes(void **state)
{
    (void)state;
    g_autoptr(settings_t) settings = settings_new();
    assert_true(parse(settings, SETTING_READ,
                      "synfix --to file:\xC3\xA9 --to json:\xE9 --sigdb \xE9 --filter \xC3\xA9", NULL));
    assert_string_equal(settings->to[0], "file:\xC3\xA9");
    assert_string_equal(settings->to[1], "json:\xE9");
    assert_string_equal(settings->sigdb[0], "\xE9");
    assert_string_equal(settings->filter, "\xC3\xA9");
}

/* A letter stands for one option of a command, and the options of a command are under a heading each once. */
static void test_options(void **state)
{
    (void)state;
    static const unsigned both[] = {SETTING_READ, SETTING_CAPTURE};
    for (size_t i = 0; i < G_N_ELEMENTS(both); i++) {
        const cli_option_t *options = settings_options(both[i]);
        unsigned letters = 0;
        g_autofree const char **headings = cli_headings(options);
        assert_string_equal(headings[0], both[i] == SETTING_READ ? "Output" : "Capture");
        for (const cli_option_t *option = options; option->name; option++) {
            letters += option->letter != 0;
            for (const cli_option_t *other = option + 1; other->name; other++) {
                assert_false(option->letter != 0 && option->letter == other->letter);
            }
        }
        assert_true(letters >= 10);
    }
    g_autoptr(settings_t) settings = settings_new();
    assert_true(parse(settings, SETTING_READ, "synfix a -t json:- -qn -p 80 -l warn -d x.fp -j 4", NULL));
    assert_string_equal(settings->to[0], "json:-");
    assert_true(settings->quiet && settings->dry_run);
    assert_string_equal(settings->ports[2][0], "80");
    assert_string_equal(settings->log_level, "warn");
    assert_string_equal(settings->workers, "4");
}

/* Limits appear in the unit that a user writes. */
static void test_limits(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        const char *message;
    } rows[] = {
        {"synfix --queue 1GB", "queue: '1GB' is not a number from 64k to 2G; write "},
        {"synfix --flush 5sec", "flush: '5sec' is not a time from 1ms to 1h; write "},
        {"synfix --sink-timeout 2d", "sink-timeout: '2d' is not a time from 0 to 1d; write "},
        {"synfix --hosts 12", "hosts: '12' is not a number from 1k to 16M; write "},
        {"synfix --domain 0", "domain: '0' is not a number from 1 to 4294967295; write "},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(settings_t) settings = settings_new();
        g_autoptr(GError) error = NULL;
        assert_false(parse(settings, SETTING_READ, rows[i].line, &error));
        if (!g_str_has_prefix(error->message, rows[i].message)) {
            fail_msg("%s: %s", rows[i].line, error->message);
        }
    }
}

static void test_command_line_wins(void **state)
{
    (void)state;
    static const char text[] = "[export]\nto = text:-; json:x\nflush = 5s\n[engine]\nuptime=off\n"
                               "[filter]\nports = 22,80 ; 443\n";
    g_autoptr(settings_t) settings = settings_new();
    synfix_error_t error;
    assert_true(parse(settings, SETTING_READ, "synfix --flush 2s --to p0f:y", NULL));
    assert_int_equal(read_text(settings, text, &error), SYNFIX_OK);
    assert_int_equal(settings->flush, 2000);
    assert_int_equal(g_strv_length(settings->to), 1);
    assert_string_equal(settings->uptime, "off");
    assert_int_equal(g_strv_length(settings->ports[2]), 2);
    assert_string_equal(settings->ports[2][0], "22,80");
    assert_string_equal(settings->ports[2][1], "443");
}

static void test_changes(void **state)
{
    (void)state;
    static const char text[] = "[export]\nflush = 5s\nto = text:-\n[filter]\nports = 80\n[process]\nseccomp "
                               "= no\n[engine]\nload = x.so\n";
    g_autoptr(settings_t) before = settings_new();
    g_autoptr(settings_t) after = settings_new();
    g_autoptr(GString) now = g_string_new(NULL);
    g_autoptr(GString) later = g_string_new(NULL);
    assert_int_equal(
        settings_changes(before, after, TRUE, now) + settings_changes(before, after, FALSE, later), 0);
    assert_int_equal(read_text(after, text, NULL), SYNFIX_OK);
    assert_int_equal(settings_changes(before, after, TRUE, now), 3);
    assert_string_equal(now->str, "[export] to, [export] flush, [filter] ports");
    assert_int_equal(settings_changes(before, after, FALSE, later), 2);
    assert_string_equal(later->str, "[process] seccomp, [engine] load");
}

/* p0f's uptime takes a restart, in either direction. */
static void test_changes_of_uptime(void **state)
{
    (void)state;
    static const struct {
        const char *before;
        const char *after;
        gboolean reloadable;
    } cases[] = {{"off", "regression", TRUE},
                 {"regression", "off", TRUE},
                 {"regression", "p0f", FALSE},
                 {"p0f", "off", FALSE}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        settings_t *settings[] = {settings_new(), settings_new()};
        g_autoptr(GString) names = g_string_new(NULL);
        for (size_t k = 0; k < 2; k++) {
            g_autofree char *text =
                g_strdup_printf("[engine]\nuptime = %s\n", k == 0 ? cases[i].before : cases[i].after);
            assert_int_equal(read_text(settings[k], text, NULL), SYNFIX_OK);
        }
        assert_int_equal(settings_changes(settings[0], settings[1], cases[i].reloadable, names), 1);
        assert_int_equal(settings_changes(settings[0], settings[1], !cases[i].reloadable, names), 0);
        settings_free(settings[0]);
        settings_free(settings[1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_command_line), cmocka_unit_test(test_options),
        cmocka_unit_test(test_limits),       cmocka_unit_test(test_command_line_wins),
        cmocka_unit_test(test_changes),      cmocka_unit_test(test_changes_of_uptime),
        cmocka_unit_test(test_any_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
