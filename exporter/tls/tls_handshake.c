/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/tls/tls_state.h"
#include "on_demand/openssl.h"
#include <arpa/inet.h>
#include <glib.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

/* A handshake takes few round trips and signatures; `collect` limits handshakes to the same time. */
#define HANDSHAKE_US (10 * 1000 * 1000)
/* With TLS 1.3 a server may refuse our certificate only after the handshake has ended on our side. */
#define REFUSAL_US (500 * 1000)
/* A stop request is seen within this time. */
#define POLL_MS 50

static bool is_stopping(const tls_context_t *context)
{
    return context->stopping != NULL && atomic_load(context->stopping);
}

static void expect_name(SSL *ssl, const char *name)
{
    uint8_t address[16];
    /* The zone of a link-local address has a meaning on this host only; no certificate has it. */
    g_autofree char *bare = g_strndup(name, strcspn(name, "%"));
    if (inet_pton(AF_INET, bare, address) == 1 || inet_pton(AF_INET6, bare, address) == 1) {
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), bare);
    } else {
        SSL_set_tlsext_host_name(ssl, name);
        SSL_set1_host(ssl, name);
    }
}

static void attach(const tls_context_t *context, tls_session_t *session)
{
    if (!context->datagrams) {
        SSL_set_fd(session->ssl, session->fd);
        tls_reads_attach(&session->reads, SSL_get_rbio(session->ssl), false);
        return;
    }
    struct sockaddr_storage peer = {0};
    socklen_t size = sizeof peer;
    BIO *const bio = BIO_new_dgram(session->fd, BIO_NOCLOSE);
    getpeername(session->fd, (struct sockaddr *)&peer, &size);
    BIO_ctrl(bio, BIO_CTRL_DGRAM_SET_CONNECTED, 0, &peer);
    SSL_set_bio(session->ssl, bio, bio);
    tls_reads_attach(&session->reads, bio, true);
    SSL_set_options(session->ssl, SSL_OP_NO_QUERY_MTU);
    SSL_set_mtu(session->ssl, DATAGRAM_MTU);
}

static void wait_io(const tls_session_t *session, bool write)
{
    struct pollfd wait = {.fd = session->fd, .events = write ? POLLOUT : POLLIN};
    poll(&wait, 1, POLL_MS);
}

static synfix_status_t shake_hands(const tls_context_t *context, tls_session_t *session,
                                   synfix_error_t *error)
{
    const int64_t until = g_get_monotonic_time() + HANDSHAKE_US;
    for (;;) {
        tls_reads_begin(&session->reads, TLS_READS_MAX);
        const int done = SSL_connect(session->ssl);
        if (done == 1) {
            return SYNFIX_OK;
        }
        const int want = SSL_get_error(session->ssl, done);
        if (want != SSL_ERROR_WANT_READ && want != SSL_ERROR_WANT_WRITE) {
            return tls_explain(session->ssl, error);
        }
        if (is_stopping(context)) {
            return synfix_fail(error, SYNFIX_DISCONNECTED, "TLS: stopped during the handshake");
        }
        if (g_get_monotonic_time() > until) {
            return synfix_fail(error, SYNFIX_DISCONNECTED, "TLS: no answer within %d s",
                               HANDSHAKE_US / 1000000);
        }
        wait_io(session, want == SSL_ERROR_WANT_WRITE);
        if (context->datagrams) {
            DTLSv1_handle_timeout(session->ssl);
        }
    }
}

static synfix_status_t await_refusal(const tls_context_t *context, tls_session_t *session,
                                     synfix_error_t *error)
{
    const int64_t until = g_get_monotonic_time() + REFUSAL_US;
    synfix_status_t status = SYNFIX_OK;
    while (status == SYNFIX_OK && !session->accepted && !is_stopping(context) &&
           g_get_monotonic_time() < until) {
        wait_io(session, false);
        status = tls_session_check(session, error);
    }
    return status == SYNFIX_END ? SYNFIX_DISCONNECTED : status;
}

synfix_status_t tls_session_open(tls_context_t *context, int fd, const char *name, tls_session_t **session,
                                 synfix_error_t *error)
{
    tls_session_t *const made = g_new0(tls_session_t, 1);
    made->fd = fd;
    made->ssl = SSL_new(context->ssl);
    g_assert(made->ssl);
    SSL_set_app_data(made->ssl, made);
    expect_name(made->ssl, name);
    attach(context, made);
    synfix_status_t status = shake_hands(context, made, error);
    if (status >= 0 && SSL_version(made->ssl) == TLS1_3_VERSION) {
        status = await_refusal(context, made, error);
    }
    if (status < 0) {
        tls_session_close(made);
        return status;
    }
    *session = made;
    return SYNFIX_OK;
}
