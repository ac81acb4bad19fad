/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/tls/tls_state.h"
#include "on_demand/openssl.h"
#include <errno.h>
#include <glib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CIPHERS_OF_RFC_9325 "ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL"

/* OpenSSL waits for a writer of a pipe, and states no reason for a directory. */
static synfix_status_t check_kind(const char *option, const char *path, bool may_be_directory,
                                  synfix_error_t *error)
{
    struct stat state;
    if (stat(path, &state) != 0 || S_ISREG(state.st_mode) || (may_be_directory && S_ISDIR(state.st_mode))) {
        return SYNFIX_OK; /* OpenSSL reports a missing file */
    }
    return synfix_fail(error, SYNFIX_INVALID, "%s=%s: %s", option, path,
                       S_ISDIR(state.st_mode) ? strerror(EISDIR) : "not a regular file");
}

static synfix_status_t load_certificate(SSL_CTX *ssl, const tls_files_t *files, synfix_error_t *error)
{
    if (files->cert == NULL) {
        return synfix_fail(error, SYNFIX_INVALID, "no certificate named; write cert=FILE, or anonymous=yes");
    }
    const synfix_status_t status = check_kind("cert", files->cert, false, error);
    if (status != SYNFIX_OK) {
        return status;
    }
    return SSL_CTX_use_certificate_chain_file(ssl, files->cert) == 1
               ? SYNFIX_OK
               : synfix_fail(error, SYNFIX_INVALID, "cert=%s: %s", files->cert, tls_last_reason());
}

/* Without this callback, OpenSSL prompts for a passphrase at the terminal, even when a service reads the key
 * again after SIGHUP. */
static int no_passphrase(char *buffer, int size, int writing, void *user)
{
    (void)buffer;
    (void)size;
    (void)writing;
    (void)user;
    return -1;
}

static synfix_status_t load_key(SSL_CTX *ssl, const tls_files_t *files, synfix_error_t *error)
{
    const char *const key = files->key != NULL ? files->key : files->cert;
    const synfix_status_t status = check_kind("key", key, false, error);
    if (status != SYNFIX_OK) {
        return status;
    }
    SSL_CTX_set_default_passwd_cb(ssl, no_passphrase);
    if (SSL_CTX_use_PrivateKey_file(ssl, key, SSL_FILETYPE_PEM) == 1) {
        return SYNFIX_OK;
    }
    const int reason = ERR_GET_REASON(ERR_peek_error());
    if (reason == ERR_R_INTERRUPTED_OR_CANCELLED || reason == PEM_R_BAD_PASSWORD_READ) {
        return synfix_fail(
            error, SYNFIX_INVALID,
            "key=%s: encrypted; write a key without a passphrase: openssl pkey -in %s -out FILE", key, key);
    }
    const bool none = reason == PEM_R_NO_START_LINE || reason == ERR_R_UNSUPPORTED;
    return synfix_fail(error, SYNFIX_INVALID, "key=%s: %s", key,
                       none ? "the file contains no private key; name a key in PEM format"
                            : tls_last_reason());
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
    const synfix_status_t status = check_kind("ca", ca, true, error);
    if (status != SYNFIX_OK) {
        return status;
    }
    const bool directory = g_file_test(ca, G_FILE_TEST_IS_DIR);
    if (SSL_CTX_load_verify_locations(ssl, directory ? NULL : ca, directory ? ca : NULL) != 1) {
        return synfix_fail(error, SYNFIX_INVALID, "ca=%s: %s%s", ca, tls_last_reason(),
                           access(ca, R_OK) == 0 ? "; name certificates in PEM format" : "");
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

static const SSL_METHOD *method_of(bool server, bool datagrams)
{
    if (server) {
        return datagrams ? DTLS_server_method() : TLS_server_method();
    }
    return datagrams ? DTLS_client_method() : TLS_client_method();
}

static synfix_status_t create(bool server, bool datagrams, SSL_CTX **made, synfix_error_t *error)
{
    const synfix_status_t loaded = on_demand_load_openssl(error);
    if (loaded != SYNFIX_OK) {
        return loaded;
    }
    ERR_clear_error();
    errno = 0;
    *made = SSL_CTX_new(method_of(server, datagrams));
    return *made != NULL ? SYNFIX_OK : synfix_fail(error, SYNFIX_NO_MEMORY, "%s", tls_last_reason());
}

static void prepare_client(SSL_CTX *ssl)
{
    SSL_CTX_set_verify(ssl, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_mode(ssl, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                              SSL_MODE_AUTO_RETRY);
    SSL_CTX_set_session_cache_mode(ssl, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(ssl, on_ticket);
}

/* An earlier session is not resumed, which would skip the check of the exporter's certificate: a full
 * handshake follows. Tickets are still sent, because they show exporters that their certificate was
 * accepted. */
static SSL_TICKET_RETURN ignore_ticket(SSL *ssl, SSL_SESSION *ticket, const unsigned char *name,
                                       size_t name_length, SSL_TICKET_STATUS status, void *user)
{
    (void)ssl;
    (void)ticket;
    (void)name;
    (void)name_length;
    (void)status;
    (void)user;
    return SSL_TICKET_RETURN_IGNORE_RENEW;
}

static void prepare_server(SSL_CTX *ssl, bool anonymous)
{
    SSL_CTX_set_session_cache_mode(ssl, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_session_ticket_cb(ssl, NULL, ignore_ticket, NULL);
    SSL_CTX_set_mode(ssl, SSL_MODE_RELEASE_BUFFERS); /* idle connections hold little memory */
    if (!anonymous) {
        SSL_CTX_set_verify(ssl, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    }
}

/* A server always has its own certificate; a client has none if it is anonymous. */
static synfix_status_t make(bool server, const tls_files_t *files, bool datagrams, SSL_CTX **made,
                            synfix_error_t *error)
{
    SSL_CTX *ssl = NULL;
    synfix_status_t status = create(server, datagrams, &ssl, error);
    if (status != SYNFIX_OK) {
        return status;
    }
    if (server) {
        prepare_server(ssl, files->anonymous);
    } else {
        prepare_client(ssl);
    }
    status = set_policy(ssl, files, datagrams, error);
    status = status < 0 ? status : load_authorities(ssl, files, error);
    status = status < 0 || (!server && files->anonymous) ? status : load_own(ssl, files, error);
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
    SSL_CTX *ssl = NULL;
    const synfix_status_t created = create(false, datagrams, &ssl, &error);
    if (synfix_mistakes_add(mistakes, NULL, created, &error) != SYNFIX_OK) {
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
    const synfix_status_t status = make(false, &files, datagrams, &ssl, error);
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
    const synfix_status_t status = make(false, &files, context->datagrams, &ssl, error);
    if (status == SYNFIX_OK) {
        SSL_CTX_free(context->ssl); /* sessions hold references */
        context->ssl = ssl;
    }
    return status;
}

synfix_status_t tls_context_new_server(const tls_files_t *files, bool datagrams, tls_context_t **context,
                                       synfix_error_t *error)
{
    SSL_CTX *ssl = NULL;
    const synfix_status_t status = make(true, files, datagrams, &ssl, error);
    if (status < 0) {
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
