/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/exporter/record_observation/small_record.h"

static void test_bad_values(void **state)
{
    (void)state;
    record_converter_t *converter = record_converter_new(RECORD_FOR_HOSTS);
    record_converter_stats_t stats;
    static const struct {
        const char *element;
        uint8_t data[9];
        uint32_t length;
    } wrong[] = {{"observationKind", {0}, 1},  {"observationKind", {5}, 1},  {"observationKind", {0}, 0},
                 {"ipTTL", {1, 0}, 2},         {"flowId", {0}, 9},           {"sourceIPv4Address", {0}, 3},
                 {"osMatchQuality", {101}, 1}, {"sourceIPv6Address", {0}, 4}};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        static const uint8_t kind = 1;
        small_record_t record = {.layout = {.id = 256}};
        add_value(&record, wrong[i].element, wrong[i].data, wrong[i].length);
        add_value(&record, "observationKind", &kind, 1);
        assert_null(convert_small(converter, &record));
    }
    record_converter_get_stats(converter, &stats);
    assert_int_equal(stats.refused[RECORD_VALUE], G_N_ELEMENTS(wrong));
    assert_string_equal(stats.element[RECORD_VALUE], "observationKind");
    record_converter_free(converter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bad_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
