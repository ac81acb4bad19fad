/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/collector/collect_internal.h"

static void time_out(collector_session_t *session, collect_limit_t limit)
{
    limit_report_add(session->collect->limits, limit, 1, session->entry.peer, NULL);
    session_end(session);
}

/* The queues begin with the session that is silent longest. */
static void end_idle(collect_t *collect, session_kind_t kind, session_rank_t rank, int64_t now)
{
    session_entry_t *entry = session_table_first(collect->sessions, kind, rank);
    while (entry != NULL && now - entry->last_us >= collect->config.session_us) {
        time_out((collector_session_t *)entry, COLLECT_SESSION_TIMEOUT);
        entry = session_table_first(collect->sessions, kind, rank);
    }
}

/* DTLS has no keepalive: a peer that has ended is only silent. */
static void end_idle_dtls(collect_t *collect, int64_t now)
{
    session_entry_t *entry = session_table_first(collect->sessions, SESSION_CONNECTION, SESSION_DELIVERING);
    while (entry != NULL && now - entry->last_us >= collect->config.session_us) {
        session_entry_t *const next = entry->link.next != NULL ? entry->link.next->data : NULL;
        collector_session_t *const session = (collector_session_t *)entry;
        if (g_socket_get_socket_type(session->socket) == G_SOCKET_TYPE_DATAGRAM) {
            time_out(session, COLLECT_SESSION_TIMEOUT);
        }
        entry = next;
    }
}

static bool is_shaking_hands(const collector_session_t *session)
{
    return session->tls != NULL && !tls_session_is_open(session->tls);
}

static void end_handshakes(collect_t *collect, int64_t now)
{
    session_entry_t *entry = session_table_first(collect->sessions, SESSION_CONNECTION, SESSION_SILENT);
    while (entry != NULL && now - entry->begun_us >= collect->config.handshake_us) {
        session_entry_t *const next = entry->link.next != NULL ? entry->link.next->data : NULL;
        if (is_shaking_hands((collector_session_t *)entry)) {
            time_out((collector_session_t *)entry, COLLECT_HANDSHAKE);
        }
        entry = next;
    }
}

gboolean collect_on_second(gpointer user)
{
    collect_t *const collect = user;
    const int64_t now = g_get_monotonic_time();
    collect_note_drops(collect);
    end_handshakes(collect, now);
    end_idle(collect, SESSION_CONNECTION, SESSION_SILENT, now);
    end_idle(collect, SESSION_CONNECTION, SESSION_KNOWN, now);
    /* A TCP connection that has delivered may be silent for long: keepalive finds the dead ones. */
    end_idle_dtls(collect, now);
    for (int rank = 0; rank < SESSION_RANKS; rank++) {
        end_idle(collect, SESSION_DATAGRAMS, (session_rank_t)rank, now);
    }
    return G_SOURCE_CONTINUE;
}
