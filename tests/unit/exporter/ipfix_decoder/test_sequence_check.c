/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include "exporter/ipfix_decoder/sequence_check.h"

typedef struct step {
    uint32_t sequence;
    uint32_t records;
    sequence_result_t result;
    uint32_t count;
    uint32_t options; /* of the records */
} step_t;

static sequence_check_t run(const step_t *steps, size_t count)
{
    sequence_check_t check = {0};
    for (size_t i = 0; i < count; i++) {
        uint32_t about = 0;
        const sequence_records_t records = {steps[i].records - steps[i].options, steps[i].options};
        assert_int_equal(sequence_check_message(&check, steps[i].sequence, records, true, &about),
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
        {100, 10, SEQUENCE_GOOD, 10, 0},                                /* the first number is accepted */
        {110, 5, SEQUENCE_GOOD, 5, 0},   {115, 0, SEQUENCE_GOOD, 0, 0}, /* templates only */
        {135, 10, SEQUENCE_GAP, 20, 0},  {115, 10, SEQUENCE_LATE, 10, 0},
        {130, 5, SEQUENCE_LATE, 5, 0},   {145, 5, SEQUENCE_GOOD, 5, 0},
    };
    const sequence_check_t check = RUN(steps);
    assert_int_equal(check.lost, 5);
    assert_int_equal(check.late, 15);
    assert_int_equal(check.duplicate, 0);
}

static void duplicates(void **state)
{
    (void)state;
    static const step_t steps[] = {{100, 10, SEQUENCE_GOOD, 10, 0},
                                   {100, 10, SEQUENCE_DUPLICATE, 10, 0},
                                   {110, 10, SEQUENCE_GOOD, 10, 0},
                                   {105, 0, SEQUENCE_GOOD, 0, 0}};
    const sequence_check_t check = RUN(steps);
    assert_int_equal(check.duplicate, 10);
    assert_int_equal(check.lost, 0);
}

static void numbers_wrap_and_begin_again(void **state)
{
    (void)state;
    static const step_t steps[] = {{UINT32_MAX - 4, 10, SEQUENCE_GOOD, 10, 0},
                                   {5, 100, SEQUENCE_GOOD, 100, 0},
                                   {110, 200000, SEQUENCE_GAP, 5, 0},
                                   {10, 5, SEQUENCE_RESTART, 5, 0},
                                   {15, 5, SEQUENCE_GOOD, 5, 0},
                                   {0, 5, SEQUENCE_RESTART, 5, 0}};
    const sequence_check_t check = RUN(steps);
    assert_int_equal(check.restarts, 2);
    assert_int_equal(check.lost, 5);
}

/* Records of a set without a template cannot be counted: the next number says nothing. */
static void uncounted_records(void **state)
{
    (void)state;
    const sequence_records_t three = {.data = 3};
    sequence_check_t check = {0};
    assert_int_equal(sequence_check_message(&check, 0, three, false, NULL), SEQUENCE_GOOD);
    assert_int_equal(sequence_check_message(&check, 40, three, true, NULL), SEQUENCE_GOOD);
    assert_int_equal(sequence_check_message(&check, 44, three, true, NULL), SEQUENCE_GAP);
    assert_int_equal(check.lost, 1);
}

/* 26 records with 2 options records, then number 24. */
static void exporter_without_options_records(void **state)
{
    (void)state;
    static const step_t steps[] = {{0, 26, SEQUENCE_GOOD, 26, 2},
                                   {24, 7, SEQUENCE_GOOD, 5, 2},
                                   {29, 4, SEQUENCE_GOOD, 4, 0},
                                   {35, 4, SEQUENCE_GAP, 2, 0},
                                   {35, 4, SEQUENCE_DUPLICATE, 4, 0}};
    const sequence_check_t check = RUN(steps);
    assert_true(check.data_only);
    assert_int_equal(check.lost, 2);
    assert_int_equal(check.duplicate, 4);
}

/* A message of options records alone that arrives twice. */
static void options_records_twice(void **state)
{
    (void)state;
    static const step_t steps[] = {{0, 26, SEQUENCE_GOOD, 26, 2},
                                   {26, 2, SEQUENCE_GOOD, 2, 2},
                                   {26, 2, SEQUENCE_DUPLICATE, 2, 2},
                                   {28, 5, SEQUENCE_GOOD, 5, 0}};
    const sequence_check_t check = RUN(steps);
    assert_false(check.data_only || check.irregular);
    assert_int_equal(check.duplicate, 2);
}

/* softflowd 1.1: the number counts the records of the message itself, and no options records. */
static void exporter_that_counts_otherwise(void **state)
{
    (void)state;
    static const step_t steps[] = {{24, 25, SEQUENCE_GOOD, 25, 1},
                                   {26, 2, SEQUENCE_IRREGULAR, 2, 0},
                                   {56, 30, SEQUENCE_GOOD, 30, 0},
                                   {57, 1, SEQUENCE_GOOD, 1, 0}};
    const sequence_check_t check = RUN(steps);
    assert_true(check.irregular);
    assert_int_equal(check.lost + check.duplicate, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gaps_and_late_messages),           cmocka_unit_test(duplicates),
        cmocka_unit_test(numbers_wrap_and_begin_again),     cmocka_unit_test(uncounted_records),
        cmocka_unit_test(exporter_without_options_records), cmocka_unit_test(options_records_twice),
        cmocka_unit_test(exporter_that_counts_otherwise)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
