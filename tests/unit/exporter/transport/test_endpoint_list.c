/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "exporter/transport/endpoint_list.h"
#include "exporter/transport/transport_modules.h"
#include "support/module_specs.h"

static synfix_status_t list(const synfix_module_t *module, const char *text, ipfix_sink_t *transport,
                            synfix_error_t *error)
{
    *transport = (ipfix_sink_t){.endpoints = NULL};
    return transport_list_endpoints(transport, spec_of(module, text)->options, error);
}

static void target_and_failover_become_endpoints(void **state)
{
    static const char *const hosts[] = {"collector.example", "fe80::1%eth0", "192.0.2.1"};
    static const unsigned ports[] = {2055, 4739, 99};
    ipfix_sink_t transport;
    synfix_error_t error;
    (void)state;
    assert_int_equal(list(&tcp_module,
                          "tcp://collector.example:2055?failover=[fe80::1%25eth0],//192.0.2.1:99", &transport,
                          &error),
                     SYNFIX_OK);
    assert_int_equal(transport.endpoint_count, 3);
    assert_ptr_equal(transport.endpoint, transport.endpoints);
    for (unsigned i = 0; i < 3; i++) {
        assert_string_equal(transport.endpoints[i].host, hosts[i]);
        assert_int_equal(transport.endpoints[i].number, ports[i]);
    }
    g_free(transport.endpoints);
}

static void a_list_without_failover_has_one_endpoint(void **state)
{
    static const char *const texts[] = {"tcp://10.0.0.1", "tcp://10.0.0.1?failover="};
    ipfix_sink_t transport;
    synfix_error_t error;
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(list(&tcp_module, texts[i], &transport, &error), SYNFIX_OK);
        assert_int_equal(transport.endpoint_count, 1);
        g_free(transport.endpoints);
    }
    assert_int_equal(list(&udp_module, "udp://10.0.0.1", &transport, &error), SYNFIX_OK);
    assert_int_equal(transport.endpoint_count, 1);
    g_free(transport.endpoints);
}

static void refusals_name_the_wrong_part(void **state)
{
    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
        {"tcp:", "'' is not an address; write //HOST:PORT (an IPv6 address in [])"},
        {"tcp://", "'' is not an address"},
        {"tcp://:4739", "':4739' is not an address"},
        {"tcp://::1", "'::1' is not an address"},
        {"tcp://a:0", "'a:0': port '0' is not a port; write a number from 1 to 65535"},
        {"tcp://a?failover=b,", "'' is not an address"},
        {"tcp://a?failover=b:ipfix", "'b:ipfix': port 'ipfix' is not a port"},
        {"tcp://[fe80::1]", "'[fe80::1]': an IPv6 link-local address needs its interface"},
        {"tcp://a?source=fe80::1", "source: an IPv6 link-local address needs its interface"},
        {"tcp://a?source=b", "source: 'b' is not an IP address"},
    };
    ipfix_sink_t transport;
    (void)state;
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        synfix_error_t error;
        assert_int_equal(list(&tcp_module, cases[i].text, &transport, &error), SYNFIX_INVALID);
        assert_ptr_equal(strstr(error.text, cases[i].message), error.text);
        assert_null(transport.endpoints);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(target_and_failover_become_endpoints),
        cmocka_unit_test(a_list_without_failover_has_one_endpoint),
        cmocka_unit_test(refusals_name_the_wrong_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
