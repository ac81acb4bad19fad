/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/transport/udp_sink.h"
#include "base/clock.h"
#include "exporter/transport/transport_modules.h"
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* IPv6 and UDP headers. */
#define HEADERS 48
/* DTLS adds a record header, a nonce and a tag; block ciphers more. */
#define DTLS_HEADERS 96

/* Messages fit the current path MTU; an unknown path counts as Ethernet. */
static void fit_to_path(udp_sink_t *sink)
{
    int mtu = 1500;
    socklen_t size = sizeof mtu;
    if (sink->fd >= 0 && getsockopt(sink->fd, IPPROTO_IP, IP_MTU, &mtu, &size) != 0 &&
        getsockopt(sink->fd, IPPROTO_IPV6, IPV6_MTU, &mtu, &size) != 0) {
        return;
    }
    const int headers = HEADERS + (sink->tls != NULL ? DTLS_HEADERS : 0);
    const uint32_t room = mtu > headers ? (uint32_t)MIN(mtu, sink->tls ? 1500 : mtu) - (uint32_t)headers : 0;
    sink->common.settings.message_size =
        CLAMP(room, IPFIX_MESSAGE_SIZE_MIN, MAX(sink->common.settings.message_size, IPFIX_MESSAGE_SIZE_MIN));
    char *const key = sink->common.settings.key;
    sink->common.settings.key = g_strdup_printf("%s path %u", key, sink->common.settings.message_size);
    g_free(key);
}

static void udp_close(void *instance)
{
    udp_sink_t *const sink = instance;
    if (sink->channel != NULL) {
        tls_session_end(sink->channel);
        tls_session_close(sink->channel);
    }
    tls_context_free(sink->tls);
    g_free(sink->name);
    if (sink->fd >= 0) {
        close(sink->fd);
    }
    transport_clear(&sink->common);
    g_free(sink);
}

static synfix_status_t set_up_dtls(udp_sink_t *sink, const synfix_options_t *options, synfix_error_t *error)
{
    synfix_error_t reason;
    sink->name = g_strdup(synfix_options_string(options, "name"));
    sink->renew_us = synfix_options_duration_ms(options, "renew") * 1000;
    const synfix_status_t status = tls_context_new(options, true, &sink->tls, &reason);
    if (status < 0) {
        return synfix_fail(error, status, "%s: %s", sink->common.peer, reason.text);
    }
    tls_context_set_cancel_flag(sink->tls, &sink->common.stopping);
    return SYNFIX_OK;
}

/* Reaches the collector and fits the messages to the path. */
static synfix_status_t connect_first(udp_sink_t *sink, const synfix_options_t *options, bool live,
                                     synfix_error_t *error)
{
    synfix_status_t status = SYNFIX_OK;
    if (strcmp(synfix_options_scheme(options), "dtls") == 0) {
        status = set_up_dtls(sink, options, error);
    }
    status = status < 0 ? status : udp_reach_first(sink, live, error);
    if (status >= 0) {
        fit_to_path(sink);
        status = transport_fit_session(&sink->common, error);
    }
    if (status >= 0 && sink->fd >= 0) {
        sink->opening = !live;
        status = udp_begin(sink, live, error);
        sink->opening = false;
    }
    return status;
}

static synfix_status_t udp_open(const synfix_module_context_t *context, const synfix_options_t *options,
                                void **instance, synfix_error_t *error)
{
    udp_sink_t *const sink = g_new0(udp_sink_t, 1);
    const bool live = context != NULL && context->live;
    const int64_t pace = synfix_options_integer(options, "pace");
    const ipfix_session_config_t session = {
        .template_interval_ms = synfix_options_duration_ms(options, "refresh"),
        .template_messages = (uint32_t)synfix_options_integer(options, "refresh-messages")};
    sink->fd = -1;
    synfix_status_t status = transport_init(&sink->common, context, options, session, error);
    if (status < 0) {
        g_free(sink);
        return status;
    }
    udp_pace_begin(&sink->pace, pace == UDP_PACE_AUTOMATIC && live ? 0 : pace, monotonic_ns());
    sink->queue.stopping = &sink->common.stopping;
    sink->refresh_us = session.template_interval_ms * 1000;
    status = connect_first(sink, options, live, error);
    if (status < 0) {
        udp_close(sink);
        return status;
    }
    *instance = sink;
    return SYNFIX_OK;
}

static synfix_status_t udp_start(void *instance, synfix_error_t *error)
{
    (void)error;
    udp_settle(instance);
    return SYNFIX_OK;
}

