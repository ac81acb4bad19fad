/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/clock.h"
#include "exporter/tls/tls.h"
#include "exporter/transport/ipfix_sink.h"
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define PACE_FILE_DEFAULT 20000
#define START_COPIES      3
/* IPv6 and UDP headers. */
#define HEADERS 48
/* DTLS adds a record header, a nonce and a tag; block ciphers more. */
#define DTLS_HEADERS 96
/* Between two handshakes that fail. */
#define RETRY_US (1000 * 1000)
/* Without a refusal for so long, the collector was there again. */
#define QUIET_US (10 * 1000 * 1000)
/* How long a refusal of the first messages may take to come back. */
#define REFUSAL_MS 50

typedef struct udp_sink {
    ipfix_sink_t common;    /* first: transport_* functions take the instance */
    int fd;                 /* -1: live, there was no way to the collector yet */
    int64_t interval_ns;    /* between two messages; 0: as fast as can be */
    int64_t next_ns;        /* monotonic */
    tls_context_t *tls;     /* NULL: plain UDP */
    tls_session_t *channel; /* NULL with tls: there is none now */
    char *name;             /* in the certificate */
    int64_t renew_us;       /* a collector that was restarted discards silently: a new handshake after */
    int64_t opened_us;
    int64_t next_try_us;
    bool opening;       /* from a file: a refusal is the answer of open, not a line of the log */
    int64_t refused_us; /* when the host said last that nobody listens; 0: never */
    int last_problem;   /* errno that was told last: not each failure is worth a line */
} udp_sink_t;

/* Sleeps only for what is worth it and lets short bursts make up for long sleeps. */
static void wait_for_turn(udp_sink_t *sink)
{
    if (sink->interval_ns == 0) {
        return;
    }
    const int64_t now = monotonic_ns();
    if (sink->next_ns < now - 2000000) {
        sink->next_ns = now - 2000000;
    }
    if (sink->next_ns > now) {
        const struct timespec pause = {.tv_sec = (time_t)((sink->next_ns - now) / 1000000000),
                                       .tv_nsec = (long)((sink->next_ns - now) % 1000000000)};
        nanosleep(&pause, NULL);
    }
    sink->next_ns += sink->interval_ns;
}

static bool send_encrypted(udp_sink_t *sink, const struct iovec *parts, size_t count)
{
    uint8_t whole[IPFIX_MESSAGE_SIZE_MAX];
    size_t length = 0;
    for (size_t i = 0; i < count; i++) {
        memcpy(whole + length, parts[i].iov_base, parts[i].iov_len);
        length += parts[i].iov_len;
    }
    synfix_error_t error;
    ssize_t sent = 0;
    wait_for_turn(sink);
    for (int attempt = 0; sink->channel && sent == 0 && attempt < 100; attempt++) {
        sent = tls_session_write(sink->channel, whole, length, &error);
        if (sent == 0) {
            struct pollfd wait = {.fd = sink->fd, .events = POLLOUT};
            poll(&wait, 1, 10);
        }
    }
    if (sent < 0) {
        transport_log(&sink->common, 1, "DTLS session lost, with it what was on its way: %s", error.text);
        tls_session_close(sink->channel);
        sink->channel = NULL;
    }
    return sent > 0;
}

/* An earlier datagram came back (ICMP): told once, and again after a quiet time. */
static void on_icmp_refused(udp_sink_t *sink)
{
    const int64_t now = g_get_monotonic_time();
    if (!sink->opening && (sink->refused_us == 0 || now - sink->refused_us > QUIET_US)) {
        transport_log(&sink->common, 1, "nobody listens there: what is sent is lost");
    }
    sink->refused_us = now;
    (void)pthread_mutex_lock(&sink->common.lock);
    sink->common.stats.errors++;
    (void)pthread_mutex_unlock(&sink->common.lock);
}

