/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file tls.h
 * TLS (1.2 at least) and DTLS towards a collector. Both sides show certificates unless told otherwise; the
 * collector's has to carry the name we connect to.
 */
#ifndef EXPORTER_TLS_TLS_H
#define EXPORTER_TLS_TLS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <synfix/module.h>
#include <sys/types.h>

/** Option lines of sinks that encrypt. */
#define TLS_SINK_OPTIONS                                                                                     \
    {"ca", SYNFIX_OPTION_STRING,                                                                             \
     NULL, 0,                                                                                                \
     0,    "file or directory of authorities that may sign for the collector (default: the system's)"},      \
        {"cert", SYNFIX_OPTION_STRING, NULL, 0, 0, "file of our certificate and its chain (PEM)"},           \
        {"key", SYNFIX_OPTION_STRING, NULL, 0, 0, "file of our private key (default: that of cert)"},        \
        {"name", SYNFIX_OPTION_STRING, NULL, 0, 0, "name in the collector's certificate (default: HOST)"},   \
    {                                                                                                        \
        "anonymous", SYNFIX_OPTION_BOOLEAN, "no", 0, 0, "show no certificate of ours"                        \
    }

typedef struct tls_context tls_context_t;
typedef struct tls_session tls_session_t;

/** Reads the files. Errors name file and reason. */
synfix_status_t tls_context_new(const synfix_options_t *options, bool datagrams, tls_context_t **context,
                                synfix_error_t *error) SYNFIX_MUST_CHECK;
void tls_context_free(tls_context_t *context);

/** Reads the files again: for handshakes from now on. On a failure the old ones stay in use. Not for a
 * collecting side. */
synfix_status_t tls_context_reload(tls_context_t *context, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Handshakes give up as soon as @p stopping is set (within 50 ms). It outlives the context. */
void tls_context_set_cancel_flag(tls_context_t *context, const atomic_bool *stopping);

/** The certificates of a collecting side; NULL as with the options above. */
typedef struct tls_files {
    const char *ca;
    const char *cert;
    const char *key;
    bool anonymous; /* exporters need not show a certificate */
} tls_files_t;

/** For a collector: TLS over TCP, or DTLS over UDP. Exporters have to show a certificate unless it says
 * anonymous.
 */
synfix_status_t tls_context_new_server(const tls_files_t *files, bool datagrams, tls_context_t **context,
                                       synfix_error_t *error) SYNFIX_MUST_CHECK;

/** The collecting end of a non-blocking @p fd, which stays the caller's; the first reads do the handshake. */
tls_session_t *tls_session_accept(tls_context_t *context, int fd);

/**
 * DTLS: looks at what has come to the bound, non-blocking @p fd. SYNFIX_OK: an exporter that has proven its
 * address (RFC 6347 4.2.1); @p peer_fd, the caller's, is a socket connected to it. Call it again until
 * SYNFIX_AGAIN.
 */
synfix_status_t tls_session_listen(tls_context_t *context, int fd, int *peer_fd, tls_session_t **session,
                                   synfix_error_t *error) SYNFIX_MUST_CHECK;

/** SYNFIX_OK with @p got bytes, of one TLS record at most (room for 16 KiB: nothing decrypted is left, so
 * that poll tells of more), SYNFIX_AGAIN, SYNFIX_END: closed in good order; else broken, with the reason. */
synfix_status_t tls_session_read(tls_session_t *session, uint8_t *data, size_t size, size_t *got,
                                 synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Handshake on the connected @p fd, which stays the caller's; a refusal that comes after it is seen too.
 * SYNFIX_PERMISSION when certificates are the reason, else SYNFIX_DISCONNECTED. */
synfix_status_t tls_session_open(tls_context_t *context, int fd, const char *name, tls_session_t **session,
                                 synfix_error_t *error) SYNFIX_MUST_CHECK;
void tls_session_close(tls_session_t *session);

/** As stream_write, stream_check, stream_end. */
ssize_t tls_session_write(tls_session_t *session, const uint8_t *data, size_t length, synfix_error_t *error);
synfix_status_t tls_session_check(tls_session_t *session, synfix_error_t *error) SYNFIX_MUST_CHECK;
void tls_session_end(tls_session_t *session);

#endif
