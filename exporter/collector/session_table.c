/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/collector/session_table.h"
#include <string.h>

/* Connections that have not delivered hold at most 1/UNPROVEN_PART of the table. */
#define UNPROVEN_PART 4
/* Limit of the sessions that one search for a session to end examines, least recent first. In a flood, the
 * cost of a new session does not depend on the size of the table. */
#define CONSIDERED_MAX 256
/* Sessions over UDP without deliveries end first if they hold more than 1/CANDIDATES_PART of the memory. */
#define CANDIDATES_PART 4
/* When memory runs out, 1/DELIVERED_SHARE of the memory of a session that delivers counts. */
#define DELIVERED_SHARE 4

struct session_host {
    char *name;
    uint32_t sessions;
    uint32_t unproven[SESSION_KINDS]; /* sessions that have not delivered */
};

struct session_table {
    session_limits_t limits;
    session_end_function *end;
    void *user;
    GHashTable *peers; /* peer -> session_entry_t */
    GHashTable *hosts; /* name -> session_host_t */
    GQueue queues[SESSION_KINDS][SESSION_RANKS];
    session_usage_t usage;
    size_t candidate_bytes; /* of sessions over UDP that have not delivered */
};

static void host_free(gpointer data)
{
    session_host_t *const host = data;
    g_free(host->name);
    g_free(host);
}

session_table_t *session_table_new(const session_limits_t *limits, session_end_function *end, void *user)
{
    session_table_t *const table = g_new0(session_table_t, 1);
    table->limits = *limits;
    table->end = end;
    table->user = user;
    table->peers = g_hash_table_new(g_str_hash, g_str_equal);
    table->hosts = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, host_free);
    return table;
}

void session_table_free(session_table_t *table)
{
    g_hash_table_destroy(table->peers);
    g_hash_table_destroy(table->hosts);
    g_free(table);
}

uint32_t session_table_count(const session_table_t *table)
{
    return g_hash_table_size(table->peers);
}

void session_table_limit(session_table_t *table, uint32_t sessions)
{
    table->limits.sessions = MIN(table->limits.sessions, sessions);
    table->limits.sessions_of_host = MIN(table->limits.sessions_of_host, sessions - sessions / 4);
}

session_entry_t *session_table_find(const session_table_t *table, const char *peer)
{
    return g_hash_table_lookup(table->peers, peer);
}

session_entry_t *session_table_first(const session_table_t *table, session_kind_t kind, session_rank_t rank)
{
    const GList *const link = table->queues[kind][rank].head;
    return link != NULL ? link->data : NULL;
}

static bool is_unproven(const session_entry_t *entry)
{
    return entry->rank < SESSION_DELIVERING;
}

void session_table_add(session_table_t *table, session_entry_t *entry, session_kind_t kind, const char *peer,
                       const char *host, int64_t now)
{
    session_host_t *at = g_hash_table_lookup(table->hosts, host);
    if (at == NULL) {
        at = g_new0(session_host_t, 1);
        at->name = g_strdup(host);
        g_hash_table_insert(table->hosts, at->name, at);
    }
    at->sessions++;
    at->unproven[kind]++;
    *entry = (session_entry_t){.link = {.data = entry},
                               .peer = g_strdup(peer),
                               .host = at,
                               .kind = kind,
                               .rank = SESSION_SILENT,
                               .begun_us = now,
                               .last_us = now};
    g_hash_table_insert(table->peers, entry->peer, entry);
    g_queue_push_tail_link(&table->queues[kind][SESSION_SILENT], &entry->link);
}

static bool is_candidate(const session_entry_t *entry)
{
    return is_unproven(entry) && entry->kind == SESSION_DATAGRAMS;
}

static void replace_usage(session_table_t *table, session_entry_t *entry, const session_usage_t *usage)
{
    table->usage.templates += usage->templates - entry->usage.templates;
    table->usage.fields += usage->fields - entry->usage.fields;
    table->usage.bytes += usage->bytes - entry->usage.bytes;
    table->candidate_bytes += is_candidate(entry) ? usage->bytes - entry->usage.bytes : 0;
    entry->usage = *usage;
}

void session_table_remove(session_table_t *table, session_entry_t *entry)
{
    static const session_usage_t nothing = {0};
    session_host_t *const host = entry->host;
    replace_usage(table, entry, &nothing);
    g_queue_unlink(&table->queues[entry->kind][entry->rank], &entry->link);
    g_hash_table_remove(table->peers, entry->peer);
    host->unproven[entry->kind] -= is_unproven(entry);
    if (--host->sessions == 0) {
        g_hash_table_remove(table->hosts, host->name);
    }
    g_free(entry->peer);
    entry->peer = NULL;
    entry->host = NULL;
}

static void end_session(session_table_t *table, session_entry_t *entry, const char *reason)
{
    g_autofree char *peer = g_strdup(entry->peer);
    session_table_remove(table, entry);
    entry->peer = g_steal_pointer(&peer); /* for the message of the owner; the owner frees it */
    table->end(entry, reason, table->user);
}

/* The least recent unproven session of @p host; NULL: among the least recent ones of @p kind, one of the host
 * with the most of them. */
