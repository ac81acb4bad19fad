/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file udp_sink.h
 * State of the sinks `udp` and `dtls`, shared by the files that send datagrams (udp_send.c) and those that
 * find and keep the way to the collector (udp_reach.c). All in the sink's thread.
 */
#ifndef EXPORTER_TRANSPORT_UDP_SINK_H
#define EXPORTER_TRANSPORT_UDP_SINK_H

#include "exporter/tls/tls.h"
#include "exporter/transport/ipfix_sink.h"
#include "exporter/transport/udp_pace.h"
#include <sys/uio.h>

typedef struct udp_sink {
    ipfix_sink_t common; /* first: transport_* functions take the instance */
    int fd;              /* -1: live, there was no way to the collector yet */
    unsigned choice;     /* number of the address in use, of those that the name has */
    udp_pace_t pace;
    tls_context_t *tls;     /* NULL: plain UDP */
    tls_session_t *channel; /* NULL with tls: there is none now */
    char *name;             /* in the certificate */
    int64_t renew_us;       /* a collector that was restarted discards silently: a new handshake after */
    int64_t refresh_us;     /* template refresh: the name is resolved again as well */
    int64_t opened_us;
    int64_t resolved_us;
    int64_t next_try_us;
    bool opening;          /* from a file: a refusal is the answer of open, not a line of the log */
    bool refused;          /* the host says that nobody listens */
    int64_t refused_us;    /* when it said so last; 0: never */
    int64_t probed_us;     /* templates sent last while refused */
    uint64_t unheard;      /* records sent while refused, since that began */
    uint32_t last_records; /* in the datagram sent last */
    int last_problem;      /* errno reported last: not each failure is worth a line */
} udp_sink_t;

/* udp_send.c */

/** Sends one datagram of @p records data records in its turn; false when it was not sent. */
bool udp_send(udp_sink_t *sink, struct iovec *parts, size_t count, uint32_t records);

/** For ipfix_session functions: sends a message of templates or options records; @p user is the sink. */
synfix_status_t udp_emit(void *user, const uint8_t *message, size_t length, uint32_t records,
                         synfix_error_t *error);

/** Reads a refusal (ICMP) that is waiting on the socket. */
void udp_take_refusal(udp_sink_t *sink);

/* udp_reach.c */

/** Connects the first time. Live, a collector without a way to it is tried again later. */
synfix_status_t udp_reach_first(udp_sink_t *sink, bool live, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** The first templates, several times. From a file an address that refuses is left for the name's next one,
 * and SYNFIX_DISCONNECTED says that all of them refused. */
synfix_status_t udp_begin(udp_sink_t *sink, bool live, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Handshakes, refusals, names: what is due. Before each datagram of records and at least once a second. */
void udp_maintain(udp_sink_t *sink);

/** Looks whether the name has moved, now. */
void udp_resolve_again(udp_sink_t *sink);

#endif
