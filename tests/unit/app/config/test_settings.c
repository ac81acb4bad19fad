/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/config/settings.h"
#include <string.h>

static gboolean parse(settings_t *settings, unsigned command, const char *line, GError **error)
{
    g_auto(GStrv) words = NULL;
    int count = 0;
    assert_true(g_shell_parse_argv(line, &count, &words, NULL));
    GOptionContext *context = g_option_context_new(NULL);
    g_option_context_set_help_enabled(context, FALSE);
    settings_add_options(settings, command, context);
    const gboolean good = g_option_context_parse_strv(context, &words, error);
    g_option_context_free(context);
    return good;
}

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

/* The first mistake is the result. */
static synfix_status_t read_text(settings_t *settings, const char *text, synfix_error_t *error)
{
    g_autoptr(mistakes_t) mistakes = mistakes_new();
    settings_read_text(settings, "conf", text, strlen(text), mistakes);
    return mistakes_status(mistakes, error);
}

static synfix_status_t read_file(settings_t *settings, const char *path, synfix_error_t *error)
{
    g_autoptr(mistakes_t) mistakes = mistakes_new();
    settings_read_file(settings, path, mistakes);
    return mistakes_status(mistakes, error);
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

/* Editors of Windows begin a file with a mark, and end lines with CR LF. */
static void test_windows_text(void **state)
{
    (void)state;
    g_autoptr(settings_t) settings = settings_new();
    synfix_error_t error;
    assert_int_equal(read_text(settings, "\xEF\xBB\xBF[export]\r\nflush = 5s\r\n", &error), SYNFIX_OK);
    assert_int_equal(settings->flush, 5000);
}

static void test_bad_files(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *reason;
    } rows[] = {
        {"to = text:-\n", "conf:1: "},
        {"# first\n\nto = text:-\n", "conf:3: "},
        {"[export]\nflush = 1s\nnonsense\nto = text:-\n", "conf:3: "},
        {"[export]\nflush = 1s\n[broken\n", "conf:3: "},
        {"[export]\nsend = text:-\n", "conf:2: [export] send: no such setting"},
        {"[nowhere]\n\nto = text:-\n", "conf:3: [nowhere]: no such section"},
        {"[export]\nflush = 1 week\n", "conf:2: flush: '1 week' is not a time from 1ms to 1h"},
        {"[engine]\n[export]\n\n flush  = 2 weeks\n", "conf:4: flush: '2 weeks' is not a time"},
        {"[capture]\npromiscuous = maybe\n", "conf:2: promiscuous: 'maybe' is not yes or no"},
        {"[sink a]\nto=json:x\n[export]\n[sink a]\nto=csv:y\n", "conf:4: [sink a] is also set in line 1"},
        {"[capture]\ninterface=lo\n# interface=v1\n interface = v0\n",
         "conf:4: [capture] interface is also set in line 2"},
        {"[capture]\ninterface=lo\n[export]\n[capture]\ninterface=v0\n",
         "conf:5: [capture] interface is also set in line 2"},
        {"[enricher host]\n[enricher host]\n", "conf:2: [enricher host] is also set in line 1"},
        {"[sink a]\nto=json:x\nkeep=1\nkeep=2\n", "conf:4: [sink a] keep is also set in line 3"},
        {"[export]\ndomain = \xff\xfe\n", "conf:2: "},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(settings_t) settings = settings_new();
        synfix_error_t error;
        assert_int_equal(read_text(settings, rows[i].text, &error), SYNFIX_INVALID);
        if (!g_str_has_prefix(error.text, rows[i].reason)) {
            fail_msg("%s: %s", rows[i].text, error.text);
        }
    }
    g_autoptr(settings_t) settings = settings_new();
    synfix_error_t error;
    assert_int_equal(read_file(settings, "/nonexistent/x", &error), SYNFIX_INVALID);
    assert_int_equal(read_file(settings, "/", &error), SYNFIX_INVALID);
}

static void test_module_sections(void **state)
{
    (void)state;
    static const char text[] = "[sink one]\nto = tcp://host:1\nprofile = compact\nspool = /a&b%c\n"
                               "[export]\nto = text:-\n[sink two]\nto=json:x?append=yes\nkeep = 3\n"
                               "[enricher geoip]\ncountry = /x.mmdb\n[enricher muon]\n";
    static const char wrong[] = "[sink one]\nprofile = compact\n";
    g_autoptr(settings_t) settings = settings_new();
    synfix_error_t error = {.text = ""};
    assert_int_equal(read_text(settings, text, &error), SYNFIX_OK);
    assert_int_equal(g_strv_length(settings->to), 3);
    assert_string_equal(settings->to[0], "text:-");
    assert_string_equal(settings->to[1], "tcp://host:1?profile=compact&spool=/a%26b%25c");
    assert_string_equal(settings->to[2], "json:x?append=yes&keep=3");
    assert_int_equal(g_strv_length(settings->enrich), 2);
    assert_string_equal(settings->enrich[0], "geoip?country=/x.mmdb");
    assert_string_equal(settings->enrich[1], "muon");
    assert_int_equal(read_text(settings, wrong, &error), SYNFIX_INVALID);
    assert_string_equal(error.text, "conf:1: [sink one]: no sink; write a line to = SINK");

    g_autoptr(settings_t) given = settings_new();
    assert_true(parse(given, SETTING_READ, "synfix --to csv:-", NULL));
    assert_int_equal(read_text(given, text, &error), SYNFIX_OK);
    assert_int_equal(g_strv_length(given->to), 1); /* the command line wins */
}

