/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file listen_address.h
 * Converts the text of `--listen` to a bound socket with certificates.
 */
#ifndef EXPORTER_COLLECTOR_LISTEN_ADDRESS_H
#define EXPORTER_COLLECTOR_LISTEN_ADDRESS_H

#include "exporter/collector/gio.h"
#include "exporter/tls/tls.h"

/** Bytes that a socket of datagrams may hold unread. */
#define COLLECT_RECEIVE_BYTES (8 * 1024 * 1024)

/**
 * `udp://host:port`, `tcp://host:port`, `tls://` or
 * `dtls://host:port?ca=FILE&cert=FILE&key=FILE&anonymous=yes`: a bound, non-blocking socket (TCP: listening).
 * @p scheme is set in any case, g_free it; @p made and @p tls (NULL where nothing is encrypted) may be set
 * after a failure too: all are the caller's. @p own: the sockets (GSocket) of the process, none of which may
 * receive the same; SYNFIX_INVALID: one does.
 */
synfix_status_t listen_address_open(const char *where, const GPtrArray *own, char **scheme, GSocket **made,
                                    tls_context_t **tls, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Lets the datagram socket hold COLLECT_RECEIVE_BYTES unread, or as many as the system allows. */
void listen_enlarge_buffer(GSocket *socket);

/** Datagrams that the kernel has dropped because the buffer was full; wraps at 2^32. */
uint32_t listen_count_drops(GSocket *socket);

#endif
