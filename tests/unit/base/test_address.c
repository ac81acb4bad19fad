/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <string.h>
#include <synfix/address.h>

/* inet_ntop prints the same text. */
static void check(const synfix_address_t *address, uint8_t version)
{
    char text[SYNFIX_ADDRESS_TEXT_SIZE];
    char wanted[INET6_ADDRSTRLEN];
    const size_t length = synfix_address_format(address, version, text);
    assert_non_null(inet_ntop(version == 6 ? AF_INET6 : AF_INET, address->bytes, wanted, sizeof wanted));
    assert_string_equal(text, wanted);
    assert_int_equal(length, strlen(wanted));
}

/* All places of zero groups, with groups of each length between them. */
static void ipv6_with_zero_groups(void **state)
{
    (void)state;
    static const uint16_t others[] = {0x1, 0xF, 0x10, 0xABC, 0xFFFF, 0x1000};
    for (unsigned zeros = 0; zeros < 256; zeros++) {
        for (unsigned other = 0; other < 6; other++) {
            synfix_address_t address = {.bytes = {0}};
            for (unsigned group = 0; group < 8; group++) {
                const uint16_t value = (zeros >> group & 1) != 0 ? 0 : others[(group + other) % 6];
                address.bytes[2 * (size_t)group] = (uint8_t)(value >> 8);
                address.bytes[2 * (size_t)group + 1] = (uint8_t)value;
            }
            check(&address, 6);
        }
    }
}

static void ipv6_that_ends_in_ipv4(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "::ffff:192.0.2.1", "::192.0.2.1",      "::1:0",  "::", "::1", "::ffff:0:0",
        "::fffe:192.0.2.1", "64:ff9b::1.2.3.4", "::2:0:1"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        synfix_address_t address;
        assert_int_equal(inet_pton(AF_INET6, texts[i], address.bytes), 1);
        check(&address, 6);
    }
}

static void random_addresses(void **state)
{
    (void)state;
    uint32_t seed = 1;
    for (unsigned round = 0; round < 20000; round++) {
        synfix_address_t address;
        for (size_t i = 0; i < sizeof address.bytes; i++) {
            seed = seed * 1664525u + 1013904223u;
            address.bytes[i] = (seed >> 8 & 3) == 0 ? 0 : (uint8_t)(seed >> 24);
        }
        check(&address, 6);
        check(&address, 4);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ipv6_with_zero_groups),
        cmocka_unit_test(ipv6_that_ends_in_ipv4),
        cmocka_unit_test(random_addresses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
