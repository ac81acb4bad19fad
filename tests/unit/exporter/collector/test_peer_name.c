/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/collector/collect_internal.h"
#include <arpa/inet.h>
#include <netinet/in.h>

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

/* Each link has its own fe80::1. */
static void a_link_local_address_has_its_zone(void **state)
{
    (void)state;
    static const char *const names[] = {"udp://[fe80::1]:4739", "udp://[fe80::1%1]:4739",
                                        "udp://[fe80::1%2]:4739"};
    for (guint zone = 0; zone < G_N_ELEMENTS(names); zone++) {
        struct sockaddr_in6 native = {
            .sin6_family = AF_INET6, .sin6_port = htons(4739), .sin6_scope_id = zone};
        assert_int_equal(inet_pton(AF_INET6, "fe80::1", &native.sin6_addr), 1);
        g_autoptr(GSocketAddress) address = g_socket_address_new_from_native(&native, sizeof native);
        g_autofree char *name = peer_name(address, "udp");
        assert_string_equal(name, names[zone]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_hosts),
        cmocka_unit_test(a_link_local_address_has_its_zone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
