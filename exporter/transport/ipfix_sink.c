/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/transport/ipfix_sink.h"
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECT_POLL_MS 100

synfix_status_t transport_parse(const char *target, char **address, char **port, synfix_error_t *error)
{
    const char *at = g_str_has_prefix(target, "//") ? target + 2 : target;
    const char *const close = *at == '[' ? strchr(at, ']') : NULL;
    const char *const colon = strrchr(close != NULL ? close : at, ':');
    const size_t length = close != NULL   ? (size_t)(close - at - 1)
                          : colon != NULL ? (size_t)(colon - at)
                                          : strlen(at);
    g_autofree char *host = g_strndup(close != NULL ? at + 1 : at, length);
    if (length == 0 || (*at == '[' && close == NULL) ||
        (close != NULL && close[1] != '\0' && close[1] != ':') ||
        (close == NULL && strchr(host, ':') != NULL)) {
        return synfix_fail(error, SYNFIX_INVALID,
                           "'%s' is not an address; write //HOST:PORT (an IPv6 address in [])", target);
    }
    guint64 number = 0;
    const char *const text = colon != NULL ? colon + 1 : TRANSPORT_PORT_DEFAULT;
    if (!g_ascii_string_to_unsigned(text, 10, 0, UINT16_MAX, &number, NULL)) {
        return synfix_fail(error, SYNFIX_INVALID,
                           "'%s': port '%s' is not a port; write a number from 1 to 65535", target, text);
    }
    *address = g_steal_pointer(&host);
    *port = g_strdup(text);
    return SYNFIX_OK;
}

/* Parses the target and the failover list. */
static synfix_status_t list_endpoints(ipfix_sink_t *transport, const synfix_options_t *options,
                                      synfix_error_t *error)
{
    const char *const target = synfix_options_target(options);
    const bool datagrams =
        strstr(synfix_options_scheme(options), "udp") != NULL || synfix_options_scheme(options)[0] == 'd';
    const char *const failover = datagrams ? NULL : synfix_options_string(options, "failover");
    const char *const source = synfix_options_string(options, "source");
    if (source != NULL && !g_hostname_is_ip_address(source)) {
        return synfix_fail(error, SYNFIX_INVALID,
                           "source='%s' is not an IP address; write an address of this host", source);
    }
    if (strcmp(target, "") == 0 || strcmp(target, "//") == 0) {
        return synfix_fail(error, SYNFIX_INVALID, "'%s' is not an address; write //HOST:PORT", target);
    }
    g_autofree char *joined =
        g_strconcat(target, failover != NULL && failover[0] ? "," : NULL, failover, NULL);
    transport->places = g_strsplit(joined, ",", 0);
    for (char **place = transport->places; *place != NULL; place++) {
        g_autofree char *address = NULL, *port = NULL;
        const synfix_status_t status = transport_parse(*place, &address, &port, error);
        if (status < 0) {
            g_clear_pointer(&transport->places, g_strfreev);
            return status;
        }
    }
    return SYNFIX_OK;
}

synfix_status_t transport_check(const synfix_options_t *options, synfix_error_t *error)
{
    ipfix_sink_t transport = {.places = NULL};
    const synfix_status_t status = list_endpoints(&transport, options, error);
    g_strfreev(transport.places);
    return status;
}

synfix_status_t transport_init(ipfix_sink_t *transport, const synfix_module_context_t *host,
                               const synfix_options_t *options, ipfix_session_config_t session,
                               synfix_error_t *error)
{
    const char *const target = synfix_options_target(options);
    synfix_status_t status = list_endpoints(transport, options, error);
    if (status < 0) {
        return status;
    }
    (void)pthread_mutex_init(&transport->lock, NULL);
    transport->host = host;
    transport->source = g_strdup(synfix_options_string(options, "source"));
    transport->peer = g_strdup_printf("%s://%s", synfix_options_scheme(options),
                                      g_str_has_prefix(target, "//") ? target + 2 : target);
    status = ipfix_settings_init(&transport->settings, host, options, error);
    if (status >= 0) {
        session.settings = &transport->settings;
        session.host = host;
        session.stats = transport_stats;
        session.stats_user = transport;
        session.options_interval_ms = synfix_options_duration_ms(options, "options-interval");
        transport->session_config = session;
        status = ipfix_session_new(&session, &transport->session, error);
        if (status < 0) {
            ipfix_settings_clear(&transport->settings);
        }
    }
    if (status < 0) {
        (void)pthread_mutex_destroy(&transport->lock);
        g_free(transport->peer);
        g_free(transport->source);
        g_strfreev(transport->places);
    }
    return status;
}

