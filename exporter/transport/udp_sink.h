/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file udp_sink.h
 * State of the sinks `udp` and `dtls`, shared by udp_send.c, which sends datagrams, and udp_reach.c, which
 * finds and keeps the way to the collector. After open, all functions run in the sink's thread.
 */
#ifndef EXPORTER_TRANSPORT_UDP_SINK_H
#define EXPORTER_TRANSPORT_UDP_SINK_H

#include "exporter/tls/tls.h"
#include "exporter/transport/ipfix_sink.h"
#include "exporter/transport/udp_pace.h"
#include "exporter/transport/udp_queue.h"
#include <sys/uio.h>

typedef struct udp_sink {
    ipfix_sink_t common; /* first: transport_* functions take the instance */
    int fd;              /* -1: live, there was no way to the collector yet */
    unsigned choice;     /* index of the address in use among those of the name */
    udp_pace_t pace;
    udp_queue_t queue;
    tls_context_t *tls;     /* NULL: plain UDP */
    tls_session_t *channel; /* NULL with tls: no session */
    char *name;             /* in the certificate */
    int64_t renew_us;   /* time of the next handshake: a restarted collector discards datagrams silently */
    int64_t refresh_us; /* template refresh: the name is resolved again as well */
    int64_t opened_us;
    int64_t resolved_us;
    int64_t next_try_us;
    bool opening;          /* from a file: open returns a refusal or a lost session instead of logging it */
    bool refused;          /* the host refuses the port */
    int64_t refused_us;    /* time of the last refusal; 0: never */
    int64_t probed_us;     /* time of the last templates while refused */
    uint64_t unheard;      /* records sent while refused, since that began */
    uint32_t last_records; /* in the datagram sent last */
    int last_problem;      /* errno of the last logged failure: repetitions are not logged */
} udp_sink_t;

/* udp_send.c */

/** Sends one datagram of @p records data records when it is due; false: not sent. */
bool udp_send(udp_sink_t *sink, struct iovec *parts, size_t count, uint32_t records);

/** An ipfix_emit_fn for templates and options records; @p user is the sink. */
synfix_status_t udp_emit(void *user, const uint8_t *message, size_t length, uint32_t records,
                         synfix_error_t *error);

/** DTLS: closes the session, with a message. Unless the collector ended the session (SYNFIX_END), the records
 * of the last datagram count as unheard: its refusal is the reason. */
void udp_lose_channel(udp_sink_t *sink, synfix_status_t status, const synfix_error_t *error);

/** Reads a pending refusal (ICMP) from the socket. */
void udp_take_refusal(udp_sink_t *sink);

/* udp_reach.c */

/** Connects at open. From a file, DTLS tries each address of the name until one answers. On a live capture a
 * collector without a route is tried again later. */
synfix_status_t udp_reach_first(udp_sink_t *sink, bool live, synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Sends the first templates several times. From a file, a refusing address is replaced by the next one of the
 * name; SYNFIX_DISCONNECTED: all addresses refused.
 */
synfix_status_t udp_begin(udp_sink_t *sink, bool live, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Records follow when the collector had time for the first templates. A stop ends the wait. */
void udp_settle(udp_sink_t *sink);

/**
 * Performs due handshakes, refusals and name lookups. Call before each datagram of records and at least once
 * a second.
 */
void udp_maintain(udp_sink_t *sink);

/** Resolves the name now and follows a changed address. */
void udp_resolve_again(udp_sink_t *sink);

#endif
