/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/builtin_modules.h"

#include "exporter/enrichers/enrichers.h"
#include "exporter/formats/text_sink.h"
#include "exporter/inventory/inventory_sink.h"
#include "exporter/ipfix_file/file_sink.h"
#include "exporter/kafka/kafka_sink.h"
#include "exporter/syslog/syslog_sink.h"
#include "exporter/transport/transport_modules.h"

/* clang-format off */
/* A new sink is one line here, in the order in which `synfix modules` lists the sinks. */
const synfix_module_t *const exporter_sinks[] = {
    &file_module,
    &tcp_module,
    &tls_module,
    &udp_module, &dtls_module,
    &text_module,
    &json_module,
    &p0f_module,
    &csv_module,
    &eve_module,
    &zeek_module,
    &ecs_module,
    &syslog_module,
    &inventory_module,
#ifdef SYNFIX_HAVE_RDKAFKA
    &kafka_module,
#endif
    NULL,
};

/* A new enricher is one line here. Enrichers run in this order. */
const synfix_module_t *const exporter_enrichers[] = {
    &community_id_module,
    &muon_module,
    &host_module,
#ifdef SYNFIX_HAVE_MAXMINDDB
    &geoip_module,
#endif
    NULL,
};
