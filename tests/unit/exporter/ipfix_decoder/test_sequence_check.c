/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

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
    assert_int_equal(check.way, SEQUENCE_DATA_ONLY);
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
    assert_true(check.way == 0 && !check.irregular);
    assert_int_equal(check.duplicate, 2);
}

/* softflowd 1.1: the number counts the records of the message itself, and no options records. */
static void exporter_that_counts_own_records(void **state)
{
    (void)state;
    static const step_t steps[] = {{24, 25, SEQUENCE_GOOD, 25, 1}, {26, 2, SEQUENCE_GOOD, 2, 0},
                                   {56, 30, SEQUENCE_GOOD, 30, 0}, {57, 1, SEQUENCE_GOOD, 1, 0},
                                   {80, 20, SEQUENCE_GAP, 3, 0},   {80, 20, SEQUENCE_DUPLICATE, 20, 0},
                                   {60, 3, SEQUENCE_LATE, 3, 0},   {85, 5, SEQUENCE_GOOD, 5, 0}};
    const sequence_check_t check = RUN(steps);
    assert_int_equal(check.way & SEQUENCE_OWN, SEQUENCE_OWN);
    assert_int_equal(check.lost, 0);
    assert_int_equal(check.late, 3);
    assert_int_equal(check.duplicate, 20);
}

/* Open vSwitch: templates with number 1, then messages of one record. */
static void open_vswitch(void **state)
{
    (void)state;
    static const step_t steps[] = {{1, 0, SEQUENCE_GOOD, 0, 0}, {1, 0, SEQUENCE_GOOD, 0, 0},
                                   {2, 1, SEQUENCE_GOOD, 1, 0}, {3, 1, SEQUENCE_GOOD, 1, 0},
                                   {6, 1, SEQUENCE_GAP, 2, 0},  {7, 1, SEQUENCE_GOOD, 1, 0}};
    const sequence_check_t check = RUN(steps);
    assert_int_equal(check.way, SEQUENCE_OWN);
    assert_int_equal(check.lost, 2);
}

/* A loss that looks like the other way to count, once: the messages behind it decide. */
static void loss_that_looks_like_another_way(void **state)
{
    (void)state;
    static const step_t steps[] = {{0, 0, SEQUENCE_GOOD, 0, 0},  {7, 7, SEQUENCE_GOOD, 7, 0},
                                   {14, 3, SEQUENCE_GOOD, 3, 0}, {17, 9, SEQUENCE_GOOD, 9, 0},
                                   {30, 2, SEQUENCE_GAP, 4, 0},  {32, 2, SEQUENCE_GOOD, 2, 0}};
    const sequence_check_t check = RUN(steps);
    assert_int_equal(check.way, 0);
    assert_int_equal(check.lost, 4);
}

static void exporter_that_counts_otherwise(void **state)
{
    (void)state;
    static const step_t steps[] = {
        {24, 25, SEQUENCE_GOOD, 25, 0}, {30, 2, SEQUENCE_IRREGULAR, 2, 0}, {90, 30, SEQUENCE_GOOD, 30, 0}};
    const sequence_check_t check = RUN(steps);
    assert_true(check.irregular);
    assert_int_equal(check.lost + check.duplicate, 0);
}

/* Each size of messages and each way, without a loss: nothing is reported. */
static void no_way_reports_losses(void **state)
{
    (void)state;
    uint32_t seed = 1;
    for (unsigned run = 0; run < 400; run++) {
        const uint8_t way = (uint8_t)(run % SEQUENCE_WAYS);
        const uint32_t sizes = 1 + run % 7;
        sequence_check_t check = {0};
        uint32_t number = run * 1000003u;
        for (unsigned i = 0; i < 100; i++) {
            seed = seed * 1664525u + 1013904223u;
            const sequence_records_t records = {.data = 1 + (seed >> 16) % sizes,
                                                .options = i % 10 == 0 ? 2 : 0};
            const uint32_t own = records.data + ((way & SEQUENCE_DATA_ONLY) != 0 ? 0 : records.options);
            number += (way & SEQUENCE_OWN) != 0 ? own : 0;
            assert_int_equal(sequence_check_message(&check, number, records, true, NULL), SEQUENCE_GOOD);
            number += (way & SEQUENCE_OWN) != 0 ? 0 : own;
        }
        assert_int_equal(check.lost + check.duplicate + check.late + check.restarts, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gaps_and_late_messages),           cmocka_unit_test(duplicates),
        cmocka_unit_test(numbers_wrap_and_begin_again),     cmocka_unit_test(uncounted_records),
        cmocka_unit_test(exporter_without_options_records), cmocka_unit_test(options_records_twice),
        cmocka_unit_test(exporter_that_counts_own_records), cmocka_unit_test(open_vswitch),
        cmocka_unit_test(loss_that_looks_like_another_way), cmocka_unit_test(no_way_reports_losses),
        cmocka_unit_test(exporter_that_counts_otherwise)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
