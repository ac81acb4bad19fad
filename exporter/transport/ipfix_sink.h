/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file ipfix_sink.h
 * What the sinks that talk to collectors share: settings, session, counters, sockets.
 */
#ifndef EXPORTER_TRANSPORT_IPFIX_SINK_H
#define EXPORTER_TRANSPORT_IPFIX_SINK_H

#include "exporter/ipfix/message_encoder.h"
#include "exporter/ipfix/transport_session.h"
#include <glib.h>
#include <pthread.h>
#include <stdatomic.h>
#include <synfix/module.h>

#define TRANSPORT_PORT_DEFAULT "4739"

typedef struct transport {
    const synfix_module_context_t *host;
    ipfix_settings_t settings;
    ipfix_session_t *session;
    ipfix_session_config_t session_config;
    char *peer;    /* `tcp://host:port`, for people */
    char *address; /* in use, or tried last */
    char *port;
    char *logged_reason;    /* why it can't be reached, as told last; NULL: it can */
    char *source;           /* address to send from; NULL: the kernel's choice */
    unsigned address_count; /* of the name that was resolved last */
    char **places;          /* all collectors of a failover list, first choice first; g_strv */
    pthread_mutex_t lock;   /* of stats */
    synfix_sink_stats_t stats;
    atomic_bool stopping;
} ipfix_sink_t;

/** Options read, model and profile loaded, session made by @p session (settings, host and stats are filled in
 * here). transport_clear after success only. */
synfix_status_t transport_init(ipfix_sink_t *transport, const synfix_module_context_t *host,
                               const synfix_options_t *options, ipfix_session_config_t session,
                               synfix_error_t *error) SYNFIX_MUST_CHECK;
void transport_clear(ipfix_sink_t *transport);

/** A new session, after settings.message_size has become smaller. After a failure the old one is there. */
synfix_status_t transport_fit_session(ipfix_sink_t *transport, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Whether transport_init takes the target and the failover list of @p options. */
synfix_status_t transport_check(const synfix_options_t *options, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** synfix_module_t.check of tcp, tls, udp and dtls: endpoints, IPFIX settings, certificates and keys. */
synfix_status_t transport_check_options(const synfix_options_t *options,
                                        synfix_error_t *error) SYNFIX_MUST_CHECK;

/** `//host:port`, `//[address]:port`, port optional; g_free both. */
synfix_status_t transport_parse(const char *target, char **address, char **port,
                                synfix_error_t *error) SYNFIX_MUST_CHECK;

/** A connected, non-blocking socket; tries all collectors in their order, and all addresses of their names.
 */
synfix_status_t transport_connect(ipfix_sink_t *transport, int type, int timeout_ms, int *fd,
                                  synfix_error_t *error) SYNFIX_MUST_CHECK;

/** The same, one place only; `address` and `port` become that one's. */
synfix_status_t transport_connect_to(ipfix_sink_t *transport, unsigned place, int type, int timeout_ms,
                                     int *fd, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** The same from place number @p place on, which afterwards is the one behind that which answered: for a
 * collector that takes the connection but no session. SYNFIX_DISCONNECTED also when there is no such place.
 */
synfix_status_t transport_connect_next(ipfix_sink_t *transport, unsigned *place, int type, int timeout_ms,
                                       int *fd, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** A datagram socket connected to address number @p choice (modulo their number) of the first place's name,
 * or to the next one that has a route; @p choice becomes its number. */
synfix_status_t transport_connect_datagram(ipfix_sink_t *transport, unsigned *choice, int *fd,
                                           synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Whether the name in use no longer has the address to which @p fd is connected. False also when the name
 * cannot be resolved now. */
bool transport_peer_moved(ipfix_sink_t *transport, int fd);

/** Why there is no connection, to the log: each new reason once, until transport_reached. */
void transport_unreached(ipfix_sink_t *transport, const synfix_error_t *reason);
void transport_reached(ipfix_sink_t *transport);

/** @p error without the transport's name before it, which the log adds anyway. */
const char *transport_reason(const ipfix_sink_t *transport, const synfix_error_t *error);

void transport_log(const ipfix_sink_t *transport, int level, const char *format, ...) G_GNUC_PRINTF(3, 4);
void transport_stats(void *transport, synfix_sink_stats_t *stats);

int64_t transport_now_ns(void);

/* For synfix_sink_t: the instance begins with its ipfix_sink_t. */
const synfix_encoding_t *transport_encoding(void *instance, const void **settings, const char **key);
void transport_stop(void *instance);

/** Option line of all sinks that send to collectors. */
#define SOURCE_OPTION                                                                                        \
    {                                                                                                        \
        "source", SYNFIX_OPTION_STRING, NULL, 0, 0,                                                          \
            "local address of the sink (default: chosen by the route)"                                       \
    }

/** Option line of sinks with a choice of collectors. */
#define FAILOVER_OPTION                                                                                      \
    {                                                                                                        \
        "failover", SYNFIX_OPTION_STRING, NULL, 0, 0,                                                        \
            "HOST:PORT,...: further collectors, in use while the first is unreachable"                       \
    }

extern const synfix_module_t tcp_module;
extern const synfix_module_t tls_module;
extern const synfix_module_t udp_module;
extern const synfix_module_t dtls_module;

#endif
