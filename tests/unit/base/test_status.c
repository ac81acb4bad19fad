/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <synfix/status.h>

static void test_fail(void **state)
{
    (void)state;
    synfix_error_t error;

    assert_int_equal(synfix_fail(&error, SYNFIX_INVALID, "%s:%d: wrong", "file", 7), SYNFIX_INVALID);
    assert_string_equal(error.text, "file:7: wrong");
    assert_int_equal(synfix_fail(NULL, SYNFIX_IO, "not stored"), SYNFIX_IO);
}

static void test_one_line(void **state)
{
    (void)state;
    synfix_error_t error;
    char text[2 * SYNFIX_ERROR_SIZE];

    (void)synfix_fail(&error, SYNFIX_INVALID, "key '%s'", "a\nb\x1b[2J\x7f\xc3\xa9");
    assert_string_equal(error.text, "key 'a?b?[2J?\xc3\xa9'");
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    (void)synfix_fail(&error, SYNFIX_INVALID, "%s", text);
    assert_int_equal(strlen(error.text), SYNFIX_ERROR_SIZE - 1);
}

static void test_texts(void **state)
{
    (void)state;
    for (int status = -100; status < 100; status++) {
        assert_true(strlen(synfix_status_text((synfix_status_t)status)) > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_fail), cmocka_unit_test(test_one_line),
                                       cmocka_unit_test(test_texts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
