/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file endpoint_list.h
 * The collectors of a transport sink: the target and its failover list, and connections to them. All
 * functions run in one thread at a time, those that connect in the thread of the sink (or of open). A wait
 * ends early when `stopping` is set.
 *
 * A connection is a non-blocking, close-on-exec socket that the caller closes. A failure is
 * SYNFIX_DISCONNECTED; its text begins with the sink's peer and names the endpoint if there are several.
 */
#ifndef EXPORTER_TRANSPORT_ENDPOINT_LIST_H
#define EXPORTER_TRANSPORT_ENDPOINT_LIST_H

#include "exporter/transport/ipfix_sink.h"

/**
 * Parses the target, the option `failover` (tcp, tls) and the option `source` of @p options into @p
 * transport, whose `endpoints` the caller frees (g_free). SYNFIX_INVALID: nothing was stored.
 */
synfix_status_t transport_list_endpoints(ipfix_sink_t *transport, const synfix_options_t *options,
                                         synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Adds a mistake for the target, for each collector of `failover`, and for `source`. */
void transport_check_endpoints(const synfix_options_t *options, synfix_mistakes_t *mistakes);

/**
 * Connects to endpoint @p index only, with all addresses of its name in turn.
 * @param type       SOCK_STREAM or SOCK_DGRAM
 * @param timeout_ms limit for each address
 */
synfix_status_t transport_connect_to(ipfix_sink_t *transport, unsigned index, int type, int timeout_ms,
                                     int *fd, synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Connects to the first endpoint from @p index on that accepts. Afterwards @p index is the one after it, so
 * that the caller can continue when the collector accepts a connection but no session.
 */
synfix_status_t transport_connect_next(ipfix_sink_t *transport, unsigned *index, int type, int timeout_ms,
                                       int *fd, synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Returns a datagram socket connected to address number @p choice (modulo their number) of the first
 * collector's name, or to the next address with a route, whose number @p choice becomes.
 */
synfix_status_t transport_connect_datagram(ipfix_sink_t *transport, unsigned *choice, int *fd,
                                           synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Returns whether the name no longer has the address that @p fd is connected to; false if the name cannot be
 * resolved.
 */
bool transport_peer_moved(ipfix_sink_t *transport, int fd);

#endif
