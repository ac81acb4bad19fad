/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file transport_session.h
 * What the exporting process owes one transport session (or one file): templates, type records, options
 * records on their timers, and the sequence number. It makes messages, somebody else sends them.
 *
 * Use: new; for each connection or file: session_begin, then blocks with session_write_header in front of
 * each, and session_tick at least once a second. All in one thread. Wall clock is a parameter (nanoseconds).
 */
#ifndef EXPORTER_IPFIX_TRANSPORT_SESSION_H
#define EXPORTER_IPFIX_TRANSPORT_SESSION_H

#include "exporter/ipfix/message_encoder.h"
#include <synfix/module.h>

typedef struct ipfix_session ipfix_session_t;

/** Takes one whole, stamped message (valid during the call) with @p records data records (options included,
 * templates not). A failure ends the session function that called it with the same status. */
typedef synfix_status_t (*ipfix_emit_fn)(void *user, const uint8_t *message, size_t length, uint32_t records,
                                         synfix_error_t *error);

typedef struct ipfix_session_config {
    const ipfix_settings_t *settings;    /* outlives the session */
    const synfix_module_context_t *host; /* may be NULL: no statistics, no database */
    int64_t options_interval_ms;         /* 0: only at the beginning */
    int64_t template_interval_ms;        /* UDP: templates and type records again at most after; 0: never */
    uint32_t template_messages;          /* UDP: the same after so many messages; 0: never */
    uint32_t message_size;               /* of the messages made here; 0: settings->message_size */
    /** Exporting process reliability: the sink's own numbers; may be NULL. Called from session functions. */
    void (*stats)(void *user, synfix_sink_stats_t *stats);
    void *stats_user; /* the sink's instance: the host knows by it what was lost before the sink */
} ipfix_session_config_t;

synfix_status_t ipfix_session_new(const ipfix_session_config_t *config, ipfix_session_t **session,
                                  synfix_error_t *error) SYNFIX_MUST_CHECK;
void ipfix_session_free(ipfix_session_t *session);

/** Begins a transport session: sequence 0, then type records, templates and all options records through @p
 * emit. */
synfix_status_t ipfix_session_begin(ipfix_session_t *session, int64_t now_ns, ipfix_emit_fn emit, void *user,
                                    synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Sends what is due by time or number of messages; nothing when nothing is. */
synfix_status_t ipfix_session_tick(ipfix_session_t *session, int64_t now_ns, ipfix_emit_fn emit, void *user,
                                   synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Type records, templates and (compact) label table again, the sequence going on: several copies at a UDP
 * start, after a reload. */
synfix_status_t ipfix_session_refresh(ipfix_session_t *session, int64_t now_ns, ipfix_emit_fn emit,
                                      void *user, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Templates, type records and all options records again, the sequence going on: for a collector that may
 * have missed them. */
synfix_status_t ipfix_session_resend(ipfix_session_t *session, int64_t now_ns, ipfix_emit_fn emit, void *user,
                                     synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Begins the growing template intervals (1, 2, 4 ... seconds, up to template_interval_ms) anew, as
 * session_begin does. */
void ipfix_session_hurry(ipfix_session_t *session);

/** The closing options records (statistics as they stand at the end). */
synfix_status_t ipfix_session_end(ipfix_session_t *session, int64_t now_ns, ipfix_emit_fn emit, void *user,
                                  synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Makes the header of a message that is to be sent now: a block, or one that was kept (@p message with its 16
 * old header bytes). @p header goes out in place of those: writev(header, message + 16). The sequence moves
 * on by @p records; also when sending then fails.
 */
void ipfix_session_stamp(ipfix_session_t *session, const uint8_t *message, size_t length, uint32_t records,
                         int64_t now_ns, uint8_t header[IPFIX_HEADER_SIZE]);

/** Takes the last stamp back: for a file, which never held the message that could not be written. */
void ipfix_session_unstamp(ipfix_session_t *session, uint32_t sequence, size_t length, uint32_t records);

/** Number that the next message will carry. */
uint32_t ipfix_session_sequence(const ipfix_session_t *session);

#endif
