// SPDX-License-Identifier: MIT OR Apache-2.0
// An enricher in C++ as a shared object: notes whether the port that the SYN went to is a well-known one.
#include <synfix/module.h>

namespace
{

synfix_status_t open_ports(const synfix_module_context_t *, const synfix_options_t *, void **instance, synfix_error_t *)
{
    *instance = nullptr;
    return SYNFIX_OK;
}

synfix_status_t enrich(void *, void *, synfix_observation_t *observation)
{
    const auto &headers = *observation->headers;
    const auto port = observation->from_server ? headers.source_port : headers.destination_port;
    return synfix_observation_annotate(observation, "port_class", port < 1024 ? "well-known" : "other");
}

void close_ports(void *)
{
}

const synfix_enricher_t enricher = [] {
    synfix_enricher_t functions{};
    functions.open = open_ports;
    functions.enrich = enrich;
    functions.close = close_ports;
    return functions;
}();

} // namespace

extern "C" {
SYNFIX_API extern const synfix_module_t synfix_module;
const synfix_module_t synfix_module = {SYNFIX_MODULE_ABI,
                                       sizeof(synfix_module_t),
                                       SYNFIX_MODULE_ENRICHER,
                                       "port-class",
                                       "whether the server's port is a well-known one",
                                       nullptr,
                                       nullptr,
                                       &enricher,
                                       nullptr,
                                       nullptr};
}
