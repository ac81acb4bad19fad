/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file p0f_response.h
 * A response of p0f's API (docs/reference/p0f-api.md) as JSON.
 */
#ifndef APP_COMMAND_P0F_RESPONSE_H
#define APP_COMMAND_P0F_RESPONSE_H

#include "app/service/p0f_api.h"
#include "values/address_prefix.h"
#include <glib.h>

/** Appends an array with one object for @p net, which is one address; fields that p0f does not know have no
 * member. */
void p0f_response_json(const uint8_t response[P0F_API_RESPONSE_SIZE], const address_prefix_t *net,
                       GString *json);

#endif
