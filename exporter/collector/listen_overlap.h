/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file listen_overlap.h
 * Whether two listeners of one collecting process would receive the same. The kernel refuses most of them,
 * without a hint that the other one is the program's own, and permits two for DTLS, of which one stays idle.
 */
#ifndef EXPORTER_COLLECTOR_LISTEN_OVERLAP_H
#define EXPORTER_COLLECTOR_LISTEN_OVERLAP_H

#include "exporter/collector/gio.h"
#include <stdbool.h>

/**
 * Whether @p own, a bound socket, receives what is sent to @p address: the same protocol and port (not 0, for
 * which the kernel chooses a free one), and the same address, or one that stands for all.
 * @p stream: TCP and TLS.
 */
bool listen_overlaps(GSocket *own, GSocketAddress *address, bool stream);

#endif
