/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/collector/collect_internal.h"

static void names_and_hosts(void **state)
{
    (void)state;
    static const struct {
        const char *address;
        const char *name;
        const char *host;
    } table[] = {
        {"192.0.2.1", "udp://192.0.2.1:4739", "4c0000201"},
        {"2001:db8::1:2", "udp://[2001:db8::1:2]:4739", "620010db800000000"},
        {"2001:db8::f:f", "udp://[2001:db8::f:f]:4739", "620010db800000000"}, /* the same network */
    };
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GSocketAddress) address = g_inet_socket_address_new_from_string(table[i].address, 4739);
        g_autofree char *name = peer_name(address, "udp");
        g_autofree char *host = peer_host(address);
        assert_string_equal(name, table[i].name);
        assert_string_equal(host, table[i].host);
    }
    g_autofree char *name = peer_name(NULL, "tcp");
    g_autofree char *host = peer_host(NULL);
    assert_string_equal(name, "tcp");
    assert_string_equal(host, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_hosts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
