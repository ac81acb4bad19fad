/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/collector/listen_overlap.h"

/* `::` receives IPv4 as well: g_socket_bind() clears IPV6_V6ONLY. */
static bool covers(GInetAddress *one, GInetAddress *other)
{
    return g_inet_address_equal(one, other) ||
           (g_inet_address_get_is_any(one) &&
            (g_inet_address_get_family(one) == G_SOCKET_FAMILY_IPV6 ||
             g_inet_address_get_family(one) == g_inet_address_get_family(other)));
}

bool listen_overlaps(GSocket *own, GSocketAddress *address, bool stream)
{
    GIO_AUTO GSocketAddress *bound = g_socket_get_local_address(own, NULL);
    const bool is_stream = g_socket_get_socket_type(own) == G_SOCKET_TYPE_STREAM;
    if (!G_IS_INET_SOCKET_ADDRESS(bound) || !G_IS_INET_SOCKET_ADDRESS(address) || is_stream != stream) {
        return false;
    }
    const guint16 port = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(address));
    GInetAddress *const here = g_inet_socket_address_get_address(G_INET_SOCKET_ADDRESS(bound));
    GInetAddress *const there = g_inet_socket_address_get_address(G_INET_SOCKET_ADDRESS(address));
    return port != 0 && port == g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(bound)) &&
           (covers(here, there) || covers(there, here));
}
