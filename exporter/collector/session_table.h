/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file session_table.h
 * The sessions of a collecting process, within limits that hold against hostile exporters.
 *
 * A session has a rank: it has sent nothing valid yet, it has sent a valid template, or it has delivered data
 * records. A new session may push out an older one of a lower rank, and never one that delivered records
 * within the last DELIVERED_SAFE_US. Connections that have not delivered hold at most a quarter of the table.
 * Sessions over UDP that have not delivered hold no descriptor, and have a limit of their own. Among those
 * that have not delivered, the host with the most sessions loses a session first: an exporter is not pushed
 * out by the connections of another host.
 *
 * One thread. Times are in microseconds of the monotonic clock.
 */
#ifndef EXPORTER_COLLECTOR_SESSION_TABLE_H
#define EXPORTER_COLLECTOR_SESSION_TABLE_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One minute: the interval at which synfix repeats options records, so a live exporter of it is never pushed
 * out. */
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

/** Ends a session that has left the table already. @p reason is a clause. */
typedef void session_end_function(session_entry_t *entry, const char *reason, void *user);

/** An empty table. @p limits is copied; @p end and @p user are used until session_table_free(). Never NULL.
 */
session_table_t *session_table_new(const session_limits_t *limits, session_end_function *end, void *user);
/** Frees the table; the sessions have to be out of it. */
void session_table_free(session_table_t *table);

/** Sessions at present. */
uint32_t session_table_count(const session_table_t *table);
/** Lowers the limit of sessions; not below their present number. The limit of candidates stays. */
void session_table_limit(session_table_t *table, uint32_t sessions);
/** NULL: none of that name. */
session_entry_t *session_table_find(const session_table_t *table, const char *peer);
/** The first session of @p kind and @p rank, then the next ones by `link.next`; NULL at the end. */
session_entry_t *session_table_first(const session_table_t *table, session_kind_t kind, session_rank_t rank);

/** Makes room for one more session of @p host, ending others. False: none may be ended for it. */
bool session_table_admit(session_table_t *table, session_kind_t kind, const char *host, int64_t now);
/** Enters @p entry, with rank SESSION_SILENT. @p peer and @p host are copied. */
void session_table_add(session_table_t *table, session_entry_t *entry, session_kind_t kind, const char *peer,
                       const char *host, int64_t now);
/** Takes @p entry out; its owner frees it. */
void session_table_remove(session_table_t *table, session_entry_t *entry);

/** Registers a valid message. Ranks only rise. False: a session over UDP delivers, but the table is full of
 * sessions that deliver: it has to end. */
bool session_table_touch(session_table_t *table, session_entry_t *entry, session_rank_t rank, int64_t now);

/** Notes what @p entry holds now. Past a total, the sessions with the most memory are ended; the memory of
 * sessions that have delivered counts a quarter there. Sessions over UDP that have not delivered are the only
 * ones that end while they hold more than a quarter of the memory. False: it is @p entry that has to end. */
bool session_table_account(session_table_t *table, session_entry_t *entry, const session_usage_t *usage);

#endif
