/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/posix/failure_note.h"

static void each_reason_once(void **state)
{
    (void)state;
    failure_note_t note = {.failing = false};
    assert_false(failure_note_clear(&note));
    assert_true(failure_note_set(&note, "a/b-1.part: removed or replaced by another process"));
    assert_true(failure_note_set(&note, "a/b-2.part: open: No such file or directory"));
    assert_false(failure_note_set(&note, "a/b-3.part: open: No such file or directory"));
    assert_true(failure_note_set(&note, "a/b-3.part: open: Permission denied"));
    assert_true(note.failing);
    assert_true(failure_note_clear(&note));
    assert_true(failure_note_set(&note, "a/b-3.part: open: Permission denied"));
    assert_true(failure_note_set(&note, "no colon"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_reason_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
