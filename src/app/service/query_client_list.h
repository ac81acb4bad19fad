/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file query_client_list.h
 * The clients of a query socket. Each has one request and one answer at a time: the next request is read once
 * the answer is with the kernel, so that a client that does not read occupies one answer and no more. The
 * owner polls the descriptors; no function blocks. One thread.
 */
#ifndef APP_SERVICE_QUERY_CLIENT_LIST_H
#define APP_SERVICE_QUERY_CLIENT_LIST_H

#include "hosts/host_model.h"

#include <poll.h>
#include <stddef.h>

#define QUERY_CLIENTS_MAX 64u

/** A client whose last progress (a complete request, a part of an answer) is older than this loses its
 * connection. */
#define QUERY_IDLE_MS 30000

/** When all QUERY_CLIENTS_MAX connections are in use, the client with the oldest progress makes room if that
 * progress is older than this. */
#define QUERY_YIELD_MS 1000

typedef struct query_client_list query_client_list_t;

/** @p model must outlive the list. */
query_client_list_t *query_client_list_new(host_model_t *model);

/** Disconnects all clients. @p list may be NULL. */
void query_client_list_free(query_client_list_t *list);

/** Takes ownership of @p descriptor, a non-blocking stream socket. False: the list is full, @p descriptor is
 * closed.
 */
bool query_client_list_add(query_client_list_t *list, int descriptor, int64_t now_ns);

/** Disconnects the client with the oldest progress if it is older than QUERY_YIELD_MS. False: none is. */
bool query_client_list_yield(query_client_list_t *list, int64_t now_ns);

/** Describes the clients to poll(2) in at most QUERY_CLIENTS_MAX entries; their number. */
size_t query_client_list_poll(const query_client_list_t *list, struct pollfd *polled);

/** Serves the clients that poll(2) reported in @p polled, which query_client_list_poll filled, and
 * disconnects idle ones. */
void query_client_list_serve(query_client_list_t *list, const struct pollfd *polled, size_t count,
                             int64_t now_ns);

/** Queries with any status so far. Any thread. */
uint64_t query_client_list_answered(const query_client_list_t *list);

#endif
