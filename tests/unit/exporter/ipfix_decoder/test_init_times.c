/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/byte_order.h"
#include "exporter/ipfix_decoder/init_times.h"

static void set(init_times_t *times, uint32_t domain, uint64_t milliseconds)
{
    uint8_t bytes[8];
    write_be64(bytes, milliseconds);
    const ipfix_decoder_value_t value = {.data = bytes, .length = sizeof bytes};
    init_times_set(times, domain, &value);
}

static void one_time_for_each_domain(void **state)
{
    (void)state;
    init_times_t *times = init_times_new(2);
    assert_int_equal(init_times_get(times, 0), 0);
    set(times, 0, 1700000000000);
    set(times, 7, 5);
    set(times, 8, 6); /* beyond the limit */
    set(times, 7, 9); /* replaces */
    assert_int_equal(init_times_get(times, 0), 1700000000000);
    assert_int_equal(init_times_get(times, 7), 9);
    assert_int_equal(init_times_get(times, 8), 0);
    init_times_free(times);
}

static void the_element_has_its_number_and_length(void **state)
{
    (void)state;
    static const struct {
        uint32_t pen;
        uint16_t id;
        uint16_t length;
        bool base;
    } table[] = {{0, 160, 8, true}, {0, 160, 4, false}, {29305, 160, 8, false}, {0, 161, 8, false}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const ipfix_decoder_field_t field = {
            .pen = table[i].pen, .id = table[i].id, .length = table[i].length};
        assert_int_equal(init_times_is_base(&field), table[i].base);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_time_for_each_domain),
        cmocka_unit_test(the_element_has_its_number_and_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
