/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file metrics_clients.h
 * The connections of the metrics listener by client. One client holds half of them at most. A further
 * connection displaces the connection that has been idle or slow for the longest time: a client that sends
 * its request octet by octet blocks no other client. One thread, except metrics_clients_closed.
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

/** A connection may be displaced when its client had this time for one request and its answer. */
#define METRICS_REQUEST_MS 2000

/** An IPv4 address, or the first 64 bits of an IPv6 address: a client has all addresses below them. */
typedef struct metrics_client {
    uint8_t network[8];
    uint8_t family; /* 4 or 6; 0: the entry is not in use */
    bool displaced; /* shut down; the server closes it soon */
    int socket;
    int64_t keeps_until_ms; /* from then on another connection may displace this one */
} metrics_client_t;

/** Connections that were closed to limit their number. */
typedef struct metrics_closed {
    uint64_t refused;   /* new connections that were closed at once */
    uint64_t displaced; /* idle or slow connections that a newer connection displaced */
} metrics_closed_t;

/** Zeros at first. One entry more than connections: a displaced one is open until the server sees its end. */
typedef struct metrics_clients {
    metrics_client_t connected[METRICS_CONNECTIONS_MAX + 1];
    atomic_uint_fast64_t refused;
    atomic_uint_fast64_t displaced;
} metrics_clients_t;

/**
 * Whether the client at @p address may have one more connection. A client that has its share, or any client
 * when all connections are in use, displaces another connection (in the first case a connection of this
 * client), which is shut down; if no connection can be displaced, the new connection is refused. Both are
 * counted. @p now_ms, here and below: of a monotonic clock.
 */
bool metrics_clients_admit(metrics_clients_t *clients, const struct sockaddr *address, int64_t now_ms);

/**
 * Adds a connection; the caller owns @p socket. The result is valid until metrics_clients_remove; NULL: all
 * entries are in use.
 */
metrics_client_t *metrics_clients_add(metrics_clients_t *clients, const struct sockaddr *address, int socket,
                                      int64_t now_ms);

/** Registers a request of @p client; @p answered: the answer was sent. @p client may be NULL. */
void metrics_clients_note(metrics_client_t *client, bool answered, int64_t now_ms);

/** @p client may be NULL. */
void metrics_clients_remove(metrics_client_t *client);

/** Since the start. Any thread. */
metrics_closed_t metrics_clients_closed(const metrics_clients_t *clients);

#endif
