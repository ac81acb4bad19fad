/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file flow_headers.h
 * For tests of the handshake table: headers of answers, and lookups in the order of the engine.
 */
#ifndef SUPPORT_FLOW_HEADERS_H
#define SUPPORT_FLOW_HEADERS_H

#include "engine/flow_hash.h"
#include "engine/flow_insert.h"

static inline synfix_headers_t flow_answer(const synfix_headers_t *headers)
{
    synfix_headers_t back = *headers;
    back.source = headers->destination;
    back.destination = headers->source;
    back.source_port = headers->destination_port;
    back.destination_port = headers->source_port;
    return back;
}

/** As the engine passes headers to the table: NULL for IPv4. */
static inline const synfix_headers_t *flow_ipv6(const synfix_headers_t *headers)
{
    return headers->ip_version == 6 ? headers : NULL;
}

/** Finds a flow by a forecast, after its set was reported as changed if @p changed. */
static inline flow_position_t flow_look(flow_table_t *table, const synfix_headers_t *headers,
                                        uint32_t seconds, bool changed)
{
    const flow_tuple_t tuple = flow_tuple(headers);
    const uint32_t hash = flow_hash(headers, tuple);
    flow_forecast_t forecast;
    flow_table_begin_group(table);
    flow_table_forecast_set(table, hash, &forecast);
    flow_table_forecast(table, hash, seconds, &forecast);
    if (changed) {
        flow_table_note_change(table, forecast.set);
    }
    return flow_table_find(table, &forecast, hash, &tuple, flow_ipv6(headers), seconds, true);
}

#endif