synfix_status_t transport_fit_session(ipfix_sink_t *transport, synfix_error_t *error)
{
    ipfix_session_t *made = NULL;
    const synfix_status_t status = ipfix_session_new(&transport->session_config, &made, error);
    if (status >= 0) {
        ipfix_session_free(transport->session);
        transport->session = made;
    }
    return status;
}

void transport_clear(ipfix_sink_t *transport)
{
    ipfix_session_free(transport->session);
    ipfix_settings_clear(&transport->settings);
    (void)pthread_mutex_destroy(&transport->lock);
    g_free(transport->peer);
    g_strfreev(transport->places);
    g_free(transport->address);
    g_free(transport->port);
    g_free(transport->logged_reason);
    g_free(transport->source);
}

/* Waits until @p fd is connected or has failed, the time is over, or the program ends. */
static int await_connection(const ipfix_sink_t *transport, int fd, int timeout_ms)
{
    struct pollfd wait = {.fd = fd, .events = POLLOUT};
    const int64_t until = g_get_monotonic_time() + (int64_t)timeout_ms * 1000;
    while (poll(&wait, 1, CONNECT_POLL_MS) <= 0) {
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
    return transport->places[1] != NULL
               ? synfix_fail(error, SYNFIX_DISCONNECTED, "%s: %s:%s: %s", transport->peer, transport->address,
                             transport->port, reason)
               : synfix_fail(error, SYNFIX_DISCONNECTED, "%s: %s", transport->peer, reason);
}

static synfix_status_t connect_endpoint(const ipfix_sink_t *transport, int type, int timeout_ms, int *fd,
                                        synfix_error_t *error)
{
    const struct addrinfo hints = {.ai_socktype = type};
    struct addrinfo *list = NULL;
    const int found = getaddrinfo(transport->address, transport->port, &hints, &list);
    if (found != 0) {
        return unreachable(transport, gai_strerror(found), error);
    }
    int problem = EADDRNOTAVAIL;
    for (const struct addrinfo *to = list; to != NULL && problem != 0; to = to->ai_next) {
        problem = connect_one(transport, to, timeout_ms, fd);
    }
    freeaddrinfo(list);
    return problem == 0 ? SYNFIX_OK : unreachable(transport, g_strerror(problem), error);
}

synfix_status_t transport_connect_to(ipfix_sink_t *transport, unsigned place, int type, int timeout_ms,
                                     int *fd, synfix_error_t *error)
{
    g_free(g_steal_pointer(&transport->address));
    g_free(g_steal_pointer(&transport->port));
    const synfix_status_t status =
        transport_parse(transport->places[place], &transport->address, &transport->port, error);
    return status < 0 ? status : connect_endpoint(transport, type, timeout_ms, fd, error);
}

synfix_status_t transport_connect_next(ipfix_sink_t *transport, unsigned *place, int type, int timeout_ms,
                                       int *fd, synfix_error_t *error)
{
    synfix_status_t status = SYNFIX_DISCONNECTED;
    while (transport->places[*place] != NULL && status < 0) {
        status = transport_connect_to(transport, (*place)++, type, timeout_ms, fd, error);
    }
    return status;
}

synfix_status_t transport_connect(ipfix_sink_t *transport, int type, int timeout_ms, int *fd,
                                  synfix_error_t *error)
{
    unsigned place = 0;
    return transport_connect_next(transport, &place, type, timeout_ms, fd, error);
}

/* Returns name and port of the first collector; NULL with an error text. */
static struct addrinfo *resolve(ipfix_sink_t *transport, const char **problem)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_DGRAM};
    struct addrinfo *list = NULL;
    const int failed = getaddrinfo(transport->address, transport->port, &hints, &list);
    if (failed != 0) {
        *problem = gai_strerror(failed);
        return NULL;
    }
    transport->address_count = 0;
    for (const struct addrinfo *at = list; at != NULL; at = at->ai_next) {
        transport->address_count++;
    }
    return list;
}

