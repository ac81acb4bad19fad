/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/transport/stream.h"
#include <errno.h>
#include <glib.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Unacknowledged data is a broken connection after this time (RFC 5482); the default of Linux is about 15
 * minutes, in which a live sink would lose records. */
#define USER_TIMEOUT_MS 30000u

static void set_socket_options(int fd)
{
    const int on = 1;
    const unsigned timeout_ms = USER_TIMEOUT_MS;
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    /* Detects a peer that vanished; a peer that reads slowly answers window probes. */
    setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &timeout_ms, sizeof timeout_ms);
}

synfix_status_t stream_open(transport_stream_t *stream, int fd, tls_context_t *tls, const char *name,
                            synfix_error_t *error)
{
    *stream = (transport_stream_t){.fd = fd};
    set_socket_options(fd);
    if (tls != NULL) {
        const synfix_status_t status = tls_session_open(tls, fd, name, &stream->tls, error);
        if (status < 0) {
            stream_close(stream);
            return status;
        }
    }
    return SYNFIX_OK;
}

void stream_close(transport_stream_t *stream)
{
    tls_session_close(stream->tls);
    close(stream->fd);
    *stream = (transport_stream_t){.fd = -1};
}

ssize_t stream_write(transport_stream_t *stream, const uint8_t *data, size_t length, synfix_error_t *error)
{
    if (stream->tls != NULL) {
        return tls_session_write(stream->tls, data, length, error);
    }
    const ssize_t sent = send(stream->fd, data, length, MSG_NOSIGNAL);
    if (sent < 0 && (errno == EAGAIN || errno == EINTR)) {
        return 0;
    }
    if (sent < 0) {
        (void)synfix_fail(error, SYNFIX_DISCONNECTED, "%s", strerror(errno));
    }
    return sent;
}

synfix_status_t stream_check(transport_stream_t *stream, synfix_error_t *error)
{
    if (stream->tls != NULL) {
        return tls_session_check(stream->tls, error);
    }
    char nothing[512];
    const ssize_t got = recv(stream->fd, nothing, sizeof nothing, MSG_DONTWAIT);
    if (got == 0) {
        (void)synfix_fail(error, SYNFIX_END, "closed by the collector");
        return SYNFIX_END;
    }
    return got > 0 || errno == EAGAIN || errno == EINTR
               ? SYNFIX_OK
               : synfix_fail(error, SYNFIX_DISCONNECTED, "%s", strerror(errno));
}

void stream_end(transport_stream_t *stream)
{
    if (stream->tls != NULL) {
        tls_session_end(stream->tls);
    }
    shutdown(stream->fd, SHUT_WR);
}
