/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* UDP: sessions begin with a valid template. */
#include "exporter/collector/collect_internal.h"
#include "exporter/collector/listen_address.h"

/* One datagram of a stranger holds less than this. */
static const ipfix_decoder_limits_t visitor_limits = {
    .templates = 1024, .fields = 16384, .types = 1, .records = 16384};

/* Whether the datagram of a peer without a session is valid and brings a template. */
static bool brings_template(collect_t *collect, const char *peer, const uint8_t *message, size_t length)
{
    static const ipfix_decoder_events_t no_events = {0};
    ipfix_decoder_stats_t stats;
    synfix_error_t error;
    if (collect->visitor == NULL) {
        collect->visitor = ipfix_decoder_new(&collect->config.names, &visitor_limits, &no_events);
    }
    const bool good = ipfix_decoder_message(collect->visitor, message, length, &error) >= 0;
    ipfix_decoder_get_stats(collect->visitor, &stats);
    if (stats.templates > 0) {
        ipfix_decoder_free(collect->visitor);
        collect->visitor = NULL;
    }
    if (good && stats.templates > 0) {
        return true;
    }
    limit_report_add(collect->limits, good ? COLLECT_NO_SESSION : COLLECT_REJECTED, 1, peer,
                     good ? NULL : error.text);
    return false;
}

static void take_datagram(collect_t *collect, GSocketAddress *from, const uint8_t *message, size_t length)
{
    g_autofree char *peer = peer_name(from, "udp");
    collector_session_t *session = (collector_session_t *)session_table_find(collect->sessions, peer);
    if (session == NULL) {
        if (!brings_template(collect, peer, message, length)) {
            collect->stats.messages++;
            return;
        }
        g_autofree char *host = peer_host(from);
        session = session_new(collect, SESSION_DATAGRAMS, peer, host);
    }
    if (session == NULL) {
        collect->stats.messages++;
    } else if (session_accept_message(session, message, length) == MESSAGE_ENDS_SESSION) {
        session_end(session);
    }
}

gboolean collect_on_datagram(GSocket *socket, GIOCondition condition, gpointer user)
{
    const listener_t *const listener = user;
    collect_t *const collect = listener->collect;
    (void)condition;
    for (int i = 0; i < BURST; i++) {
        GIO_AUTO GSocketAddress *from = NULL;
        const gssize got =
            g_socket_receive_from(socket, &from, (char *)collect->buffer, READER_MESSAGE_MAX + 1, NULL, NULL);
        if (got < 0) {
            break;
        }
        take_datagram(collect, from, collect->buffer, (size_t)got);
    }
    collect_flush(collect);
    return G_SOURCE_CONTINUE;
}

void collect_note_drops(collect_t *collect)
{
    for (guint i = 0; i < collect->listeners->len; i++) {
        listener_t *const listener = g_ptr_array_index(collect->listeners, i);
        const bool datagrams = g_socket_get_socket_type(listener->socket) == G_SOCKET_TYPE_DATAGRAM;
        const uint32_t drops = datagrams ? listen_count_drops(listener->socket) : 0;
        if (drops != listener->drops) {
            limit_report_add(collect->limits, COLLECT_KERNEL_DROPS, drops - listener->drops,
                             listener->tls != NULL ? "dtls" : "udp", NULL);
            listener->drops = drops;
        }
    }
}