static const struct addrinfo *address_at(const struct addrinfo *list, unsigned number)
{
    while (number-- > 0) {
        list = list->ai_next;
    }
    return list;
}

synfix_status_t transport_connect_datagram(ipfix_sink_t *transport, unsigned *choice, int *fd,
                                           synfix_error_t *error)
{
    g_free(g_steal_pointer(&transport->address));
    g_free(g_steal_pointer(&transport->port));
    const synfix_status_t status =
        transport_parse(transport->places[0], &transport->address, &transport->port, error);
    const char *reason = NULL;
    struct addrinfo *const list = status < 0 ? NULL : resolve(transport, &reason);
    if (list == NULL) {
        return status < 0 ? status : unreachable(transport, reason, error);
    }
    int problem = EADDRNOTAVAIL;
    for (unsigned i = 0; i < transport->address_count && problem != 0; i++) {
        const unsigned number = (*choice + i) % transport->address_count;
        problem = connect_one(transport, address_at(list, number), 0, fd);
        *choice = problem == 0 ? number : *choice;
    }
    freeaddrinfo(list);
    return problem == 0 ? SYNFIX_OK : unreachable(transport, g_strerror(problem), error);
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
    const char *reason = NULL;
    struct addrinfo *const list = resolve(transport, &reason);
    bool found = list == NULL || getpeername(fd, (struct sockaddr *)&peer, &size) != 0;
    for (const struct addrinfo *at = list; at != NULL && !found; at = at->ai_next) {
        found = same_address(at, &peer);
    }
    if (list != NULL) {
        freeaddrinfo(list);
    }
    return !found;
}

const char *transport_reason(const ipfix_sink_t *transport, const synfix_error_t *error)
{
    const size_t length = strlen(transport->peer);
    const bool named = g_str_has_prefix(error->text, transport->peer) && error->text[length] == ':';
    return named ? error->text + length + strlen(": ") : error->text;
}

void transport_unreached(ipfix_sink_t *transport, const synfix_error_t *reason)
{
    const char *const text = transport_reason(transport, reason);
    if (g_strcmp0(transport->logged_reason, text) != 0) {
        transport_log(transport, 1, "no connection: %s", text);
        g_free(transport->logged_reason);
        transport->logged_reason = g_strdup(text);
    }
}

void transport_reached(ipfix_sink_t *transport)
{
    g_clear_pointer(&transport->logged_reason, g_free);
}

void transport_log(const ipfix_sink_t *transport, int level, const char *format, ...)
{
    if (transport->host == NULL || transport->host->log == NULL) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_autofree char *line = g_strdup_printf("%s: %s", transport->peer, text);
    transport->host->log(transport->host->user, level, line);
}

void transport_stats(void *user, synfix_sink_stats_t *stats)
{
    ipfix_sink_t *const transport = user;
    (void)pthread_mutex_lock(&transport->lock);
    *stats = transport->stats;
    (void)pthread_mutex_unlock(&transport->lock);
}

int64_t transport_now_ns(void)
{
    return g_get_real_time() * 1000;
}

const synfix_encoding_t *transport_encoding(void *instance, const void **settings, const char **key)
{
    const ipfix_sink_t *const transport = instance;
    *settings = &transport->settings;
    *key = transport->settings.key;
    return &ipfix_encoding;
}

void transport_stop(void *instance)
{
    atomic_store(&((ipfix_sink_t *)instance)->stopping, true);
}
