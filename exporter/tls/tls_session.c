/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/tls/tls_state.h"
#include "on_demand/openssl.h"
#include <glib.h>

/* Memory of OpenSSL 3.0: a session, and the certificates of its peer in decoded form; a session in its
 * handshake, whose peer announces the longest ClientHello; and the datagrams that DTLS holds until it may use
 * them (100 records, 10 messages of 100 KB in fragments). */
#define OPEN_BYTES          (32u * 1024)
#define DECODED_FACTOR      10u
#define HANDSHAKE_BYTES     (192u * 1024)
#define HELD_DATAGRAM_BYTES (17u * 1024)
#define HELD_DATAGRAMS_MAX  (100u + 10 * 6)

tls_session_t *tls_session_accept(tls_context_t *context, int fd)
{
    tls_session_t *const made = g_new0(tls_session_t, 1);
    made->fd = fd;
    made->ssl = SSL_new(context->ssl);
    g_assert(made->ssl);
    SSL_set_fd(made->ssl, fd);
    tls_reads_attach(&made->reads, SSL_get_rbio(made->ssl), false);
    SSL_set_accept_state(made->ssl);
    return made;
}

synfix_status_t tls_session_check(tls_session_t *session, synfix_error_t *error)
{
    char nothing[512];
    tls_reads_begin(&session->reads, TLS_READS_MAX);
    const int got = SSL_read(session->ssl, nothing, sizeof nothing);
    if (got > 0) {
        return SYNFIX_OK;
    }
    switch (SSL_get_error(session->ssl, got)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
        return SYNFIX_OK;
    case SSL_ERROR_ZERO_RETURN:
        (void)synfix_fail(error, SYNFIX_END, "closed by the collector");
        return SYNFIX_END;
    default:
        return tls_explain(session->ssl, error);
    }
}

synfix_status_t tls_session_read(tls_session_t *session, uint8_t *data, size_t size, size_t *got,
                                 synfix_error_t *error)
{
    tls_reads_begin(&session->reads, TLS_READS_MAX);
    *got = 0;
    const bool was_open = tls_session_is_open(session);
    const int result = SSL_read_ex(session->ssl, data, size, got);
    if (!was_open) {
        session->handshake_bytes = session->reads.bytes; /* without the hello, which the listener read */
    }
    if (result == 1) {
        return SYNFIX_OK;
    }
    switch (SSL_get_error(session->ssl, result)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
        return SYNFIX_AGAIN;
    case SSL_ERROR_ZERO_RETURN:
        return SYNFIX_END;
    default:
        return tls_explain(session->ssl, error);
    }
}

void tls_session_close(tls_session_t *session)
{
    if (session != NULL) {
        SSL_free(session->ssl);
        g_free(session);
    }
}

bool tls_session_is_open(const tls_session_t *session)
{
    return SSL_is_init_finished(session->ssl) == 1;
}

bool tls_session_waits_to_write(const tls_session_t *session)
{
    return SSL_want(session->ssl) == SSL_WRITING;
}

size_t tls_session_bytes(const tls_session_t *session)
{
    if (tls_session_is_open(session)) {
        return OPEN_BYTES + (size_t)session->handshake_bytes * DECODED_FACTOR;
    }
    const uint64_t held = SSL_is_dtls(session->ssl) == 1 ? MIN(session->reads.total, HELD_DATAGRAMS_MAX) : 0;
    return HANDSHAKE_BYTES + (size_t)held * HELD_DATAGRAM_BYTES;
}

ssize_t tls_session_write(tls_session_t *session, const uint8_t *data, size_t length, synfix_error_t *error)
{
    tls_reads_begin(&session->reads, TLS_READS_MAX);
    const int sent = SSL_write(session->ssl, data, (int)length);
    if (sent > 0) {
        return sent;
    }
    const int want = SSL_get_error(session->ssl, sent);
    if (want == SSL_ERROR_WANT_READ || want == SSL_ERROR_WANT_WRITE) {
        return 0;
    }
    (void)tls_explain(session->ssl, error);
    return -1;
}

void tls_session_end(tls_session_t *session)
{
    tls_reads_begin(&session->reads, TLS_READS_MAX);
    SSL_shutdown(session->ssl);
}
