/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "filter/header_filter.h"
#include <arpa/inet.h>
#include <string.h>

static synfix_headers_t headers(const char *source, uint16_t from, const char *destination, uint16_t to)
{
    synfix_headers_t made = {.source_port = from, .destination_port = to};
    made.ip_version = strchr(source, ':') != NULL ? 6 : 4;
    const int family = made.ip_version == 6 ? AF_INET6 : AF_INET;
    assert_int_equal(inet_pton(family, source, made.source.bytes), 1);
    assert_int_equal(inet_pton(family, destination, made.destination.bytes), 1);
    return made;
}

static void lists(void **state)
{
    (void)state;
    static const struct {
        bool ports;
        filter_side_t side;
        bool deny;
        const char *text;
        bool pass4; /* 192.0.2.9:40000 to 198.51.100.1:443 */
        bool pass6; /* 2001:db8::1:1024 to 2001:db9::2:22 */
    } table[] = {
        {true, FILTER_DESTINATION, false, "443", true, false},
        {true, FILTER_DESTINATION, false, "22,443", true, true},
        {true, FILTER_DESTINATION, false, "80 , 440-450", true, false},
        {true, FILTER_SOURCE, false, "443", false, false},
        {true, FILTER_EITHER, false, "40000", true, false},
        {true, FILTER_EITHER, true, "1024-65535", false, false},
        {true, FILTER_SOURCE, true, "40000", false, true},
        {true, FILTER_EITHER, false, "0-65535", true, true},
        {false, FILTER_SOURCE, false, "192.0.2.0/24", true, false},
        {false, FILTER_SOURCE, false, "192.0.2.8/31,2001:db8::/32", true, true},
        {false, FILTER_SOURCE, false, "192.0.2.8", false, false},
        {false, FILTER_SOURCE, false, "192.0.2.1 192.0.2.2 ::1 ::2 ::3 ::4 192.0.2.9", true, false},
        {false, FILTER_DESTINATION, true, "198.51.100.1", false, true},
        {false, FILTER_EITHER, false, "2001:db8::/31", false, true},
        {false, FILTER_EITHER, true, "0.0.0.0/0", false, true},
        {false, FILTER_EITHER, false, "::/0", false, true},
    };
    const synfix_headers_t four = headers("192.0.2.9", 40000, "198.51.100.1", 443);
    const synfix_headers_t six = headers("2001:db8::1", 1024, "2001:db9::2", 22);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        header_filter_t *filter = header_filter_new();
        const synfix_status_t status =
            table[i].ports
                ? header_filter_add_ports(filter, table[i].side, table[i].deny, table[i].text, NULL)
                : header_filter_add_addresses(filter, table[i].side, table[i].deny, table[i].text, NULL);
        assert_int_equal(status, SYNFIX_OK);
        assert_int_equal(header_filter_pass(filter, &four), table[i].pass4);
        assert_int_equal(header_filter_pass(filter, &six), table[i].pass6);
        header_filter_unref(filter);
    }
}

static void combined(void **state)
{
    (void)state;
    const synfix_headers_t packet = headers("192.0.2.9", 40000, "198.51.100.1", 443);
    header_filter_t *filter = header_filter_new();
    assert_true(header_filter_pass(filter, &packet));
    assert_int_equal(header_filter_add_ports(filter, FILTER_DESTINATION, false, "443", NULL), SYNFIX_OK);
    assert_int_equal(header_filter_add_addresses(filter, FILTER_SOURCE, false, "192.0.2.0/24", NULL),
                     SYNFIX_OK);
    assert_true(header_filter_pass(filter, &packet));
    assert_int_equal(header_filter_add_addresses(filter, FILTER_SOURCE, true, "192.0.2.9", NULL), SYNFIX_OK);
    assert_false(header_filter_pass(filter, &packet));
    header_filter_unref(filter);
}

static void refusals(void **state)
{
    (void)state;
    static const char *const ports[] = {"x", "65536", "9-3", "1-", "-1", "1-2-3", "80x", ""};
    static const char *const addresses[] = {"1.2.3",    "1.2.3.4/33", "::/129",     "host",
                                            "1.2.3.4/", "1.2.3.4/8x", "1.2.3.4/24", "2001:db8::1/64"};
    header_filter_t *filter = header_filter_new();
    synfix_error_t error;
    for (size_t i = 0; i < sizeof ports / sizeof ports[0]; i++) {
        assert_int_equal(header_filter_add_ports(filter, FILTER_EITHER, false, ports[i], &error),
                         SYNFIX_INVALID);
        assert_non_null(strstr(error.text, ports[i]));
    }
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        assert_int_equal(header_filter_add_addresses(filter, FILTER_EITHER, false, addresses[i], &error),
                         SYNFIX_INVALID);
        assert_non_null(strstr(error.text, addresses[i]));
    }
    assert_int_equal(header_filter_add_ports(filter, FILTER_EITHER, false, " ,", &error), SYNFIX_INVALID);
    assert_non_null(strstr(error.text, "the list is empty"));
    header_filter_unref(filter);
}

#define BIT(kind) SYNFIX_ENCAPSULATION_BIT(SYNFIX_ENCAPSULATION_##kind)

static void encapsulations(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        synfix_encapsulations_t expected;
    } cases[] = {
        {"all", SYNFIX_ENCAPSULATIONS_ALL},
        {"none", BIT(NONE)},
        {"vlan", BIT(NONE) | BIT(VLAN)},
        {"vlan,qinq, gtp-u ", BIT(NONE) | BIT(VLAN) | BIT(QINQ) | BIT(GTP_U)},
        {"-gre", ~BIT(GRE)},
        {"all,-gre,-6in4", ~(BIT(GRE) | BIT(6IN4))},
        {"all,none,mpls", BIT(NONE) | BIT(MPLS)},
        {"vxlan,-vxlan", BIT(NONE)},
    };
    static const char *const refused[] = {"",     " , ",   "vlans",
                                          "-",    "--gre", "vlan,unknown",
                                          "VLAN", "-all",  "a-name-that-is-longer-than-any-other-one"};
    synfix_error_t error;
    header_filter_t *filter = header_filter_new();
    assert_true(header_filter_encapsulations(NULL) == SYNFIX_ENCAPSULATIONS_ALL);
    assert_true(header_filter_encapsulations(filter) == SYNFIX_ENCAPSULATIONS_ALL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(header_filter_set_encapsulations(filter, cases[i].text, &error), SYNFIX_OK);
        if (header_filter_encapsulations(filter) != cases[i].expected) {
            fail_msg("%s", cases[i].text);
        }
    }
    const synfix_encapsulations_t before = header_filter_encapsulations(filter);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        if (header_filter_set_encapsulations(filter, refused[i], &error) != SYNFIX_INVALID ||
            header_filter_encapsulations(filter) != before) {
            fail_msg("%s is accepted", refused[i]);
        }
    }
#define TAKES(identifier, number, name)                                                                      \
    assert_true(number == 0 || header_filter_set_encapsulations(filter, name, &error) == SYNFIX_OK);
    SYNFIX_ENCAPSULATIONS(TAKES)
    SYNFIX_TAGS(TAKES)
#undef TAKES
    header_filter_unref(filter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(lists), cmocka_unit_test(combined),
                                       cmocka_unit_test(refusals), cmocka_unit_test(encapsulations)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
