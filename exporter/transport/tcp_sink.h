/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file tcp_sink.h
 * Inside the sinks tcp and tls: the instance, and its dealings with the spool. All in the sink's thread.
 */
#ifndef EXPORTER_TRANSPORT_TCP_SINK_H
#define EXPORTER_TRANSPORT_TCP_SINK_H

#include "exporter/transport/ipfix_sink.h"
#include "exporter/transport/retransmit_buffer.h"
#include "exporter/transport/spool.h"
#include "exporter/transport/stream.h"

typedef struct tcp_sink {
    ipfix_sink_t common; /* first: transport_* functions take the instance */
    retransmit_buffer_t *retain;
    size_t retransmit_bytes; /* its bound */
    spool_t *spool;          /* NULL: none asked for */
    bool gave_up;            /* from a file: waited once, from now on what can't be sent is spooled at once */
    bool spool_full;         /* told once, until it takes records again */
    transport_stream_t stream; /* fd -1: not connected */
    tls_context_t *tls;        /* NULL: plain TCP */
    char *name;                /* in the certificate */
    unsigned place;            /* of the collector in use, in the list */
    int64_t failback_us;       /* between two looks whether one before it is back; 0: none */
    int64_t next_look_us;
    int64_t connected_us; /* since when */
    int64_t stall_limit_us;
    int64_t backoff_us;
    int64_t next_try_us;
    int64_t lost_us;    /* since when there has been no connection */
    int64_t stalled_us; /* since when the collector has taken nothing; 0: it takes */
    bool stall_reported;
    bool loss_reported; /* until the collector takes records again */
} tcp_sink_t;

static inline bool tcp_is_live(const tcp_sink_t *sink)
{
    return sink->common.host && sink->common.host->live;
}

/** The first collector of the list that takes a connection and, with TLS, a session. */
synfix_status_t tcp_connect(tcp_sink_t *sink, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** The same after a loss, when its time has come (else SYNFIX_AGAIN); templates and options first. */
synfix_status_t tcp_reconnect(tcp_sink_t *sink, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** The connection is of no use any more: what was sent lately is to be sent again. */
void tcp_disconnect(tcp_sink_t *sink, const char *reason);

/** A message from byte *@p done on. SYNFIX_AGAIN: the collector has taken nothing for @p patience_us.
 * SYNFIX_DISCONNECTED leaves the connection unusable. */
synfix_status_t tcp_send(tcp_sink_t *sink, const uint8_t *data, size_t length, int64_t patience_us,
                         size_t *done, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** For the session (ipfix_emit_fn): the whole message. */
synfix_status_t tcp_emit(void *sink, const uint8_t *message, size_t length, uint32_t records,
                         synfix_error_t *error);

/** Says that all was sent, and waits until the collector has read it: then it closes. One that reads slowly
 * has time as long as it goes on. False: it broke. */
bool tcp_shutdown(tcp_sink_t *sink);

/** From time to time: back to a collector that was preferred and has come back. Between two messages only. */
void tcp_failback(tcp_sink_t *sink);

/** Opens what the option `spool` names, if any. */
synfix_status_t tcp_spool_open(tcp_sink_t *sink, const synfix_options_t *options,
                               synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Memory to disk: first what no collector has seen. A message that is begun stays. */
void tcp_spool_fill(tcp_sink_t *sink);

/** Some of the spool into memory, to be sent after what is there. */
void tcp_spool_draw(tcp_sink_t *sink);

/** Moves @p records from one number of the statistics (NULL: none) to another. */
void tcp_adjust(tcp_sink_t *sink, uint64_t *from, uint64_t *to, uint64_t records);

#endif
