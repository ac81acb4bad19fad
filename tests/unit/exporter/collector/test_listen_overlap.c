/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/collector/listen_overlap.h"

/* A socket at @p text with a port that the kernel chooses. NULL: no such address on this host. */
static GSocket *bound_at(const char *text, bool stream, guint16 *port)
{
    g_autoptr(GSocketAddress) address = g_inet_socket_address_new_from_string(text, 0);
    g_autoptr(GSocket) made =
        g_socket_new(g_socket_address_get_family(address),
                     stream ? G_SOCKET_TYPE_STREAM : G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);
    if (made == NULL || !g_socket_bind(made, address, FALSE, NULL)) {
        return NULL;
    }
    g_autoptr(GSocketAddress) local = g_socket_get_local_address(made, NULL);
    *port = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(local));
    return g_steal_pointer(&made);
}

static bool overlaps(GSocket *own, const char *text, guint16 port, bool stream)
{
    g_autoptr(GSocketAddress) address = g_inet_socket_address_new_from_string(text, port);
    return listen_overlaps(own, address, stream);
}

static void test_addresses(void **state)
{
    (void)state;
    static const struct {
        const char *own;
        const char *other;
        bool overlap;
    } cases[] = {{"127.0.0.1", "127.0.0.1", true},
                 {"127.0.0.1", "127.0.0.2", false},
                 {"0.0.0.0", "127.0.0.1", true},
                 {"127.0.0.1", "0.0.0.0", true},
                 {"127.0.0.1", "::", true},
                 {"::", "127.0.0.1", true},
                 {"::", "0.0.0.0", true},
                 {"127.0.0.1", "::1", false},
                 {"0.0.0.0", "::1", false},
                 {"::1", "::1", true},
                 {"::", "::1", true}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        guint16 port = 0;
        g_autoptr(GSocket) own = bound_at(cases[i].own, false, &port);
        if (own == NULL) {
            continue; /* a host without IPv6 */
        }
        assert_int_equal(overlaps(own, cases[i].other, port, false), cases[i].overlap);
    }
}

/* Another port, any free port, and another protocol are no overlap. */
static void test_ports(void **state)
{
    (void)state;
    for (int stream = 0; stream < 2; stream++) {
        guint16 port = 0;
        g_autoptr(GSocket) own = bound_at("127.0.0.1", stream, &port);
        assert_non_null(own);
        assert_true(overlaps(own, "127.0.0.1", port, stream));
        assert_false(overlaps(own, "127.0.0.1", port == 1 ? 2 : port - 1, stream));
        assert_false(overlaps(own, "127.0.0.1", 0, stream));
        assert_false(overlaps(own, "127.0.0.1", port, !stream));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_addresses), cmocka_unit_test(test_ports)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
