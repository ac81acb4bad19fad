/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/stop_check.h"
#include "exporter/transport/endpoint_list.h"
#include "exporter/transport/tcp_sink.h"
#include <linux/sockios.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

/* Five seconds leave room for three SYNs (RFC 6298: after 1 and 3 s). */
#define CONNECT_TIMEOUT_MS 5000
/* Delay between attempts to reconnect, doubled after each failure. A file waits for the collector, so the
 * attempts are more frequent; live, one attempt a minute is enough. */
#define BACKOFF_FIRST_US (100 * 1000)
#define BACKOFF_FILE_US  (2 * 1000 * 1000)
#define BACKOFF_LIVE_US  (60 * 1000 * 1000)
/* A connection with a shorter life does not reset the delay: a proxy without a server behind it. */
#define BRIEF_US (250 * 1000)
/* Timeout of a check whether an earlier collector is reachable again. */
#define LOOK_TIMEOUT_MS 300
/* Time without progress after which a closing session stops waiting for the collector. */
#define LINGER_US (10 * 1000 * 1000)
/* Time in which the collector's kernel acknowledges the rest. */
#define SETTLE_US (1000 * 1000)
/* Interval at which the unacknowledged bytes are queried, because the kernel does not signal them: a round
 * trip is rarely shorter. */
#define UNACKNOWLEDGED_LOOK_US 1000
/* Timeout of a message with templates or options records. */
#define EMIT_US (5 * 1000 * 1000)

static void back_off(tcp_sink_t *sink)
{
    const int64_t limit = tcp_is_live(sink) ? BACKOFF_LIVE_US : BACKOFF_FILE_US;
    sink->backoff_us = sink->backoff_us ? MIN(2 * sink->backoff_us, limit) : BACKOFF_FIRST_US;
    sink->next_try_us = g_get_monotonic_time() + sink->backoff_us;
}

void tcp_disconnect(tcp_sink_t *sink, const char *reason)
{
    stream_close(&sink->stream);
    sink->lost_us = g_get_monotonic_time();
    if (sink->lost_us - sink->connected_us > BRIEF_US) {
        sink->backoff_us = 0;
        sink->next_try_us = 0;
    } else {
        back_off(sink);
    }
    sink->stalled_us = 0;
    sink->stall_reported = false;
    retransmit_rewind(sink->retransmit);
    (void)pthread_mutex_lock(&sink->common.lock);
    sink->common.stats.errors++;
    (void)pthread_mutex_unlock(&sink->common.lock);
    transport_log(&sink->common, 1, "connection lost: %s", reason);
}

static void clear_stall(tcp_sink_t *sink)
{
    sink->stalled_us = 0;
    sink->loss_reported = false;
    if (sink->stall_reported) {
        sink->stall_reported = false;
        transport_log(&sink->common, 2, "the collector accepts records again");
    }
}

synfix_status_t tcp_send(tcp_sink_t *sink, const uint8_t *data, size_t length, int64_t timeout_us,
                         size_t *done, synfix_error_t *error)
{
    while (*done < length) {
        const ssize_t sent = stream_write(&sink->stream, data + *done, length - *done, error);
        if (sent < 0) {
            return SYNFIX_DISCONNECTED;
        }
        if (sent > 0) {
            *done += (size_t)sent;
            clear_stall(sink);
            continue;
        }
        if (stream_check(&sink->stream, error) != SYNFIX_OK) {
            return SYNFIX_DISCONNECTED;
        }
        const int64_t now = g_get_monotonic_time();
        sink->stalled_us = sink->stalled_us ? sink->stalled_us : now;
        if (now - sink->stalled_us >= timeout_us || atomic_load(&sink->common.stopping)) {
            return SYNFIX_AGAIN;
        }
        struct pollfd wait = {.fd = sink->stream.fd, .events = POLLOUT};
        poll(&wait, 1, STOP_CHECK_MS);
    }
    return SYNFIX_OK;
}

synfix_status_t tcp_emit(void *user, const uint8_t *message, size_t length, uint32_t records,
                         synfix_error_t *error)
{
    tcp_sink_t *const sink = user;
    size_t done = 0;
    (void)records; /* options records are not observations */
    const synfix_status_t status = tcp_send(sink, message, length, EMIT_US, &done, error);
    return status == SYNFIX_AGAIN ? synfix_fail(error, SYNFIX_DISCONNECTED, "the collector does not read")
                                  : status;
}

/* Opens a plain or TLS stream on a connected @p fd, to the collector that was connected last. */
static synfix_status_t open_stream(tcp_sink_t *sink, int fd, transport_stream_t *stream,
                                   synfix_error_t *error)
{
    const ipfix_sink_t *const common = &sink->common;
    synfix_error_t reason;
    const synfix_status_t status =
        stream_open(stream, fd, sink->tls, sink->name != NULL ? sink->name : common->endpoint->host, &reason);
    if (status < 0) {
        (void)(common->endpoint_count > 1
                   ? synfix_fail(error, status, "%s: %s:%s: %s", common->peer, common->endpoint->host,
                                 common->endpoint->port, reason.text)
                   : synfix_fail(error, status, "%s: %s", common->peer, reason.text));
    }
    return status;
}

