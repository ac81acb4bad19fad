/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Checks the options of the IPFIX transports without a socket. */
#include "exporter/tls/tls.h"
#include "exporter/transport/ipfix_sink.h"
#include <string.h>

synfix_status_t transport_check_options(const synfix_options_t *options, synfix_error_t *error)
{
    const char *const scheme = synfix_options_scheme(options);
    const bool datagrams = strcmp(scheme, "dtls") == 0;
    tls_context_t *tls = NULL;
    synfix_status_t status = transport_check(options, error);
    if (status >= 0) {
        status = ipfix_settings_check(options, error);
    }
    if (status >= 0 && (datagrams || strcmp(scheme, "tls") == 0)) {
        status = tls_context_new(options, datagrams, &tls, error);
        tls_context_free(tls);
    }
    return status;
}
