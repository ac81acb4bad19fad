/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file collect_internal.h
 * Shared by the files of the collecting process.
 */
#ifndef EXPORTER_COLLECTOR_COLLECT_INTERNAL_H
#define EXPORTER_COLLECTOR_COLLECT_INTERNAL_H

#include "exporter/collector/collecting_process.h"
#include "exporter/collector/collector_output.h"
#include "exporter/collector/exporter_counters.h"
#include "exporter/collector/gio.h"
#include "exporter/collector/session_table.h"
#include "exporter/ipfix_decoder/message_input.h"
#include "exporter/tls/tls.h"

#define OUTPUTS_MAX 16
/* Room for the beginning of a message and a whole read after it: one TLS record at least. */
#define STREAM_BUFFER_SIZE (2 * (READER_MESSAGE_MAX + 1))
/* Datagrams received from one socket before other sources are served. */
#define BURST 256

typedef struct listener {
    collect_t *collect;
    GSocket *socket;
    GSource *source;
    tls_context_t *tls; /* NULL: plain */
    uint32_t drops;     /* datagrams that the kernel has dropped, as counted last */
} listener_t;

typedef struct collector_session {
    session_entry_t entry; /* first: the table returns a pointer to it */
    collect_t *collect;
    ipfix_decoder_t *reader; /* NULL before the first message */
    uint64_t records;        /* decoded, options records too */
    uint64_t refused;        /* of these, records for which the table had no room: the session ends */
    uint64_t sets_without_template;
    GHashTable *sequences; /* domain -> domain_state_t of session_sequence.c; NULL before the first message */
    int64_t output_credit; /* bytes that may still be printed for its messages */
    GByteArray *unarchived; /* messages before the first record: no file is made for templates alone */
    int archives[OUTPUTS_MAX];
    /* of a connection (TCP, TLS, DTLS); NULL or 0 for UDP */
    GSocket *socket;
    GSource *source;
    bool writing; /* the source waits until OpenSSL can write */
    tls_session_t *tls;
    uint8_t *held; /* the beginning of a message that has not arrived as a whole */
    size_t held_length;
} collector_session_t;

struct collect {
    collect_config_t config;
    GMainLoop *loop;
    GPtrArray *listeners;
    session_table_t *sessions;
    limit_report_t *limits;
    exporter_table_t *exporters;
    ipfix_decoder_t *visitor; /* decodes datagrams of peers without a session; its state is dropped */
    GPtrArray *outputs;
    reader_wait_t reader_wait; /* of the outputs */
    collect_stats_t stats;
    int64_t last_us;
    bool draining;
    synfix_status_t status;
    synfix_error_t error;
    uint8_t buffer[STREAM_BUFFER_SIZE]; /* of the source that is read at present */
};

typedef enum message_result {
    MESSAGE_ACCEPTED,
    MESSAGE_REJECTED,
    MESSAGE_ENDS_SESSION, /* the session has to end, or the collecting process does */
} message_result_t;

/** Ends the collecting process with @p status as its result. */
void collect_fail(collect_t *collect, synfix_status_t status, const synfix_error_t *error);
/** Flushes buffered output; stops when the reader has closed the pipe, or when draining is complete. */
void collect_flush(collect_t *collect);
/** Stops the collecting process when no connection is left. */
void collect_stop_when_quiet(collect_t *collect);
/** After the last requested record: refuses new sessions, and gives those that exist 5 s to end. */
void collect_drain(collect_t *collect);

/* session.c */

/** Adds a session to the table, which owns it; end it with session_end. NULL: no room. */
collector_session_t *session_new(collect_t *collect, session_kind_t kind, const char *peer, const char *host);
/** Removes the session from the table, and frees it. */
void session_end(collector_session_t *session);
/** As session_end_function: a session that the table has ended. */
void session_on_end(session_entry_t *entry, const char *reason, void *collect);
/** Decodes, prints and archives one message. */
message_result_t session_accept_message(collector_session_t *session, const uint8_t *message, size_t length);
/** Reports the memory of the session to the table. False: it has to end, which was logged and counted. */
bool session_account(collector_session_t *session);

/* session_sequence.c */

/** Compares the sequence number of one message with the number of records; @p before are the counters of the
 * decoder before the message. */
void session_check_sequence(collector_session_t *session, const uint8_t *message, size_t length,
                            const ipfix_decoder_stats_t *before, bool good);
/** Logs the totals of all domains, once, at the end of the session. */
void session_report_sequences(collector_session_t *session);

/** Appends a message to the archive (session_archive.c). False: an output failed. */
bool session_archive(collector_session_t *session, const uint8_t *message, size_t length);

/** Callbacks of listeners (datagrams.c, connections.c). */
gboolean collect_on_datagram(GSocket *socket, GIOCondition condition, gpointer listener);
gboolean collect_on_connection(GSocket *socket, GIOCondition condition, gpointer listener);
gboolean collect_on_hello(GSocket *socket, GIOCondition condition, gpointer listener);

/** Name of a peer for messages and the key of its session, `scheme://address:port` (peer_name.c); a
 * link-local address has the number of its interface (`[fe80::1%2]`), because each link has its own. g_free
 * it. */
char *peer_name(GSocketAddress *address, const char *scheme);
/** The address, or the network of 64 bits of an IPv6 address: the unit that counts as one host. g_free it. */
char *peer_host(GSocketAddress *address);

/** Limits the sessions to the number of files that the process may open (descriptors.c). SYNFIX_IO: too few.
 */
synfix_status_t collect_fit_descriptors(collect_t *collect, synfix_error_t *error);

/** Timer of one second: ends silent sessions (session_timeouts.c). */
gboolean collect_on_second(gpointer collect);

/** Counts the datagrams that the kernel dropped (datagrams.c). */
void collect_note_drops(collect_t *collect);

#endif