synfix_status_t tcp_connect(tcp_sink_t *sink, synfix_error_t *error)
{
    ipfix_sink_t *const common = &sink->common;
    unsigned next = 0;
    synfix_status_t status;
    do {
        int fd = -1;
        status = transport_connect_next(common, &next, SOCK_STREAM, CONNECT_TIMEOUT_MS, &fd, error);
        status = status < 0 ? status : open_stream(sink, fd, &sink->stream, error);
        if (status < 0 && next < common->endpoint_count) {
            transport_log(common, 1, "%s; the next collector is tried", transport_reason(common, error));
        }
    } while (status < 0 && next < common->endpoint_count);
    if (status >= 0) {
        sink->endpoint_index = next - 1;
        sink->connected_us = g_get_monotonic_time();
        sink->next_look_us = sink->connected_us + sink->failback_us;
    }
    if (status >= 0 && sink->endpoint_index > 0) {
        transport_log(common, 1, "%s:%s is in use: the earlier collectors of the list are unreachable",
                      common->endpoint->host, common->endpoint->port);
    }
    return status;
}

/* Makes one attempt when it is due; sends templates and options records first. */
synfix_status_t tcp_reconnect(tcp_sink_t *sink, synfix_error_t *error)
{
    if (g_get_monotonic_time() < sink->next_try_us) {
        return SYNFIX_AGAIN;
    }
    synfix_status_t status = tcp_connect(sink, error);
    if (status >= 0) {
        status = ipfix_session_begin(sink->common.session, transport_now_ns(), tcp_emit, sink, error);
        if (status < 0) {
            stream_close(&sink->stream);
            sink->stalled_us = 0; /* the next connection has its own timeout */
        }
    }
    if (status < 0) {
        transport_unreached(&sink->common, error);
        back_off(sink);
        /* The certificate may be valid at the next attempt. */
        return status == SYNFIX_DISCONNECTED || status == SYNFIX_PERMISSION ? SYNFIX_AGAIN : status;
    }
    (void)pthread_mutex_lock(&sink->common.lock);
    sink->common.stats.reconnects++;
    (void)pthread_mutex_unlock(&sink->common.lock);
    transport_reached(&sink->common);
    transport_log(&sink->common, 2, "connected to %s:%s", sink->common.endpoint->host,
                  sink->common.endpoint->port);
    return SYNFIX_OK;
}

/* Returns the bytes that the collector's kernel has not acknowledged. */
static int unacknowledged(const tcp_sink_t *sink)
{
    int bytes = 0;
    return ioctl(sink->stream.fd, SIOCOUTQ, &bytes) == 0 ? bytes : 0;
}

/* A collector that closed without reading everything answers further bytes with a reset. */
static bool has_drained(tcp_sink_t *sink)
{
    synfix_error_t error;
    const int64_t until = g_get_monotonic_time() + SETTLE_US;
    while (unacknowledged(sink) > 0) {
        if (stream_check(&sink->stream, &error) < 0 || g_get_monotonic_time() > until) {
            return false;
        }
        g_usleep(UNACKNOWLEDGED_LOOK_US);
    }
    return stream_check(&sink->stream, &error) >= 0;
}

bool tcp_shutdown(tcp_sink_t *sink)
{
    synfix_error_t error;
    if (ipfix_session_end(sink->common.session, transport_now_ns(), tcp_emit, sink, &error) < 0) {
        return false;
    }
    stream_end(&sink->stream);
    int left = unacknowledged(sink);
    int64_t until = g_get_monotonic_time() + LINGER_US;
    while (g_get_monotonic_time() < until && !atomic_load(&sink->common.stopping)) {
        struct pollfd wait = {.fd = sink->stream.fd, .events = POLLIN};
        poll(&wait, 1, STOP_CHECK_MS);
        const synfix_status_t status = stream_check(&sink->stream, &error);
        if (status != SYNFIX_OK) {
            return status == SYNFIX_END &&
                   has_drained(sink); /* a reset: the collector ended with unread bytes */
        }
        const int now_remaining = unacknowledged(sink);
        if (now_remaining < left) {
            left = now_remaining;
            until = g_get_monotonic_time() + LINGER_US;
        }
    }
    transport_log(&sink->common, 1,
                  "the collector did not close the connection; it is unknown whether all records were read");
    return true;
}

/* Connects to an earlier collector of the list if one of them accepts a session. */
static bool find_former(tcp_sink_t *sink, unsigned *index, transport_stream_t *stream)
{
    ipfix_sink_t *const common = &sink->common;
    synfix_error_t error;
    for (*index = 0; *index < sink->endpoint_index; ++*index) {
        int fd = -1;
        if (transport_connect_to(common, *index, SOCK_STREAM, LOOK_TIMEOUT_MS, &fd, &error) >= 0 &&
            open_stream(sink, fd, stream, &error) >= 0) {
            return true;
        }
    }
    return false;
}

/* Returns to an earlier collector that is reachable again. */
void tcp_failback(tcp_sink_t *sink)
{
    ipfix_sink_t *const common = &sink->common;
    const int64_t now = g_get_monotonic_time();
    if (sink->endpoint_index == 0 || sink->failback_us == 0 || now < sink->next_look_us) {
        return;
    }
    sink->next_look_us = now + sink->failback_us;
    const endpoint_t *const current = common->endpoint;
    transport_stream_t fresh;
    unsigned index;
    if (!find_former(sink, &index, &fresh)) {
        common->endpoint = current;
        return;
    }
    if (!tcp_shutdown(sink)) {
        retransmit_rewind(sink->retransmit);
    }
    stream_close(&sink->stream);
    sink->stream = fresh;
    sink->endpoint_index = index;
    sink->connected_us = g_get_monotonic_time();
    transport_log(common, 2, "connected to %s:%s again", common->endpoint->host, common->endpoint->port);
    synfix_error_t error;
    if (ipfix_session_begin(common->session, transport_now_ns(), tcp_emit, sink, &error) < 0) {
        tcp_disconnect(sink, error.text);
    }
}
