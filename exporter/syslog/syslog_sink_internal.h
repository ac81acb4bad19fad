/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file syslog_sink_internal.h
 * The instance of the sink `syslog:`. Private to syslog_sink.c (the functions of a sink) and syslog_send.c
 * (delivery). Except for the stop flag and the counters, one thread.
 */
#ifndef EXPORTER_SYSLOG_SYSLOG_SINK_INTERNAL_H
#define EXPORTER_SYSLOG_SYSLOG_SINK_INTERNAL_H

#include "exporter/syslog/syslog_channel.h"
#include "exporter/syslog/syslog_message.h"
#include "exporter/transport/udp_pace.h"
#include "exporter/transport/udp_queue.h"
#include <stdatomic.h>

typedef struct syslog_sink {
    const synfix_module_context_t *context;
    syslog_settings_t settings;
    syslog_channel_t channel;
    udp_pace_t pace;
    udp_queue_t queue;
    bool too_long; /* logged once */
    bool refused;  /* UDP: a message was lost, because the host refused it (ICMP): logged once */
    bool away;     /* logged once */
    int64_t next_try_ms;
    int64_t retry_ms;
    atomic_bool stopping;
    _Atomic uint64_t produced;
    _Atomic uint64_t delivered;
    _Atomic uint64_t lost;
    _Atomic uint64_t unheard;
    _Atomic uint64_t bytes;
    _Atomic uint64_t reconnects;
    _Atomic uint64_t errors;
} syslog_sink_t;

/** Whether packets come from an interface: records are dropped rather than delayed. */
static inline bool syslog_is_live(const syslog_sink_t *sink)
{
    return sink->context != NULL && sink->context->live;
}

/** Adds to a counter of the statistics. */
static inline void syslog_count(_Atomic uint64_t *counter, uint64_t more)
{
    atomic_fetch_add_explicit(counter, more, memory_order_relaxed);
}

/** Logs @p text; @p level as synfix_module_context_t.log. */
void syslog_say(const syslog_sink_t *sink, int level, const char *text);

/** Logs the first failure of a row, and sets the time of the next attempt to connect. */
void syslog_note_away(syslog_sink_t *sink, const synfix_error_t *error);

/** One attempt when it is due. SYNFIX_AGAIN: it is not due, or it failed. */
synfix_status_t syslog_reconnect(syslog_sink_t *sink, synfix_error_t *error);

/**
 * Waits for a connection and sends one message. SYNFIX_INVALID: it is too long for the path.
 * SYNFIX_DISCONNECTED: stopped, or the receiver did not accept it in time. SYNFIX_NOT_FOUND: UDP, and each
 * address of the receiver refuses the first message of a file.
 */
synfix_status_t syslog_send_message(syslog_sink_t *sink, const syslog_message_t *message,
                                    synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Closes a stream that is broken. The kernel may still accept bytes for it, so that a write does not show the
 * break: check before each block. UDP: counts a message that was refused, for which it waits @p wait_ms.
 */
void syslog_check_connection(syslog_sink_t *sink, int wait_ms);

#endif
