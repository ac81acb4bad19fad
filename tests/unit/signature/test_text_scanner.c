/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "signature/text_scanner.h"
#include <string.h>
#include <synfix/signature.h>

static text_scanner_t scanner_of(const char *text)
{
    text_scanner_t scanner;
    scanner_start(&scanner, text, strlen(text));
    return scanner;
}

static void words_and_numbers(void **state)
{
    (void)state;
    text_scanner_t scanner = scanner_of("mss*20,7x");
    uint32_t number = 1;
    assert_false(scanner_accept(&scanner, "mtu*"));
    assert_true(scanner_accept(&scanner, "mss*"));
    assert_true(scanner_number(&scanner, 20, &number));
    assert_int_equal(number, 20);
    assert_true(scanner_expect(&scanner, ",", "comma"));
    assert_false(scanner_number(&scanner, 6, &number));
    assert_int_equal(number, 0);
    assert_string_equal(scanner.reason, "a number is too large");
    /* the first failure stays, and nothing is consumed after it */
    const char *at = scanner.at;
    assert_false(scanner_accept(&scanner, "x"));
    assert_false(scanner_expect(&scanner, "x", "other"));
    assert_false(scanner_number(&scanner, 100, &number));
    assert_ptr_equal(scanner.at, at);
    assert_string_equal(scanner.reason, "a number is too large");
}

static void layouts(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *reason; /* NULL: a layout */
        uint8_t kinds[8];
        uint8_t count;
        uint8_t padding;
    } table[] = {
        {"", NULL, {0}, 0, 0},
        {":df", NULL, {0}, 0, 0},
        {"mss,nop,ws,sok,ts", NULL, {2, 1, 3, 4, 8}, 5, 0},
        {"sack,?30,eol+2:", NULL, {5, 30, 0}, 3, 2},
        {"mss,", "unknown option in the layout", {0}, 0, 0},
        {"mss nop", "unknown option in the layout", {0}, 0, 0},
        {"?2", "this option has its own name", {0}, 0, 0},
        {"?8", "this option has its own name", {0}, 0, 0},
        {"?256", "a number is too large", {0}, 0, 0},
        {"?", "a number is missing", {0}, 0, 0},
        {"eol+", "a number is missing", {0}, 0, 0},
        {"eol+0,nop", "nothing may follow eol", {0}, 0, 0},
        {"nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,"
         "nop",
         "more than 24 options",
         {0},
         0,
         0},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        text_scanner_t scanner = scanner_of(table[i].text);
        text_layout_t layout;
        assert_int_equal(scanner_layout(&scanner, &layout), table[i].reason == NULL);
        if (table[i].reason != NULL) {
            assert_string_equal(scanner.reason, table[i].reason);
            continue;
        }
        assert_int_equal(layout.count, table[i].count);
        assert_int_equal(layout.eol_padding, table[i].padding);
        assert_memory_equal(layout.kinds, table[i].kinds, table[i].count);
    }
}

static void quirks(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *reason;
        uint32_t quirks;
    } table[] = {
        {"", NULL, 0},
        {":0", NULL, 0},
        {"df,id+", NULL, SYNFIX_QUIRK_DF | SYNFIX_QUIRK_ID_NONZERO},
        {"ecn", NULL, SYNFIX_QUIRK_ECN},
        {"df,df", "quirk named twice", 0},
        {"df,odd", "unknown quirk", 0},
        {"df id+", "unknown quirk", 0},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        text_scanner_t scanner = scanner_of(table[i].text);
        uint32_t found = 0;
        assert_int_equal(scanner_quirks(&scanner, &found), table[i].reason == NULL);
        if (table[i].reason == NULL) {
            assert_int_equal(found, table[i].quirks);
        } else {
            assert_string_equal(scanner.reason, table[i].reason);
        }
    }
}

/* The text of a quirk may be the beginning of another one's. */
static void each_quirk_by_its_name(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t bit;
    } names[] = {
#define NAME(identifier, bit, text) {text, SYNFIX_QUIRK_##identifier},
        SYNFIX_QUIRKS(NAME)
#undef NAME
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        text_scanner_t scanner = scanner_of(names[i].text);
        uint32_t found = 0;
        assert_true(scanner_quirk(&scanner, &found));
        assert_int_equal(found, names[i].bit);
        assert_ptr_equal(scanner.at, scanner.end);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_and_numbers),
        cmocka_unit_test(layouts),
        cmocka_unit_test(quirks),
        cmocka_unit_test(each_quirk_by_its_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
