/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file tls_state.h
 * The state that the sources of TLS and DTLS share: contexts (tls_context.c), handshakes of the exporting
 * side (tls_handshake.c), sessions after the handshake (tls_session.c), the collecting side of DTLS
 * (dtls_server.c), a limit of reads (tls_reads.c) and error messages (tls_error.c). Private to exporter/tls.
 */
#ifndef EXPORTER_TLS_TLS_STATE_H
#define EXPORTER_TLS_TLS_STATE_H

#include "exporter/tls/tls.h"
#include "on_demand/openssl.h"

/** Size of the largest DTLS datagram, with the headers of its records. */
#define DATAGRAM_MTU 1452

#define DTLS_SECRET_SIZE 32

struct tls_context {
    SSL_CTX *ssl;
    char *ca; /* exporting side: names of the files, for a reload */
    char *cert;
    char *key;
    char *ciphers;
    bool anonymous;
    bool datagrams;
    const atomic_bool *stopping;      /* may be NULL */
    uint8_t secret[DTLS_SECRET_SIZE]; /* key of the cookies of a DTLS collector */
};

/** Reads of a socket by OpenSSL. */
typedef struct tls_reads {
    unsigned left;  /* permitted reads of the present call */
    uint64_t total; /* reads that returned bytes; for DTLS: datagrams */
    uint64_t bytes;
    bool datagrams;
} tls_reads_t;

struct tls_session {
    SSL *ssl;
    int fd;
    tls_reads_t reads;
    uint64_t handshake_bytes; /* received */
    bool accepted;            /* the peer sent a ticket: it has accepted our certificate */
};

/** Limit of reads for a call of OpenSSL that processes one session. */
#define TLS_READS_MAX 64

/**
 * Limits the reads of each call of OpenSSL that uses @p bio. OpenSSL continues to read while it discards
 * input (invalid datagrams, hellos without a cookie, key updates), so one peer could keep the process busy.
 * At the limit, the call returns as if the socket were empty. @p reads must outlive @p bio, unless other
 * reads are attached later. With @p datagrams, an empty datagram does not end the session: any host can forge
 * one.
 */
void tls_reads_attach(tls_reads_t *reads, BIO *bio, bool datagrams);
/** Call this before each call of OpenSSL that reads or writes: permits @p limit reads, and clears errors of
 * earlier calls. */
void tls_reads_begin(tls_reads_t *reads, unsigned limit);

/** The reason of the last failure of OpenSSL in this thread: an error of the system, of OpenSSL, or the end
 * of the connection. Never NULL. Valid until the next call into OpenSSL. Clear the error queue and errno
 * before the call that may fail. */
const char *tls_last_reason(void);

/**
 * Describes the last failure of the handshake or of the session @p ssl in terms of the configuration, in
 * @p error. SYNFIX_PERMISSION: a certificate was refused, by this side or by the peer. SYNFIX_DISCONNECTED:
 * all other reasons.
 */
synfix_status_t tls_explain(const SSL *ssl, synfix_error_t *error);

/** A DTLS collector's context: a secret, and cookies made from it. */
void dtls_prepare_cookies(tls_context_t *context);

#endif
