/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file p0f_api.h
 * Queries of p0f 3.09b (api.h): a request of 21 bytes and a response of 232 bytes, integers in host byte
 * order. docs/reference/p0f-api.md lists all fields.
 */
#ifndef APP_SERVICE_P0F_API_H
#define APP_SERVICE_P0F_API_H

#include "hosts/host_model.h"

#define P0F_API_REQUEST_SIZE  21u
#define P0F_API_RESPONSE_SIZE 232u

#define P0F_API_REQUEST_MAGIC  0x50304601u
#define P0F_API_RESPONSE_MAGIC 0x50304602u

#define P0F_API_BAD_QUERY 0x00u
#define P0F_API_OK        0x10u
#define P0F_API_NO_MATCH  0x20u

/**
 * Answers one request from the hosts of @p model, which is locked meanwhile. A wrong magic or address type
 * gives P0F_API_BAD_QUERY, an unknown address P0F_API_NO_MATCH. Any thread.
 */
void p0f_api_answer(host_model_t *model, const uint8_t request[P0F_API_REQUEST_SIZE],
                    uint8_t response[P0F_API_RESPONSE_SIZE]);

#endif
