/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file tls_state.h
 * Inside TLS and DTLS: what both of their sources need.
 */
#ifndef EXPORTER_TLS_TLS_STATE_H
#define EXPORTER_TLS_TLS_STATE_H

#include "exporter/tls/tls.h"
#include "on_demand/openssl.h"

/** Largest datagram of DTLS, records and all. */
#define DATAGRAM_MTU 1452

#define DTLS_SECRET_SIZE 32

struct tls_context {
    SSL_CTX *ssl;
    char *ca; /* of an exporting side: the files, to read them again */
    char *cert;
    char *key;
    char *ciphers;
    bool anonymous;
    bool datagrams;
    const atomic_bool *stopping;      /* may be NULL */
    uint8_t secret[DTLS_SECRET_SIZE]; /* of a DTLS collector's cookies */
};

struct tls_session {
    SSL *ssl;
    int fd;
    bool accepted; /* the peer sent a ticket: it has accepted our certificate */
};

/** Why the last call into OpenSSL failed; never NULL. */
const char *tls_last_reason(void);

/** A DTLS collector's context: a secret, and cookies made from it. */
void dtls_prepare_cookies(tls_context_t *context);

#endif
