/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/transport/endpoint_list.h"
#include "base/stop_check.h"
#include "exporter/posix/connect_problem.h"
#include "exporter/transport/address_list.h"
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const endpoint_rule_t endpoint_rule = {.form = "//HOST:PORT (an IPv6 address in [])",
                                              .default_port = TRANSPORT_PORT_DEFAULT};

/* UDP and DTLS have no connection whose loss could select the next collector. */
static bool has_failover(const synfix_options_t *options)
{
    const char *const scheme = synfix_options_scheme(options);
    return strcmp(scheme, "tcp") == 0 || strcmp(scheme, "tls") == 0;
}

static synfix_status_t parse_list(ipfix_sink_t *transport, char *const *texts, synfix_error_t *error)
{
    const guint count = g_strv_length((char **)(uintptr_t)texts);
    endpoint_t *const endpoints = g_new0(endpoint_t, count);
    for (guint i = 0; i < count; i++) {
        const synfix_status_t status = endpoint_parse(texts[i], &endpoint_rule, &endpoints[i], error);
        if (status < 0) {
            g_free(endpoints);
            return status;
        }
    }
    transport->endpoints = endpoints;
    transport->endpoint = endpoints;
    transport->endpoint_count = count;
    return SYNFIX_OK;
}

static synfix_status_t check_source(const synfix_options_t *options, synfix_error_t *error)
{
    const char *const source = synfix_options_string(options, "source");
    if (source != NULL && endpoint_lacks_zone(source)) {
        return synfix_fail(
            error, SYNFIX_INVALID,
            "source: an IPv6 link-local address needs its interface; write %s%%25eth0, with the name "
            "of the interface",
            source);
    }
    return source == NULL || g_hostname_is_ip_address(source)
               ? SYNFIX_OK
               : synfix_fail(error, SYNFIX_INVALID,
                             "source: '%s' is not an IP address; write an address of this host", source);
}

/* g_strsplit() makes no element of an empty text, which is a wrong address here. */
static char **split_list(const char *text)
{
    return text[0] != '\0' ? g_strsplit(text, ",", 0) : g_strdupv((char *[]){(char[]){""}, NULL});
}

/* Adds each wrong address of @p list, which is the value of @p option (NULL: the target). */
static void check_list(const char *option, const char *list, synfix_mistakes_t *mistakes)
{
    g_auto(GStrv) texts = split_list(list);
    for (char **text = texts; *text != NULL; text++) {
        endpoint_t endpoint;
        synfix_error_t error;
        (void)synfix_mistakes_add(mistakes, option, endpoint_parse(*text, &endpoint_rule, &endpoint, &error),
                                  &error);
    }
}

void transport_check_endpoints(const synfix_options_t *options, synfix_mistakes_t *mistakes)
{
    const char *const failover = has_failover(options) ? synfix_options_string(options, "failover") : NULL;
    synfix_error_t error;
    check_list(NULL, synfix_options_target(options), mistakes);
    if (failover != NULL && failover[0] != '\0') {
        check_list("failover", failover, mistakes);
    }
    (void)synfix_mistakes_add(mistakes, "source", check_source(options, &error), &error);
}

synfix_status_t transport_list_endpoints(ipfix_sink_t *transport, const synfix_options_t *options,
                                         synfix_error_t *error)
{
    const char *const target = synfix_options_target(options);
    const char *const failover = has_failover(options) ? synfix_options_string(options, "failover") : NULL;
    if (check_source(options, error) != SYNFIX_OK) {
        return SYNFIX_INVALID;
    }
    const bool several = failover != NULL && failover[0] != '\0';
    g_autofree char *joined = several ? g_strconcat(target, ",", failover, NULL) : g_strdup(target);
    g_auto(GStrv) texts = split_list(joined);
    return parse_list(transport, texts, error);
}

/* Waits for the result of connect(), at most @p timeout_ms or until the sink stops. 0 or an errno. */
static int await_connection(const ipfix_sink_t *transport, int fd, int timeout_ms)
{
    struct pollfd wait = {.fd = fd, .events = POLLOUT};
    const int64_t until = g_get_monotonic_time() + (int64_t)timeout_ms * 1000;
    while (poll(&wait, 1, STOP_CHECK_MS) <= 0) {
        if (atomic_load(&transport->stopping)) {
            return ECANCELED;
        }
        if (g_get_monotonic_time() >= until) {
            return ETIMEDOUT;
        }
    }
    int problem = 0;
    socklen_t size = sizeof problem;
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &problem, &size) == 0 ? problem : errno;
}

/* 0 or an errno: EAFNOSUPPORT when `source` is of the other IP version. */
static int bind_source(const ipfix_sink_t *transport, const struct addrinfo *to, int fd)
{
    const struct addrinfo hints = {
        .ai_family = to->ai_family, .ai_socktype = to->ai_socktype, .ai_flags = AI_NUMERICHOST | AI_PASSIVE};
    struct addrinfo *from = NULL;
    if (transport->source == NULL) {
        return 0;
    }
    if (getaddrinfo(transport->source, NULL, &hints, &from) != 0) {
        return EAFNOSUPPORT;
    }
    const int problem = bind(fd, from->ai_addr, from->ai_addrlen) == 0 ? 0 : errno;
    freeaddrinfo(from);
    return problem;
}

