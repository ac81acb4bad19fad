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
    const struct CMUnitTest tests[] = {cmocka_unit_test(lengths), cmocka_unit_test(padding)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
