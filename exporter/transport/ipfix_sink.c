/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/transport/ipfix_sink.h"
#include "exporter/transport/endpoint_list.h"
#include <stdarg.h>
#include <string.h>

synfix_status_t transport_init(ipfix_sink_t *transport, const synfix_module_context_t *context,
                               const synfix_options_t *options, ipfix_session_config_t session,
                               synfix_error_t *error)
{
    const char *const target = synfix_options_target(options);
    synfix_status_t status = transport_list_endpoints(transport, options, error);
    if (status < 0) {
        return status;
    }
    (void)pthread_mutex_init(&transport->lock, NULL);
    transport->context = context;
    transport->source = g_strdup(synfix_options_string(options, "source"));
    transport->peer = g_strdup_printf("%s://%s", synfix_options_scheme(options),
                                      g_str_has_prefix(target, "//") ? target + 2 : target);
    status = ipfix_settings_init(&transport->settings, context, options, error);
    if (status >= 0) {
        session.settings = &transport->settings;
        session.context = context;
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
        g_free(transport->endpoints);
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
    g_free(transport->endpoints);
    g_free(transport->logged_reason);
    g_free(transport->source);
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
    if (transport->context == NULL || transport->context->log == NULL) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_autofree char *line = g_strdup_printf("%s: %s", transport->peer, text);
    transport->context->log(transport->context->user, level, line);
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
