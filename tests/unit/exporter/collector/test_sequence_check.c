/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include "exporter/collector/sequence_check.h"

typedef struct step {
    uint32_t sequence;
    uint32_t records;
    sequence_result_t result;
    uint32_t count;
} step_t;

static sequence_check_t run(const step_t *steps, size_t count)
{
    sequence_check_t check = {0};
    for (size_t i = 0; i < count; i++) {
        uint32_t about = 0;
        assert_int_equal(sequence_check_message(&check, steps[i].sequence, steps[i].records, true, &about),
                         steps[i].result);
        assert_int_equal(about, steps[i].count);
    }
    return check;
}

#define RUN(steps) run(steps, sizeof steps / sizeof steps[0])

static void gaps_and_late_messages(void **state)
{
    (void)state;
    static const step_t steps[] = {
        {100, 10, SEQUENCE_GOOD, 10},                             /* the first number is accepted */
        {110, 5, SEQUENCE_GOOD, 5},   {115, 0, SEQUENCE_GOOD, 0}, /* templates only */
        {135, 10, SEQUENCE_GAP, 20},  {115, 10, SEQUENCE_LATE, 10},
        {130, 5, SEQUENCE_LATE, 5},   {145, 5, SEQUENCE_GOOD, 5},
    };
    const sequence_check_t check = RUN(steps);
    assert_int_equal(check.lost, 5);
    assert_int_equal(check.late, 15);
    assert_int_equal(check.duplicate, 0);
}

static void duplicates(void **state)
{
    (void)state;
    static const step_t steps[] = {{100, 10, SEQUENCE_GOOD, 10},
                                   {100, 10, SEQUENCE_DUPLICATE, 10},
                                   {110, 10, SEQUENCE_GOOD, 10},
                                   {105, 0, SEQUENCE_GOOD, 0}};
    const sequence_check_t check = RUN(steps);
    assert_int_equal(check.duplicate, 10);
    assert_int_equal(check.lost, 0);
}

static void numbers_wrap_and_begin_again(void **state)
{
    (void)state;
    static const step_t steps[] = {{UINT32_MAX - 4, 10, SEQUENCE_GOOD, 10},
                                   {5, 100, SEQUENCE_GOOD, 100},
                                   {110, 200000, SEQUENCE_GAP, 5},
                                   {10, 5, SEQUENCE_RESTART, 5},
                                   {15, 5, SEQUENCE_GOOD, 5},
                                   {0, 5, SEQUENCE_RESTART, 5}};
    const sequence_check_t check = RUN(steps);
    assert_int_equal(check.restarts, 2);
    assert_int_equal(check.lost, 5);
}

/* Records of a set without a template cannot be counted: the next number says nothing. */
static void uncounted_records(void **state)
{
    (void)state;
    sequence_check_t check = {0};
    assert_int_equal(sequence_check_message(&check, 0, 3, false, NULL), SEQUENCE_GOOD);
    assert_int_equal(sequence_check_message(&check, 40, 3, true, NULL), SEQUENCE_GOOD);
    assert_int_equal(sequence_check_message(&check, 44, 3, true, NULL), SEQUENCE_GAP);
    assert_int_equal(check.lost, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(gaps_and_late_messages), cmocka_unit_test(duplicates),
                                       cmocka_unit_test(numbers_wrap_and_begin_again),
                                       cmocka_unit_test(uncounted_records)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
