/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file stream.h
 * An ordered connection to a collector: plain TCP, or TLS over it. Never blocks longer than it is told.
 */
#ifndef EXPORTER_TRANSPORT_STREAM_H
#define EXPORTER_TRANSPORT_STREAM_H

#include "exporter/tls/tls.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <synfix/status.h>
#include <sys/types.h>

typedef struct transport_stream {
    int fd;
    tls_session_t *tls; /* NULL: plain */
} transport_stream_t;

/** Takes the connected, non-blocking @p fd (closed on failure). With @p tls, the handshake with the peer
 * @p name, and a look whether the peer refuses us after it. */
synfix_status_t stream_open(transport_stream_t *stream, int fd, tls_context_t *tls, const char *name,
                            synfix_error_t *error) SYNFIX_MUST_CHECK;
void stream_close(transport_stream_t *stream);

/** Bytes taken, 0: no room now, -1: broken, with the reason in @p error. After 0 call again with the same.
 */
ssize_t stream_write(transport_stream_t *stream, const uint8_t *data, size_t length, synfix_error_t *error);

/** Whether the peer is still there; what it says is thrown away. SYNFIX_END: it closed in good order. */
synfix_status_t stream_check(transport_stream_t *stream, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Nothing more will be written. */
void stream_end(transport_stream_t *stream);

#endif
