/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file session_table.h
 * The sessions of a collecting process, within limits that hold against hostile exporters.
 *
 * The rank of a session states its best message: no valid message, a valid template, or data records ("has
 * delivered"). A new session may evict an older session of a lower rank, but no session that delivered within
 * the last DELIVERED_SAFE_US. Connections that have not delivered hold at most a quarter of the table.
 * Sessions over UDP that have not delivered hold no descriptor, and have a separate limit. Among sessions
 * that have not delivered, the table ends a session of the host with the most sessions: the connections of
 * one host do not evict the exporter on another host.
 *
 * One thread. Times are in microseconds of the monotonic clock.
 */
#ifndef EXPORTER_COLLECTOR_SESSION_TABLE_H
#define EXPORTER_COLLECTOR_SESSION_TABLE_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One minute: synfix repeats options records at this interval, so its live sessions are never evicted. */
#define DELIVERED_SAFE_US (60 * G_USEC_PER_SEC)

typedef enum session_rank {
    SESSION_SILENT,     /* no valid message with a template or data yet */
    SESSION_KNOWN,      /* has sent a template */
    SESSION_DELIVERING, /* has delivered data records */
    SESSION_RANKS,
} session_rank_t;

typedef enum session_kind {
    SESSION_DATAGRAMS,  /* UDP: the source address is easily forged */
    SESSION_CONNECTION, /* TCP, TLS, DTLS */
    SESSION_KINDS,
} session_kind_t;

typedef struct session_usage {
    uint32_t templates;
    uint32_t fields;
    size_t bytes;
} session_usage_t;

/** Each at least 1; sessions at least 8. */
typedef struct session_limits {
    uint32_t sessions;         /* connections, and sessions over UDP that have delivered */
    uint32_t candidates;       /* sessions over UDP that have not delivered */
    uint32_t sessions_of_host; /* an IPv4 address, or an IPv6 network of 64 bits */
    session_usage_t total;     /* of all sessions together */
} session_limits_t;

typedef struct session_host session_host_t;

/** Part of the owner's session. Only the table writes it. */
typedef struct session_entry {
    GList link; /* in the queue of its kind and rank: the least recent first */
    char *peer; /* unique */
    session_host_t *host;
    session_kind_t kind;
    session_rank_t rank;
    int64_t begun_us;
    int64_t last_us; /* last valid message; at first the beginning */
    session_usage_t usage;
} session_entry_t;

typedef struct session_table session_table_t;

/** Ends a session that the table has removed. @p reason is a clause. */
typedef void session_end_function(session_entry_t *entry, const char *reason, void *user);

/** An empty table. @p limits is copied; @p end and @p user are used until session_table_free(). Never NULL.
 */
session_table_t *session_table_new(const session_limits_t *limits, session_end_function *end, void *user);
/** Frees the table, which must be empty. */
void session_table_free(session_table_t *table);

/** Sessions at present. */
uint32_t session_table_count(const session_table_t *table);
/** Lowers the limit of sessions; not below their present number. The limit of candidates stays. */
void session_table_limit(session_table_t *table, uint32_t sessions);
/** NULL: none of that name. */
session_entry_t *session_table_find(const session_table_t *table, const char *peer);
/** The first session of @p kind and @p rank, then the next ones by `link.next`; NULL at the end. */
session_entry_t *session_table_first(const session_table_t *table, session_kind_t kind, session_rank_t rank);

/** Makes room for one more session of @p host; may end others. False: no session may be ended. */
bool session_table_admit(session_table_t *table, session_kind_t kind, const char *host, int64_t now);
/** Adds @p entry with rank SESSION_SILENT. @p peer and @p host are copied. */
void session_table_add(session_table_t *table, session_entry_t *entry, session_kind_t kind, const char *peer,
                       const char *host, int64_t now);
/** Removes @p entry; the caller frees it. */
void session_table_remove(session_table_t *table, session_entry_t *entry);

/** Registers a valid message. The rank never falls. False: a session over UDP delivers for the first time,
 * but the table is full of sessions that deliver; the caller has to end @p entry. */
bool session_table_touch(session_table_t *table, session_entry_t *entry, session_rank_t rank, int64_t now);

/** Replaces the usage of @p entry. While all sessions together exceed a limit, the session with the most
 * memory ends; a quarter of the memory of a session that has delivered counts. While sessions over UDP that
 * have not delivered hold more than a quarter of the memory, only such sessions end. False: the caller has to
 * end @p entry. */
bool session_table_account(session_table_t *table, session_entry_t *entry, const session_usage_t *usage);

#endif
