/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/syslog/syslog_channel.h"

#include <errno.h>
#include <glib.h>
#include <linux/sockios.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Interval of queries about events that the kernel does not signal: the peer acknowledges bytes, and the
 * queue of the device has room (ENOBUFS). A millisecond is short compared with the wait and costs no
 * measurable time. */
#define LOOK_US 1000
/* Five seconds leave room for three SYNs (RFC 6298: after 1 and 3 s). Stop requests are seen after POLL_MS.
 * The end waits LINGER_MS for a receiver that is behind. */
#define CONNECT_TIMEOUT_MS 5000
#define POLL_MS            50
#define LINGER_MS          10000
#define COUNT_SIZE         12u /* `65000 ` */

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

static synfix_status_t fail_connect(const syslog_channel_t *channel, const char *reason, int problem,
                                    synfix_error_t *error)
{
    return synfix_fail(error, problem == EACCES || problem == EPERM ? SYNFIX_PERMISSION : SYNFIX_DISCONNECTED,
                       "syslog: %s: %s", channel->target, reason);
}

/* Waits for @p events; false: stopped, or not within @p timeout_ms. */
static bool await(const syslog_channel_t *channel, int fd, short events, int timeout_ms)
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

/* 0 or an errno; @p fd receives the connected socket. */
static int connect_socket(const syslog_channel_t *channel, int family, int type,
                          const struct sockaddr *address, socklen_t size, int *fd)
{
    *fd = socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (*fd < 0) {
        return errno;
    }
    int problem = connect(*fd, address, size) == 0 ? 0 : errno;
    if (problem == EINPROGRESS) {
        socklen_t length = sizeof problem;
        problem = ETIMEDOUT;
        if (await(channel, *fd, POLLOUT, CONNECT_TIMEOUT_MS) &&
            getsockopt(*fd, SOL_SOCKET, SO_ERROR, &problem, &length) != 0) {
            problem = errno;
        }
    }
    if (problem != 0) {
        (void)close(*fd);
        *fd = -1;
    }
    return problem;
}

/* As syslog(3): datagrams, else a stream. */
static synfix_status_t connect_unix(syslog_channel_t *channel, synfix_error_t *error)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, channel->host, strlen(channel->host));
    const struct sockaddr *const to = (const struct sockaddr *)&address;
    int problem = connect_socket(channel, AF_UNIX, SOCK_DGRAM, to, sizeof address, &channel->stream.fd);
    channel->datagrams = problem != EPROTOTYPE;
    if (problem == EPROTOTYPE) {
        problem = connect_socket(channel, AF_UNIX, SOCK_STREAM, to, sizeof address, &channel->stream.fd);
    }
    return problem == 0 ? SYNFIX_OK : fail_connect(channel, g_strerror(problem), problem, error);
}

/* 0 or an errno: tries the addresses of @p list from number `choice` on. */
static int connect_list(syslog_channel_t *channel, const struct addrinfo *list, int *fd)
{
    unsigned count = 0;
    for (const struct addrinfo *to = list; to != NULL; to = to->ai_next) {
        count++;
    }
    int problem = EADDRNOTAVAIL;
    for (unsigned i = 0; i < count && problem != 0; i++) {
        const struct addrinfo *to = list;
        for (unsigned skip = (channel->choice + i) % count; skip > 0; skip--) {
            to = to->ai_next;
        }
        problem = connect_socket(channel, to->ai_family, to->ai_socktype, to->ai_addr, to->ai_addrlen, fd);
    }
    return problem;
}

static synfix_status_t connect_inet(syslog_channel_t *channel, synfix_error_t *error)
{
    channel->datagrams = channel->transport == SYSLOG_UDP;
    const struct addrinfo hints = {.ai_socktype = channel->datagrams ? SOCK_DGRAM : SOCK_STREAM};
    struct addrinfo *list = NULL;
    const int found = getaddrinfo(channel->host, channel->port, &hints, &list);
    if (found != 0) {
        return fail_connect(channel, gai_strerror(found), 0, error);
    }
    int fd = -1;
    const int problem = connect_list(channel, list, &fd);
    freeaddrinfo(list);
    if (problem != 0) {
        return fail_connect(channel, g_strerror(problem), problem, error);
    }
    if (channel->datagrams) {
        channel->stream = (transport_stream_t){.fd = fd};
        return SYNFIX_OK;
    }
    synfix_error_t reason;
    const synfix_status_t status = stream_open(
        &channel->stream, fd, channel->tls, channel->name != NULL ? channel->name : channel->host, &reason);
    return status == SYNFIX_OK ? status
                               : synfix_fail(error, status, "syslog: %s: %s", channel->target, reason.text);
}

synfix_status_t syslog_channel_connect(syslog_channel_t *channel, synfix_error_t *error)
{
    syslog_channel_disconnect(channel);
    return channel->transport == SYSLOG_UNIX ? connect_unix(channel, error) : connect_inet(channel, error);
}

synfix_status_t syslog_channel_connect_next(syslog_channel_t *channel, synfix_error_t *error)
{
    channel->choice++;
    return syslog_channel_connect(channel, error);
}

static synfix_status_t send_datagram(syslog_channel_t *channel, const uint8_t *message, uint32_t length,
                                     int timeout_ms, synfix_error_t *error)
{
    for (int waited_ms = 0; waited_ms <= timeout_ms; waited_ms++) {
        if (send(channel->stream.fd, message, length, MSG_NOSIGNAL) >= 0) {
            return SYNFIX_OK;
        }
        if (errno == EMSGSIZE) {
            return synfix_fail(error, SYNFIX_INVALID, "syslog: %s: a message of %u bytes is too long",
                               channel->target, length);
        }
        if (errno != EINTR && errno != EAGAIN && errno != ENOBUFS) {
            const synfix_status_t status = errno == ECONNREFUSED ? SYNFIX_DISCONNECTED : SYNFIX_IO;
            return synfix_fail(error, status, "syslog: %s: %s", channel->target, g_strerror(errno));
        }
        if (errno == ENOBUFS) { /* poll() reports room although there is none */
            g_usleep(LOOK_US);
        } else if (errno == EAGAIN && !await(channel, channel->stream.fd, POLLOUT, timeout_ms)) {
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
        if (more == 0 && !await(channel, channel->stream.fd, POLLOUT, timeout_ms)) {
            return SYNFIX_AGAIN;
        }
    }
    return SYNFIX_OK;
}

/* RFC 6587 section 3.4.1 and RFC 5425 section 4.3: `LENGTH SP MESSAGE`. A stream of a local daemon has a NUL
 * behind each message, as syslog(3) sends it. */
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

synfix_status_t syslog_channel_check(syslog_channel_t *channel, synfix_error_t *error)
{
    synfix_error_t reason = {.text = ""};
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
