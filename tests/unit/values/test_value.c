/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "values/value.h"
#include <string.h>

static void values(void **state)
{
    (void)state;
    static const struct {
        value_type_t type;
        const char *text;
        int64_t value;
    } table[] = {
        {VALUE_INTEGER, "0", 0},
        {VALUE_INTEGER, "-3", -3},
        {VALUE_INTEGER, "2k", 2048},
        {VALUE_INTEGER, "2K", 2048},
        {VALUE_INTEGER, "3M", 3 << 20},
        {VALUE_INTEGER, "1G", 1 << 30},
        {VALUE_DURATION, "2", 2000},
        {VALUE_DURATION, "7ms", 7},
        {VALUE_DURATION, "3s", 3000},
        {VALUE_DURATION, "2m", 120000},
        {VALUE_DURATION, "1h", 3600000},
        {VALUE_DURATION, "1d", 86400000},
        {VALUE_BOOLEAN, "yes", 1},
        {VALUE_BOOLEAN, "on", 1},
        {VALUE_BOOLEAN, "true", 1},
        {VALUE_BOOLEAN, "1", 1},
        {VALUE_BOOLEAN, "no", 0},
        {VALUE_BOOLEAN, "off", 0},
        {VALUE_BOOLEAN, "false", 0},
        {VALUE_BOOLEAN, "0", 0},
        {VALUE_INTEGER, "9223372036854775807", INT64_MAX},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const value_rule_t rule = {.name = "it", .type = table[i].type};
        int64_t value = 99;
        assert_int_equal(value_parse(&rule, table[i].text, &value, NULL), SYNFIX_OK);
        assert_int_equal(value, table[i].value);
    }
}

static void refusals(void **state)
{
    (void)state;
    static const struct {
        value_rule_t rule;
        const char *text;
        const char *reason;
    } table[] = {
        {{.name = "a", .type = VALUE_INTEGER}, "", "a: '' is not a number; write"},
        {{.name = "a", .type = VALUE_INTEGER}, " 1", "a: ' 1' is not a number"},
        {{.name = "a", .type = VALUE_INTEGER}, "+1", "a: '+1' is not a number"},
        {{.name = "a", .type = VALUE_INTEGER}, "1T", "a: '1T' is not a number"},
        {{.name = "a", .type = VALUE_INTEGER}, "9223372036854775808", "is not a number"},
        {{.name = "a", .type = VALUE_INTEGER}, "9007199254740993k", "is not a number"},
        {{.name = "a", .minimum = 2, .maximum = 4}, "1", "a: '1' is not a number from 2 to 4"},
        {{.name = "a", .minimum = 2, .maximum = 4}, "5", "a: '5' is not a number from 2 to 4"},
        {{.name = "a", .minimum = 2, .maximum = INT64_MAX},
         "1",
         "a: '1' is not a number of at least 2; write"},
        {{.name = "a", .maximum = INT64_MAX}, "x", "a: 'x' is not a number; write"},
        {{.name = "t", .type = VALUE_DURATION, .minimum = 1, .maximum = 2000},
         "3",
         "'3' is not a time from 1ms to 2s"},
        {{.name = "t", .type = VALUE_DURATION}, "1 s", "t: '1 s' is not a time; write"},
        {{.name = "b", .type = VALUE_BOOLEAN}, "Yes", "b: 'Yes' is not yes or no; write"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        synfix_error_t error = {.text = ""};
        int64_t value = 99;
        assert_int_equal(value_parse(&table[i].rule, table[i].text, &value, &error), SYNFIX_INVALID);
        assert_int_equal(value, 99);
        assert_non_null(strstr(error.text, table[i].reason));
    }
}

static void choices(void **state)
{
    (void)state;
    const value_rule_t rule = {.name = "colour", .type = VALUE_CHOICE, .choices = "red green blue"};
    const value_rule_t one = {.name = "compat", .type = VALUE_CHOICE, .choices = "cert"};
    static const char *const bad[] = {"", " ", "re", "redd", "red green", "blu", "e"};
    int64_t index = 9;
    synfix_error_t error;
    assert_int_equal(value_parse(&rule, "blue", &index, &error), SYNFIX_OK);
    assert_int_equal(index, 2);
    assert_int_equal(value_parse(&rule, "red", &index, &error), SYNFIX_OK);
    assert_int_equal(index, 0);
    assert_int_equal(value_parse(&rule, "Blue", &index, &error), SYNFIX_INVALID);
    assert_string_equal(error.text, "colour: 'Blue' is unknown; write red, green or blue");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(value_parse(&rule, bad[i], &index, &error), SYNFIX_INVALID);
    }
    assert_int_equal(index, 0);
    assert_int_equal(value_parse(&one, "yaf", &index, &error), SYNFIX_INVALID);
    assert_string_equal(error.text, "compat: 'yaf' is unknown; write cert");
}

static void ranges(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t first;
        uint32_t last;
    } good[] = {{"0", 0, 0}, {"65535", 65535, 65535}, {"1-2", 1, 2}, {"80:90", 80, 90}, {"7-7", 7, 7}};
    static const char *const bad[] = {
        "", "-1", "1-", "65536", "1-65536", "1-2-3", "x", "1 ", "99999999999999999999"};
    uint32_t first = 0;
    uint32_t last = 0;
    synfix_error_t error;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_int_equal(value_range("port", 65535, good[i].text, &first, &last, &error), SYNFIX_OK);
        assert_int_equal(first, good[i].first);
        assert_int_equal(last, good[i].last);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(value_range("port", 65535, bad[i], &first, &last, &error), SYNFIX_INVALID);
        assert_non_null(strstr(error.text, "is not a port from 0 to 65535"));
    }
    assert_int_equal(value_range("port", 65535, "80-22", &first, &last, &error), SYNFIX_INVALID);
    assert_string_equal(error.text, "'80-22' is a descending range; write 22-80");
}

static void formatted(void **state)
{
    (void)state;
    char text[32];
    value_format(VALUE_INTEGER, 64 << 10, text, sizeof text);
    assert_string_equal(text, "64k");
    value_format(VALUE_INTEGER, 1001, text, sizeof text);
    assert_string_equal(text, "1001");
    value_format(VALUE_DURATION, 90000, text, sizeof text);
    assert_string_equal(text, "90s");
    value_format(VALUE_DURATION, 86400000, text, sizeof text);
    assert_string_equal(text, "1d");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(formatted), cmocka_unit_test(values),
                                       cmocka_unit_test(refusals), cmocka_unit_test(choices),
                                       cmocka_unit_test(ranges)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
