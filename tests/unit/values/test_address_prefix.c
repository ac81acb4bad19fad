/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "values/address_prefix.h"

static address_prefix_t parsed(const char *text)
{
    address_prefix_t prefix;
    synfix_error_t error;
    if (address_prefix_parse(text, &prefix, &error) != SYNFIX_OK) {
        fail_msg("%s", error.text);
    }
    return prefix;
}

typedef struct prefix_case {
    const char *text;
    const char *address;
    uint8_t ip_version;
    uint8_t length;
} prefix_case_t;

static void check_prefix(const address_prefix_t *prefix, const prefix_case_t *wanted)
{
    char address[SYNFIX_ADDRESS_TEXT_SIZE];
    (void)synfix_address_format(&prefix->address, prefix->ip_version, address);
    assert_string_equal(address, wanted->address);
    assert_int_equal(prefix->ip_version, wanted->ip_version);
    assert_int_equal(prefix->length, wanted->length);
}

static void texts_become_prefixes(void **state)
{
    (void)state;
    static const prefix_case_t cases[] = {
        {"192.0.2.1", "192.0.2.1", 4, 32},
        {"192.0.2.0/24", "192.0.2.0", 4, 24},
        {"0.0.0.0/0", "0.0.0.0", 4, 0},
        {"128.0.0.0/1", "128.0.0.0", 4, 1},
        {"2001:db8::1", "2001:db8::1", 6, 128},
        {"2001:db8::/33", "2001:db8::", 6, 33},
        {"::/0", "::", 6, 0},
        {"::ffff:192.0.2.1", "::ffff:192.0.2.1", 6, 128},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const address_prefix_t prefix = parsed(cases[i].text);
        check_prefix(&prefix, &cases[i]);
    }
}

static void other_texts_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *reason;
    } cases[] = {
        {"", "'' is not an address or a prefix; write for example 192.0.2.1 or 192.0.2.0/24"},
        {"x", "'x' is not an address or a prefix"},
        {"192.0.2", "'192.0.2' is not an address"},
        {"192.0.2.0/", "'192.0.2.0/' is not an address"},
        {"192.0.2.0/33", "'192.0.2.0/33' is not an address"},
        {"192.0.2.0/-1", "'192.0.2.0/-1' is not an address"},
        {"192.0.2.0/+8", "'192.0.2.0/+8' is not an address"},
        {"192.0.2.0/24x", "'192.0.2.0/24x' is not an address"},
        {"192.0.2.0/99999999999999999999999", "'192.0.2.0/99999999999999999999999' is not an address"},
        {"2001:db8::/129", "'2001:db8::/129' is not an address"},
        {"0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000/1", "is not an address"},
        {"10.1.2.3/8",
         "'10.1.2.3/8' has bits set after its prefix length; write 10.0.0.0/8 for the network, or "
         "10.1.2.3 for the host"},
        {"fe80::1%eth0", "'fe80::1%eth0' has a zone, which no packet has; omit '%eth0'"},
        {"fe80::%1/64", "omit '%1'"},
        {"2001:db8::1/64", "write 2001:db8::/64 for the network, or 2001:db8::1 for the host"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        address_prefix_t prefix;
        synfix_error_t error = {.text = ""};
        assert_int_equal(address_prefix_parse(cases[i].text, &prefix, &error), SYNFIX_INVALID);
        if (strstr(error.text, cases[i].reason) == NULL) {
            fail_msg("%s: %s", cases[i].text, error.text);
        }
        assert_int_equal(address_prefix_parse(cases[i].text, &prefix, NULL), SYNFIX_INVALID);
    }
}

static void mapped_prefixes_become_ipv4(void **state)
{
    (void)state;
    static const prefix_case_t cases[] = {
        {"::ffff:192.0.2.1", "192.0.2.1", 4, 32}, {"::ffff:10.0.0.0/104", "10.0.0.0", 4, 8},
        {"::ffff:0:0/96", "0.0.0.0", 4, 0},       {"::fffe:0:0/95", "::fffe:0:0", 6, 95},
        {"2001:db8::/97", "2001:db8::", 6, 97},   {"192.0.2.0/24", "192.0.2.0", 4, 24},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        address_prefix_t prefix = parsed(cases[i].text);
        address_prefix_unmap(&prefix);
        check_prefix(&prefix, &cases[i]);
    }
}

static void prefixes_have_their_addresses(void **state)
{
    (void)state;
    static const struct {
        const char *prefix;
        const char *address;
        bool has;
    } cases[] = {
        {"192.0.2.0/24", "192.0.2.255", true},
        {"192.0.2.0/24", "192.0.3.0", false},
        {"192.0.2.128/25", "192.0.2.200", true},
        {"192.0.2.128/25", "192.0.2.100", false},
        {"192.0.2.1", "192.0.2.1", true},
        {"192.0.2.1", "192.0.2.2", false},
        {"0.0.0.0/0", "255.255.255.255", true},
        {"0.0.0.0/0", "::1", false},
        {"::/0", "192.0.2.1", false},
        {"2001:db8::/33", "2001:db8:7fff::1", true},
        {"2001:db8::/33", "2001:db8:8000::1", false},
        {"2001:db8::1", "2001:db8::1", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const address_prefix_t prefix = parsed(cases[i].prefix);
        const address_prefix_t address = parsed(cases[i].address);
        if (address_prefix_has(&prefix, &address.address, address.ip_version) != cases[i].has) {
            fail_msg("%s %s", cases[i].prefix, cases[i].address);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_become_prefixes),
        cmocka_unit_test(other_texts_are_refused),
        cmocka_unit_test(mapped_prefixes_become_ipv4),
        cmocka_unit_test(prefixes_have_their_addresses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
