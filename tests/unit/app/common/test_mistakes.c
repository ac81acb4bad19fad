/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/common/mistakes.h"
#include <string.h>

static void add(mistakes_t *mistakes, const char *file, unsigned line, synfix_cause_t cause, const char *text)
{
    synfix_error_t error;
    (void)synfix_fail(&error, SYNFIX_INVALID, "%s", text);
    error.cause = cause;
    mistakes_add(mistakes, file, line, &error);
}

static void ordered_by_line_and_once(void **state)
{
    (void)state;
    static const char *const wanted[] = {"conf:3: early", "conf:3: also early", "conf:9: late", "word",
                                         "conf: whole"};
    g_autoptr(mistakes_t) mistakes = mistakes_new();
    add(mistakes, "conf", 9, SYNFIX_CAUSE_USAGE, "late");
    add(mistakes, NULL, 7, SYNFIX_CAUSE_USAGE, "word"); /* of the command line: no line */
    add(mistakes, "conf", 3, SYNFIX_CAUSE_USAGE, "early");
    add(mistakes, "conf", 0, SYNFIX_CAUSE_USAGE, "whole");
    add(mistakes, "conf", 3, SYNFIX_CAUSE_USAGE, "also early");
    add(mistakes, "conf", 9, SYNFIX_CAUSE_USAGE, "late");
    assert_int_equal(mistakes_count(mistakes), G_N_ELEMENTS(wanted));
    for (unsigned i = 0; i < G_N_ELEMENTS(wanted); i++) {
        assert_string_equal(mistakes_text(mistakes, i), wanted[i]);
    }
}

static void appended_mistakes_are_ordered_too(void **state)
{
    (void)state;
    static const char *const wanted[] = {"conf:3: early", "conf:9: late", "first word", "second word"};
    g_autoptr(mistakes_t) mistakes = mistakes_new();
    g_autoptr(mistakes_t) more = mistakes_new();
    add(mistakes, NULL, 0, SYNFIX_CAUSE_USAGE, "first word");
    add(mistakes, "conf", 9, SYNFIX_CAUSE_USAGE, "late");
    add(more, NULL, 0, SYNFIX_CAUSE_USAGE, "second word");
    add(more, "conf", 9, SYNFIX_CAUSE_USAGE, "late");
    add(more, "conf", 3, SYNFIX_CAUSE_USAGE, "early");
    mistakes_append(mistakes, more);
    assert_int_equal(mistakes_count(more), 3);
    assert_int_equal(mistakes_count(mistakes), G_N_ELEMENTS(wanted));
    for (unsigned i = 0; i < G_N_ELEMENTS(wanted); i++) {
        assert_string_equal(mistakes_text(mistakes, i), wanted[i]);
    }
}

static void the_status_follows_from_all_causes(void **state)
{
    (void)state;
    static const struct {
        synfix_cause_t causes[3];
        unsigned count;
        synfix_status_t status;
        synfix_cause_t cause;
    } table[] = {
        {{SYNFIX_CAUSE_USAGE}, 1, SYNFIX_INVALID, SYNFIX_CAUSE_USAGE},
        {{SYNFIX_CAUSE_INPUT, SYNFIX_CAUSE_INPUT}, 2, SYNFIX_NOT_FOUND, SYNFIX_CAUSE_INPUT},
        {{SYNFIX_CAUSE_INPUT, SYNFIX_CAUSE_SINK}, 2, SYNFIX_INVALID, SYNFIX_CAUSE_USAGE},
        {{SYNFIX_CAUSE_SINK, SYNFIX_CAUSE_SINK}, 2, SYNFIX_INVALID, SYNFIX_CAUSE_SINK},
        {{SYNFIX_CAUSE_SINK, SYNFIX_CAUSE_USAGE}, 2, SYNFIX_INVALID, SYNFIX_CAUSE_USAGE},
        {{SYNFIX_CAUSE_USAGE, SYNFIX_CAUSE_ACCESS, SYNFIX_CAUSE_SINK},
         3,
         SYNFIX_PERMISSION,
         SYNFIX_CAUSE_ACCESS},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        synfix_error_t error;
        g_autoptr(mistakes_t) mistakes = mistakes_new();
        assert_int_equal(mistakes_status(mistakes, &error), SYNFIX_OK);
        for (unsigned k = 0; k < table[i].count; k++) {
            g_autofree char *text = g_strdup_printf("mistake %u", k);
            add(mistakes, "conf", k + 1, table[i].causes[k], text);
        }
        assert_int_equal(mistakes_status(mistakes, &error), table[i].status);
        assert_int_equal(error.cause, table[i].cause);
        assert_string_equal(error.text, "conf:1: mistake 0");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ordered_by_line_and_once),
        cmocka_unit_test(appended_mistakes_are_ordered_too),
        cmocka_unit_test(the_status_follows_from_all_causes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
