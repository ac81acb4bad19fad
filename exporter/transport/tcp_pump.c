/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Sends messages from memory and from the spool, and decides how long a collector may be unreachable. */
#include "exporter/transport/tcp_sink.h"
#include <string.h>

/* Live: time that the end waits for an unreachable collector. */
#define LIVE_TIMEOUT_US (5 * 1000 * 1000)
/* A socket without room for this long is stalled. */
#define FLOW_US (100 * 1000)
/* Live: a collector that has not read for this long is reported, and records go to the spool. */
#define STALL_US (1000 * 1000)
/* At the end, pause between two attempts to send: fifty attempts a second notice a collector that is back, or
 * a stop request, without a visible delay. */
#define PUMP_PAUSE_US (20 * 1000)

static void count_sent(tcp_sink_t *sink, const retransmit_message_t *message)
{
    synfix_sink_stats_t *const stats = &sink->common.stats;
    (void)pthread_mutex_lock(&sink->common.lock);
    if (message->again) {
        stats->retransmitted += message->records;
    } else {
        stats->delivered += message->records;
        stats->pending -= message->records;
    }
    stats->bytes += message->length;
    (void)pthread_mutex_unlock(&sink->common.lock);
}

static synfix_status_t send_next(tcp_sink_t *sink, retransmit_message_t *message, synfix_error_t *error)
{
    ipfix_session_t *const session = sink->common.session;
    const uint32_t sequence = ipfix_session_sequence(session);
    size_t done = message->begun;
    if (done == 0) {
        uint8_t header[IPFIX_HEADER_SIZE];
        if (stream_check(&sink->stream, error) != SYNFIX_OK) {
            return SYNFIX_DISCONNECTED;
        }
        ipfix_session_write_header(session, message->data, message->length, message->records,
                                   transport_now_ns(), header);
        memcpy(message->data, header, sizeof header);
    }
    const synfix_status_t status = tcp_send(sink, message->data, message->length, FLOW_US, &done, error);
    message->begun = (uint32_t)done;
    if (status == SYNFIX_AGAIN && done == 0) {
        ipfix_session_roll_back(session, sequence, message->length, message->records);
    }
    return status;
}

static synfix_status_t send_retained(tcp_sink_t *sink, synfix_error_t *error)
{
    retransmit_message_t *message;
    while ((message = retransmit_next(sink->retransmit)) != NULL) {
        const synfix_status_t status = send_next(sink, message, error);
        if (status < 0) {
            tcp_disconnect(sink, error->text);
        }
        if (status != SYNFIX_OK) {
            return SYNFIX_AGAIN;
        }
        count_sent(sink, message);
        retransmit_sent(sink->retransmit);
    }
    return SYNFIX_OK;
}

/* Sends the unsent messages and a part of the spool. SYNFIX_AGAIN: no connection, or the collector does not
 * read. */
static synfix_status_t pump(tcp_sink_t *sink, synfix_error_t *error)
{
    if (sink->stream.fd < 0) {
        const synfix_status_t status = tcp_reconnect(sink, error);
        if (status != SYNFIX_OK) {
            return status;
        }
    }
    synfix_status_t status = send_retained(sink, error);
    if (status == SYNFIX_OK && sink->spool != NULL && !spool_is_empty(sink->spool)) {
        tcp_spool_draw(sink);
        status = send_retained(sink, error);
    }
    return status;
}

static bool is_stalled(const tcp_sink_t *sink)
{
    return sink->stalled_us > 0 && g_get_monotonic_time() - sink->stalled_us > STALL_US;
}

synfix_status_t tcp_pump_live(tcp_sink_t *sink, synfix_error_t *error)
{
    const synfix_status_t status = pump(sink, error);
    if (status == SYNFIX_OK) {
        tcp_failback(sink);
    }
    if (status != SYNFIX_AGAIN) {
        return status < 0 ? status : SYNFIX_OK;
    }
    const bool stalled = is_stalled(sink);
    if (stalled && !sink->stall_reported) {
        sink->stall_reported = true;
        transport_log(&sink->common, 1, "the collector does not read: records wait %s",
                      sink->spool != NULL ? "in the spool" : "in memory");
    }
    const bool full = retransmit_unsent_bytes(sink->retransmit) > sink->retransmit_bytes / 2;
    if (sink->spool != NULL && (sink->stream.fd < 0 || stalled || full)) {
        tcp_spool_fill(sink);
    }
    return SYNFIX_OK;
}

synfix_status_t tcp_time_out(tcp_sink_t *sink, int64_t away_us, synfix_error_t *error)
{
    const bool connected = sink->stream.fd >= 0;
    if (connected) {
        tcp_disconnect(sink, "the collector does not read");
    }
    if (sink->spool != NULL) {
        if (!sink->timed_out) {
            transport_log(&sink->common, 1, "no collector: records are written to the spool");
        }
        sink->timed_out = true;
        tcp_spool_fill(sink);
        return SYNFIX_AGAIN;
    }
    synfix_sink_stats_t *const stats = &sink->common.stats;
    tcp_adjust(sink, &stats->pending, &stats->lost, retransmit_pending(sink->retransmit));
    return synfix_fail(error, SYNFIX_DISCONNECTED, "%s: the collector %s %d s", sink->common.peer,
                       connected ? "accepted nothing for" : "was unreachable for", (int)(away_us / 1000000));
}

int64_t tcp_timeout_us(const tcp_sink_t *sink)
{
    return tcp_is_live(sink) ? MIN(sink->stall_limit_us, LIVE_TIMEOUT_US) : sink->stall_limit_us;
}

synfix_status_t tcp_pump_all(tcp_sink_t *sink, synfix_error_t *error)
{
    const int64_t timeout_us = tcp_timeout_us(sink);
    synfix_status_t status;
    while ((status = pump(sink, error)) == SYNFIX_AGAIN) {
        const int64_t since = sink->stream.fd < 0 ? sink->lost_us : sink->stalled_us;
        const int64_t away = g_get_monotonic_time() - since;
        if (sink->timed_out || atomic_load(&sink->common.stopping) || away > timeout_us) {
            return tcp_time_out(sink, away, error);
        }
        g_usleep(PUMP_PAUSE_US);
    }
    return status;
}
