/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file query_client.h
 * The client side of the query socket: of a running `synfix capture`, or of p0f 3.09b.
 */
#ifndef APP_COMMAND_QUERY_CLIENT_H
#define APP_COMMAND_QUERY_CLIENT_H

#include "values/address_prefix.h"
#include <glib.h>

/** Limit for one answer. */
#define QUERY_TIMEOUT_MS 5000

/**
 * Queries the hosts of @p net, which is one address, and appends a JSON array of them to @p json: complete
 * objects (host_json.h) from synfix, the fields of p0f's response from p0f. SYNFIX_NOT_FOUND when the address
 * is unknown; SYNFIX_PERMISSION, SYNFIX_IO or SYNFIX_INVALID with the reason when there is no answer.
 */
synfix_status_t query_client_ask(const char *socket_path, const address_prefix_t *net, GString *json,
                                 synfix_error_t *error) SYNFIX_MUST_CHECK;

#endif
