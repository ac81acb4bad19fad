/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/common/exit_codes.h"
#include "app/common/mistakes.h"
#include "base/error_cause.h"

static void from_cause(void **state)
{
    (void)state;
    static const struct {
        synfix_cause_t cause;
        int code;
    } table[] = {{SYNFIX_CAUSE_USAGE, APP_EXIT_USAGE},
                 {SYNFIX_CAUSE_INPUT, APP_EXIT_INPUT},
                 {SYNFIX_CAUSE_SINK, APP_EXIT_SINK},
                 {SYNFIX_CAUSE_ACCESS, APP_EXIT_PERMISSION},
                 {SYNFIX_CAUSE_DEVICE, APP_EXIT_DEVICE}};
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        const synfix_error_t error = {.cause = table[i].cause};
        assert_int_equal(app_exit_of_error(SYNFIX_IO, &error), table[i].code);
    }
}

static void from_status(void **state)
{
    (void)state;
    static const struct {
        synfix_status_t status;
        int code;
    } table[] = {{SYNFIX_INVALID, APP_EXIT_USAGE},
                 {SYNFIX_NO_MEMORY, APP_EXIT_INPUT},
                 {SYNFIX_IO, APP_EXIT_INPUT},
                 {SYNFIX_NOT_FOUND, APP_EXIT_INPUT},
                 {SYNFIX_UNSUPPORTED, APP_EXIT_INPUT},
                 {SYNFIX_TRUNCATED, APP_EXIT_INPUT},
                 {SYNFIX_PERMISSION, APP_EXIT_PERMISSION},
                 {SYNFIX_DISCONNECTED, APP_EXIT_SINK}};
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        synfix_error_t error;
        const synfix_status_t status = synfix_fail(&error, table[i].status, "x");
        assert_int_equal(app_exit_of_error(status, &error), table[i].code);
    }
}

/* The function that knows most is the innermost one; a denied permission is its own cause. */
static void attribution(void **state)
{
    (void)state;
    synfix_error_t error;
    (void)synfix_fail(&error, SYNFIX_IO, "x");
    assert_int_equal(error_attribute(&error, SYNFIX_CAUSE_SINK, SYNFIX_IO), SYNFIX_IO);
    assert_int_equal(error.cause, SYNFIX_CAUSE_SINK);
    (void)error_attribute(&error, SYNFIX_CAUSE_INPUT, SYNFIX_IO);
    assert_int_equal(error.cause, SYNFIX_CAUSE_SINK);
    (void)synfix_fail(&error, SYNFIX_PERMISSION, "x");
    (void)error_attribute(&error, SYNFIX_CAUSE_INPUT, SYNFIX_PERMISSION);
    assert_int_equal(error.cause, SYNFIX_CAUSE_ACCESS);
    assert_int_equal(error_attribute(NULL, SYNFIX_CAUSE_INPUT, SYNFIX_IO), SYNFIX_IO);
    error.cause = SYNFIX_CAUSE_NONE;
    (void)error_attribute(&error, SYNFIX_CAUSE_INPUT, SYNFIX_AGAIN);
    assert_int_equal(error.cause, SYNFIX_CAUSE_NONE);
}

static void mistakes_by_line(void **state)
{
    (void)state;
    g_autoptr(mistakes_t) mistakes = mistakes_new();
    synfix_error_t error;
    assert_int_equal(mistakes_status(mistakes, &error), SYNFIX_OK);
    const struct {
        const char *file;
        unsigned line;
        const char *text;
    } rows[] = {{NULL, 7, "c"}, {"conf", 5, "b"}, {"conf", 2, "a"}, {"conf", 5, "b"}, {"conf", 0, "d"}};
    static const char *const wanted[] = {"conf:2: a", "conf:5: b", "c", "conf: d"};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        (void)synfix_fail(&error, SYNFIX_INVALID, "%s", rows[i].text);
        mistakes_add(mistakes, rows[i].file, rows[i].line, &error);
    }
    assert_int_equal(mistakes_count(mistakes), G_N_ELEMENTS(wanted));
    for (unsigned i = 0; i < G_N_ELEMENTS(wanted); i++) {
        assert_string_equal(mistakes_text(mistakes, i), wanted[i]);
    }
    assert_int_equal(mistakes_status(mistakes, &error), SYNFIX_INVALID);
    assert_string_equal(error.text, "conf:2: a");
    assert_int_equal(app_exit_of_error(SYNFIX_INVALID, &error), APP_EXIT_USAGE);
    error.cause = SYNFIX_CAUSE_ACCESS;
    mistakes_add(mistakes, "conf", 9, &error);
    assert_int_equal(mistakes_status(mistakes, &error), SYNFIX_PERMISSION);
    assert_int_equal(app_exit_of_error(SYNFIX_PERMISSION, &error), APP_EXIT_PERMISSION);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(from_cause), cmocka_unit_test(from_status),
                                       cmocka_unit_test(attribution), cmocka_unit_test(mistakes_by_line)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
