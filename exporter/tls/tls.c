/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/tls/tls_state.h"
#include "on_demand/openssl.h"
#include <arpa/inet.h>
#include <errno.h>
#include <glib.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#define CIPHERS_OF_RFC_9325 "ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL"

/* A handshake takes few round trips and signatures; `collect` limits handshakes to the same time. */
#define HANDSHAKE_US (10 * 1000 * 1000)
/* With TLS 1.3 a server may refuse our certificate only after the handshake has ended on our side. */
#define REFUSAL_US (500 * 1000)
#define POLL_MS    50

const char *tls_last_reason(void)
{
    const unsigned long first = ERR_peek_error();
    const unsigned long code = ERR_peek_last_error();
    if (ERR_SYSTEM_ERROR(first)) {
        return g_strerror(ERR_GET_REASON(first));
    }
    const char *const reason = code ? ERR_reason_error_string(code) : NULL;
    return reason != NULL ? reason : errno ? g_strerror(errno) : "closed by the other side";
}

static synfix_status_t load_certificate(SSL_CTX *ssl, const tls_files_t *files, synfix_error_t *error)
{
    if (files->cert == NULL) {
        return synfix_fail(error, SYNFIX_INVALID, "no certificate named; write cert=FILE, or anonymous=yes");
    }
    return SSL_CTX_use_certificate_chain_file(ssl, files->cert) == 1
               ? SYNFIX_OK
               : synfix_fail(error, SYNFIX_INVALID, "cert=%s: %s", files->cert, tls_last_reason());
}

static synfix_status_t load_key(SSL_CTX *ssl, const tls_files_t *files, synfix_error_t *error)
{
    const char *const key = files->key != NULL ? files->key : files->cert;
    if (SSL_CTX_use_PrivateKey_file(ssl, key, SSL_FILETYPE_PEM) == 1) {
        return SYNFIX_OK;
    }
    const int reason = ERR_GET_REASON(ERR_peek_error());
    const bool none = reason == PEM_R_NO_START_LINE || reason == ERR_R_UNSUPPORTED;
    return synfix_fail(error, SYNFIX_INVALID, "key=%s: %s", key,
                       none ? "there is no private key in it" : tls_last_reason());
}

static synfix_status_t load_own(SSL_CTX *ssl, const tls_files_t *files, synfix_error_t *error)
{
    const synfix_status_t status = load_certificate(ssl, files, error);
    return status == SYNFIX_OK ? load_key(ssl, files, error) : status;
}

static synfix_status_t load_authorities(SSL_CTX *ssl, const tls_files_t *files, synfix_error_t *error)
{
    const char *const ca = files->ca;
    if (ca == NULL) {
        SSL_CTX_set_default_verify_paths(ssl);
        return SYNFIX_OK;
    }
    const bool directory = g_file_test(ca, G_FILE_TEST_IS_DIR);
    if (SSL_CTX_load_verify_locations(ssl, directory ? NULL : ca, directory ? ca : NULL) != 1) {
        return synfix_fail(error, SYNFIX_INVALID, "ca=%s: %s", ca, tls_last_reason());
    }
    return SYNFIX_OK;
}

