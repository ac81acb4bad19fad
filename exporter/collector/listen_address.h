/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file listen_address.h
 * Converts the text of `--listen` to a bound socket with certificates.
 */
#ifndef EXPORTER_COLLECTOR_LISTEN_ADDRESS_H
#define EXPORTER_COLLECTOR_LISTEN_ADDRESS_H

#include "exporter/collector/gio.h"
#include "exporter/tls/tls.h"

/** Receive buffer of a datagram socket in bytes. */
#define COLLECT_RECEIVE_BYTES (8 * 1024 * 1024)

/**
 * Opens a bound, non-blocking socket, which listens with TCP and TLS.
 * @param where  `udp://host:port`, `tcp://host:port`, `tls://` or
 *               `dtls://host:port?ca=FILE&cert=FILE&key=FILE&anonymous=yes`
 * @param own    sockets (GSocket) that the process has already; SYNFIX_INVALID if one of them would receive
 *               the same messages
 * @param scheme always set; the caller frees it (g_free)
 * @param made   owned by the caller; may be set after a failure too
 * @param tls    as made; NULL without encryption
 */
synfix_status_t listen_address_open(const char *where, const GPtrArray *own, char **scheme, GSocket **made,
                                    tls_context_t **tls, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Enlarges the receive buffer of a datagram socket to COLLECT_RECEIVE_BYTES, or to the limit of the system.
 */
void listen_enlarge_buffer(GSocket *socket);

/** Returns the number of datagrams that the kernel dropped because the receive buffer was full; wraps at
 * 2^32. */
uint32_t listen_count_drops(GSocket *socket);

#endif