/* 0 or an errno. */
static int connect_one(const ipfix_sink_t *transport, const struct addrinfo *to, int timeout_ms, int *made)
{
    const int fd = socket(to->ai_family, to->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, to->ai_protocol);
    if (fd < 0) {
        return errno;
    }
    int problem = bind_source(transport, to, fd);
    if (problem == 0 && connect(fd, to->ai_addr, to->ai_addrlen) != 0) {
        problem = errno;
    }
    if (problem == EINPROGRESS) {
        problem = await_connection(transport, fd, timeout_ms);
    }
    if (problem != 0) {
        close(fd);
        return problem;
    }
    *made = fd;
    return 0;
}

/* Adds the address only if there are several collectors. */
static synfix_status_t unreachable(const ipfix_sink_t *transport, const char *reason, synfix_error_t *error)
{
    return transport->endpoint_count > 1
               ? synfix_fail(error, SYNFIX_DISCONNECTED, "%s: %s:%s: %s", transport->peer,
                             transport->endpoint->host, transport->endpoint->port, reason)
               : synfix_fail(error, SYNFIX_DISCONNECTED, "%s: %s", transport->peer, reason);
}

static synfix_status_t unresolved(const ipfix_sink_t *transport, int code, synfix_error_t *error)
{
    g_autofree char *reason = connect_name_problem(transport->endpoint->host, code);
    return unreachable(transport, reason, error);
}

static synfix_status_t connect_endpoint(const ipfix_sink_t *transport, int type, int timeout_ms, int *fd,
                                        synfix_error_t *error)
{
    const struct addrinfo hints = {.ai_socktype = type};
    struct addrinfo *list = NULL;
    const int found = getaddrinfo(transport->endpoint->host, transport->endpoint->port, &hints, &list);
    if (found != 0) {
        return unresolved(transport, found, error);
    }
    int problem = EADDRNOTAVAIL;
    for (const struct addrinfo *to = list; to != NULL && problem != 0; to = to->ai_next) {
        problem = connect_one(transport, to, timeout_ms, fd);
    }
    freeaddrinfo(list);
    return problem == 0 ? SYNFIX_OK : unreachable(transport, connect_problem(problem), error);
}

synfix_status_t transport_connect_to(ipfix_sink_t *transport, unsigned index, int type, int timeout_ms,
                                     int *fd, synfix_error_t *error)
{
    transport->endpoint = &transport->endpoints[index];
    return connect_endpoint(transport, type, timeout_ms, fd, error);
}

synfix_status_t transport_connect_next(ipfix_sink_t *transport, unsigned *index, int type, int timeout_ms,
                                       int *fd, synfix_error_t *error)
{
    synfix_status_t status = SYNFIX_DISCONNECTED;
    while (*index < transport->endpoint_count && status < 0) {
        status = transport_connect_to(transport, (*index)++, type, timeout_ms, fd, error);
    }
    return status;
}

/* Addresses of the collector in use; NULL with the code of getaddrinfo(). Counts them. */
static struct addrinfo *resolve(ipfix_sink_t *transport, int *problem)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_DGRAM};
    struct addrinfo *list = NULL;
    *problem = getaddrinfo(transport->endpoint->host, transport->endpoint->port, &hints, &list);
    if (*problem != 0) {
        return NULL;
    }
    transport->address_count = address_list_count(list);
    return list;
}

synfix_status_t transport_connect_datagram(ipfix_sink_t *transport, unsigned *choice, int *fd,
                                           synfix_error_t *error)
{
    int problem = 0;
    struct addrinfo *const list = resolve(transport, &problem);
    if (list == NULL) {
        return unresolved(transport, problem, error);
    }
    unsigned number = *choice % transport->address_count;
    const struct addrinfo *const first = address_list_at(list, number);
    const struct addrinfo *to = first;
    problem = connect_one(transport, to, 0, fd);
    while (problem != 0 && (to = address_list_next(list, to)) != first) {
        problem = connect_one(transport, to, 0, fd);
        number = (number + 1) % transport->address_count;
    }
    *choice = problem == 0 ? number : *choice;
    freeaddrinfo(list);
    return problem == 0 ? SYNFIX_OK : unreachable(transport, connect_problem(problem), error);
}

static bool same_address(const struct addrinfo *one, const struct sockaddr_storage *other)
{
    if (one->ai_family != other->ss_family) {
        return false;
    }
    if (one->ai_family == AF_INET) {
        const struct sockaddr_in *const a = (const void *)one->ai_addr;
        const struct sockaddr_in *const b = (const void *)other;
        return a->sin_addr.s_addr == b->sin_addr.s_addr && a->sin_port == b->sin_port;
    }
    const struct sockaddr_in6 *const a = (const void *)one->ai_addr;
    const struct sockaddr_in6 *const b = (const void *)other;
    return memcmp(&a->sin6_addr, &b->sin6_addr, sizeof a->sin6_addr) == 0 && a->sin6_port == b->sin6_port;
}

bool transport_peer_moved(ipfix_sink_t *transport, int fd)
{
    struct sockaddr_storage peer = {.ss_family = AF_UNSPEC};
    socklen_t size = sizeof peer;
    int problem = 0;
    struct addrinfo *const list = resolve(transport, &problem);
    bool found = list == NULL || getpeername(fd, (struct sockaddr *)&peer, &size) != 0;
    for (const struct addrinfo *at = list; at != NULL && !found; at = at->ai_next) {
        found = same_address(at, &peer);
    }
    if (list != NULL) {
        freeaddrinfo(list);
    }
    return !found;
}
