/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/service/metrics_clients.h"

#include <netinet/in.h>
#include <string.h>

#define ENTRIES (sizeof((metrics_clients_t *)NULL)->connected / sizeof(metrics_client_t))

/* A client of IPv4 at a listener of IPv6 has a mapped address, whose first bits are those of all such
 * clients. */
static metrics_client_t client_at(const struct sockaddr *address)
{
    metrics_client_t client = {.family = 4};
    struct sockaddr_in four;
    struct sockaddr_in6 six;
    if (address->sa_family == AF_INET) {
        memcpy(&four, address, sizeof four);
        memcpy(client.network, &four.sin_addr, sizeof four.sin_addr);
    } else if (address->sa_family == AF_INET6) {
        memcpy(&six, address, sizeof six);
        const bool mapped = IN6_IS_ADDR_V4MAPPED(&six.sin6_addr);
        client.family = mapped ? 4 : 6;
        memcpy(client.network, six.sin6_addr.s6_addr + (mapped ? 12 : 0), mapped ? 4 : sizeof client.network);
    }
    return client;
}

static bool is_same(const metrics_client_t *one, const metrics_client_t *other)
{
    return one->family == other->family && memcmp(one->network, other->network, sizeof one->network) == 0;
}

/* @p client: NULL for all clients. Displaced connections do not count. */
static unsigned count_of(const metrics_clients_t *clients, const metrics_client_t *client)
{
    unsigned count = 0;
    for (size_t i = 0; i < ENTRIES; i++) {
        const metrics_client_t *const one = &clients->connected[i];
        count += one->family != 0 && !one->displaced && (client == NULL || is_same(one, client));
    }
    return count;
}

/* The connection that could have ended longest ago, @p client's own or (NULL) anyone's; NULL: none. */
static metrics_client_t *find_displaceable(metrics_clients_t *clients, const metrics_client_t *client,
                                           int64_t now_ms)
{
    metrics_client_t *found = NULL;
    for (size_t i = 0; i < ENTRIES; i++) {
        metrics_client_t *const one = &clients->connected[i];
        if (one->family != 0 && !one->displaced && one->keeps_until_ms <= now_ms &&
            (client == NULL || is_same(one, client)) &&
            (found == NULL || one->keeps_until_ms < found->keeps_until_ms)) {
            found = one;
        }
    }
    return found;
}

bool metrics_clients_admit(metrics_clients_t *clients, const struct sockaddr *address, int64_t now_ms)
{
    const metrics_client_t client = client_at(address);
    const bool has_share = count_of(clients, &client) >= METRICS_CONNECTIONS_OF_ONE;
    if (!has_share && count_of(clients, NULL) < METRICS_CONNECTIONS_MAX) {
        return true;
    }
    metrics_client_t *const displaced = find_displaceable(clients, has_share ? &client : NULL, now_ms);
    (void)atomic_fetch_add_explicit(displaced == NULL ? &clients->refused : &clients->displaced, 1,
                                    memory_order_relaxed);
    if (displaced == NULL) {
        return false;
    }
    displaced->displaced = true;
    (void)shutdown(displaced->socket, SHUT_RDWR); /* the server reads its end, and closes it */
    return true;
}

metrics_client_t *metrics_clients_add(metrics_clients_t *clients, const struct sockaddr *address, int socket,
                                      int64_t now_ms)
{
    for (size_t i = 0; i < ENTRIES; i++) {
        metrics_client_t *const entry = &clients->connected[i];
        if (entry->family == 0) {
            *entry = client_at(address);
            entry->socket = socket;
            entry->keeps_until_ms = now_ms + METRICS_REQUEST_MS;
            return entry;
        }
    }
    return NULL;
}

void metrics_clients_note(metrics_client_t *client, bool answered, int64_t now_ms)
{
    if (client != NULL) {
        client->keeps_until_ms = now_ms + (answered ? 0 : METRICS_REQUEST_MS);
    }
}

void metrics_clients_remove(metrics_client_t *client)
{
    if (client != NULL) {
        client->family = 0;
    }
}

metrics_closed_t metrics_clients_closed(const metrics_clients_t *clients)
{
    return (metrics_closed_t){.refused = atomic_load_explicit(&clients->refused, memory_order_relaxed),
                              .displaced = atomic_load_explicit(&clients->displaced, memory_order_relaxed)};
}