static bool send_datagram(udp_sink_t *sink, struct iovec *parts, size_t count)
{
    const struct msghdr message = {.msg_iov = parts, .msg_iovlen = count};
    if (sink->tls) {
        return send_encrypted(sink, parts, count);
    }
    wait_for_turn(sink);
    for (int attempt = 0; attempt < 100; attempt++) {
        if (sendmsg(sink->fd, &message, MSG_NOSIGNAL) >= 0) {
            sink->last_problem = 0;
            return true;
        }
        if (errno == EAGAIN || errno == ENOBUFS) {
            struct pollfd wait = {.fd = sink->fd, .events = POLLOUT};
            poll(&wait, 1, 10);
        } else if (errno == EMSGSIZE && attempt == 0) {
            /* The path narrowed: the kernel may cut this one into fragments. */
            const int cut = IP_PMTUDISC_DONT;
            setsockopt(sink->fd, IPPROTO_IP, IP_MTU_DISCOVER, &cut, sizeof cut);
            setsockopt(sink->fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, &cut, sizeof cut);
        } else if (errno != ECONNREFUSED || attempt > 0) {
            break;
        } else {
            on_icmp_refused(sink); /* this one gets its chance */
        }
    }
    if (sink->last_problem != errno) {
        sink->last_problem = errno;
        transport_log(&sink->common, 1, "sending failed: %s", g_strerror(errno));
    }
    return false;
}

static synfix_status_t emit(void *user, const uint8_t *message, size_t length, uint32_t records,
                            synfix_error_t *error)
{
    udp_sink_t *const sink = user;
    struct iovec part = {.iov_base = (void *)(uintptr_t)message, .iov_len = length};
    (void)records; /* options records are not observations */
    (void)error;
    if (!send_datagram(sink, &part, 1)) {
        (void)pthread_mutex_lock(&sink->common.lock);
        sink->common.stats.errors++;
        (void)pthread_mutex_unlock(&sink->common.lock);
    }
    return SYNFIX_OK;
}

/* Messages fit the path as it is known now; one that is not known is taken for an Ethernet. */
static void fit_to_path(udp_sink_t *sink)
{
    int mtu = 1500;
    socklen_t size = sizeof mtu;
    if (sink->fd >= 0 && getsockopt(sink->fd, IPPROTO_IP, IP_MTU, &mtu, &size) != 0 &&
        getsockopt(sink->fd, IPPROTO_IPV6, IPV6_MTU, &mtu, &size) != 0) {
        return;
    }
    const int headers = HEADERS + (sink->tls ? DTLS_HEADERS : 0);
    const uint32_t room = mtu > headers ? (uint32_t)MIN(mtu, sink->tls ? 1500 : mtu) - (uint32_t)headers : 0;
    sink->common.settings.message_size =
        CLAMP(room, IPFIX_MESSAGE_SIZE_MIN, MAX(sink->common.settings.message_size, IPFIX_MESSAGE_SIZE_MIN));
    char *const key = sink->common.settings.key;
    sink->common.settings.key = g_strdup_printf("%s path %u", key, sink->common.settings.message_size);
    g_free(key);
}

/* The first templates, several times; a file's reader wants to know at once when nobody listens. */
static synfix_status_t begin(udp_sink_t *sink, bool live, synfix_error_t *error)
{
    ipfix_session_t *const session = sink->common.session;
    synfix_status_t status = ipfix_session_begin(session, transport_now_ns(), emit, sink, error);
    for (int copy = 1; copy < START_COPIES && status >= 0; copy++) {
        status = ipfix_session_refresh(session, transport_now_ns(), emit, sink, error);
    }
    struct pollfd wait = {.fd = sink->fd, .events = 0};
    int problem = sink->refused_us > 0 ? ECONNREFUSED : sink->last_problem;
    if (status >= 0 && !live && problem == 0 && poll(&wait, 1, REFUSAL_MS) > 0) {
        socklen_t size = sizeof problem;
        getsockopt(sink->fd, SOL_SOCKET, SO_ERROR, &problem, &size);
    }
    if (status >= 0 && !live && problem != 0) {
        return synfix_fail(error, SYNFIX_DISCONNECTED, "%s: %s", sink->common.peer, g_strerror(problem));
    }
    return status;
}

