/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file stream.h
 * An ordered connection to a collector: plain TCP, or TLS over TCP. No call blocks longer than its timeout.
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

/**
 * Takes ownership of the connected, non-blocking @p fd (closed on failure). With @p tls, performs the
 * handshake with the peer @p name and checks whether the peer refuses the session afterwards.
 */
synfix_status_t stream_open(transport_stream_t *stream, int fd, tls_context_t *tls, const char *name,
                            synfix_error_t *error) SYNFIX_MUST_CHECK;
void stream_close(transport_stream_t *stream);

/**
 * Returns the bytes written, 0: no space now, -1: broken, with the reason in @p error. After 0 call again
 * with the same bytes.
 */
ssize_t stream_write(transport_stream_t *stream, const uint8_t *data, size_t length, synfix_error_t *error);

/** Checks the connection; bytes from the peer are discarded. SYNFIX_END: the peer closed it in good order. */
synfix_status_t stream_check(transport_stream_t *stream, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Shuts down the writing side. */
void stream_end(transport_stream_t *stream);

#endif
