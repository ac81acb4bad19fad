/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file tcp_sink.h
 * Inside the sinks tcp and tls: the instance, and its dealings with the spool. All in the sink's thread.
 */
#ifndef EXPORTER_TCP_SINK_H
#define EXPORTER_TCP_SINK_H

#include "exporter/retain.h"
#include "exporter/spool.h"
#include "exporter/transport_common.h"
#include "exporter/transport_stream.h"

typedef struct tcp_sink {
    transport_t common; /* first: transport_* functions take the instance */
    retain_t *retain;
    size_t retain_octets; /* its bound */
    spool_t *spool;       /* NULL: none asked for */
    bool gave_up;         /* from a file: waited once, from now on what can't be sent is spooled at once */
    bool spool_full;      /* told once, until it takes records again */
    transport_stream_t stream; /* fd -1: not connected */
    tls_context_t *tls;        /* NULL: plain TCP */
    char *name;                /* in the certificate */
    int64_t give_up_us;
    int64_t backoff_us;
    int64_t next_try_us;
    int64_t lost_us;    /* since when there has been no connection */
    int64_t stalled_us; /* since when the collector has taken nothing; 0: it takes */
    bool stall_told;
    bool loss_told; /* until the collector takes records again */
} tcp_sink_t;

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
