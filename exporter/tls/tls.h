/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file tls.h
 * TLS (1.2 or newer) and DTLS sessions with a collector. Both sides present certificates unless configured
 * otherwise. The certificate of the collector must contain the name that the sink connects to.
 */
#ifndef EXPORTER_TLS_TLS_H
#define EXPORTER_TLS_TLS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <synfix/module.h>
#include <sys/types.h>

/** Options of sinks that encrypt. */
#define TLS_SINK_OPTIONS                                                                                     \
    {.name = "ca",                                                                                           \
     .type = SYNFIX_OPTION_STRING,                                                                           \
     .help =                                                                                                 \
         "file or directory of certificate authorities that the collector's certificate is checked against " \
         "(default: the system's)"},                                                                         \
        {.name = "cert",                                                                                     \
         .type = SYNFIX_OPTION_STRING,                                                                       \
         .help = "file with the certificate of the exporter and its chain (PEM)"},                           \
        {.name = "key",                                                                                      \
         .type = SYNFIX_OPTION_STRING,                                                                       \
         .help = "file with the private key (default: the file of cert)"},                                   \
        {.name = "name",                                                                                     \
         .type = SYNFIX_OPTION_STRING,                                                                       \
         .help = "name in the collector's certificate (default: HOST)"},                                     \
        {.name = "ciphers",                                                                                  \
         .type = SYNFIX_OPTION_STRING,                                                                       \
         .help = "ciphers of TLS 1.2, as OpenSSL names them (default: ECDHE with AEAD, as RFC 9325 "         \
                 "recommends)"},                                                                             \
    {                                                                                                        \
        .name = "anonymous", .type = SYNFIX_OPTION_BOOLEAN, .fallback = "no",                                \
        .help = "present no certificate"                                                                     \
    }

typedef struct tls_context tls_context_t;
typedef struct tls_session tls_session_t;

/** Adds a mistake for each of the options above that tls_context_new would refuse. */
void tls_options_check(const synfix_options_t *options, bool datagrams, synfix_mistakes_t *mistakes);

/** Reads certificates and keys. Errors name the file and the reason. */
synfix_status_t tls_context_new(const synfix_options_t *options, bool datagrams, tls_context_t **context,
                                synfix_error_t *error) SYNFIX_MUST_CHECK;
void tls_context_free(tls_context_t *context);

/**
 * Reads the files again for later handshakes. After a failure the old certificates stay in use. Not for a
 * collecting process.
 */
synfix_status_t tls_context_reload(tls_context_t *context, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Handshakes end within 50 ms after @p stopping is set. @p stopping must outlive the context. */
void tls_context_set_cancel_flag(tls_context_t *context, const atomic_bool *stopping);

/** Certificates of a collecting process; NULL as with the options above. */
typedef struct tls_files {
    const char *ca;
    const char *cert;
    const char *key;
    const char *ciphers; /* of TLS 1.2; NULL: those of RFC 9325 */
    bool anonymous;      /* exporters need not show a certificate */
} tls_files_t;

/**
 * For a collecting process: TLS over TCP, or DTLS over UDP. Exporters must present a certificate unless
 * `anonymous` is set.
 */
synfix_status_t tls_context_new_server(const tls_files_t *files, bool datagrams, tls_context_t **context,
                                       synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * The collecting side of a session on the non-blocking @p fd, which the caller owns. The first reads perform
 * the handshake.
 */
tls_session_t *tls_session_accept(tls_context_t *context, int fd);

/** Bytes of a datagram that tls_begins_session() examines. */
#define TLS_DATAGRAM_HEAD 25

/**
 * DTLS: whether a datagram of @p length bytes may begin a session: its first record contains the start of a
 * ClientHello and is not encrypted. @p head: its first TLS_DATAGRAM_HEAD bytes, or all of them. The caller
 * discards other datagrams before tls_session_listen() allocates memory for them.
 */
bool tls_begins_session(const uint8_t *head, size_t length);

/**
 * DTLS: processes the next datagram of the bound, non-blocking @p fd. SYNFIX_OK: an exporter has proven its
 * address (RFC 6347 section 4.2.1); @p peer_fd is a socket connected to the exporter, owned by the caller.
 * SYNFIX_AGAIN: no datagram was waiting, or the datagram begins no session. The function answers a
 * ClientHello without a valid cookie with a HelloVerifyRequest.
 */
synfix_status_t tls_session_listen(tls_context_t *context, int fd, int *peer_fd, tls_session_t **session,
                                   synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Reads at most one TLS record. SYNFIX_OK: @p got bytes. If @p size is at least 16 KiB, the session keeps no
 * decrypted bytes, so poll() reports all further data. SYNFIX_AGAIN: no data, or the limit of reads for one
 * call was reached. SYNFIX_END: closed by the peer with close_notify. Other: broken, with the reason.
 */
synfix_status_t tls_session_read(tls_session_t *session, uint8_t *data, size_t size, size_t *got,
                                 synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Performs the handshake on the connected @p fd, which the caller owns, and detects a refusal that arrives
 * after the handshake. SYNFIX_PERMISSION: a certificate is the reason; otherwise SYNFIX_DISCONNECTED.
 */
synfix_status_t tls_session_open(tls_context_t *context, int fd, const char *name, tls_session_t **session,
                                 synfix_error_t *error) SYNFIX_MUST_CHECK;
void tls_session_close(tls_session_t *session);

/** Whether the handshake has succeeded. */
bool tls_session_is_open(const tls_session_t *session);
/** After SYNFIX_AGAIN: whether the session waits until it can write, and reads nothing before. */
bool tls_session_waits_to_write(const tls_session_t *session);
/** Memory of OpenSSL for the session, at most. It grows with the datagrams of a DTLS handshake. */
size_t tls_session_bytes(const tls_session_t *session);

/** As stream_write, stream_check, stream_end. */
ssize_t tls_session_write(tls_session_t *session, const uint8_t *data, size_t length, synfix_error_t *error);
synfix_status_t tls_session_check(tls_session_t *session, synfix_error_t *error) SYNFIX_MUST_CHECK;
void tls_session_end(tls_session_t *session);

#endif
