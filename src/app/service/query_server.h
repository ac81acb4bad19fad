/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file query_server.h
 * A Unix socket that answers queries of p0f (p0f_api.h) and of `synfix query` (host_query.h) from a thread of
 * its own. The limits of clients (query_client_list.h) keep clients from delaying each other and the capture;
 * without a free descriptor, connections wait in the kernel's queue.
 */
#ifndef APP_SERVICE_QUERY_SERVER_H
#define APP_SERVICE_QUERY_SERVER_H

#include "hosts/host_model.h"
#include <synfix/status.h>

typedef struct query_server query_server_t;

/**
 * Creates the socket @p path with permissions @p mode (0600 to 0666), before privileges are dropped. A socket
 * that no process serves any more is replaced; another kind of file, or a socket in use, is an error.
 * SYNFIX_IO, SYNFIX_PERMISSION; @p error begins with the path.
 */
synfix_status_t query_server_open(const char *path, unsigned mode, query_server_t **server,
                                  synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Starts the thread. @p model must outlive the server. */
synfix_status_t query_server_start(query_server_t *server, host_model_t *model,
                                   synfix_error_t *error) SYNFIX_MUST_CHECK;

typedef struct query_server_stats {
    uint64_t answered; /* queries with any status */
    uint64_t refused;  /* connections without a free slot or a descriptor */
} query_server_stats_t;

/** Any thread. */
void query_server_stats(const query_server_t *server, query_server_stats_t *stats);

/** Stops the thread and removes the socket. @p server may be NULL. */
void query_server_free(query_server_t *server);

#endif
