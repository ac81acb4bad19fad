/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/export_protocol.h"

static void protocols(void **state)
{
    (void)state;
    static const struct {
        uint8_t bytes[EXPORT_PROTOCOL_BYTES];
        const char *name;
    } rows[] = {
        {{0, 0, 0, 5}, "sFlow version 5"},   {{0, 0, 0, 4}, "sFlow version 4"},
        {{0, 0, 0, 2}, "sFlow version 2"},   {{0, 0, 0, 6}, "an unknown protocol"},
        {{0, 5, 0, 1}, "NetFlow version 5"}, {{0, 9, 0, 1}, "NetFlow version 9"},
        {{0, 10, 0, 64}, "IPFIX"},           {{0x16, 3, 1, 2}, "TLS"},
        {{0x16, 0xFE, 0xFF, 0}, "DTLS"},     {{'<', '3', '4', '>'}, "an unknown protocol"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_string_equal(export_protocol_name(export_protocol_of(rows[i].bytes)), rows[i].name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(protocols)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
