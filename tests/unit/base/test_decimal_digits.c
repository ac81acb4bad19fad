/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/decimal_digits.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void compare(uint64_t value)
{
    char expected[32];
    char text[32];
    (void)snprintf(expected, sizeof expected, "%" PRIu64, value);
    memset(text, '#', sizeof text);
    char *const end = decimal_put(text + 1, value);
    assert_int_equal(text[0], '#');
    assert_int_equal(*end, '#'); /* nothing is written behind the digits */
    *end = '\0';
    assert_string_equal(text + 1, expected);
    assert_int_equal(decimal_length(value), strlen(expected));
    memset(text, '#', sizeof text);
    *decimal_put_wide(text + 1, value) = '\0';
    assert_string_equal(text + 1, expected);
    for (unsigned i = 1 + DECIMAL_DIGITS_MAX; i < sizeof text; i++) {
        assert_int_equal(text[i],
                         strlen(expected) == DECIMAL_DIGITS_MAX && i == 1 + DECIMAL_DIGITS_MAX ? 0 : '#');
    }
}

/* Both sides of each power of ten and of two. */
static void lengths(void **state)
{
    (void)state;
    uint64_t power = 1;
    for (unsigned i = 0; i < DECIMAL_DIGITS_MAX; i++, power *= 10) {
        compare(power - 1);
        compare(power);
        compare(power + 1);
    }
    for (unsigned bit = 0; bit < 64; bit++) {
        compare(UINT64_C(1) << bit);
        compare((UINT64_C(1) << bit) - 1);
    }
    compare(UINT64_MAX);
}

static void octets(void **state)
{
    (void)state;
    for (unsigned value = 0; value < 256; value++) {
        char expected[8];
        char text[8] = "#######";
        (void)snprintf(expected, sizeof expected, "%u.", value);
        char *const end = decimal_put_octet(text, (uint8_t)value);
        assert_int_equal(end - text, strlen(expected));
        assert_memory_equal(text, expected, strlen(expected));
        assert_string_equal(text + 4, "###");
    }
}

/* The formulas of eight digits at once, at all borders of four digits and at steps between. */
static void eight_digits(void **state)
{
    (void)state;
    for (uint64_t value = 0; value < DECIMAL_EIGHT; value += value < 20000 ? 1 : 997) {
        compare(value);
    }
    for (uint64_t upper = 1; upper < 10000; upper++) {
        compare(upper * 10000 - 1);
        compare(upper * 10000);
    }
}

static void padding(void **state)
{
    (void)state;
    char text[16] = "";
    *decimal_put_padded(text, 7, 1) = '\0';
    assert_string_equal(text, "7");
    *decimal_put_padded(text, 7, 3) = '\0';
    assert_string_equal(text, "007");
    *decimal_put_padded(text, 123456, 6) = '\0';
    assert_string_equal(text, "123456");
    *decimal_put_padded(text, 1000000005, 9) = '\0';
    assert_string_equal(text, "000000005");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(lengths), cmocka_unit_test(octets),
                                       cmocka_unit_test(eight_digits), cmocka_unit_test(padding)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
