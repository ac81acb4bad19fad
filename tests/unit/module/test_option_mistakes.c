/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "module/option_mistakes.h"
#include <string.h>

static void add(synfix_mistakes_t *mistakes, const char *option, synfix_status_t status, const char *text)
{
    synfix_error_t error = {.text = "", .cause = SYNFIX_CAUSE_NONE};
    (void)synfix_fail(&error, status, "%s", text);
    error.cause = SYNFIX_CAUSE_SINK;
    assert_int_equal(synfix_mistakes_add(mistakes, option, status, &error), status);
}

static void keeps_each_mistake_once_and_in_order(void **state)
{
    (void)state;
    synfix_mistakes_t *mistakes = option_mistakes_new();
    assert_non_null(mistakes);
    add(mistakes, "size", SYNFIX_OK, "not a mistake");
    add(mistakes, "size", SYNFIX_END, "not a mistake");
    assert_int_equal(option_mistakes_count(mistakes), 0);
    assert_int_equal(option_mistakes_first(mistakes, "demo", NULL), SYNFIX_OK);
    add(mistakes, "size", SYNFIX_INVALID, "too large");
    add(mistakes, NULL, SYNFIX_NOT_FOUND, "no host");
    add(mistakes, "size", SYNFIX_INVALID, "too large");
    add(mistakes, "", SYNFIX_NOT_FOUND, "no host");
    add(mistakes, "wait", SYNFIX_INVALID, "too large");
    assert_int_equal(option_mistakes_count(mistakes), 3);
    assert_string_equal(option_mistakes_at(mistakes, 0)->option, "size");
    assert_string_equal(option_mistakes_at(mistakes, 1)->option, "");
    assert_int_equal(option_mistakes_at(mistakes, 1)->status, SYNFIX_NOT_FOUND);
    assert_string_equal(option_mistakes_at(mistakes, 2)->option, "wait");
    assert_string_equal(option_mistakes_at(mistakes, 2)->error.text, "too large");
    assert_true(synfix_mistakes_concern(mistakes, "wait"));
    assert_true(synfix_mistakes_concern(mistakes, ""));
    assert_false(synfix_mistakes_concern(mistakes, "wai"));
    option_mistakes_free(mistakes);
    option_mistakes_free(NULL);
}

static void the_first_is_the_result(void **state)
{
    (void)state;
    synfix_error_t error;
    synfix_mistakes_t *mistakes = option_mistakes_new();
    assert_non_null(mistakes);
    add(mistakes, "a", SYNFIX_PERMISSION, "first");
    add(mistakes, "b", SYNFIX_INVALID, "second");
    assert_int_equal(option_mistakes_first(mistakes, "demo", &error), SYNFIX_PERMISSION);
    assert_string_equal(error.text, "demo: first");
    assert_int_equal(error.cause, SYNFIX_CAUSE_SINK);
    assert_int_equal(option_mistakes_first(mistakes, "demo", NULL), SYNFIX_PERMISSION);
    option_mistakes_free(mistakes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_each_mistake_once_and_in_order),
        cmocka_unit_test(the_first_is_the_result),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
