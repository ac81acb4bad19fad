/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The sink `syslog:`. Over UDP, a pace keeps bursts from a file within the receiver's buffer. A stream that
 * breaks is opened again, and the message that was cut is sent again as a whole. Syslog has no
 * acknowledgement: messages that the receiver's kernel had accepted before a break may be lost.
 */
#include "exporter/syslog/syslog_sink.h"

#include <glib.h>

#include "base/clock.h"
#include "exporter/syslog/syslog_sink_internal.h"

static void syslog_close(void *instance)
{
    syslog_sink_t *const sink = instance;
    syslog_channel_clear(&sink->channel);
    syslog_settings_clear(&sink->settings);
    g_free(sink);
}

static synfix_status_t read_options(syslog_sink_t *sink, const synfix_options_t *options,
                                    synfix_error_t *error)
{
    synfix_status_t status = syslog_channel_init(&sink->channel, options, &sink->stopping, error);
    if (status == SYNFIX_OK) {
        status =
            syslog_settings_read(options, sink->channel.transport == SYSLOG_UNIX, &sink->settings, error);
    }
    return status;
}

static void syslog_check(const synfix_options_t *options, synfix_mistakes_t *mistakes)
{
    synfix_options_check(options, mistakes);
    syslog_channel_check_options(options, mistakes);
    syslog_settings_check(options, mistakes);
}

static void begin_pace(syslog_sink_t *sink, const synfix_options_t *options)
{
    const int64_t pace = synfix_options_integer(options, "pace");
    udp_pace_begin(&sink->pace, pace == UDP_PACE_AUTOMATIC && syslog_is_live(sink) ? 0 : pace,
                   monotonic_ns());
    sink->queue.stopping = &sink->stopping;
}

static synfix_status_t syslog_open(const synfix_module_context_t *context, const synfix_options_t *options,
                                   void **instance, synfix_error_t *error)
{
    syslog_sink_t *const sink = g_new0(syslog_sink_t, 1);
    synfix_error_t reason;
    sink->context = context;
    sink->channel.stream.fd = -1;
    synfix_status_t status = read_options(sink, options, error);
    if (status == SYNFIX_OK) {
        begin_pace(sink, options);
        status = syslog_channel_connect(&sink->channel, &reason);
        if (status < 0 && syslog_is_live(sink)) { /* the receiver may come later */
            syslog_note_away(sink, &reason);
            status = SYNFIX_OK;
        } else if (status < 0) {
            (void)synfix_fail(error, status, "%s", reason.text);
        }
    }
    if (status < 0) {
        syslog_close(sink);
        return status;
    }
    *instance = sink;
    return SYNFIX_OK;
}

static const synfix_encoding_t *syslog_encoding_of(void *instance, const void **settings, const char **key)
{
    const syslog_sink_t *const sink = instance;
    *settings = &sink->settings;
    *key = sink->settings.key;
    return &syslog_encoding;
}

/* A message that is too long for the path is dropped; the connection stays. */
static void note_too_long(syslog_sink_t *sink, const synfix_error_t *error)
{
    if (!sink->too_long) {
        syslog_say(sink, 1, error->text);
    }
    sink->too_long = true;
}

static void syslog_stats(void *instance, synfix_sink_stats_t *stats)
{
    syslog_sink_t *const sink = instance;
    *stats = (synfix_sink_stats_t){
        .produced = atomic_load_explicit(&sink->produced, memory_order_relaxed),
        .delivered = atomic_load_explicit(&sink->delivered, memory_order_relaxed),
        .lost = atomic_load_explicit(&sink->lost, memory_order_relaxed),
        .unheard = atomic_load_explicit(&sink->unheard, memory_order_relaxed),
        .bytes = atomic_load_explicit(&sink->bytes, memory_order_relaxed),
        .reconnects = atomic_load_explicit(&sink->reconnects, memory_order_relaxed),
        .errors = atomic_load_explicit(&sink->errors, memory_order_relaxed),
    };
}

static void count_message(syslog_sink_t *sink, const syslog_message_t *message, synfix_status_t status)
{
    syslog_count(&sink->produced, 1);
    syslog_count(status == SYNFIX_OK ? &sink->delivered : &sink->lost, 1);
    syslog_count(&sink->bytes, status == SYNFIX_OK ? message->length : 0);
}

