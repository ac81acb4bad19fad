/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/collector/collect_internal.h"

#define NETWORK_BYTES 8 /* of an IPv6 address: one host can use all addresses of such a network */

char *peer_name(GSocketAddress *address, const char *scheme)
{
    if (address == NULL || !G_IS_INET_SOCKET_ADDRESS(address)) {
        return g_strdup(scheme);
    }
    GInetSocketAddress *const inet = G_INET_SOCKET_ADDRESS(address);
    GInetAddress *const host = g_inet_socket_address_get_address(inet);
    const unsigned port = g_inet_socket_address_get_port(inet);
    g_autofree char *text = g_inet_address_to_string(host);
    if (g_inet_address_get_family(host) != G_SOCKET_FAMILY_IPV6) {
        return g_strdup_printf("%s://%s:%u", scheme, text, port);
    }
    /* The zone as a number: its name would be a system call for each datagram. */
    const unsigned zone = g_inet_socket_address_get_scope_id(inet);
    return zone != 0 ? g_strdup_printf("%s://[%s%%%u]:%u", scheme, text, zone, port)
                     : g_strdup_printf("%s://[%s]:%u", scheme, text, port);
}

char *peer_host(GSocketAddress *address)
{
    if (address == NULL || !G_IS_INET_SOCKET_ADDRESS(address)) {
        return g_strdup("");
    }
    GInetAddress *const host = g_inet_socket_address_get_address(G_INET_SOCKET_ADDRESS(address));
    const guint8 *const bytes = g_inet_address_to_bytes(host);
    const bool v6 = g_inet_address_get_family(host) == G_SOCKET_FAMILY_IPV6;
    GString *const text = g_string_new(v6 ? "6" : "4");
    for (gsize i = 0; i < (v6 ? NETWORK_BYTES : g_inet_address_get_native_size(host)); i++) {
        g_string_append_printf(text, "%02x", bytes[i]);
    }
    return g_string_free(text, FALSE);
}
