/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/service/metrics_server.h"
#include "app/report/report.h"
#include "app/report/summary.h"
#include "base/clock.h"
#include "values/bind_problem.h"
#include "values/endpoint.h"

#include "on_demand/microhttpd.h"
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Few clients scrape metrics; a slow client is disconnected, before the default
 * scrape timeout of Prometheus (10 s). */
#define TIMEOUT_SECONDS 5u

struct metrics {
    int socket;
    struct MHD_Daemon *daemon;
    metrics_source_t source; /* of metrics_start */
    metrics_pages_t pages;
    metrics_clients_t clients;
};

static int64_t now_ms(void)
{
    return monotonic_ns() / 1000000;
}

static enum MHD_Result on_accept(void *user, const struct sockaddr *address, socklen_t length)
{
    metrics_t *metrics = user;
    (void)length;
    return metrics_clients_admit(&metrics->clients, address, now_ms()) ? MHD_YES : MHD_NO;
}

static void on_connection(void *user, struct MHD_Connection *connection, void **client,
                          enum MHD_ConnectionNotificationCode code)
{
    metrics_t *metrics = user;
    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        metrics_clients_remove(*client);
        return;
    }
    const union MHD_ConnectionInfo *const info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const union MHD_ConnectionInfo *const descriptor =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    *client = info != NULL && descriptor != NULL ? metrics_clients_add(&metrics->clients, info->client_addr,
                                                                       descriptor->connect_fd, now_ms())
                                                 : NULL;
}

static void note(struct MHD_Connection *connection, bool answered)
{
    const union MHD_ConnectionInfo *const client =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    metrics_clients_note(client != NULL ? client->socket_context : NULL, answered, now_ms());
}

static void on_completed(void *user, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode code)
{
    (void)user;
    (void)state;
    (void)code;
    note(connection, true);
}

