/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fnmatch.h>
#include <string.h>

#include "plugins/common/glob.h"

static bool matches(const char *pattern, const char *text)
{
    synfix_error_t error;
    plugin_glob_t *glob = plugin_glob_new(pattern, strlen(pattern), &error);
    assert_non_null(glob);
    const bool result = plugin_glob_match(glob, text);
    plugin_glob_free(glob);
    return result;
}

static void wildcards_and_case(void **state)
{
    (void)state;
    assert_true(matches("Linux", "linux"));
    assert_false(matches("Linux", "Linux 2.6"));
    assert_true(matches("linux*", "Linux 2.6.39 to 3.10"));
    assert_true(matches("*3.1?", "Linux 2.6.39 to 3.10"));
    assert_true(matches("windows 1?", "Windows 10"));
    assert_false(matches("windows 1?", "Windows 1"));
    assert_true(matches("*", ""));
    assert_false(matches("?", ""));
    assert_false(matches("\xC4", "\xE4")); /* only ASCII has case */
}

/* fnmatch would read a set. */
static void brackets_are_characters(void **state)
{
    (void)state;
    assert_true(matches("FreeBSD [9-", "FreeBSD [9-"));
    assert_false(matches("FreeBSD [9]", "FreeBSD 9"));
}

static void backslash_escapes(void **state)
{
    (void)state;
    assert_true(matches("a\\*", "a*"));
    assert_false(matches("a\\*", "ab"));
    assert_true(matches("a\\?\\;\\\"", "a?;\""));
    assert_true(matches("a\\\\*", "a\\bc")); /* an escaped backslash, then a wildcard */
    assert_true(matches("\\A", "a"));
}

static void mistakes_are_named(void **state)
{
    static const struct {
        const char *pattern;
        const char *message;
    } table[] = {{"", "empty"}, {"\\", "backslash"}, {"Linux\\", "backslash"}, {"a\\\\\\", "backslash"}};
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        synfix_error_t error;
        assert_null(plugin_glob_new(table[i].pattern, strlen(table[i].pattern), &error));
        assert_non_null(strstr(error.text, table[i].message));
    }
    plugin_glob_free(NULL);
}

/* Words of up to 6 letters, numbered. */
static void word(unsigned number, const char *letters, char *text)
{
    const unsigned base = (unsigned)strlen(letters);
    for (; number > 0; number = (number - 1) / base) {
        *text++ = letters[(number - 1) % base];
    }
    *text = '\0';
}

static void agrees_with_fnmatch(void **state)
{
    char pattern[16];
    char text[16];
    (void)state;
    for (unsigned i = 1; i < 1365; i++) { /* all patterns of up to 5 elements */
        word(i, "aB*?", pattern);
        for (unsigned j = 0; j < 127; j++) { /* all texts of up to 6 letters */
            word(j, "ab", text);
            assert_int_equal(matches(pattern, text), fnmatch(pattern, text, FNM_CASEFOLD) == 0);
        }
    }
}

/* A matcher that tries again for each `*` would not end. */
static void hostile_patterns_end(void **state)
{
    char pattern[8192];
    char text[97];
    (void)state;
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    for (size_t i = 0; i < 94; i++) {
        memcpy(&pattern[2 * i], "*a", 2);
    }
    memcpy(&pattern[188], "*b", 3);
    assert_false(matches(pattern, text));
    pattern[189] = 'a';
    assert_true(matches(pattern, text));
    memset(pattern, '*', sizeof pattern - 1);
    pattern[sizeof pattern - 1] = '\0';
    assert_true(matches(pattern, text));
    memset(pattern, '?', sizeof pattern - 1);
    assert_false(matches(pattern, text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wildcards_and_case),  cmocka_unit_test(brackets_are_characters),
        cmocka_unit_test(backslash_escapes),   cmocka_unit_test(mistakes_are_named),
        cmocka_unit_test(agrees_with_fnmatch), cmocka_unit_test(hostile_patterns_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
