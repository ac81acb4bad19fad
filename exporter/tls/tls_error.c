/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/tls/tls_state.h"
#include "on_demand/openssl.h"
#include <errno.h>
#include <glib.h>
#include <string.h>

const char *tls_last_reason(void)
{
    const unsigned long first = ERR_peek_error();
    const unsigned long code = ERR_peek_last_error();
    if (ERR_SYSTEM_ERROR(first)) {
        return strerror(ERR_GET_REASON(first));
    }
    const char *const reason = code ? ERR_reason_error_string(code) : NULL;
    return reason != NULL ? reason : errno ? strerror(errno) : "closed by the other side";
}

synfix_status_t tls_explain(const SSL *ssl, synfix_error_t *error)
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
