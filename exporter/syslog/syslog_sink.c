/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The sink `syslog:`. Over UDP, a pace keeps bursts from a file within the receiver's buffer. A stream that
 * breaks is opened again, and the message that was cut is sent again as a whole. Syslog has no
 * acknowledgement: messages that the receiver's kernel had accepted before a break may be lost.
 */
#include "exporter/syslog/syslog_sink.h"

#include <glib.h>
#include <stdatomic.h>

#include "base/clock.h"
#include "exporter/syslog/syslog_channel.h"
#include "exporter/syslog/syslog_message.h"
#include "exporter/transport/udp_pace.h"

/* Attempts to reconnect: at once after a restart of the receiver, then with a wait that doubles. Live, the
 * queue drops meanwhile, and a receiver that is away for long costs one attempt a minute; a file waits for
 * the receiver, so each attempt counts. */
#define RETRY_FIRST_MS  100
#define RETRY_LIVE_MS   60000
#define RETRY_FILE_MS   2000
#define FILE_TIMEOUT_MS 30000 /* reading a file ends if the receiver is unreachable for longer */
/* A receiver without progress: each second the end of the program and the timeout of the sink are checked. */
#define STALL_MS 1000
#define WAIT_MS  50 /* between two attempts, and the longest piece of a pace: until a stop request is seen */

