/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Checks the options of the IPFIX transports without a socket. */
#include "exporter/tls/tls.h"
#include "exporter/transport/endpoint_list.h"
#include <string.h>

void transport_check_options(const synfix_options_t *options, synfix_mistakes_t *mistakes)
{
    const char *const scheme = synfix_options_scheme(options);
    const bool datagrams = strcmp(scheme, "dtls") == 0;
    synfix_options_check(options, mistakes);
    transport_check_endpoints(options, mistakes);
    ipfix_settings_check(options, mistakes);
    if (datagrams || strcmp(scheme, "tls") == 0) {
        tls_options_check(options, datagrams, mistakes);
    }
}
