/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/message_text.h"
#include <glib.h>
#include <stdbool.h>

static void only_one_is_singular(void **state)
{
    (void)state;
    assert_string_equal(plural(1), "");
    assert_string_equal(plural(0), "s");
    assert_string_equal(plural(2), "s");
}

/* U+009B begins a control sequence as ESC [ does. */
static void terminals_obey_no_text(void **state)
{
    (void)state;
    char text[] = "a\nb\033[2J \177 \xC2\x9B"
                  "2J \xC2\x80 \xC2\x9F";
    replace_unprintable_bytes(text);
    assert_string_equal(text, "a?b?[2J ? ??2J ?? ??");
}

static void other_characters_stay(void **state)
{
    (void)state;
    char text[] = "\xC2\xA0 \xC3\x9B \xE2\x82\x9B";
    replace_unprintable_bytes(text);
    assert_string_equal(text, "\xC2\xA0 \xC3\x9B \xE2\x82\x9B");
}

/* As of a name in Latin-1. Some terminals execute the byte 9B as ESC [. */
static void messages_are_utf8(void **state)
{
    (void)state;
    char text[] = "\xE9.pcap \x9B"
                  "2J \xE2\x82 \xC2";
    replace_unprintable_bytes(text);
    assert_string_equal(text, "?.pcap ?2J ?? ?");
}

static void the_lengths_of_characters(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t length;
    } rows[] = {
        {"", 1},
        {"a", 1},
        {"\x7F", 1},
        {"\xC3\xA9", 2},
        {"\xE2\x82\xAC", 3},
        {"\xF0\x9F\x98\x80", 4},
        {"\xE9", 0}, /* Latin-1 */
        {"\x80", 0}, /* no first byte */
        {"\xC3", 0}, /* cut off */
        {"\xE2\x82", 0},
        {"\xF0\x9F\x98", 0},
        {"\xC0\xAF", 0}, /* longer than necessary */
        {"\xE0\x80\xAF", 0},
        {"\xED\xA0\x80", 0},     /* a surrogate */
        {"\xF4\x90\x80\x80", 0}, /* above U+10FFFF */
        {"\xFF", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(utf8_length(rows[i].text), rows[i].length);
    }
}

/* All pairs of first bytes, with each kind of byte behind them. */
static void glib_agrees(void **state)
{
    (void)state;
    for (unsigned i = 0x010000; i < 0x1000000; i += 0x40) {
        const char text[] = {(char)(i >> 16), (char)(i >> 8), (char)i, '\x80', '\0'};
        const bool good = g_utf8_get_char_validated(text, -1) < 0x110000;
        const size_t wanted = good ? (size_t)g_utf8_skip[i >> 16] : 0;
        if (utf8_length(text) != wanted) {
            fail_msg("%06x: %zu, not %zu", i, utf8_length(text), wanted);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_one_is_singular),      cmocka_unit_test(terminals_obey_no_text),
        cmocka_unit_test(other_characters_stay),     cmocka_unit_test(messages_are_utf8),
        cmocka_unit_test(the_lengths_of_characters), cmocka_unit_test(glib_agrees),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