typedef struct syslog_sink {
    const synfix_module_context_t *context;
    syslog_settings_t settings;
    syslog_channel_t channel;
    udp_pace_t pace;
    bool too_long; /* logged once */
    bool refused;  /* a datagram was answered by an ICMP error: logged once */
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

static bool is_live(const syslog_sink_t *sink)
{
    return sink->context != NULL && sink->context->live;
}

static int64_t now_ms(void)
{
    return monotonic_ns() / 1000000;
}

static void say(const syslog_sink_t *sink, int level, const char *text)
{
    if (sink->context != NULL && sink->context->log != NULL) {
        sink->context->log(sink->context->user, level, text);
    }
}

static void count(_Atomic uint64_t *counter, uint64_t more)
{
    atomic_fetch_add_explicit(counter, more, memory_order_relaxed);
}

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

static void note_away(syslog_sink_t *sink, const synfix_error_t *error)
{
    const int64_t limit = is_live(sink) ? RETRY_LIVE_MS : RETRY_FILE_MS;
    sink->retry_ms = sink->retry_ms == 0 ? RETRY_FIRST_MS : MIN(2 * sink->retry_ms, limit);
    sink->next_try_ms = now_ms() + sink->retry_ms;
    if (!sink->away) {
        count(&sink->errors, 1);
        say(sink, 1, error->text);
    }
    sink->away = true;
}

/* One attempt when it is due. */
static synfix_status_t reconnect(syslog_sink_t *sink, synfix_error_t *error)
{
    if (now_ms() < sink->next_try_ms) {
        return SYNFIX_AGAIN;
    }
    const synfix_status_t status = syslog_channel_connect(&sink->channel, error);
    if (status < 0) {
        note_away(sink, error);
        return SYNFIX_AGAIN;
    }
    return SYNFIX_OK;
}

/* A connection alone proves nothing: a datagram socket always connects, a balancer accepts and closes. */
static void note_delivery(syslog_sink_t *sink)
{
    if (sink->away) {
        g_autofree char *text = g_strdup_printf("syslog: connected to %s", sink->channel.target);
        say(sink, 2, text);
        count(&sink->reconnects, 1);
    }
    sink->away = false;
    sink->retry_ms = 0;
}

static void begin_pace(syslog_sink_t *sink, const synfix_options_t *options)
{
    const int64_t pace = synfix_options_integer(options, "pace");
    udp_pace_begin(&sink->pace, pace == UDP_PACE_AUTOMATIC && is_live(sink) ? 0 : pace, monotonic_ns());
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
        if (status < 0 && is_live(sink)) { /* the receiver may come later */
            note_away(sink, &reason);
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

static void wait_for_pace(syslog_sink_t *sink, uint32_t length)
{
    if (sink->channel.transport != SYSLOG_UDP) {
        return;
    }
    int64_t left_ns = udp_pace_take(&sink->pace, length, monotonic_ns());
    while (left_ns > 0 && !atomic_load(&sink->stopping)) {
        const int64_t piece_ns = MIN(left_ns, (int64_t)WAIT_MS * 1000000);
        g_usleep((gulong)(piece_ns / 1000));
        left_ns -= piece_ns;
    }
}

/* UDP: the ICMP error belongs to an earlier datagram. The name may have another address now. */
static void note_failure(syslog_sink_t *sink, const synfix_error_t *error)
{
    synfix_error_t reason;
    count(&sink->unheard, 1);
    if (!sink->refused) {
        say(sink, 1, error->text);
        count(&sink->errors, 1);
    }
    sink->refused = true;
    if (syslog_channel_connect(&sink->channel, &reason) < 0) {
        note_away(sink, &reason);
    }
}

static bool is_within_timeout(const syslog_sink_t *sink, int64_t since_ms)
{
    return !atomic_load(&sink->stopping) && (is_live(sink) || now_ms() - since_ms < FILE_TIMEOUT_MS);
}

/* Waits for a connection and sends one message. */
static synfix_status_t send_message(syslog_sink_t *sink, const syslog_message_t *message,
                                    synfix_error_t *error)
{
    const int64_t since_ms = now_ms();
    size_t done = 0;
    wait_for_pace(sink, message->length);
    do {
        if (sink->channel.stream.fd < 0 && reconnect(sink, error) != SYNFIX_OK) {
            g_usleep(WAIT_MS * 1000);
            continue;
        }
        const synfix_status_t status =
            syslog_channel_send(&sink->channel, message->bytes, message->length, &done, STALL_MS, error);
        if (status == SYNFIX_OK) {
            note_delivery(sink);
        }
        if (status == SYNFIX_OK || status == SYNFIX_INVALID) {
            return status;
        }
        if (status == SYNFIX_DISCONNECTED && sink->channel.transport == SYSLOG_UDP) {
            note_failure(sink, error);
        } else if (status == SYNFIX_DISCONNECTED || status == SYNFIX_IO) {
            done = 0; /* the receiver drops a cut message: the next connection gets it whole */
            syslog_channel_disconnect(&sink->channel);
            note_away(sink, error);
        }
    } while (is_within_timeout(sink, since_ms));
    return synfix_fail(error, SYNFIX_DISCONNECTED, "syslog: %s: the receiver does not accept messages",
                       sink->channel.target);
}

/* A stream can be broken although the kernel still accepts bytes: checked before a block is sent. */
static void check_connection(syslog_sink_t *sink)
{
    synfix_error_t error;
    if (sink->channel.stream.fd >= 0 && syslog_channel_check(&sink->channel, &error) != SYNFIX_OK) {
        syslog_channel_disconnect(&sink->channel);
        note_away(sink, &error);
    }
}

/* A message that is too long for the path is dropped; the connection stays. */
static void note_too_long(syslog_sink_t *sink, const synfix_error_t *error)
{
    if (!sink->too_long) {
        say(sink, 1, error->text);
    }
    sink->too_long = true;
}

static synfix_status_t syslog_write(void *instance, const synfix_block_t *block, synfix_error_t *error)
{
    syslog_sink_t *const sink = instance;
    synfix_status_t failure = SYNFIX_OK;
    check_connection(sink);
    for (uint32_t at = 0; at < block->length;) {
        syslog_message_t message;
        at = syslog_message_at(block, at, &message);
        const synfix_status_t status = failure == SYNFIX_OK ? send_message(sink, &message, error) : failure;
        count(&sink->produced, 1);
        count(status == SYNFIX_OK ? &sink->delivered : &sink->lost, 1);
        count(&sink->bytes, status == SYNFIX_OK ? message.length : 0);
        if (status == SYNFIX_INVALID) {
            note_too_long(sink, error);
        } else {
            failure = status;
        }
    }
    return is_live(sink) ? SYNFIX_OK : failure;
}

static synfix_status_t syslog_tick(void *instance, int64_t now_ns, synfix_error_t *error)
{
    syslog_sink_t *const sink = instance;
    (void)now_ns;
    check_connection(sink);
    if (sink->channel.stream.fd < 0) {
        (void)reconnect(sink, error);
    }
    return SYNFIX_OK;
}

static synfix_status_t syslog_finish(void *instance, synfix_error_t *error)
{
    syslog_sink_t *const sink = instance;
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
             "after a slow start"},
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
