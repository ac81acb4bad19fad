/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file collecting_process.h
 * A small collecting process: receives IPFIX over UDP, TCP, TLS and DTLS, prints records and archives
 * messages. It runs on the main context of the thread that made it; all functions but
 * collect_hurry belong to that thread.
 *
 * Each exporter's session has its own reader (two may use the same domain and template ids) and its own
 * archive file, from its first record on. Exporters may be hostile: sessions, memory, templates, records of a
 * message, output and archive files are bounded (session_table.h, limit_report.h).
 */
#ifndef EXPORTER_COLLECTOR_COLLECTING_PROCESS_H
#define EXPORTER_COLLECTOR_COLLECTING_PROCESS_H

#include "exporter/collector/limit_report.h"
#include "exporter/ipfix_decoder/message_decoder.h"
#include <glib.h>

#define COLLECT_SESSIONS_DEFAULT 1024u
#define COLLECT_SESSIONS_MIN     16u
#define COLLECT_SESSIONS_MAX     100000u
#define COLLECT_MEMORY_DEFAULT   (64u * 1024u * 1024u)
#define COLLECT_MEMORY_MIN       (4u * 1024u * 1024u)
#define COLLECT_MEMORY_MIB_MAX   1024u
#define COLLECT_HANDSHAKE_US_DEFAULT                                                                         \
    (10 * G_USEC_PER_SEC) /* as an exporter: HANDSHAKE_US of tls_handshake.c */
#define COLLECT_SESSION_US_DEFAULT (1800 * G_USEC_PER_SEC) /* three times a template refresh of 600 s */

typedef struct collect collect_t;

typedef struct collect_config {
    ipfix_decoder_names_t names;
    uint64_t count;    /* end after this number of data records; 0: never */
    int64_t idle_us;   /* end after this time without a message; 0: never */
    bool options;      /* print options records too */
    uint32_t sessions; /* at once; 0: COLLECT_SESSIONS_DEFAULT, else COLLECT_SESSIONS_MIN at least */
    size_t
        memory; /* of all sessions, in bytes; 0: COLLECT_MEMORY_DEFAULT, else COLLECT_MEMORY_MIN at least */
    int64_t handshake_us; /* for TLS and DTLS; 0: COLLECT_HANDSHAKE_US_DEFAULT */
    int64_t session_us;   /* a session ends after so long without a message; 0: COLLECT_SESSION_US_DEFAULT. A
                             TCP connection that has delivered records stays. */
    collect_log_function *log;
    void *log_user;
} collect_config_t;

typedef struct collect_stats {
    uint64_t sessions;
    uint64_t messages;
    uint64_t records; /* data records */
    uint64_t refused; /* messages that are not valid IPFIX or pass a limit of their session */
} collect_stats_t;

/** Creates a process without listeners and outputs. @p config is copied. Never NULL; collect_free frees it.
 */
collect_t *collect_new(const collect_config_t *config);
/** Ends all sessions, closes their archive files, and frees everything. */
void collect_free(collect_t *collect);

/**
 * Adds a listener: `udp://host:port`, `tcp://host:port`,
 * `tls://host:port?ca=...&cert=...&key=...&anonymous=no` (keys as in the sink) or `dtls://` with the same
 * keys; port 0 selects a free port, which is logged.
 */
synfix_status_t collect_listen(collect_t *collect, const char *where,
                               synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Adds an output: `text`, `json`, `csv` (`:PATH` to append to a file), `-` (text), or `file:PATH` (IPFIX; an
 * existing file is never overwritten: PATH, then PATH with -2, -3 ... before its extension).
 */
synfix_status_t collect_add_output(collect_t *collect, const char *where,
                                   synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Runs until count, idle time, collect_stop, or a failed output: SYNFIX_IO with the reason. */
synfix_status_t collect_run(collect_t *collect, synfix_error_t *error) SYNFIX_MUST_CHECK;
/**
 * Opens the files of printed outputs again, for example after another program has renamed them. A file that
 * cannot be opened is logged, and the former one stays in use. Archives of sessions continue.
 */
void collect_reopen(collect_t *collect);
/** Ends collect_run after the callback that runs now. */
void collect_stop(collect_t *collect);
/**
 * A paused reader of printed records no longer delays the end: after the first call, a reader that reads
 * nothing for 5 s fails the output, after the second one at once. Any thread; collect_run continues until
 * collect_stop.
 */
void collect_hurry(collect_t *collect);
void collect_get_stats(const collect_t *collect, collect_stats_t *stats);
/** Appends all counters as OpenMetrics text: sessions, limits, and the sequence of each exporter and domain.
 */
void collect_metrics(const collect_t *collect, GString *text);
/** Returns the losses by limits, for the summary; NULL: none. g_free the result. */
char *collect_limits_text(const collect_t *collect);

#endif
