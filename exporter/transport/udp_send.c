/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/clock.h"
#include "exporter/posix/connect_problem.h"
#include "exporter/transport/udp_sink.h"
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

/* Attempts to send one datagram, ROOM_WAIT_MS apart: a second in all. */
#define ATTEMPTS 100
/* A socket buffer of datagrams empties within this time. A fixed wait, because poll() reports room even while
 * the queue of the device has none. */
#define ROOM_WAIT_MS 10

static void wait_for_turn(udp_sink_t *sink, const struct iovec *parts, size_t count)
{
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++) {
        bytes += parts[i].iov_len;
    }
    if (sink->pace.messages == UDP_PACE_AUTOMATIC) {
        udp_queue_wait(&sink->queue, sink->fd, bytes);
    }
    udp_pace_sleep(udp_pace_take(&sink->pace, bytes, monotonic_ns()), &sink->common.stopping);
}

/* A stop ends the attempts. The first one is always made. */
static bool tries_again(const udp_sink_t *sink, int attempt)
{
    return attempt < ATTEMPTS && (attempt == 0 || !atomic_load(&sink->common.stopping));
}

static void wait_for_room(const udp_sink_t *sink)
{
    struct pollfd wait = {.fd = sink->fd, .events = POLLOUT};
    poll(&wait, 1, ROOM_WAIT_MS);
}

static void count_unheard(udp_sink_t *sink, uint32_t records, uint32_t errors)
{
    sink->unheard += records;
    (void)pthread_mutex_lock(&sink->common.lock);
    sink->common.stats.unheard += records;
    sink->common.stats.errors += errors;
    (void)pthread_mutex_unlock(&sink->common.lock);
}

void udp_lose_channel(udp_sink_t *sink, synfix_status_t status, const synfix_error_t *error)
{
    if (!sink->opening) {
        transport_log(&sink->common, 1, "DTLS session lost, with the records in transit: %s", error->text);
    }
    if (status != SYNFIX_END) {
        count_unheard(sink, sink->last_records, 0);
    }
    sink->last_records = 0;
    tls_session_close(sink->channel);
    sink->channel = NULL;
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
    for (int attempt = 0; sink->channel != NULL && sent == 0 && tries_again(sink, attempt); attempt++) {
        sent = tls_session_write(sink->channel, whole, length, &error);
        if (sent == 0) {
            wait_for_room(sink);
        }
    }
    if (sent < 0) {
        udp_lose_channel(sink, SYNFIX_DISCONNECTED, &error);
    }
    return sent > 0;
}

/* An earlier datagram was refused (ICMP): log one line until a process listens. */
static void on_refusal(udp_sink_t *sink)
{
    sink->refused_us = g_get_monotonic_time();
    if (sink->refused) {
        count_unheard(sink, 0, 1);
        return;
    }
    if (!sink->opening) {
        transport_log(&sink->common, 1, "no process listens on the port: records are lost");
    }
    sink->refused = true;
    sink->unheard = 0;
    sink->probed_us = 0;
    count_unheard(sink, sink->last_records, 1);
}

void udp_take_refusal(udp_sink_t *sink)
{
    int problem = 0;
    socklen_t size = sizeof problem;
    if (sink->fd >= 0 && getsockopt(sink->fd, SOL_SOCKET, SO_ERROR, &problem, &size) == 0 &&
        problem == ECONNREFUSED) {
        on_refusal(sink);
    }
}

/* The path MTU decreased: let the kernel fragment messages. */
static void allow_fragments(const udp_sink_t *sink)
{
    const int cut = IP_PMTUDISC_DONT;
    setsockopt(sink->fd, IPPROTO_IP, IP_MTU_DISCOVER, &cut, sizeof cut);
    setsockopt(sink->fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, &cut, sizeof cut);
}

static bool send_plain(udp_sink_t *sink, struct iovec *parts, size_t count)
{
    const struct msghdr message = {.msg_iov = parts, .msg_iovlen = count};
    int problem = 0;
    for (int attempt = 0; tries_again(sink, attempt); attempt++) {
        if (sendmsg(sink->fd, &message, MSG_NOSIGNAL) >= 0) {
            sink->last_problem = 0;
            return true;
        }
        problem = errno;
        if (problem == EAGAIN || problem == ENOBUFS) {
            wait_for_room(sink);
        } else if (problem == EMSGSIZE && attempt == 0) {
            allow_fragments(sink);
        } else if (problem != ECONNREFUSED || attempt > 0) {
            break;
        } else {
            on_refusal(sink); /* error of an earlier datagram: send this one */
        }
    }
    if (sink->last_problem != problem) {
        sink->last_problem = problem;
        transport_log(&sink->common, 1, "sending failed: %s", connect_problem(problem));
    }
    return false;
}

bool udp_send(udp_sink_t *sink, struct iovec *parts, size_t count, uint32_t records)
{
    wait_for_turn(sink, parts, count);
    const bool sent = sink->tls != NULL ? send_encrypted(sink, parts, count) : send_plain(sink, parts, count);
    sink->last_records = sent ? records : 0;
    if (sent && sink->refused) {
        count_unheard(sink, records, 0);
    }
    return sent;
}

synfix_status_t udp_emit(void *user, const uint8_t *message, size_t length, uint32_t records,
                         synfix_error_t *error)
{
    udp_sink_t *const sink = user;
    struct iovec part = {.iov_base = (void *)(uintptr_t)message, .iov_len = length};
    (void)records; /* options records are not observations */
    (void)error;
    if (!udp_send(sink, &part, 1, 0)) {
        (void)pthread_mutex_lock(&sink->common.lock);
        sink->common.stats.errors++;
        (void)pthread_mutex_unlock(&sink->common.lock);
    }
    return SYNFIX_OK;
}
