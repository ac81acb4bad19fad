/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file listen_overlap.h
 * Finds two listeners of one collecting process that would receive the same messages. The kernel refuses most
 * such pairs, but its error does not show that this program has the other socket. It permits two listeners of
 * DTLS, and then only one of them receives datagrams.
 */
#ifndef EXPORTER_COLLECTOR_LISTEN_OVERLAP_H
#define EXPORTER_COLLECTOR_LISTEN_OVERLAP_H

#include "exporter/collector/gio.h"
#include <stdbool.h>

/**
 * Returns whether the bound socket @p own receives messages sent to @p address: protocol and port are equal,
 * and the addresses are equal, or one of them is the wildcard address. Port 0, for which the kernel chooses a
 * free port, never overlaps.
 * @param stream TCP or TLS
 */
bool listen_overlaps(GSocket *own, GSocketAddress *address, bool stream);

#endif