/* RFC 9325: TLS 1.2 at least, forward secrecy and AEAD, no renegotiation. */
static synfix_status_t set_policy(SSL_CTX *ssl, const tls_files_t *files, bool datagrams,
                                  synfix_error_t *error)
{
    const bool given = files->ciphers != NULL && files->ciphers[0] != '\0';
    SSL_CTX_set_min_proto_version(ssl, datagrams ? DTLS1_2_VERSION : TLS1_2_VERSION);
    SSL_CTX_set_options(ssl, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    if (SSL_CTX_set_cipher_list(ssl, given ? files->ciphers : CIPHERS_OF_RFC_9325) != 1) {
        return synfix_fail(error, SYNFIX_INVALID,
                           "ciphers=%s: no cipher of that name; see openssl ciphers -v", files->ciphers);
    }
    return SYNFIX_OK;
}

static int on_ticket(SSL *ssl, SSL_SESSION *ticket)
{
    (void)ticket;
    tls_session_t *const session = SSL_get_app_data(ssl);
    if (session != NULL) {
        session->accepted = true;
    }
    return 0; /* not kept */
}

static synfix_status_t make_client(const tls_files_t *files, bool datagrams, SSL_CTX **made,
                                   synfix_error_t *error)
{
    const synfix_status_t loaded = on_demand_load_openssl(error);
    if (loaded != SYNFIX_OK) {
        return loaded;
    }
    ERR_clear_error();
    errno = 0;
    SSL_CTX *const ssl = SSL_CTX_new(datagrams ? DTLS_client_method() : TLS_client_method());
    if (ssl == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "%s", tls_last_reason());
    }
    SSL_CTX_set_verify(ssl, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_mode(ssl, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                              SSL_MODE_AUTO_RETRY);
    SSL_CTX_set_session_cache_mode(ssl, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(ssl, on_ticket);
    synfix_status_t status = set_policy(ssl, files, datagrams, error);
    status = status < 0 ? status : load_authorities(ssl, files, error);
    status = status < 0 || files->anonymous ? status : load_own(ssl, files, error);
    if (status < 0) {
        SSL_CTX_free(ssl);
        return status;
    }
    *made = ssl;
    return SYNFIX_OK;
}

static tls_files_t files_of(const synfix_options_t *options)
{
    return (tls_files_t){.ca = synfix_options_string(options, "ca"),
                         .cert = synfix_options_string(options, "cert"),
                         .key = synfix_options_string(options, "key"),
                         .ciphers = synfix_options_string(options, "ciphers"),
                         .anonymous = synfix_options_boolean(options, "anonymous")};
}

static void check_own(SSL_CTX *ssl, const tls_files_t *files, synfix_mistakes_t *mistakes)
{
    synfix_error_t error;
    ERR_clear_error();
    const synfix_status_t status = load_certificate(ssl, files, &error);
    (void)synfix_mistakes_add(mistakes, files->cert != NULL ? "cert" : NULL, status, &error);
    ERR_clear_error();
    if (status == SYNFIX_OK) { /* a key is compared with its certificate */
        (void)synfix_mistakes_add(mistakes, files->key != NULL ? "key" : "cert", load_key(ssl, files, &error),
                                  &error);
    }
}

void tls_options_check(const synfix_options_t *options, bool datagrams, synfix_mistakes_t *mistakes)
{
    const tls_files_t files = files_of(options);
    synfix_error_t error;
    if (synfix_mistakes_add(mistakes, NULL, on_demand_load_openssl(&error), &error) != SYNFIX_OK) {
        return;
    }
    errno = 0;
    SSL_CTX *const ssl = SSL_CTX_new(datagrams ? DTLS_client_method() : TLS_client_method());
    if (ssl == NULL) {
        (void)synfix_mistakes_add(mistakes, NULL,
                                  synfix_fail(&error, SYNFIX_NO_MEMORY, "%s", tls_last_reason()), &error);
        return;
    }
    ERR_clear_error();
    (void)synfix_mistakes_add(mistakes, "ciphers", set_policy(ssl, &files, datagrams, &error), &error);
    ERR_clear_error();
    (void)synfix_mistakes_add(mistakes, "ca", load_authorities(ssl, &files, &error), &error);
    if (!files.anonymous && !synfix_mistakes_concern(mistakes, "anonymous")) {
        check_own(ssl, &files, mistakes);
    }
    SSL_CTX_free(ssl);
}

synfix_status_t tls_context_new(const synfix_options_t *options, bool datagrams, tls_context_t **context,
                                synfix_error_t *error)
{
    const tls_files_t files = files_of(options);
    SSL_CTX *ssl = NULL;
    const synfix_status_t status = make_client(&files, datagrams, &ssl, error);
    if (status < 0) {
        return status;
    }
    tls_context_t *const made = g_new0(tls_context_t, 1);
    made->ssl = ssl;
    made->datagrams = datagrams;
    made->ca = g_strdup(files.ca);
    made->cert = g_strdup(files.cert);
    made->key = g_strdup(files.key);
    made->ciphers = g_strdup(files.ciphers);
    made->anonymous = files.anonymous;
    *context = made;
    return SYNFIX_OK;
}

synfix_status_t tls_context_reload(tls_context_t *context, synfix_error_t *error)
{
    const tls_files_t files = {.ca = context->ca,
                               .cert = context->cert,
                               .key = context->key,
                               .ciphers = context->ciphers,
                               .anonymous = context->anonymous};
    SSL_CTX *ssl = NULL;
    const synfix_status_t status = make_client(&files, context->datagrams, &ssl, error);
    if (status == SYNFIX_OK) {
        SSL_CTX_free(context->ssl); /* sessions hold references */
        context->ssl = ssl;
    }
    return status;
}

synfix_status_t tls_context_new_server(const tls_files_t *files, bool datagrams, tls_context_t **context,
                                       synfix_error_t *error)
{
    const synfix_status_t loaded = on_demand_load_openssl(error);
    if (loaded != SYNFIX_OK) {
        return loaded;
    }
    ERR_clear_error();
    errno = 0;
    SSL_CTX *const ssl = SSL_CTX_new(datagrams ? DTLS_server_method() : TLS_server_method());
    if (ssl == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "%s", tls_last_reason());
    }
    SSL_CTX_set_session_cache_mode(ssl, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_mode(ssl, SSL_MODE_RELEASE_BUFFERS); /* idle connections hold little memory */
    if (!files->anonymous) {
        SSL_CTX_set_verify(ssl, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    }
    synfix_status_t status = set_policy(ssl, files, datagrams, error);
    status = status < 0 ? status : load_authorities(ssl, files, error);
    status = status < 0 ? status : load_own(ssl, files, error);
    if (status < 0) {
        SSL_CTX_free(ssl);
        return status;
    }
    *context = g_new0(tls_context_t, 1);
    (*context)->ssl = ssl;
    (*context)->datagrams = datagrams;
    if (datagrams) {
        dtls_prepare_cookies(*context);
    }
    return SYNFIX_OK;
}

void tls_context_free(tls_context_t *context)
{
    if (context != NULL) {
        SSL_CTX_free(context->ssl);
        g_free(context->ca);
        g_free(context->cert);
        g_free(context->key);
        g_free(context->ciphers);
        g_free(context);
    }
}

void tls_context_set_cancel_flag(tls_context_t *context, const atomic_bool *stopping)
{
    context->stopping = stopping;
}

static bool is_stopping(const tls_context_t *context)
{
    return context->stopping != NULL && atomic_load(context->stopping);
}

static void expect_name(SSL *ssl, const char *name)
{
    uint8_t address[16];
    if (inet_pton(AF_INET, name, address) == 1 || inet_pton(AF_INET6, name, address) == 1) {
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name);
    } else {
        SSL_set_tlsext_host_name(ssl, name);
        SSL_set1_host(ssl, name);
    }
}

static void attach(const tls_context_t *context, tls_session_t *session)
{
    if (!context->datagrams) {
        SSL_set_fd(session->ssl, session->fd);
        return;
    }
    struct sockaddr_storage peer = {0};
    socklen_t size = sizeof peer;
    BIO *const bio = BIO_new_dgram(session->fd, BIO_NOCLOSE);
    getpeername(session->fd, (struct sockaddr *)&peer, &size);
    BIO_ctrl(bio, BIO_CTRL_DGRAM_SET_CONNECTED, 0, &peer);
    SSL_set_bio(session->ssl, bio, bio);
    SSL_set_options(session->ssl, SSL_OP_NO_QUERY_MTU);
    SSL_set_mtu(session->ssl, DATAGRAM_MTU);
}

/* Describes a failure of the handshake or the session in terms of the configuration. */
static synfix_status_t explain(const SSL *ssl, synfix_error_t *error)
{
    const char *const peer = SSL_is_server(ssl) ? "exporter" : "collector";
    const long verdict = SSL_get_verify_result(ssl);
    if (verdict != X509_V_OK) {
        return synfix_fail(error, SYNFIX_PERMISSION, "the %s's certificate: %s", peer,
                           X509_verify_cert_error_string(verdict));
    }
    const unsigned long code = ERR_peek_last_error();
    /* OpenSSL numbers alerts of the peer from 1000. */
    const bool alert =
        code && ERR_GET_LIB(code) == ERR_LIB_SSL && ERR_GET_REASON(code) >= SSL_AD_REASON_OFFSET;
    if (alert) {
        return synfix_fail(error, SYNFIX_PERMISSION, "refused by the %s: %s", peer, tls_last_reason());
    }
    return synfix_fail(error, SYNFIX_DISCONNECTED, "TLS: %s", tls_last_reason());
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
        ERR_clear_error();
        errno = 0;
        const int done = SSL_connect(session->ssl);
        if (done == 1) {
            return SYNFIX_OK;
        }
        const int want = SSL_get_error(session->ssl, done);
        if (want != SSL_ERROR_WANT_READ && want != SSL_ERROR_WANT_WRITE) {
            return explain(session->ssl, error);
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

synfix_status_t tls_session_check(tls_session_t *session, synfix_error_t *error)
{
    char nothing[512];
    ERR_clear_error();
    errno = 0;
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
        return explain(session->ssl, error);
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

tls_session_t *tls_session_accept(tls_context_t *context, int fd)
{
    tls_session_t *const made = g_new0(tls_session_t, 1);
    made->fd = fd;
    made->ssl = SSL_new(context->ssl);
    g_assert(made->ssl);
    SSL_set_fd(made->ssl, fd);
    SSL_set_accept_state(made->ssl);
    return made;
}

synfix_status_t tls_session_read(tls_session_t *session, uint8_t *data, size_t size, size_t *got,
                                 synfix_error_t *error)
{
    ERR_clear_error();
    errno = 0;
    *got = 0;
    const int result = SSL_read_ex(session->ssl, data, size, got);
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
        return explain(session->ssl, error);
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

ssize_t tls_session_write(tls_session_t *session, const uint8_t *data, size_t length, synfix_error_t *error)
{
    ERR_clear_error();
    errno = 0;
    const int sent = SSL_write(session->ssl, data, (int)length);
    if (sent > 0) {
        return sent;
    }
    const int want = SSL_get_error(session->ssl, sent);
    if (want == SSL_ERROR_WANT_READ || want == SSL_ERROR_WANT_WRITE) {
        return 0;
    }
    (void)explain(session->ssl, error);
    return -1;
}

void tls_session_end(tls_session_t *session)
{
    SSL_shutdown(session->ssl);
}