/* Every setting of a file is explained in the example, and the example changes nothing when used as it is. */
static void test_example(void **state)
{
    (void)state;
    static const char path[] = SYNFIX_SOURCE_DIR "/conf/synfix.conf";
    g_autofree char *text = NULL;
    synfix_error_t error;
    assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_autoptr(settings_t) settings = settings_new();
    if (read_file(settings, path, &error) != SYNFIX_OK) {
        fail_msg("%s", error.text);
    }
    for (const setting_t *entry = settings_table; entry->name; entry++) {
        g_autofree char *line = g_strdup_printf("\n#%s =", entry->name);
        g_autofree char *active = g_strdup_printf("\n%s =", entry->name);
        if (entry->group && (entry->commands & SETTING_CAPTURE) && !strstr(text, line) &&
            !strstr(text, active)) {
            fail_msg("%s is not in conf/synfix.conf", entry->name);
        }
    }
}

static void test_lines(void **state)
{
    (void)state;
    static const char text[] =
        "[engine]\n# how many\nworkers = many\n[export]\nto=text:-\n[sink a]\nto=json:x?rotate-size=1\n\n"
        "keep = 3\n# more\n  append=no\n[enricher community-id]\nseed = 1\n";
    g_autoptr(settings_t) settings = settings_new();
    synfix_error_t error;
    assert_int_equal(settings_option_line(settings, "workers", 0, NULL), 0);
    assert_int_equal(read_text(settings, text, &error), SYNFIX_OK);
    assert_int_equal(settings_option_line(settings, "uptime", 0, NULL), 0);
    assert_int_equal(settings_option_line(settings, "workers", 0, NULL), 3);
    assert_int_equal(settings_option_line(settings, "to", 0, NULL), 5);
    assert_int_equal(settings_option_line(settings, "to", 1, NULL), 7);
    assert_int_equal(settings_option_line(settings, "to", 0, "keep"), 5);
    assert_int_equal(settings_option_line(settings, "to", 1, "keep"), 9);
    assert_int_equal(settings_option_line(settings, "to", 1, ""), 7);
    assert_int_equal(settings_option_line(settings, "to", 1, "rotate-size"), 7);
    assert_int_equal(settings_option_line(settings, "to", 1, "append"), 11);
    assert_int_equal(settings_option_line(settings, "enrich", 0, NULL), 12);
    assert_int_equal(settings_option_line(settings, "enrich", 0, "seed"), 13);
    assert_int_equal(settings_option_line(settings, "enrich", 0, "sed"), 12);
}

/* A file with several mistakes: each is found, with its line, and the rest is set. */
static void test_every_mistake(void **state)
{
    (void)state;
    static const char text[] = "[export]\nflush = soon\nnonsense\nqueue = 1\ndomain = 7\n[nowhere]\nx = 1\n"
                               "[sink a]\nkeep = 1\n[capture]\npromiscuous = perhaps\npromiscuous = no\n";
    static const char *const wanted[] = {
        "conf:2: flush: 'soon'",       "conf:3: ",
        "conf:4: queue: '1'",          "conf:7: [nowhere]: no such section",
        "conf:8: [sink a]: no sink; ", "conf:12: [capture] promiscuous is also set"};
    g_autoptr(settings_t) settings = settings_new();
    g_autoptr(mistakes_t) mistakes = mistakes_new();
    settings_read_text(settings, "conf", text, strlen(text), mistakes);
    assert_int_equal(mistakes_count(mistakes), G_N_ELEMENTS(wanted));
    for (unsigned i = 0; i < G_N_ELEMENTS(wanted); i++) {
        if (!g_str_has_prefix(mistakes_text(mistakes, i), wanted[i])) {
            fail_msg("%s", mistakes_text(mistakes, i));
        }
    }
    assert_int_equal(settings->domain, 7);
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
        cmocka_unit_test(test_table),           cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_command_line),    cmocka_unit_test(test_options),
        cmocka_unit_test(test_limits),          cmocka_unit_test(test_command_line_wins),
        cmocka_unit_test(test_bad_files),       cmocka_unit_test(test_lines),
        cmocka_unit_test(test_every_mistake),   cmocka_unit_test(test_changes),
        cmocka_unit_test(test_example),         cmocka_unit_test(test_changes_of_uptime),
        cmocka_unit_test(test_module_sections), cmocka_unit_test(test_windows_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
