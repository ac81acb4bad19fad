/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/app/config/parse_settings.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_windows_text),    cmocka_unit_test(test_bad_files),
        cmocka_unit_test(test_module_sections), cmocka_unit_test(test_example),
        cmocka_unit_test(test_lines),           cmocka_unit_test(test_every_mistake),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
