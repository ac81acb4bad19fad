/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file ipfix_sink.h
 * The shared part of the transport sinks: settings, session, counters, sockets. A *place* is one collector of
 * the failover list.
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
    char *peer;    /* `tcp://host:port`, for messages */
    char *address; /* address in use, or tried last */
    char *port;
    char *logged_reason;    /* last logged reason why the collector is not reachable; NULL: it is */
    char *source;           /* source address; NULL: the kernel selects one */
    unsigned address_count; /* addresses of the name that was resolved last */
    char **places;          /* all collectors, first choice first; g_strv */
    pthread_mutex_t lock;   /* of stats */
    synfix_sink_stats_t stats;
    atomic_bool stopping;
} ipfix_sink_t;

/**
 * Reads options, loads model and profile, and makes the session from @p session (this function fills in
 * settings, host and stats). Call transport_clear after success only.
 */
synfix_status_t transport_init(ipfix_sink_t *transport, const synfix_module_context_t *host,
                               const synfix_options_t *options, ipfix_session_config_t session,
                               synfix_error_t *error) SYNFIX_MUST_CHECK;
void transport_clear(ipfix_sink_t *transport);

/** Replaces the session after settings.message_size was reduced. After a failure the old session stays. */
synfix_status_t transport_fit_session(ipfix_sink_t *transport, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Returns whether transport_init accepts the target and the failover list of @p options. */
synfix_status_t transport_check(const synfix_options_t *options, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** synfix_module_t.check of tcp, tls, udp and dtls: endpoints, IPFIX settings, certificates and keys. */
synfix_status_t transport_check_options(const synfix_options_t *options,
                                        synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Splits `//host:port` or `//[address]:port`; the port is optional. g_free both. */
synfix_status_t transport_parse(const char *target, char **address, char **port,
                                synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Returns a connected, non-blocking socket; tries all collectors in order, and all addresses of their names.
 */
synfix_status_t transport_connect(ipfix_sink_t *transport, int type, int timeout_ms, int *fd,
                                  synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Connects to one place only; `address` and `port` become those of the place. */
synfix_status_t transport_connect_to(ipfix_sink_t *transport, unsigned place, int type, int timeout_ms,
                                     int *fd, synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Connects from place @p place on. Afterwards @p place is the one after the connected collector, for a
 * collector that accepts the connection but no session. SYNFIX_DISCONNECTED also if there is no such place.
 */
synfix_status_t transport_connect_next(ipfix_sink_t *transport, unsigned *place, int type, int timeout_ms,
                                       int *fd, synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Returns a datagram socket connected to address number @p choice (modulo their number) of the first
 * collector's name, or to the next address with a route, whose number @p choice becomes.
 */
synfix_status_t transport_connect_datagram(ipfix_sink_t *transport, unsigned *choice, int *fd,
                                           synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Returns whether the name no longer has the address that @p fd is connected to; false if the name cannot be
 * resolved.
 */
bool transport_peer_moved(ipfix_sink_t *transport, int fd);

/** Logs why there is no connection: each new reason once, until transport_reached. */
void transport_unreached(ipfix_sink_t *transport, const synfix_error_t *reason);
void transport_reached(ipfix_sink_t *transport);

/** Returns @p error without the transport's name, which the log adds. */
const char *transport_reason(const ipfix_sink_t *transport, const synfix_error_t *error);

void transport_log(const ipfix_sink_t *transport, int level, const char *format, ...) G_GNUC_PRINTF(3, 4);
void transport_stats(void *transport, synfix_sink_stats_t *stats);

int64_t transport_now_ns(void);

/* Functions for synfix_sink_t; the instance begins with an ipfix_sink_t. */
const synfix_encoding_t *transport_encoding(void *instance, const void **settings, const char **key);
void transport_stop(void *instance);

/** Option of all transport sinks. */
#define SOURCE_OPTION                                                                                        \
    {                                                                                                        \
        "source", SYNFIX_OPTION_STRING, NULL, 0, 0,                                                          \
            "local address of the sink (default: chosen by the route)"                                       \
    }

/** Option of sinks with a failover list. */
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
