/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file tcp_sink.h
 * The instance of the sinks tcp and tls, and their use of the spool. Private to tcp_*.c. All functions run in
 * the sink's thread.
 */
#ifndef EXPORTER_TRANSPORT_TCP_SINK_H
#define EXPORTER_TRANSPORT_TCP_SINK_H

#include "exporter/transport/ipfix_sink.h"
#include "exporter/transport/retransmit_buffer.h"
#include "exporter/transport/spool.h"
#include "exporter/transport/stream.h"

typedef struct tcp_sink {
    ipfix_sink_t common; /* first: transport_* functions take the instance */
    retransmit_buffer_t *retransmit;
    size_t retransmit_bytes;   /* its bound */
    spool_t *spool;            /* NULL: not configured */
    bool timed_out;            /* from a file: waited once; unsent messages now go to the spool at once */
    bool spool_full;           /* logged once until the spool accepts records again */
    transport_stream_t stream; /* fd -1: not connected */
    tls_context_t *tls;        /* NULL: plain TCP */
    char *name;                /* in the certificate */
    unsigned endpoint_index;   /* of the collector in use */
    int64_t failback_us;       /* interval of checks for an earlier collector; 0: none */
    int64_t next_look_us;
    int64_t connected_us; /* since when */
    int64_t stall_limit_us;
    int64_t backoff_us;
    int64_t next_try_us;
    int64_t lost_us;    /* time of the loss of the connection */
    int64_t stalled_us; /* time since which the collector has not read; 0: it reads */
    bool stall_reported;
    bool loss_reported; /* reset when the collector reads records again */
} tcp_sink_t;

static inline bool tcp_is_live(const tcp_sink_t *sink)
{
    return sink->common.context && sink->common.context->live;
}

/** Connects to the first collector of the list that accepts a connection and, with TLS, a session. */
synfix_status_t tcp_connect(tcp_sink_t *sink, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Reconnects when the attempt is due (otherwise SYNFIX_AGAIN); sends templates and options records first. */
synfix_status_t tcp_reconnect(tcp_sink_t *sink, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Closes the connection and marks recent messages as unsent. */
void tcp_disconnect(tcp_sink_t *sink, const char *reason);

/**
 * Sends a message from byte *@p done on. SYNFIX_AGAIN: the collector has not read for @p timeout_us.
 * SYNFIX_DISCONNECTED: the connection is unusable.
 */
synfix_status_t tcp_send(tcp_sink_t *sink, const uint8_t *data, size_t length, int64_t timeout_us,
                         size_t *done, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** An ipfix_emit_fn: sends the whole message. */
synfix_status_t tcp_emit(void *sink, const uint8_t *message, size_t length, uint32_t records,
                         synfix_error_t *error);

/**
 * Shuts down the writing side and waits until the collector has read everything and closes; a slow reader has
 * time as long as it makes progress. False: the connection broke.
 */
bool tcp_shutdown(tcp_sink_t *sink);

/** Returns to an earlier collector of the list that is reachable again, when a check is due. Call between two
 * messages. */
void tcp_failback(tcp_sink_t *sink);

/**
 * Sends the unsent messages and a part of the spool (tcp_pump.c). SYNFIX_OK also for messages that cannot be
 * sent now: they wait in memory or in the spool.
 */
synfix_status_t tcp_pump_live(tcp_sink_t *sink, synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Reading a file, and at the end: sends everything, and waits for a collector that is not reachable, at most
 * tcp_timeout_us(). SYNFIX_AGAIN: unsent messages are in the spool. SYNFIX_DISCONNECTED: they are counted as
 * lost.
 */
synfix_status_t tcp_pump_all(tcp_sink_t *sink, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** The end of a wait of @p away_us: as the end of tcp_pump_all(). */
synfix_status_t tcp_time_out(tcp_sink_t *sink, int64_t away_us, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Longest wait for the collector in microseconds. */
int64_t tcp_timeout_us(const tcp_sink_t *sink);

/** Opens the spool of the option `spool`, if configured. */
synfix_status_t tcp_spool_open(tcp_sink_t *sink, const synfix_options_t *options,
                               synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Moves messages from memory to the spool, unsent ones first. A partly sent message stays. */
void tcp_spool_fill(tcp_sink_t *sink);

/** Counts records of files of this run that are missing from the spool as lost. */
void tcp_spool_check(tcp_sink_t *sink);

/** Moves a part of the spool to memory, after the messages there. */
void tcp_spool_draw(tcp_sink_t *sink);

/** Moves @p records from one counter of the statistics (NULL: none) to another. */
void tcp_adjust(tcp_sink_t *sink, uint64_t *from, uint64_t *to, uint64_t records);

#endif
