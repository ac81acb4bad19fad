/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/config/settings_internal.h"
#include <string.h>

static void lines_that_are_none_become_comments(void **state)
{
    (void)state;
    static const char before[] = "user = x\n# note\n[capture]\nbuffer = 1M\nnonsense\n[bad\nflush = 1s\n\n";
    static const char *const wanted[] = {
        "conf:1: a setting before the first section; write [capture], [engine] or another section above it",
        "conf:5: neither a section, nor a setting, nor a comment; write [section], name = value or # comment",
        "conf:6: not a section; write [name], for example [capture]",
    };
    g_autofree char *text = g_strdup(before);
    g_autoptr(mistakes_t) mistakes = mistakes_new();
    settings_blank_bad_lines(text, strlen(text), "conf", mistakes);
    assert_int_equal(mistakes_count(mistakes), G_N_ELEMENTS(wanted));
    for (unsigned i = 0; i < G_N_ELEMENTS(wanted); i++) {
        assert_string_equal(mistakes_text(mistakes, i), wanted[i]);
    }
    assert_string_equal(text, "#ser = x\n# note\n[capture]\nbuffer = 1M\n#onsense\n#bad\nflush = 1s\n\n");
}

/* GKeyFile would read the line, and refuse its value without a line number. */
static void another_encoding_is_a_mistake(void **state)
{
    (void)state;
    g_autofree char *text =
        g_strdup("# Latin-1: \xE9\n[sink a]\nto = file:\xC3\xA9\n[sink b]\nto = file:\xE9\n  # \xE9\n");
    g_autoptr(mistakes_t) mistakes = mistakes_new();
    settings_blank_bad_lines(text, strlen(text), "conf", mistakes);
    assert_int_equal(mistakes_count(mistakes), 1);
    assert_string_equal(mistakes_text(mistakes, 0),
                        "conf:5: a byte that is not UTF-8; save the file in UTF-8");
    assert_non_null(strstr(text, "\n#o = file:\xE9\n"));
}

/* Two bad escape sequences in one value make GKeyFile warn of a mistake in the program. */
static void a_single_backslash_is_a_mistake(void **state)
{
    (void)state;
    g_autofree char *text =
        g_strdup("[capture]\nfilter = a\\q\\\n # b = \\q\ninterface = c\\;d;e\\s\\\\\nuser = x\\");
    g_autoptr(mistakes_t) mistakes = mistakes_new();
    settings_blank_bad_lines(text, strlen(text), "conf", mistakes);
    assert_int_equal(mistakes_count(mistakes), 2);
    assert_string_equal(mistakes_text(mistakes, 0), "conf:2: a single backslash; write \\\\ for a backslash");
    assert_string_equal(mistakes_text(mistakes, 1), "conf:5: a single backslash; write \\\\ for a backslash");
    assert_string_equal(text,
                        "[capture]\n#ilter = a\\q\\\n # b = \\q\ninterface = c\\;d;e\\s\\\\\n#ser = x\\");
}

/* `\,` is an escape sequence of module options, and a backslash before a comma stays one. */
static void a_comma_escape_is_kept(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *kept;
    } cases[] = {{"set = a\\,b\n", "set = a\\\\,b\n"},
                 {"set = a\\\\,b", "set = a\\\\,b"},
                 {"set = a\\\\\\,b\\;c", "set = a\\\\\\\\,b\\;c"},
                 {"a\\", "a\\"}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *kept = settings_keep_comma_escapes(cases[i].text, strlen(cases[i].text));
        assert_string_equal(kept, cases[i].kept);
    }
}

static void names_have_their_lines(void **state)
{
    (void)state;
    static const char text[] =
        "[capture]\n  buffer = 1M\n[sink a]\nto=x\n[sink b]\nto=y\n[capture]\nsnaplen=96\n";
    g_autoptr(mistakes_t) mistakes = mistakes_new();
    g_autoptr(GHashTable) index = settings_index_lines(text, "conf", mistakes);
    assert_int_equal(mistakes_count(mistakes), 0);
    assert_int_equal(settings_line_of(index, "capture", "buffer"), 2);
    assert_int_equal(settings_line_of(index, "capture", "snaplen"), 8);
    assert_int_equal(settings_line_of(index, "sink a", "to"), 4);
    assert_int_equal(settings_line_of(index, "sink b", "to"), 6);
    assert_int_equal(settings_line_of(index, "sink b", NULL), 5);
    assert_int_equal(settings_line_of(index, "capture", NULL), 0); /* may stand there again */
    assert_int_equal(settings_line_of(index, "capture", "user"), 0);
    assert_true(settings_is_module("sink a"));
    assert_true(settings_is_module("enricher geoip"));
    assert_false(settings_is_module("sink"));
    assert_false(settings_is_module("capture"));
}

static void a_repeated_name_is_a_mistake(void **state)
{
    (void)state;
    static const char text[] =
        "[capture]\nbuffer=1M\n[sink a]\nto=x\n[capture]\nbuffer = 2M\n[sink a]\nto=y\n";
    static const char *const wanted[] = {
        "conf:6: [capture] buffer is also set in line 2; remove one of the lines",
        "conf:7: [sink a] is also set in line 3; remove one of the lines",
        "conf:8: [sink a] to is also set in line 4; remove one of the lines",
    };
    g_autoptr(mistakes_t) mistakes = mistakes_new();
    g_autoptr(GHashTable) index = settings_index_lines(text, "conf", mistakes);
    assert_int_equal(mistakes_count(mistakes), G_N_ELEMENTS(wanted));
    for (unsigned i = 0; i < G_N_ELEMENTS(wanted); i++) {
        assert_string_equal(mistakes_text(mistakes, i), wanted[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_that_are_none_become_comments),
        cmocka_unit_test(another_encoding_is_a_mistake),
        cmocka_unit_test(a_single_backslash_is_a_mistake),
        cmocka_unit_test(a_comma_escape_is_kept),
        cmocka_unit_test(names_have_their_lines),
        cmocka_unit_test(a_repeated_name_is_a_mistake),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