/* After a failure the pipeline counts the whole block. */
static void uncount_block(syslog_sink_t *sink, const synfix_sink_stats_t *before)
{
    atomic_store_explicit(&sink->produced, before->produced, memory_order_relaxed);
    atomic_store_explicit(&sink->delivered, before->delivered, memory_order_relaxed);
    atomic_store_explicit(&sink->lost, before->lost, memory_order_relaxed);
}

static synfix_status_t syslog_write(void *instance, const synfix_block_t *block, synfix_error_t *error)
{
    syslog_sink_t *const sink = instance;
    synfix_status_t failure = SYNFIX_OK;
    synfix_sink_stats_t before;
    syslog_stats(sink, &before);
    syslog_check_connection(sink, 0);
    for (uint32_t at = 0; at < block->length;) {
        syslog_message_t message;
        at = syslog_message_at(block, at, &message);
        const synfix_status_t status =
            failure == SYNFIX_OK ? syslog_send_message(sink, &message, error) : failure;
        count_message(sink, &message, status);
        if (status == SYNFIX_INVALID) {
            note_too_long(sink, error);
        } else {
            failure = status;
        }
    }
    if (syslog_is_live(sink) || failure == SYNFIX_OK) {
        return SYNFIX_OK;
    }
    uncount_block(sink, &before);
    return failure;
}

static synfix_status_t syslog_tick(void *instance, int64_t now_ns, synfix_error_t *error)
{
    syslog_sink_t *const sink = instance;
    (void)now_ns;
    syslog_check_connection(sink, 0);
    if (sink->channel.stream.fd < 0) {
        (void)syslog_reconnect(sink, error);
    }
    return SYNFIX_OK;
}

static synfix_status_t syslog_finish(void *instance, synfix_error_t *error)
{
    syslog_sink_t *const sink = instance;
    if (sink->channel.transport == SYSLOG_UDP) {
        syslog_check_connection(sink, SYSLOG_REFUSAL_MS);
    }
    if (syslog_channel_end(&sink->channel)) {
        return SYNFIX_OK;
    }
    return synfix_fail(error, SYNFIX_DISCONNECTED,
                       "syslog: %s: the receiver did not accept the last messages", sink->channel.target);
}

static synfix_status_t syslog_reload(void *instance, synfix_error_t *error)
{
    syslog_sink_t *const sink = instance;
    if (sink->channel.transport == SYSLOG_UDP) { /* the name may have another address */
        syslog_channel_disconnect(&sink->channel);
        sink->next_try_ms = 0;
    }
    return sink->channel.tls != NULL ? tls_context_reload(sink->channel.tls, error) : SYNFIX_OK;
}

static void syslog_stop(void *instance)
{
    atomic_store(&((syslog_sink_t *)instance)->stopping, true);
}

static const synfix_option_t syslog_options[] = {
    {.name = "transport",
     .type = SYNFIX_OPTION_STRING,
     .choices = "udp tcp tls unix",
     .help = "udp, tcp, tls, unix (default: udp for //HOST:PORT, unix for a path)"},
    SYSLOG_MESSAGE_OPTIONS,
    {.name = "pace",
     .type = SYNFIX_OPTION_INTEGER,
     .fallback = "-1",
     .minimum = -1,
     .maximum = 10000000,
     .help = "UDP: messages per second; 0: no limit; -1: no limit live, from a file 1000000 bytes a second "
             "after a slow start, less if a receiver on this host is behind"},
    TLS_SINK_OPTIONS,
    {.name = NULL},
};

static const synfix_sink_t syslog_sink = {
    .open = syslog_open,
    .encoding = syslog_encoding_of,
    .write = syslog_write,
    .tick = syslog_tick,
    .finish = syslog_finish,
    .close = syslog_close,
    .stats = syslog_stats,
    .reload = syslog_reload,
    .stop = syslog_stop,
};

const synfix_module_t syslog_module = {
    .abi = SYNFIX_MODULE_ABI,
    .size = sizeof(synfix_module_t),
    .kind = SYNFIX_MODULE_SINK,
    .name = "syslog",
    .summary = "syslog (RFC 5424) with JSON: /dev/log, UDP, TCP or TLS",
    .options = syslog_options,
    .sink = &syslog_sink,
    .check = syslog_check,
};
