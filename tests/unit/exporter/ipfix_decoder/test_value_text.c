/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/ipfix_decoder/value_text.h"

static void prints(void **state)
{
    (void)state;
    static const struct {
        unsigned type;
        uint8_t bytes[16];
        uint32_t length;
        const char *text;
    } cases[] = {
        {IPFIX_UNSIGNED8, {255}, 1, "255"},
        {IPFIX_UNSIGNED64, {255, 255, 255, 255, 255, 255, 255, 255}, 8, "18446744073709551615"},
        {IPFIX_UNSIGNED64, {1, 0}, 2, "256"},
        {IPFIX_UNSIGNED16, {1, 2, 3}, 3, "010203"},
        {READER_SIGNED32, {255, 254}, 2, "-2"},
        {READER_SIGNED64, {128}, 8, "-9223372036854775808"},
        {READER_FLOAT32, {0x3F, 0xC0, 0, 0}, 4, "1.5"},
        {READER_FLOAT64, {0x7F, 0xF0}, 8, "null"},
        {READER_BOOLEAN, {2}, 1, "false"},
        {READER_MAC_ADDRESS, {0, 1, 2, 0xAA, 0xBB, 0xFF}, 6, "00:01:02:aa:bb:ff"},
        {IPFIX_SECONDS, {0}, 4, "1970-01-01T00:00:00.000Z"},
        {IPFIX_SECONDS,
         {0xFF, 0xFF, 0xFF, 0xFF},
         4,
         "2106-02-07T06:28:15.000Z"}, /* time_t may have 32 bits */
        {IPFIX_MILLISECONDS, {0, 0, 0xE6, 0x77, 0xD2, 0x1F, 0xDB, 0xFF}, 8, "9999-12-31T23:59:59.999Z"},
        {IPFIX_MILLISECONDS, {0, 0, 0xE6, 0x77, 0xD2, 0x1F, 0xDC, 0}, 8, "out of range: 253402300800.000 s"},
        {IPFIX_MILLISECONDS, {0, 0, 0, 0, 0, 0, 3, 0xE9}, 8, "1970-01-01T00:00:01.001Z"},
        {IPFIX_MICROSECONDS, {0x83, 0xAA, 0x7E, 0x80, 0x80}, 8, "1970-01-01T00:00:00.500000Z"},
        {IPFIX_NANOSECONDS, {0x83, 0xAA, 0x7E, 0x80, 0x40}, 8, "1970-01-01T00:00:00.250000000Z"},
        {IPFIX_IPV4_ADDRESS, {192, 0, 2, 1}, 4, "192.0.2.1"},
        {IPFIX_IPV6_ADDRESS, {0x20, 1, 0xD, 0xB8, [15] = 1}, 16, "2001:db8::1"},
        {IPFIX_STRING, {'a', 0xFF, 'b'}, 3, "a\357\277\275b"},
        {IPFIX_OCTET_ARRAY, {0, 0xFE}, 2, "00fe"},
        {IPFIX_OCTET_ARRAY, {0}, 0, ""},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        const ipfix_decoder_value_t value = {.data = cases[i].bytes, .length = cases[i].length};
        value_append(text, cases[i].type, &value);
        assert_string_equal(text->str, cases[i].text);
    }
}

static void escapes_json(void **state)
{
    (void)state;
    g_autoptr(GString) text = g_string_new(NULL);
    value_append_json(text, "a\"\\\n\0b", 6);
    assert_string_equal(text->str, "\"a\\\"\\\\\\u000a\357\277\275b\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(prints), cmocka_unit_test(escapes_json)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
