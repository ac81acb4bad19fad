/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/message_text.h"

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
    replace_control_characters(text);
    assert_string_equal(text, "a?b?[2J ? ??2J ?? ??");
}

static void other_characters_stay(void **state)
{
    (void)state;
    char text[] = "\xC2\xA0 \xC3\x9B \xE2\x82\x9B \x9B \xC2";
    replace_control_characters(text);
    assert_string_equal(text, "\xC2\xA0 \xC3\x9B \xE2\x82\x9B \x9B \xC2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_one_is_singular),
        cmocka_unit_test(terminals_obey_no_text),
        cmocka_unit_test(other_characters_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
