/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/service/metrics_clients.h"

#include <netinet/in.h>
#include <string.h>

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

bool metrics_clients_admit(metrics_clients_t *clients, const struct sockaddr *address)
{
    const metrics_client_t client = client_at(address);
    unsigned count = 0;
    for (unsigned i = 0; i < METRICS_CONNECTIONS_MAX; i++) {
        count += is_same(&clients->connected[i], &client);
    }
    if (count < METRICS_CONNECTIONS_OF_ONE) {
        return true;
    }
    (void)atomic_fetch_add_explicit(&clients->refused, 1, memory_order_relaxed);
    return false;
}

metrics_client_t *metrics_clients_add(metrics_clients_t *clients, const struct sockaddr *address)
{
    for (unsigned i = 0; i < METRICS_CONNECTIONS_MAX; i++) {
        if (clients->connected[i].family == 0) {
            clients->connected[i] = client_at(address);
            return &clients->connected[i];
        }
    }
    return NULL;
}

void metrics_clients_remove(metrics_client_t *client)
{
    if (client != NULL) {
        client->family = 0;
    }
}

uint64_t metrics_clients_refused(const metrics_clients_t *clients)
{
    return atomic_load_explicit(&clients->refused, memory_order_relaxed);
}
