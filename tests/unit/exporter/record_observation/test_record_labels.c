/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/record_observation/record_labels.h"
#include "unit/exporter/record_observation/small_record.h"

static void test_label_table(void **state)
{
    (void)state;
    static const uint8_t id[] = {0, 0, 0, 9};
    record_labels_t *all = record_labels_new();
    record_label_t label = {.id = 9};
    assert_null(record_labels_find(all, 9));
    label.text = (ipfix_decoder_value_t){(const uint8_t *)"a\tb\xFF", 4};
    const synfix_label_t *made = record_labels_add(all, &label);
    assert_string_equal(made->text, "a?b\357\277\275");
    assert_ptr_equal(record_labels_add(all, &label), made);
    small_record_t row = {.layout = {.id = 300, .scope_count = 1}};
    add_value(&row, "osLabelId", id, 4);
    add_value(&row, "osLabel", "X 1", 3);
    add_value(&row, "osFamily", "X", 1);
    record_converter_t *converter = record_converter_new(RECORD_COMPLETE);
    assert_null(convert_small(converter, &row));
    record_converter_free(converter);
    record_labels_free(all);
}

/* A foreign file cannot fill the memory with labels. */
static void test_label_limit(void **state)
{
    (void)state;
    record_labels_t *all = record_labels_new();
    for (uint32_t i = 0; i <= RECORD_LABELS_MAX; i++) {
        const record_label_t label = {.id = i + 1, .text = {(const uint8_t *)"x", 1}};
        const synfix_label_t *made = record_labels_add(all, &label);
        assert_true((made != NULL) == (i < RECORD_LABELS_MAX));
    }
    record_labels_free(all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_label_table),
        cmocka_unit_test(test_label_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
