/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/transport/tcp_sink.h"
#include "base/message_text.h"
#include "exporter/transport/transport_modules.h"
#include <inttypes.h>
#include <string.h>

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
        return tcp_pump_live(sink, error);
    }
    const synfix_status_t status = tcp_pump_all(sink, error);
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
    return tcp_pump_live(sink, error);
}

/* Counts records that neither a collector nor the disk accepted. */
static synfix_status_t lose_rest(tcp_sink_t *sink, synfix_error_t *error)
{
    const uint64_t records = retransmit_pending(sink->retransmit);
    if (records == 0) {
        return SYNFIX_OK;
    }
    tcp_adjust(sink, &sink->common.stats.pending, &sink->common.stats.lost, records);
    return synfix_fail(error, SYNFIX_IO, "%s: the spool cannot store more: %" PRIu64 " record%s lost",
                       sink->common.peer, records, plural(records));
}

static synfix_status_t tcp_finish(void *instance, synfix_error_t *error)
{
    tcp_sink_t *const sink = instance;
    const int64_t began_us = g_get_monotonic_time();
    synfix_status_t status;
    do {
        while ((status = tcp_pump_all(sink, error)) == SYNFIX_OK && sink->spool != NULL &&
               spool_is_readable(sink->spool)) {
        }
        if (status != SYNFIX_OK || tcp_shutdown(sink)) {
            break;
        }
        tcp_disconnect(sink, "reset at the end");
        const int64_t away_us = g_get_monotonic_time() - began_us;
        if (away_us > tcp_timeout_us(sink)) {
            status = tcp_time_out(sink, away_us, error);
        }
    } while (status == SYNFIX_OK);
    if (sink->spool != NULL) {
        tcp_spool_check(sink);
    }
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
         .maximum = RETRANSMIT_BYTES_MAX,                                                                    \
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
