/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Target, transport and TLS options of a syslog channel. */
#include "exporter/syslog/syslog_channel.h"
#include "values/endpoint.h"

#include <glib.h>
#include <string.h>
#include <sys/un.h>

#define PORT_DEFAULT 514u  /* RFC 5426 section 3.3 */
#define PORT_TLS     6514u /* RFC 5425 section 4.1 */

/* A path begins with a slash or a dot, as for Redis. */
static bool is_remote(const char *target)
{
    return target[0] != '\0' && target[0] != '/' && target[0] != '.';
}

static syslog_transport_t transport_of(const synfix_options_t *options)
{
    const char *name = synfix_options_string(options, "transport");
    if (name == NULL) {
        return is_remote(synfix_options_target(options)) ? SYSLOG_UDP : SYSLOG_UNIX;
    }
    return strcmp(name, "tcp") == 0   ? SYSLOG_TCP
           : strcmp(name, "tls") == 0 ? SYSLOG_TLS
           : strcmp(name, "udp") == 0 ? SYSLOG_UDP
                                      : SYSLOG_UNIX;
}

static synfix_status_t check_transport(const synfix_options_t *options, synfix_error_t *error)
{
    const char *target = synfix_options_target(options);
    const bool remote = is_remote(target);
    return remote == (transport_of(options) != SYSLOG_UNIX)
               ? SYNFIX_OK
               : synfix_fail(error, SYNFIX_INVALID, "syslog: %s: transport=%s needs %s", target,
                             synfix_options_string(options, "transport"),
                             remote ? "the path of a socket" : "//HOST:PORT");
}

static synfix_status_t parse_endpoint(const synfix_options_t *options, endpoint_t *endpoint,
                                      synfix_error_t *error)
{
    const bool tls = transport_of(options) == SYSLOG_TLS;
    const endpoint_rule_t rule = {.form = "//HOST:PORT (an IPv6 address in []), or the path of a socket",
                                  .default_port = tls ? PORT_TLS : PORT_DEFAULT};
    return endpoint_parse(synfix_options_target(options), &rule, endpoint, error);
}

static synfix_status_t check_path(const char *target, synfix_error_t *error)
{
    const struct sockaddr_un address;
    return strlen(target) < sizeof address.sun_path
               ? SYNFIX_OK
               : synfix_fail(error, SYNFIX_INVALID,
                             "syslog: %s: too long for a Unix socket; choose a shorter path", target);
}

static synfix_status_t check_target(const synfix_options_t *options, synfix_error_t *error)
{
    endpoint_t endpoint;
    return transport_of(options) == SYSLOG_UNIX ? check_path(synfix_options_target(options), error)
                                                : parse_endpoint(options, &endpoint, error);
}

void syslog_channel_check_options(const synfix_options_t *options, synfix_mistakes_t *mistakes)
{
    synfix_error_t error;
    if (synfix_mistakes_concern(mistakes, "transport")) {
        return; /* the form of the target depends on the transport */
    }
    const synfix_status_t status = check_transport(options, &error);
    if (synfix_mistakes_add(mistakes, "transport", status, &error) == SYNFIX_OK) {
        (void)synfix_mistakes_add(mistakes, NULL, check_target(options, &error), &error);
    }
    if (transport_of(options) == SYSLOG_TLS) {
        tls_options_check(options, false, mistakes);
    }
}

static synfix_status_t read_endpoint(syslog_channel_t *channel, const synfix_options_t *options,
                                     synfix_error_t *error)
{
    endpoint_t endpoint;
    char text[ENDPOINT_TEXT_SIZE];
    const synfix_status_t status = parse_endpoint(options, &endpoint, error);
    if (status < 0) {
        return status;
    }
    endpoint_format(&endpoint, text);
    channel->host = g_strdup(endpoint.host);
    channel->port = g_strdup(endpoint.port);
    channel->target = g_strdup(text);
    return SYNFIX_OK;
}

static synfix_status_t read_path(syslog_channel_t *channel, const char *target, synfix_error_t *error)
{
    const synfix_status_t status = check_path(target, error);
    if (status == SYNFIX_OK) {
        channel->host = g_strdup(target[0] != '\0' ? target : SYSLOG_PATH_DEFAULT);
        channel->target = g_strdup(channel->host);
    }
    return status;
}

static synfix_status_t read_tls(syslog_channel_t *channel, const synfix_options_t *options,
                                synfix_error_t *error)
{
    synfix_error_t reason;
    channel->name = g_strdup(synfix_options_string(options, "name"));
    const synfix_status_t status = tls_context_new(options, false, &channel->tls, &reason);
    if (status < 0) {
        return synfix_fail(error, status, "syslog: %s: %s", channel->target, reason.text);
    }
    tls_context_set_cancel_flag(channel->tls, channel->stopping);
    return SYNFIX_OK;
}

synfix_status_t syslog_channel_init(syslog_channel_t *channel, const synfix_options_t *options,
                                    const atomic_bool *stopping, synfix_error_t *error)
{
    *channel = (syslog_channel_t){.stopping = stopping, .stream.fd = -1, .transport = transport_of(options)};
    synfix_status_t status = check_transport(options, error);
    if (status == SYNFIX_OK) {
        status = channel->transport == SYSLOG_UNIX ? read_path(channel, synfix_options_target(options), error)
                                                   : read_endpoint(channel, options, error);
    }
    if (status == SYNFIX_OK && channel->transport == SYSLOG_TLS) {
        status = read_tls(channel, options, error);
    }
    if (status < 0) {
        syslog_channel_clear(channel);
    }
    return status;
}
