/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/json_plain.h"

#define LONGEST 70u

static const char others[] = {'"', '\\', '\n', '\0', 0x1F, 0x7F, (char)0x80, (char)0xFF};

static void fill(char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        text[i] = (char)('!' + 2 + i % 50);
        text[i] = text[i] == '\\' ? 'x' : text[i];
    }
}

/* Each length is copied whole, and no byte beside it is written. */
static void copies(void **state)
{
    (void)state;
    for (size_t length = 0; length <= LONGEST; length++) {
        char text[LONGEST];
        char to[LONGEST + 2];
        fill(text, length);
        memset(to, '#', sizeof to);
        assert_true(json_copy_plain(to + 1, text, length));
        assert_memory_equal(to + 1, text, length);
        assert_int_equal(to[0], '#');
        assert_int_equal(to[length + 1], '#');
        assert_int_equal(json_plain_length(text, length), length);
    }
}

/* A byte that is not plain is seen at each place of each length. */
static void other_bytes(void **state)
{
    (void)state;
    for (size_t length = 1; length <= LONGEST; length++) {
        for (size_t place = 0; place < length; place++) {
            char text[LONGEST];
            char to[LONGEST];
            fill(text, length);
            text[place] = others[(length + place) % sizeof others];
            assert_false(json_copy_plain(to, text, length));
            assert_int_equal(json_plain_length(text, length), place);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(copies), cmocka_unit_test(other_bytes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
