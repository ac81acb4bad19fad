/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file ipfix_sink.h
 * The shared part of the transport sinks: settings, session, counters. endpoint_list.h connects to the
 * collectors.
 */
#ifndef EXPORTER_TRANSPORT_IPFIX_SINK_H
#define EXPORTER_TRANSPORT_IPFIX_SINK_H

#include "exporter/ipfix/message_encoder.h"
#include "exporter/ipfix/transport_session.h"
#include <glib.h>
#include <pthread.h>
#include <stdatomic.h>
#include <synfix/module.h>

#include "values/endpoint.h"

#define TRANSPORT_PORT_DEFAULT 4739u /* IANA: ipfix */

typedef struct ipfix_sink {
    const synfix_module_context_t *context;
    ipfix_settings_t settings;
    ipfix_session_t *session;
    ipfix_session_config_t session_config;
    char *peer;                 /* `tcp://host:port`, for messages */
    endpoint_t *endpoints;      /* all collectors, first choice first */
    unsigned endpoint_count;    /* at least 1 */
    const endpoint_t *endpoint; /* in use, or tried last; one of `endpoints` */
    char *logged_reason;        /* last logged reason why the collector is not reachable; NULL: it is */
    char *source;               /* source address; NULL: the kernel selects one */
    unsigned address_count;     /* addresses of the name that was resolved last */
    pthread_mutex_t lock;       /* of stats */
    synfix_sink_stats_t stats;
    atomic_bool stopping;
} ipfix_sink_t;

/**
 * Reads options, loads model and profile, and makes the session from @p session (this function fills in
 * settings, host and stats). Call transport_clear after success only.
 */
synfix_status_t transport_init(ipfix_sink_t *transport, const synfix_module_context_t *context,
                               const synfix_options_t *options, ipfix_session_config_t session,
                               synfix_error_t *error) SYNFIX_MUST_CHECK;
void transport_clear(ipfix_sink_t *transport);

/** Replaces the session after settings.message_size was reduced. After a failure the old session stays. */
synfix_status_t transport_fit_session(ipfix_sink_t *transport, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** synfix_module_t.check of tcp, tls, udp and dtls: endpoints, IPFIX settings, certificates and keys. */
void transport_check_options(const synfix_options_t *options, synfix_mistakes_t *mistakes);

/** Logs why there is no connection: each new reason once, until transport_reached. */
void transport_unreached(ipfix_sink_t *transport, const synfix_error_t *reason);
/** The next reason is logged again. */
void transport_reached(ipfix_sink_t *transport);

/** Returns @p error without the transport's name, which the log adds. */
const char *transport_reason(const ipfix_sink_t *transport, const synfix_error_t *error);

/** Logs a line that begins with the sink's peer. @p level as synfix_module_context_t.log. Any thread. */
void transport_log(const ipfix_sink_t *transport, int level, const char *format, ...) G_GNUC_PRINTF(3, 4);
/** synfix_sink_t.stats. Any thread. */
void transport_stats(void *transport, synfix_sink_stats_t *stats);

/** Wall clock: nanoseconds since 1970. */
int64_t transport_now_ns(void);

/** Functions of synfix_sink_t; the instance begins with an ipfix_sink_t. */
const synfix_encoding_t *transport_encoding(void *instance, const void **settings, const char **key);
void transport_stop(void *instance);

/** Option of all transport sinks. */
#define SOURCE_OPTION                                                                                        \
    {                                                                                                        \
        .name = "source", .type = SYNFIX_OPTION_STRING,                                                      \
        .help = "local address of the sink (default: chosen by the route)"                                   \
    }

/** Option of sinks with a failover list. */
#define FAILOVER_OPTION                                                                                      \
    {                                                                                                        \
        .name = "failover", .type = SYNFIX_OPTION_STRING,                                                    \
        .help = "HOST:PORT,...: further collectors, in use while the first is unreachable"                   \
    }

#endif