static synfix_status_t open_channel(udp_sink_t *sink, synfix_error_t *error)
{
    synfix_error_t reason;
    sink->opened_us = g_get_monotonic_time();
    const synfix_status_t status = tls_session_open(
        sink->tls, sink->fd, sink->name ? sink->name : sink->common.address, &sink->channel, &reason);
    sink->next_try_us = g_get_monotonic_time() + RETRY_US;
    return status < 0 ? synfix_fail(error, status, "%s: %s", sink->common.peer, reason.text) : SYNFIX_OK;
}

/* Live, a collector that is not there yet is tried again. */
static synfix_status_t open_first_channel(udp_sink_t *sink, bool live, synfix_error_t *error)
{
    const synfix_status_t status = open_channel(sink, error);
    if (status >= 0 || !live) {
        return status;
    }
    transport_unreached(&sink->common, error);
    return SYNFIX_OK;
}

/* A new socket as well: the collector tells sessions by our port. Then templates, and the sequence from 0.
 * Without DTLS it is for a collector to which there was no way before. */
static void dtls_rehandshake(udp_sink_t *sink)
{
    synfix_error_t error;
    int fd = -1;
    const bool renewed = sink->channel != NULL;
    if (sink->channel) {
        tls_session_end(sink->channel);
        tls_session_close(sink->channel);
        sink->channel = NULL;
    }
    synfix_status_t status = transport_connect(&sink->common, SOCK_DGRAM, 0, &fd, &error);
    if (status >= 0) {
        if (sink->fd >= 0) {
            close(sink->fd);
        }
        sink->fd = fd;
        status = sink->tls ? open_channel(sink, &error) : begin(sink, true, &error);
    }
    if (status >= 0 && sink->tls) {
        status = ipfix_session_begin(sink->common.session, transport_now_ns(), emit, sink, &error);
    }
    sink->next_try_us = g_get_monotonic_time() + RETRY_US;
    (void)pthread_mutex_lock(&sink->common.lock);
    sink->common.stats.reconnects += status >= 0;
    sink->common.stats.errors += status < 0;
    (void)pthread_mutex_unlock(&sink->common.lock);
    if (status < 0) {
        transport_unreached(&sink->common, &error);
        return;
    }
    transport_reached(&sink->common);
    transport_log(&sink->common, renewed ? 3 : 2,
                  renewed
                      ? "handshake renewed (a collector that was restarted since the last could read nothing)"
                      : "connected again");
}

static void dtls_maintain(udp_sink_t *sink)
{
    synfix_error_t error;
    const int64_t now = g_get_monotonic_time();
    if (!sink->tls && sink->fd >= 0) {
        return;
    }
    if (sink->channel && tls_session_check(sink->channel, &error) != SYNFIX_OK) {
        transport_log(&sink->common, 1, "DTLS session lost, with it what was on its way: %s", error.text);
        tls_session_close(sink->channel);
        sink->channel = NULL;
    }
    if (sink->channel ? now - sink->opened_us > sink->renew_us : now > sink->next_try_us) {
        dtls_rehandshake(sink);
    }
}

