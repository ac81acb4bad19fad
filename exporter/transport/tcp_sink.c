/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/transport/tcp_sink.h"
#include "base/plural.h"
#include "exporter/transport/transport_modules.h"
#include <inttypes.h>
#include <string.h>

/* Live: time that the end waits for an unreachable collector. */
#define LIVE_TIMEOUT_US (5 * 1000 * 1000)
/* A socket that is full for so long is stalled. */
#define FLOW_US (100 * 1000)
/* Live: a collector that has not read for so long is reported, and records go to the spool. */
#define STALL_US (1000 * 1000)
/* At the end, between two attempts to send: fifty a second find a collector that is back, or a stop request,
 * at once. */
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

/* As pump(); unsent messages of a live capture wait in memory or on disk. */
static synfix_status_t pump_live(tcp_sink_t *sink, synfix_error_t *error)
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

static synfix_status_t sink_timeout(tcp_sink_t *sink, int64_t away_us, synfix_error_t *error)
{
    const bool connected = sink->stream.fd >= 0;
    if (connected) {
        tcp_disconnect(sink, "the collector does not read");
    }
    if (sink->spool != NULL) {
        if (!sink->timed_out) {
            transport_log(&sink->common, 1, "no collector: from now on into the spool");
        }
        sink->timed_out = true;
        tcp_spool_fill(sink);
        return SYNFIX_AGAIN;
    }
    synfix_sink_stats_t *const stats = &sink->common.stats;
    tcp_adjust(sink, &stats->pending, &stats->lost, retransmit_pending(sink->retransmit));
    return synfix_fail(error, SYNFIX_DISCONNECTED, "%s: the collector %s %d s", sink->common.peer,
                       connected ? "accepted nothing for" : "did not come back within",
                       (int)(away_us / 1000000));
}

static int64_t sink_timeout_us(const tcp_sink_t *sink)
{
    return tcp_is_live(sink) ? MIN(sink->stall_limit_us, LIVE_TIMEOUT_US) : sink->stall_limit_us;
}

/* Reading a file, and at the end: sends everything and waits for a collector that is not reachable.
 * SYNFIX_AGAIN: unsent messages are in the spool. */
static synfix_status_t pump_to_the_end(tcp_sink_t *sink, synfix_error_t *error)
{
    const int64_t timeout_us = sink_timeout_us(sink);
    synfix_status_t status;
    while ((status = pump(sink, error)) == SYNFIX_AGAIN) {
        const int64_t since = sink->stream.fd < 0 ? sink->lost_us : sink->stalled_us;
        const int64_t away = g_get_monotonic_time() - since;
        if (sink->timed_out || atomic_load(&sink->common.stopping) || away > timeout_us) {
            return sink_timeout(sink, away, error);
        }
        g_usleep(PUMP_PAUSE_US);
    }
    return status;
}

static void tcp_close(void *instance)
{
    tcp_sink_t *const sink = instance;
    if (sink->stream.fd >= 0) {
        stream_close(&sink->stream);
    }
    retransmit_free(sink->retransmit);
    spool_close(sink->spool);
    tls_context_free(sink->tls);
    g_free(sink->name);
    transport_clear(&sink->common);
    g_free(sink);
}

static synfix_status_t set_up_tls(tcp_sink_t *sink, const synfix_options_t *options, synfix_error_t *error)
{
    synfix_error_t reason;
    sink->name = g_strdup(synfix_options_string(options, "name"));
    const synfix_status_t status = tls_context_new(options, false, &sink->tls, &reason);
    if (status < 0) {
        return synfix_fail(error, status, "%s: %s", sink->common.peer, reason.text);
    }
    tls_context_set_cancel_flag(sink->tls, &sink->common.stopping);
    return SYNFIX_OK;
}

