/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <errno.h>
#include <glib.h>
#include <linux/sockios.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "exporter/posix/connect_problem.h"
#include "exporter/syslog/syslog_channel_internal.h"

/* Interval of queries about events that the kernel does not signal: the peer acknowledges bytes, and the
 * queue of the device has room (ENOBUFS). A millisecond is short compared with the wait and costs no
 * measurable time. */
#define LOOK_US 1000
/* Stop requests are seen after POLL_MS. The end waits LINGER_MS for a receiver that is behind. */
#define POLL_MS    50
#define LINGER_MS  10000
#define COUNT_SIZE 12u /* `65000 ` */

void syslog_channel_disconnect(syslog_channel_t *channel)
{
    if (channel->stream.fd >= 0) {
        stream_close(&channel->stream);
    }
}

void syslog_channel_clear(syslog_channel_t *channel)
{
    syslog_channel_disconnect(channel);
    tls_context_free(channel->tls);
    g_free(channel->target);
    g_free(channel->host);
    g_free(channel->port);
    g_free(channel->name);
    *channel = (syslog_channel_t){.stream.fd = -1};
}

bool syslog_channel_await(const syslog_channel_t *channel, int fd, short events, int timeout_ms)
{
    struct pollfd waited = {.fd = fd, .events = events};
    const int64_t until = g_get_monotonic_time() + (int64_t)timeout_ms * 1000;
    while (poll(&waited, 1, POLL_MS) <= 0) {
        if (atomic_load(channel->stopping) || g_get_monotonic_time() >= until) {
            return false;
        }
    }
    return true;
}

static synfix_status_t send_datagram(syslog_channel_t *channel, const uint8_t *message, uint32_t length,
                                     int timeout_ms, synfix_error_t *error)
{
    for (int waited_ms = 0; waited_ms <= timeout_ms; waited_ms++) {
        if (send(channel->stream.fd, message, length, MSG_NOSIGNAL) >= 0) {
            return SYNFIX_OK;
        }
        if (errno == EMSGSIZE) {
            return synfix_fail(error, SYNFIX_INVALID,
                               "syslog: %s: a message of %u bytes is too long; lower max-size",
                               channel->target, length);
        }
        if (errno != EINTR && errno != EAGAIN && errno != ENOBUFS) {
            const synfix_status_t status = errno == ECONNREFUSED ? SYNFIX_DISCONNECTED : SYNFIX_IO;
            return synfix_fail(error, status, "syslog: %s: %s", channel->target, connect_problem(errno));
        }
        if (errno == ENOBUFS) { /* poll() reports room although there is none */
            g_usleep(LOOK_US);
        } else if (errno == EAGAIN &&
                   !syslog_channel_await(channel, channel->stream.fd, POLLOUT, timeout_ms)) {
            break;
        }
    }
    return SYNFIX_AGAIN;
}

/* One piece of a frame; SYNFIX_AGAIN as syslog_channel_send. */
static synfix_status_t send_piece(syslog_channel_t *channel, const uint8_t *bytes, size_t length,
                                  size_t *sent, int timeout_ms, synfix_error_t *error)
{
    synfix_error_t reason = {.text = ""};
    while (*sent < length) {
        const ssize_t more = stream_write(&channel->stream, bytes + *sent, length - *sent, &reason);
        if (more < 0 || (more == 0 && stream_check(&channel->stream, &reason) != SYNFIX_OK)) {
            return synfix_fail(error, SYNFIX_DISCONNECTED, "syslog: %s: %s", channel->target, reason.text);
        }
        *sent += (size_t)more;
        if (more == 0 && !syslog_channel_await(channel, channel->stream.fd, POLLOUT, timeout_ms)) {
            return SYNFIX_AGAIN;
        }
    }
    return SYNFIX_OK;
}

/* RFC 6587 section 3.4.1 and RFC 5425 section 4.3: `LENGTH SP MESSAGE`. A stream of a local daemon has a NUL
 * after each message, as syslog(3) sends it. */
static synfix_status_t send_frame(syslog_channel_t *channel, const uint8_t *message, uint32_t length,
                                  size_t *done, int timeout_ms, synfix_error_t *error)
{
    static const uint8_t nothing[1] = {0};
    const bool local = channel->transport == SYSLOG_UNIX;
    char count[COUNT_SIZE] = "";
    const size_t head = local ? 0 : (size_t)snprintf(count, sizeof count, "%u ", length);
    const struct {
        const uint8_t *bytes;
        size_t length;
    } parts[] = {{(const uint8_t *)count, head}, {message, length}, {nothing, local ? 1 : 0}};
    size_t begin = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        size_t sent = *done > begin ? MIN(*done - begin, parts[i].length) : 0;
        const synfix_status_t status =
            send_piece(channel, parts[i].bytes, parts[i].length, &sent, timeout_ms, error);
        begin += parts[i].length;
        *done = MAX(*done, begin - parts[i].length + sent);
        if (status != SYNFIX_OK) {
            return status;
        }
    }
    return SYNFIX_OK;
}

synfix_status_t syslog_channel_send(syslog_channel_t *channel, const uint8_t *message, uint32_t length,
                                    size_t *done, int timeout_ms, synfix_error_t *error)
{
    return channel->datagrams ? send_datagram(channel, message, length, timeout_ms, error)
                              : send_frame(channel, message, length, done, timeout_ms, error);
}

/* A refusal is an error of the socket: the next system call on it reports and clears it. */
static synfix_status_t check_refusal(const syslog_channel_t *channel, int wait_ms, synfix_error_t *error)
{
    struct pollfd waited = {.fd = channel->stream.fd, .events = 0};
    int problem = 0;
    socklen_t size = sizeof problem;
    if (poll(&waited, 1, wait_ms) <= 0 ||
        getsockopt(channel->stream.fd, SOL_SOCKET, SO_ERROR, &problem, &size) != 0 || problem == 0) {
        return SYNFIX_OK;
    }
    return synfix_fail(error, SYNFIX_DISCONNECTED, "syslog: %s: %s", channel->target, strerror(problem));
}

bool syslog_channel_refuses_first(syslog_channel_t *channel, synfix_error_t *error)
{
    const bool first = !channel->proven;
    channel->proven = true;
    return first && check_refusal(channel, SYSLOG_REFUSAL_MS, error) != SYNFIX_OK;
}

synfix_status_t syslog_channel_check(syslog_channel_t *channel, int wait_ms, synfix_error_t *error)
{
    synfix_error_t reason = {.text = ""};
    if (channel->transport == SYSLOG_UDP) {
        return check_refusal(channel, wait_ms, error);
    }
    if (channel->datagrams || stream_check(&channel->stream, &reason) == SYNFIX_OK) {
        return SYNFIX_OK;
    }
    return synfix_fail(error, SYNFIX_DISCONNECTED, "syslog: %s: %s", channel->target, reason.text);
}

bool syslog_channel_end(syslog_channel_t *channel)
{
    int left = 0;
    if (channel->stream.fd < 0 || channel->datagrams) {
        return true;
    }
    const int64_t until = g_get_monotonic_time() + LINGER_MS * 1000;
    stream_end(&channel->stream);
    while (channel->transport != SYSLOG_UNIX && ioctl(channel->stream.fd, SIOCOUTQ, &left) == 0 && left > 0) {
        if (atomic_load(channel->stopping) || g_get_monotonic_time() >= until) {
            return false;
        }
        g_usleep(LOOK_US);
    }
    return true;
}
