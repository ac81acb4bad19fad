/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/ascii.h"
#include <ctype.h>
#include <strings.h>

/* All bytes, as in the locale "C". */
static void characters(void **state)
{
    (void)state;
    for (int byte = 0; byte < 256; byte++) {
        const char character = (char)byte;
        assert_int_equal((unsigned char)ascii_lower(character), tolower(byte));
        assert_int_equal(ascii_is_letter(character), isalpha(byte) != 0);
        assert_int_equal(ascii_is_digit(character), isdigit(byte) != 0);
        assert_int_equal(ascii_is_blank(character), isspace(byte) != 0);
    }
}

static void comparisons(void **state)
{
    (void)state;
    static const char *const texts[] = {"",   "a",  "A",        "ab",       "AB", "aC", "b",
                                        "@b", "`B", "\xC4\xB0", "\xC4\xB1", "1",  "Q"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++) {
            assert_int_equal(ascii_equal(texts[i], texts[k]), strcasecmp(texts[i], texts[k]) == 0);
            for (size_t length = 0; length < 4; length++) {
                assert_int_equal(ascii_begin_equal(texts[i], texts[k], length),
                                 strncasecmp(texts[i], texts[k], length) == 0);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(characters), cmocka_unit_test(comparisons)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
