/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "values/endpoint.h"

static const endpoint_rule_t with_default = {.form = "HOST:PORT", .default_port = 4739};

static void endpoints_are_split_and_printed(void **state)
{
    static const struct {
        const char *text;
        const char *host;
        uint16_t number;
        const char *printed;
    } cases[] = {
        {"192.0.2.1:1", "192.0.2.1", 1, "192.0.2.1:1"},
        {"//192.0.2.1:65535", "192.0.2.1", 65535, "192.0.2.1:65535"},
        {"collector.example", "collector.example", 4739, "collector.example:4739"},
        {"[2001:db8::1]", "2001:db8::1", 4739, "[2001:db8::1]:4739"},
        {"//[::1]:514", "::1", 514, "[::1]:514"},
        {"[fe80::1%eth0]:1", "fe80::1%eth0", 1, "[fe80::1%eth0]:1"},
        {"[ff02::1%2]:1", "ff02::1%2", 1, "[ff02::1%2]:1"},
        {"[fec0::1]:1", "fec0::1", 1, "[fec0::1]:1"},
        {"host:00514", "host", 514, "host:514"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        endpoint_t endpoint;
        synfix_error_t error;
        char text[ENDPOINT_TEXT_SIZE];
        assert_int_equal(endpoint_parse(cases[i].text, &with_default, &endpoint, &error), SYNFIX_OK);
        assert_string_equal(endpoint.host, cases[i].host);
        assert_int_equal(endpoint.number, cases[i].number);
        endpoint_format(&endpoint, text);
        assert_string_equal(text, cases[i].printed);
    }
}

static void refusals_name_text_and_form(void **state)
{
    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
        {"", "'' is not an address; write HOST:PORT"},
        {"//", "'//' is not an address; write HOST:PORT"},
        {":4739", "':4739' is not an address; write HOST:PORT"},
        {"[]:4739", "'[]:4739' is not an address; write HOST:PORT"},
        {"[::1", "'[::1' is not an address; write HOST:PORT"},
        {"[::1]4739", "'[::1]4739' is not an address; write HOST:PORT"},
        {"::1", "'::1' is not an address; write HOST:PORT"},
        {"2001:db8::1", "'2001:db8::1' is not an address; write HOST:PORT"},
        {"host:", "'host:': port '' is not a port; write a number from 1 to 65535"},
        {"host:0", "'host:0': port '0' is not a port; write a number from 1 to 65535"},
        {"host:00000", "'host:00000': port '00000' is not a port; write a number from 1 to 65535"},
        {"host:65536", "'host:65536': port '65536' is not a port; write a number from 1 to 65535"},
        {"host:4294967297",
         "'host:4294967297': port '4294967297' is not a port; write a number from 1 to 65535"},
        {"host: 80", "'host: 80': port ' 80' is not a port; write a number from 1 to 65535"},
        {"host:+80", "'host:+80': port '+80' is not a port; write a number from 1 to 65535"},
        {"host:-1", "'host:-1': port '-1' is not a port; write a number from 1 to 65535"},
        {"host:http", "'host:http': port 'http' is not a port; write a number from 1 to 65535"},
        {"[fe80::1]", "'[fe80::1]': an IPv6 link-local address needs its interface; write "
                      "[fe80::1%eth0]:4739, with the name of the interface"},
        {"//[ff02::1]:514", "'//[ff02::1]:514': an IPv6 link-local address needs its interface; write "
                            "[ff02::1%eth0]:514, with the name of the interface"},
        {"host:80/x", "'host:80/x': port '80/x' is not a port; write a number from 1 to 65535"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        endpoint_t endpoint;
        synfix_error_t error;
        assert_int_equal(endpoint_parse(cases[i].text, &with_default, &endpoint, &error), SYNFIX_INVALID);
        assert_string_equal(error.text, cases[i].message);
    }
}

static void a_host_is_optional_where_the_rule_permits_it(void **state)
{
    const endpoint_rule_t any = {.form = ":PORT", .default_port = 6343, .any_host = true};
    endpoint_t endpoint;
    synfix_error_t error;
    (void)state;
    assert_int_equal(endpoint_parse("", &any, &endpoint, &error), SYNFIX_OK);
    assert_string_equal(endpoint.host, "");
    assert_int_equal(endpoint.number, 6343);
    assert_int_equal(endpoint_parse(":7000", &any, &endpoint, &error), SYNFIX_OK);
    assert_string_equal(endpoint.host, "");
    assert_string_equal(endpoint.port, "7000");
}

static void port_zero_is_for_listeners(void **state)
{
    const endpoint_rule_t listener = {.form = "HOST:PORT", .any_port = true};
    endpoint_t endpoint;
    synfix_error_t error;
    (void)state;
    assert_int_equal(endpoint_parse("127.0.0.1:0", &listener, &endpoint, &error), SYNFIX_OK);
    assert_int_equal(endpoint.number, 0);
    assert_int_equal(endpoint_parse("127.0.0.1:x", &listener, &endpoint, &error), SYNFIX_INVALID);
    assert_non_null(strstr(error.text, "write a number from 0 to 65535"));
}

static void a_port_is_required_without_a_default(void **state)
{
    const endpoint_rule_t required = {.form = "ADDRESS:PORT"};
    endpoint_t endpoint;
    synfix_error_t error;
    (void)state;
    assert_int_equal(endpoint_parse("127.0.0.1", &required, &endpoint, &error), SYNFIX_INVALID);
    assert_string_equal(error.text, "'127.0.0.1' is not an address; write ADDRESS:PORT");
}

static void the_longest_host_fits_and_a_longer_one_is_refused(void **state)
{
    char text[ENDPOINT_HOST_SIZE + 8];
    char printed[ENDPOINT_TEXT_SIZE];
    endpoint_t endpoint;
    synfix_error_t error;
    (void)state;
    memset(text, 'a', ENDPOINT_HOST_SIZE - 1);
    (void)snprintf(text + ENDPOINT_HOST_SIZE - 1, 9, ":65535");
    assert_int_equal(endpoint_parse(text, &with_default, &endpoint, &error), SYNFIX_OK);
    endpoint_format(&endpoint, printed);
    assert_string_equal(printed, text);
    memset(text, 'a', ENDPOINT_HOST_SIZE);
    (void)snprintf(text + ENDPOINT_HOST_SIZE, 8, ":65535");
    assert_int_equal(endpoint_parse(text, &with_default, &endpoint, &error), SYNFIX_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(endpoints_are_split_and_printed),
        cmocka_unit_test(refusals_name_text_and_form),
        cmocka_unit_test(a_host_is_optional_where_the_rule_permits_it),
        cmocka_unit_test(port_zero_is_for_listeners),
        cmocka_unit_test(a_port_is_required_without_a_default),
        cmocka_unit_test(the_longest_host_fits_and_a_longer_one_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
