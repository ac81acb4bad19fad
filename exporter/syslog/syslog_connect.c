/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Connections to a syslog receiver: a Unix socket, or an address of a name. */
#include <errno.h>
#include <glib.h>
#include <netdb.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "exporter/posix/connect_problem.h"
#include "exporter/syslog/syslog_channel_internal.h"
#include "exporter/transport/address_list.h"

/* Five seconds leave room for three SYNs (RFC 6298: after 1 and 3 s). */
#define CONNECT_TIMEOUT_MS 5000

static synfix_status_t fail_connect(const syslog_channel_t *channel, synfix_status_t status,
                                    const char *reason, synfix_error_t *error)
{
    return synfix_fail(error, status, "syslog: %s: %s", channel->target, reason);
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
        if (syslog_channel_await(channel, *fd, POLLOUT, CONNECT_TIMEOUT_MS) &&
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

/* As syslog(3): datagrams, or a stream if the socket has no datagrams. */
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
    const bool denied = problem == EACCES || problem == EPERM;
    return problem == 0 ? SYNFIX_OK
                        : fail_connect(channel, denied ? SYNFIX_PERMISSION : SYNFIX_DISCONNECTED,
                                       strerror(problem), error);
}

static int connect_address(const syslog_channel_t *channel, const struct addrinfo *to, int *fd)
{
    return connect_socket(channel, to->ai_family, to->ai_socktype, to->ai_addr, to->ai_addrlen, fd);
}

/* 0 or an errno: tries each address of @p list once, from number `choice` on. */
static int connect_list(syslog_channel_t *channel, const struct addrinfo *list, int *fd)
{
    channel->address_count = address_list_count(list);
    channel->choice %= channel->address_count;
    const struct addrinfo *const first = address_list_at(list, channel->choice);
    const struct addrinfo *to = first;
    int problem = connect_address(channel, to, fd);
    while (problem != 0 && (to = address_list_next(list, to)) != first) {
        channel->choice = (channel->choice + 1) % channel->address_count;
        problem = connect_address(channel, to, fd);
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
        g_autofree char *reason = connect_name_problem(channel->host, found);
        return fail_connect(channel, SYNFIX_DISCONNECTED, reason, error);
    }
    int fd = -1;
    const int problem = connect_list(channel, list, &fd);
    freeaddrinfo(list);
    if (problem != 0) {
        return fail_connect(channel, SYNFIX_DISCONNECTED, connect_problem(problem), error);
    }
    if (channel->datagrams) {
        channel->stream = (transport_stream_t){.fd = fd};
        channel->proven = false;
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