static synfix_status_t udp_write(void *instance, const synfix_block_t *block, synfix_error_t *error)
{
    udp_sink_t *const sink = instance;
    synfix_sink_stats_t *const stats = &sink->common.stats;
    const uint32_t records = ipfix_block_records(block);
    uint8_t header[IPFIX_HEADER_SIZE];
    struct iovec parts[2] = {
        {.iov_base = header, .iov_len = sizeof header},
        {.iov_base = block->data + sizeof header, .iov_len = block->length - sizeof header}};
    const int64_t now_ns = transport_now_ns();
    udp_maintain(sink);
    const bool reachable = sink->fd >= 0;
    if (reachable) {
        ipfix_session_write_header(sink->common.session, block->data, block->length, records, now_ns, header);
    }
    const bool sent = reachable && udp_send(sink, parts, G_N_ELEMENTS(parts), records);
    (void)pthread_mutex_lock(&sink->common.lock);
    stats->produced += records;
    stats->delivered += sent ? records : 0;
    stats->lost += sent ? 0 : records;
    stats->bytes += sent ? block->length : 0;
    stats->errors += sent ? 0 : 1;
    (void)pthread_mutex_unlock(&sink->common.lock);
    return reachable ? ipfix_session_tick(sink->common.session, now_ns, udp_emit, sink, error) : SYNFIX_OK;
}

static synfix_status_t udp_tick(void *instance, int64_t now_ns, synfix_error_t *error)
{
    udp_sink_t *const sink = instance;
    udp_maintain(sink);
    return sink->fd >= 0 ? ipfix_session_tick(sink->common.session, now_ns, udp_emit, sink, error)
                         : SYNFIX_OK;
}

static synfix_status_t udp_finish(void *instance, synfix_error_t *error)
{
    udp_sink_t *const sink = instance;
    return sink->fd >= 0 ? ipfix_session_end(sink->common.session, transport_now_ns(), udp_emit, sink, error)
                         : SYNFIX_OK;
}

#define DATAGRAM_OPTIONS                                                                                     \
    IPFIX_SINK_OPTIONS("1400"), SOURCE_OPTION,                                                               \
        {.name = "pace",                                                                                     \
         .type = SYNFIX_OPTION_INTEGER,                                                                      \
         .fallback = "-1",                                                                                   \
         .minimum = -1,                                                                                      \
         .maximum = 10000000,                                                                                \
         .help = "messages per second; 0: no limit; -1: no limit live, from a file 1000000 bytes a second "  \
                 "after a slow start, less if a collector on this host is behind"},                          \
        {.name = "refresh",                                                                                  \
         .type = SYNFIX_OPTION_DURATION,                                                                     \
         .fallback = "600",                                                                                  \
         .minimum = 1000,                                                                                    \
         .maximum = 86400000,                                                                                \
         .help = "send templates and type records again after 1, 2, 4 ... seconds, up to this interval"},    \
    {                                                                                                        \
        .name = "refresh-messages", .type = SYNFIX_OPTION_INTEGER, .fallback = "5000", .minimum = 0,         \
        .maximum = 4294967295, .help = "send them also after this number of messages; 0: by time only"       \
    }

static const synfix_option_t udp_options[] = {DATAGRAM_OPTIONS, {0}};
static const synfix_option_t dtls_options[] = {
    DATAGRAM_OPTIONS,
    TLS_SINK_OPTIONS,
    {.name = "renew",
     .type = SYNFIX_OPTION_DURATION,
     .fallback = "600",
     .minimum = 1000,
     .maximum = 86400000,
     .help = "a new handshake after"},
    {0},
};

/* The name may have another address, and certificates may have been renewed; the current connection keeps its
 * certificates. */
static synfix_status_t udp_reload(void *instance, synfix_error_t *error)
{
    udp_sink_t *const sink = instance;
    udp_resolve_again(sink);
    return sink->tls != NULL ? tls_context_reload(sink->tls, error) : SYNFIX_OK;
}

static const synfix_sink_t udp_sink = {
    .open = udp_open,
    .encoding = transport_encoding,
    .start = udp_start,
    .write = udp_write,
    .tick = udp_tick,
    .finish = udp_finish,
    .close = udp_close,
    .reload = udp_reload,
    .stats = transport_stats,
    .stop = transport_stop,
};

const synfix_module_t udp_module = {
    .abi = SYNFIX_MODULE_ABI,
    .size = sizeof(synfix_module_t),
    .kind = SYNFIX_MODULE_SINK,
    .name = "udp",
    .summary = "IPFIX over UDP to a collector: udp://host:port",
    .options = udp_options,
    .sink = &udp_sink,
    .check = transport_check_options,
};

const synfix_module_t dtls_module = {
    .abi = SYNFIX_MODULE_ABI,
    .size = sizeof(synfix_module_t),
    .kind = SYNFIX_MODULE_SINK,
    .name = "dtls",
    .summary = "IPFIX over DTLS to a collector: dtls://host:port",
    .options = dtls_options,
    .sink = &udp_sink,
    .check = transport_check_options,
};
