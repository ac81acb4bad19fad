/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/byte_order.h"
#include "exporter/ipfix_decoder/relative_times.h"
#include "exporter/ipfix_decoder/template_table.h"
#include <string.h>

#define EXPORT_S 1700000000u /* 2023-11-14 22:13:20 */

/* One field of four bytes; NULL: it is no relative time, or its base is missing. */
static char *text_of(uint16_t id, uint32_t value, uint64_t init_ms, uint16_t length)
{
    uint8_t bytes[4];
    write_be32(bytes, value);
    ipfix_decoder_template_t *layout = template_new(1);
    layout->fixed_count = 1;
    layout->fields[0] = (ipfix_decoder_field_t){.id = id, .length = length};
    const ipfix_decoder_record_t record = {
        .export_time = EXPORT_S, .init_time_ms = init_ms, .layout = layout, .start = bytes};
    GString *text = g_string_new(NULL);
    const bool appended = relative_time_append(text, &record, 0);
    assert_int_equal(appended, text->len > 0);
    g_free(layout);
    return g_string_free(text, !appended);
}

static void times_of_records(void **state)
{
    (void)state;
    static const uint64_t init_ms = (EXPORT_S - 1000ull) * 1000;
    static const struct {
        uint16_t id;
        uint32_t value;
        uint64_t init_ms;
        uint16_t length;
        const char *text;
    } table[] = {
        {22, 500, init_ms, 4, "2023-11-14T21:56:40.500Z"},
        {21, 1000000, init_ms, 4, "2023-11-14T22:13:20.000Z"},
        {22, 500, 0, 4, NULL}, /* no base */
        {22, 0, (EXPORT_S - 5000000ull) * 1000, 4,
         "2023-11-06T18:22:47.296Z"}, /* 2^32 ms later, the last before the export */
        {158, 1, 0, 4, "2023-11-14T22:13:19.999999Z"},
        {159, 2000000, 0, 4, "2023-11-14T22:13:18.000000Z"},
        {160, 1, init_ms, 4, NULL},
        {22, 500, init_ms, 0, NULL},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *text = text_of(table[i].id, table[i].value, table[i].init_ms, table[i].length);
        if (g_strcmp0(text, table[i].text) != 0) {
            fail_msg("row %zu: %s", i, text != NULL ? text : "none");
        }
    }
}

static void which_elements(void **state)
{
    (void)state;
    static const uint16_t ids[] = {21, 22, 158, 159};
    unsigned count = 0;
    for (uint16_t id = 0; id < 1000; id++) {
        const ipfix_decoder_field_t field = {.id = id}, other = {.id = id, .pen = 1};
        count += relative_time_is(&field);
        assert_false(relative_time_is(&other));
    }
    assert_int_equal(count, G_N_ELEMENTS(ids));
    for (size_t i = 0; i < G_N_ELEMENTS(ids); i++) {
        assert_true(relative_time_is(&(const ipfix_decoder_field_t){.id = ids[i]}));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_of_records),
        cmocka_unit_test(which_elements),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