static enum MHD_Result on_request(void *user, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *data, size_t *size,
                                  void **state)
{
    (void)version;
    (void)data;
    (void)size;
    (void)state;
    note(connection, false);
    const metrics_t *metrics = user;
    const char *type = NULL;
    GString *text = g_string_new(NULL);
    const unsigned status = metrics_page(&metrics->pages, method, url, text, &type);
    const size_t length = text->len;
    struct MHD_Response *response =
        MHD_create_response_from_buffer_with_free_callback(length, g_string_free(text, FALSE), g_free);
    if (response == NULL) {
        return MHD_NO;
    }
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    const enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

typedef struct listen_address {
    struct sockaddr_storage native;
    socklen_t size;
} listen_address_t;

static bool read_numeric(const endpoint_t *endpoint, listen_address_t *address)
{
    const struct addrinfo hints = {.ai_family = strchr(endpoint->host, ':') != NULL ? AF_INET6 : AF_INET,
                                   .ai_socktype = SOCK_STREAM,
                                   .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV};
    struct in_addr dotted; /* getaddrinfo() accepts 127.1 as well */
    struct addrinfo *list = NULL;
    if ((hints.ai_family == AF_INET && inet_pton(AF_INET, endpoint->host, &dotted) != 1) ||
        getaddrinfo(endpoint->host, endpoint->port, &hints, &list) != 0) {
        return false;
    }
    memcpy(&address->native, list->ai_addr, list->ai_addrlen);
    address->size = list->ai_addrlen;
    freeaddrinfo(list);
    return true;
}

/* The error text does not name the setting. */
static synfix_status_t parse_address(const char *text, listen_address_t *address, synfix_error_t *error)
{
    static const endpoint_rule_t rule = {.form = "ADDRESS:PORT, as in 127.0.0.1:9100"};
    endpoint_t endpoint;
    const synfix_status_t status = endpoint_parse(text, &rule, &endpoint, error);
    if (status < 0) {
        return status;
    }
    /* numeric addresses only: a name would need a lookup at each start */
    if (strcmp(endpoint.host, "localhost") == 0) {
        (void)snprintf(endpoint.host, sizeof endpoint.host, "127.0.0.1");
    }
    return read_numeric(&endpoint, address)
               ? SYNFIX_OK
               : synfix_fail(error, SYNFIX_INVALID, "'%s': '%s' is not an IP address; write %s", text,
                             endpoint.host, rule.form);
}

static int open_socket(const listen_address_t *address)
{
    const int yes = 1;
    const int descriptor = socket(address->native.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0) {
        return -1;
    }
    if (setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
        bind(descriptor, (const struct sockaddr *)&address->native, address->size) != 0 ||
        listen(descriptor, (int)METRICS_CONNECTIONS_MAX) != 0) {
        const int reason = errno;
        close(descriptor);
        errno = reason;
        return -1;
    }
    return descriptor;
}

static synfix_status_t read_address(const char *text, listen_address_t *address, synfix_error_t *error)
{
    synfix_error_t reason;
    return parse_address(text, address, &reason) == SYNFIX_OK
               ? SYNFIX_OK
               : synfix_fail(error, SYNFIX_INVALID, "metrics-listen: %s", reason.text);
}

synfix_status_t metrics_check(const char *address, synfix_error_t *error)
{
    listen_address_t parsed;
    return read_address(address, &parsed, error);
}

/* An address in use or not yet assigned is no permanent failure: both occur at the start of a host. */
static synfix_status_t status_of(int reason)
{
    return reason == EACCES                                  ? SYNFIX_PERMISSION
           : reason == EADDRINUSE || reason == EADDRNOTAVAIL ? SYNFIX_DISCONNECTED
                                                             : SYNFIX_IO;
}

synfix_status_t metrics_listen(const char *address, metrics_t **metrics, synfix_error_t *error)
{
    listen_address_t parsed;
    const synfix_status_t status = read_address(address, &parsed, error);
    if (status < 0) {
        return status;
    }
    const int descriptor = open_socket(&parsed);
    if (descriptor < 0) {
        return synfix_fail(error, status_of(errno), "metrics-listen: %s: %s", address, bind_problem(errno));
    }
    *metrics = g_new0(metrics_t, 1);
    (*metrics)->socket = descriptor;
    return SYNFIX_OK;
}

metrics_closed_t metrics_closed(const metrics_t *metrics)
{
    return metrics_clients_closed(&metrics->clients);
}

bool metrics_closed_news(const metrics_t *metrics, const char *address, metrics_closed_t *reported,
                         synfix_error_t *line)
{
    const metrics_closed_t before = *reported;
    const metrics_closed_t now = metrics_closed(metrics);
    *reported = now;
    if (now.refused == before.refused && now.displaced == before.displaced) {
        return false;
    }
    (void)synfix_fail(line, SYNFIX_IO,
                      "metrics-listen: %s: connections closed to limit their number: %" PRIu64
                      " new, %" PRIu64
                      " idle or slow; let clients close their connections, or block clients in the firewall",
                      address, now.refused - before.refused, now.displaced - before.displaced);
    return true;
}

void metrics_append(const metrics_source_t *source, GString *text)
{
    if (source->queries != NULL) {
        query_server_stats_t stats;
        query_server_stats(source->queries, &stats);
        summary_metric_queries(stats.answered, stats.refused, text);
    }
    if (source->server != NULL) {
        const metrics_closed_t closed = metrics_closed(source->server);
        summary_metric_listener(closed.refused, closed.displaced, text);
    }
    report_metrics(source->pipeline, text);
}

static void append_source(void *source, GString *text)
{
    metrics_append(source, text);
}

synfix_status_t metrics_start(metrics_t *metrics, const metrics_source_t *source, synfix_error_t *error)
{
    metrics->source = *source;
    metrics->source.server = metrics;
    metrics->pages.hosts = source->hosts;
    return metrics_start_text(metrics, append_source, &metrics->source, error);
}

synfix_status_t metrics_start_text(metrics_t *metrics, metrics_text_function *append, void *user,
                                   synfix_error_t *error)
{
    const synfix_status_t loaded = on_demand_load_microhttpd(error);
    if (loaded != SYNFIX_OK) {
        return loaded;
    }
    metrics->pages.append = append;
    metrics->pages.user = user;
    metrics->daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL, 0, on_accept, metrics, on_request, metrics,
        MHD_OPTION_LISTEN_SOCKET, metrics->socket, MHD_OPTION_CONNECTION_LIMIT, METRICS_CONNECTIONS_MAX + 1,
        MHD_OPTION_CONNECTION_TIMEOUT, TIMEOUT_SECONDS, MHD_OPTION_NOTIFY_CONNECTION, on_connection, metrics,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, metrics, MHD_OPTION_END);
    if (metrics->daemon == NULL) {
        return synfix_fail(error, SYNFIX_IO, "metrics-listen: the HTTP server does not start");
    }
    return SYNFIX_OK;
}

void metrics_free(metrics_t *metrics)
{
    if (metrics == NULL) {
        return;
    }
    if (metrics->daemon != NULL) {
        MHD_stop_daemon(metrics->daemon); /* closes the socket */
    } else {
        close(metrics->socket);
    }
    g_free(metrics);
}