static session_entry_t *find_unproven(const session_table_t *table, session_kind_t kind,
                                      const session_host_t *host)
{
    session_entry_t *found = NULL;
    unsigned considered = 0;
    for (int rank = SESSION_SILENT; rank < SESSION_DELIVERING; rank++) {
        for (GList *link = table->queues[kind][rank].head; link != NULL; link = link->next) {
            session_entry_t *const entry = link->data;
            if (host != NULL && entry->host != host) {
                continue;
            }
            if (found == NULL || entry->host->unproven[kind] > found->host->unproven[kind]) {
                found = entry;
            }
            if (host != NULL || ++considered == CONSIDERED_MAX) {
                return found;
            }
        }
    }
    return found;
}

/* The session that delivered longest ago, if that is long enough. */
static session_entry_t *find_stale(const session_table_t *table, session_kind_t kind,
                                   const session_host_t *host, int64_t now)
{
    for (GList *link = table->queues[kind][SESSION_DELIVERING].head; link != NULL; link = link->next) {
        session_entry_t *const entry = link->data;
        if (now - entry->last_us < DELIVERED_SAFE_US) {
            return NULL;
        }
        if (host == NULL || entry->host == host) {
            return entry;
        }
    }
    return NULL;
}

static bool make_room(session_table_t *table, session_kind_t kind, const session_host_t *host, int64_t now,
                      const char *reason)
{
    const session_kind_t other = kind == SESSION_DATAGRAMS ? SESSION_CONNECTION : SESSION_DATAGRAMS;
    const session_kind_t kinds[] = {kind, other};
    session_entry_t *victim = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(kinds) && victim == NULL; i++) {
        const bool helps =
            host != NULL || kinds[i] == SESSION_CONNECTION; /* datagram sessions hold no place */
        victim = helps ? find_unproven(table, kinds[i], host) : NULL;
    }
    victim = victim != NULL ? victim : find_stale(table, kind, host, now);
    victim = victim != NULL ? victim : find_stale(table, other, host, now);
    if (victim != NULL) {
        end_session(table, victim, reason);
    }
    return victim != NULL;
}

static uint32_t count_unproven(const session_table_t *table, session_kind_t kind)
{
    return table->queues[kind][SESSION_SILENT].length + table->queues[kind][SESSION_KNOWN].length;
}

/* Makes room for a session with a descriptor; candidates (UDP, nothing delivered) hold no descriptor. */
static bool make_place(session_table_t *table, session_kind_t kind, int64_t now)
{
    const uint32_t places = session_table_count(table) - count_unproven(table, SESSION_DATAGRAMS);
    return places < table->limits.sessions || make_room(table, kind, NULL, now, "too many sessions");
}

static uint32_t unproven_limit(const session_table_t *table, session_kind_t kind)
{
    return kind == SESSION_DATAGRAMS ? table->limits.candidates : table->limits.sessions / UNPROVEN_PART;
}

bool session_table_admit(session_table_t *table, session_kind_t kind, const char *host, int64_t now)
{
    const session_host_t *const at = g_hash_table_lookup(table->hosts, host);
    if (at != NULL && at->sessions >= table->limits.sessions_of_host &&
        !make_room(table, kind, at, now, "too many sessions of this host")) {
        return false;
    }
    if (count_unproven(table, kind) >= unproven_limit(table, kind)) {
        end_session(table, find_unproven(table, kind, NULL), "too many sessions that have not delivered");
    }
    return kind == SESSION_DATAGRAMS || make_place(table, kind, now);
}

bool session_table_touch(session_table_t *table, session_entry_t *entry, session_rank_t rank, int64_t now)
{
    const session_rank_t risen = MAX(rank, entry->rank);
    const bool proven = is_unproven(entry) && risen == SESSION_DELIVERING;
    if (proven && is_candidate(entry)) {
        if (!make_place(table, entry->kind, now)) {
            return false;
        }
        table->candidate_bytes -= entry->usage.bytes;
    }
    entry->last_us = now;
    g_queue_unlink(&table->queues[entry->kind][entry->rank], &entry->link);
    entry->host->unproven[entry->kind] -= proven;
    entry->rank = risen;
    g_queue_push_tail_link(&table->queues[entry->kind][risen], &entry->link);
    return true;
}

static bool is_over(const session_table_t *table)
{
    const session_usage_t *const limit = &table->limits.total;
    return table->usage.templates > limit->templates || table->usage.fields > limit->fields ||
           table->usage.bytes > limit->bytes;
}

/* A session that has delivered ends only after other sessions that hold more than 1/DELIVERED_SHARE of its
 * memory. */
static size_t weight(const session_entry_t *entry)
{
    return is_unproven(entry) ? entry->usage.bytes : entry->usage.bytes / DELIVERED_SHARE;
}

static session_entry_t *find_heaviest(const session_table_t *table)
{
    const bool candidates = table->candidate_bytes > table->limits.total.bytes / CANDIDATES_PART;
    const int kinds = candidates ? SESSION_DATAGRAMS + 1 : SESSION_KINDS;
    const int ranks = candidates ? SESSION_DELIVERING : SESSION_RANKS;
    session_entry_t *found = NULL;
    for (int i = 0; i < kinds * ranks; i++) {
        for (GList *link = table->queues[i / ranks][i % ranks].head; link != NULL; link = link->next) {
            session_entry_t *const entry = link->data;
            found = found == NULL || weight(entry) > weight(found) ? entry : found;
        }
    }
    return found;
}

bool session_table_account(session_table_t *table, session_entry_t *entry, const session_usage_t *usage)
{
    replace_usage(table, entry, usage);
    while (is_over(table)) {
        session_entry_t *const victim = find_heaviest(table);
        if (victim == entry) {
            return false;
        }
        end_session(table, victim, "too much memory for all sessions together");
    }
    return true;
}