static synfix_status_t tcp_open(const synfix_module_context_t *context, const synfix_options_t *options,
                                void **instance, synfix_error_t *error)
{
    tcp_sink_t *const sink = g_new0(tcp_sink_t, 1);
    const ipfix_session_config_t session = {0};
    sink->stream.fd = -1;
    synfix_status_t status = transport_init(&sink->common, context, options, session, error);
    if (status < 0) {
        g_free(sink);
        return status;
    }
    sink->failback_us = synfix_options_duration_ms(options, "failback") * 1000;
    sink->stall_limit_us = synfix_options_duration_ms(options, "sink-timeout") * 1000;
    status =
        strcmp(synfix_options_scheme(options), "tls") == 0 ? set_up_tls(sink, options, error) : SYNFIX_OK;
    status = status < 0 ? status : tcp_spool_open(sink, options, error);
    const bool ready = status >= 0;
    status = ready ? tcp_connect(sink, error) : status;
    if (status < 0 && (!ready || !(tcp_is_live(sink) || sink->spool != NULL))) {
        tcp_close(sink);
        return status;
    }
    if (status < 0) {
        transport_unreached(&sink->common, error);
        sink->lost_us = g_get_monotonic_time();
    }
    sink->retransmit_bytes = (size_t)synfix_options_integer(options, "retain");
    sink->retransmit = retransmit_new(sink->retransmit_bytes);
    *instance = sink;
    return SYNFIX_OK;
}

static synfix_status_t tcp_start(void *instance, synfix_error_t *error)
{
    tcp_sink_t *const sink = instance;
    if (sink->stream.fd >= 0 &&
        ipfix_session_begin(sink->common.session, transport_now_ns(), tcp_emit, sink, error) < 0) {
        tcp_disconnect(sink, error->text);
    }
    return SYNFIX_OK;
}

static synfix_status_t tcp_write(void *instance, const synfix_block_t *block, synfix_error_t *error)
{
    tcp_sink_t *const sink = instance;
    synfix_sink_stats_t *const stats = &sink->common.stats;
    const uint32_t records = ipfix_block_records(block);
    const uint64_t lost = retransmit_add(sink->retransmit, block->data, block->length, records, false);
    (void)pthread_mutex_lock(&sink->common.lock);
    stats->produced += records;
    stats->lost += lost;
    stats->pending = stats->pending + records - lost;
    (void)pthread_mutex_unlock(&sink->common.lock);
    if (lost > 0 && !sink->loss_reported) {
        sink->loss_reported = true;
        transport_log(&sink->common, 0, "memory (retain) is full: the oldest records are lost");
    }
    if (tcp_is_live(sink)) {
        return pump_live(sink, error);
    }
    const synfix_status_t status = pump_to_the_end(sink, error);
    if (status < 0) { /* the caller counts this block */
        (void)pthread_mutex_lock(&sink->common.lock);
        stats->lost -= records - lost;
        stats->produced -= records - lost;
        (void)pthread_mutex_unlock(&sink->common.lock);
    }
    return status < 0 ? status : SYNFIX_OK;
}

static synfix_status_t tcp_tick(void *instance, int64_t now_ns, synfix_error_t *error)
{
    tcp_sink_t *const sink = instance;
    if (sink->stream.fd >= 0 && sink->stalled_us == 0) { /* otherwise a message may be partly sent */
        if (stream_check(&sink->stream, error) != SYNFIX_OK ||
            ipfix_session_tick(sink->common.session, now_ns, tcp_emit, sink, error) < 0) {
            tcp_disconnect(sink, error->text);
        }
    }
    return pump_live(sink, error);
}

/* Counts records that neither a collector nor the disk accepted. */
static synfix_status_t lose_rest(tcp_sink_t *sink, synfix_error_t *error)
{
    const uint64_t records = retransmit_pending(sink->retransmit);
    if (records == 0) {
        return SYNFIX_OK;
    }
    tcp_adjust(sink, &sink->common.stats.pending, &sink->common.stats.lost, records);
    return synfix_fail(error, SYNFIX_IO, "%s: no room in the spool: %" PRIu64 " record%s lost",
                       sink->common.peer, records, plural(records));
}