static void udp_close(void *instance)
{
    udp_sink_t *const sink = instance;
    if (sink->channel) {
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

/* Live, a collector to which there is no way yet (no route, no name) is tried again, as one over TCP. */
static synfix_status_t connect_first(udp_sink_t *sink, bool live, synfix_error_t *error)
{
    const synfix_status_t status = transport_connect(&sink->common, SOCK_DGRAM, 0, &sink->fd, error);
    if (status >= 0 || !live) {
        return status >= 0 && sink->tls ? open_first_channel(sink, live, error) : status;
    }
    transport_unreached(&sink->common, error);
    sink->next_try_us = g_get_monotonic_time() + RETRY_US;
    return SYNFIX_OK;
}

static synfix_status_t udp_open(const synfix_module_context_t *host, const synfix_options_t *options,
                                void **instance, synfix_error_t *error)
{
    udp_sink_t *const sink = g_new0(udp_sink_t, 1);
    const bool live = host && host->live;
    const ipfix_session_config_t session = {
        .template_interval_ms = synfix_options_duration_ms(options, "refresh"),
        .template_messages = (uint32_t)synfix_options_integer(options, "refresh-messages")};
    sink->fd = -1;
    synfix_status_t status = transport_init(&sink->common, host, options, session, error);
    if (status < 0) {
        g_free(sink);
        return status;
    }
    const int64_t asked = synfix_options_integer(options, "pace");
    const int64_t pace = asked >= 0 ? asked : live ? 0 : PACE_FILE_DEFAULT;
    sink->interval_ns = pace > 0 ? 1000000000 / pace : 0;
    sink->next_ns = monotonic_ns();
    if (strcmp(synfix_options_scheme(options), "dtls") == 0) {
        status = set_up_dtls(sink, options, error);
    }
    status = status < 0 ? status : connect_first(sink, live, error);
    if (status >= 0) {
        fit_to_path(sink);
        status = transport_fit_session(&sink->common, error);
    }
    if (status >= 0 && sink->fd >= 0) {
        sink->opening = !live;
        status = begin(sink, live, error);
        sink->opening = false;
    }
    if (status < 0) {
        udp_close(sink);
        return status;
    }
    *instance = sink;
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
    dtls_maintain(sink);
    const bool reachable = sink->fd >= 0;
    if (reachable) {
        ipfix_session_stamp(sink->common.session, block->data, block->length, records, now_ns, header);
    }
    const bool sent = reachable && send_datagram(sink, parts, G_N_ELEMENTS(parts));
    (void)pthread_mutex_lock(&sink->common.lock);
    stats->produced += records;
    stats->delivered += sent ? records : 0;
    stats->lost += sent ? 0 : records;
    stats->bytes += sent ? block->length : 0;
    stats->errors += sent ? 0 : 1;
    (void)pthread_mutex_unlock(&sink->common.lock);
    return reachable ? ipfix_session_tick(sink->common.session, now_ns, emit, sink, error) : SYNFIX_OK;
}

static synfix_status_t udp_tick(void *instance, int64_t now_ns, synfix_error_t *error)
{
    udp_sink_t *const sink = instance;
    dtls_maintain(sink);
    return sink->fd >= 0 ? ipfix_session_tick(sink->common.session, now_ns, emit, sink, error) : SYNFIX_OK;
}

static synfix_status_t udp_finish(void *instance, synfix_error_t *error)
{
    udp_sink_t *const sink = instance;
    return sink->fd >= 0 ? ipfix_session_end(sink->common.session, transport_now_ns(), emit, sink, error)
                         : SYNFIX_OK;
}

#define DATAGRAM_OPTIONS                                                                                      \
    IPFIX_SINK_OPTIONS("1400"),                                                                               \
        {"pace",   SYNFIX_OPTION_INTEGER,                                                                     \
         "-1",     -1,                                                                                        \
         10000000, "messages a second; 0 as fast as can be; -1: 20000 from a file, 0 live"},                  \
        {"refresh", SYNFIX_OPTION_DURATION, "600", 1000, 86400000, "templates and type records again after"}, \
    {                                                                                                         \
        "refresh-messages", SYNFIX_OPTION_INTEGER, "5000", 0, 4294967295,                                     \
            "the same after so many messages; 0: by time only"                                                \
    }

static const synfix_option_t udp_options[] = {DATAGRAM_OPTIONS, {0}};
static const synfix_option_t dtls_options[] = {
    DATAGRAM_OPTIONS,
    TLS_SINK_OPTIONS,
    {"renew", SYNFIX_OPTION_DURATION, "600", 1000, 86400000, "a new handshake after"},
    {0},
};

/* Certificates that were renewed; the connection at hand goes on with those that it began with. */
static synfix_status_t udp_reload(void *instance, synfix_error_t *error)
{
    udp_sink_t *const sink = instance;
    return sink->tls ? tls_context_reload(sink->tls, error) : SYNFIX_OK;
}

static const synfix_sink_t udp_sink = {
    .open = udp_open,
    .encoding = transport_encoding,
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
