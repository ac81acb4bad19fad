/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "engine/flow_hash.h"

uint32_t synfix_flow_hash(const synfix_headers_t *headers)
{
    return flow_hash_public(flow_hash(headers, flow_tuple(headers)));
}

uint32_t synfix_host_hash(const synfix_headers_t *headers)
{
    return flow_host_hash(headers);
}