static synfix_status_t tcp_finish(void *instance, synfix_error_t *error)
{
    tcp_sink_t *const sink = instance;
    const int64_t began_us = g_get_monotonic_time();
    synfix_status_t status;
    do {
        while ((status = pump_to_the_end(sink, error)) == SYNFIX_OK && sink->spool != NULL &&
               !spool_is_empty(sink->spool)) {
        }
        if (status != SYNFIX_OK || tcp_shutdown(sink)) {
            break;
        }
        tcp_disconnect(sink, "reset at the end");
        const int64_t away_us = g_get_monotonic_time() - began_us;
        if (away_us > sink_timeout_us(sink)) {
            status = sink_timeout(sink, away_us, error);
        }
    } while (status == SYNFIX_OK);
    return status == SYNFIX_AGAIN ? lose_rest(sink, error) : status;
}

#define STREAM_OPTIONS                                                                                       \
    IPFIX_SINK_OPTIONS("16384"), FAILOVER_OPTION, SOURCE_OPTION,                                             \
        {.name = "failback",                                                                                 \
         .type = SYNFIX_OPTION_DURATION,                                                                     \
         .fallback = "60",                                                                                   \
         .minimum = 0,                                                                                       \
         .maximum = 86400000,                                                                                \
         .help = "live: interval of checks whether an earlier collector is reachable again; 0: never"},      \
        {.name = "retain",                                                                                   \
         .type = SYNFIX_OPTION_INTEGER,                                                                      \
         .fallback = "32M",                                                                                  \
         .minimum = 65536,                                                                                   \
         .maximum = 4294967296,                                                                              \
         .help = "memory for messages that are sent again after a reconnection"},                            \
        {.name = "sink-timeout",                                                                             \
         .type = SYNFIX_OPTION_DURATION,                                                                     \
         .fallback = "60",                                                                                   \
         .minimum = 0,                                                                                       \
         .maximum = 86400000,                                                                                \
         .help = "from a file: time to wait for an unreachable collector"},                                  \
        {.name = "spool",                                                                                    \
         .type = SYNFIX_OPTION_STRING,                                                                       \
         .help = "directory for records that cannot be sent (default: none)"},                               \
        {.name = "spool-size",                                                                               \
         .type = SYNFIX_OPTION_INTEGER,                                                                      \
         .fallback = "1G",                                                                                   \
         .minimum = 1048576,                                                                                 \
         .maximum = 1099511627776,                                                                           \
         .help = "maximum size of the spool"},                                                               \
    {                                                                                                        \
        .name = "spool-age", .type = SYNFIX_OPTION_DURATION, .fallback = "7d", .minimum = 60000,             \
        .maximum = 31536000000, .help = "records older than this are removed"                                \
    }

static const synfix_option_t tcp_options[] = {STREAM_OPTIONS, {0}};
static const synfix_option_t tls_options[] = {STREAM_OPTIONS, TLS_SINK_OPTIONS, {0}};

/* Reads renewed certificates; the current connection keeps its own. */
static synfix_status_t tcp_reload(void *instance, synfix_error_t *error)
{
    tcp_sink_t *const sink = instance;
    return sink->tls != NULL ? tls_context_reload(sink->tls, error) : SYNFIX_OK;
}

static const synfix_sink_t tcp_sink = {
    .open = tcp_open,
    .encoding = transport_encoding,
    .start = tcp_start,
    .write = tcp_write,
    .tick = tcp_tick,
    .finish = tcp_finish,
    .close = tcp_close,
    .reload = tcp_reload,
    .stats = transport_stats,
    .stop = transport_stop,
};

const synfix_module_t tcp_module = {
    .abi = SYNFIX_MODULE_ABI,
    .size = sizeof(synfix_module_t),
    .kind = SYNFIX_MODULE_SINK,
    .name = "tcp",
    .summary = "IPFIX over TCP to a collector: tcp://host:port",
    .options = tcp_options,
    .sink = &tcp_sink,
    .check = transport_check_options,
};

const synfix_module_t tls_module = {
    .abi = SYNFIX_MODULE_ABI,
    .size = sizeof(synfix_module_t),
    .kind = SYNFIX_MODULE_SINK,
    .name = "tls",
    .summary = "IPFIX over TLS to a collector: tls://host:port",
    .options = tls_options,
    .sink = &tcp_sink,
    .check = transport_check_options,
};
