/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file metrics_clients.h
 * The connections of the metrics listener by client. One client holds half of them at most, so that it does
 * not keep others out. One thread, except metrics_clients_refused.
 */
#ifndef APP_SERVICE_METRICS_CLIENTS_H
#define APP_SERVICE_METRICS_CLIENTS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

/** Connections at a time, and of one client. */
#define METRICS_CONNECTIONS_MAX    16u
#define METRICS_CONNECTIONS_OF_ONE 8u

/** An IPv4 address, or the first 64 bits of an IPv6 address: a client has all addresses below them. */
typedef struct metrics_client {
    uint8_t network[8];
    uint8_t family; /* 4 or 6; 0: the entry is not in use */
} metrics_client_t;

/** Zeros at first. */
typedef struct metrics_clients {
    metrics_client_t connected[METRICS_CONNECTIONS_MAX];
    atomic_uint_fast64_t refused;
} metrics_clients_t;

/** Whether the client at @p address may have one more connection; counts a refusal. */
bool metrics_clients_admit(metrics_clients_t *clients, const struct sockaddr *address);

/** Notes a connection. The result is valid until metrics_clients_remove; NULL: all entries are in use. */
metrics_client_t *metrics_clients_add(metrics_clients_t *clients, const struct sockaddr *address);

/** @p client may be NULL. */
void metrics_clients_remove(metrics_client_t *client);

/** Connections that were refused. Any thread. */
uint64_t metrics_clients_refused(const metrics_clients_t *clients);

#endif
