/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file host_query.h
 * Hosts of one address as JSON, for the metrics listener and the query socket.
 *
 * On the query socket a request with HOST_QUERY_REQUEST_MAGIC, otherwise laid out as a request of p0f
 * (p0f_api.h), is answered by 12 bytes and the JSON text: HOST_QUERY_RESPONSE_MAGIC, a status of p0f_api.h,
 * and the length of the text in bytes, each a 32-bit integer in host byte order.
 */
#ifndef APP_SERVICE_HOST_QUERY_H
#define APP_SERVICE_HOST_QUERY_H

#include "hosts/host_model.h"
#include <glib.h>

#define HOST_QUERY_REQUEST_MAGIC  0x53594E01u
#define HOST_QUERY_RESPONSE_MAGIC 0x53594E02u
#define HOST_QUERY_HEADER_SIZE    12u

/** Hosts of one answer: roles and tags of one address. An answer then fits into the buffer of a socket. */
#define HOST_QUERY_HOSTS_MAX 8u

/** Appends a JSON array; number of hosts in it. The model is locked meanwhile. Any thread. */
unsigned host_query_json(host_model_t *model, const synfix_address_t *address, uint8_t ip_version,
                         GString *out);

/** The whole answer to @p request of P0F_API_REQUEST_SIZE bytes. */
void host_query_answer(host_model_t *model, const uint8_t *request, GString *answer);

#endif
