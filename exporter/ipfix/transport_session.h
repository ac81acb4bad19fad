/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file transport_session.h
 * The state of the exporting process for one transport session or one file: templates, type information
 * records, options records and their timers, and the sequence number. The session makes messages; the caller
 * sends them.
 * Usage: ipfix_session_new; for each connection or file ipfix_session_begin, then blocks, each with
 * ipfix_session_write_header, and ipfix_session_tick at least once a second. All calls come from one thread.
 * Wall-clock time is a parameter in nanoseconds.
 */
#ifndef EXPORTER_IPFIX_TRANSPORT_SESSION_H
#define EXPORTER_IPFIX_TRANSPORT_SESSION_H

#include "exporter/ipfix/message_encoder.h"
#include <synfix/module.h>

typedef struct ipfix_session ipfix_session_t;

/**
 * Receives one whole message with its final header, valid during the call, with @p records data records
 * (options records included, templates not). A failure ends the calling session function with the same
 * status.
 */
typedef synfix_status_t (*ipfix_emit_fn)(void *user, const uint8_t *message, size_t length, uint32_t records,
                                         synfix_error_t *error);

typedef struct ipfix_session_config {
    const ipfix_settings_t *settings;       /* must outlive the session */
    const synfix_module_context_t *context; /* may be NULL: no statistics, no database */
    int64_t options_interval_ms;            /* 0: at the beginning only */
    int64_t template_interval_ms; /* UDP: maximum interval between transmissions of templates and type
                                     records; 0: never */
    uint32_t template_messages;   /* UDP: maximum number of messages between them; 0: never */
    bool whole; /* each transmission has templates, types, options records and labels: its messages can be
                   read without earlier ones */
    uint32_t message_size; /* maximum length of messages made here; 0: settings->message_size */
    /**
     * Source of the Exporting Process Reliability Statistics (RFC 7011 section 4.3): counters of the sink;
     * may be NULL. Called from session functions.
     */
    void (*stats)(void *user, synfix_sink_stats_t *stats);
    void *stats_user; /* instance of the sink: identifies the sink to the module context, which counts losses
                         before the sink */
} ipfix_session_config_t;

/**
 * Creates a session; @p config is copied. The caller frees the session. SYNFIX_INVALID: the message size is
 * too small, or libfixbuf refuses a template.
 */
synfix_status_t ipfix_session_new(const ipfix_session_config_t *config, ipfix_session_t **session,
                                  synfix_error_t *error) SYNFIX_MUST_CHECK;
void ipfix_session_free(ipfix_session_t *session);

/** Begins a transport session: sequence 0, then type records, templates and all options records through @p
 * emit. */
synfix_status_t ipfix_session_begin(ipfix_session_t *session, int64_t now_ns, ipfix_emit_fn emit, void *user,
                                    synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Whether ipfix_session_tick would send something now. */
bool ipfix_session_is_due(const ipfix_session_t *session, int64_t now_ns);

/** Sends the messages that are due by time or by number of messages. */
synfix_status_t ipfix_session_tick(ipfix_session_t *session, int64_t now_ns, ipfix_emit_fn emit, void *user,
                                   synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Sends type records, templates and, with compact profiles, the label table again without resetting the
 * sequence: repetitions at a UDP start, and after a reload.
 */
synfix_status_t ipfix_session_refresh(ipfix_session_t *session, int64_t now_ns, ipfix_emit_fn emit,
                                      void *user, synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Sends templates, type records and all options records again without resetting the sequence, for a collector
 * that may have missed them.
 */
synfix_status_t ipfix_session_resend(ipfix_session_t *session, int64_t now_ns, ipfix_emit_fn emit, void *user,
                                     synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Restarts the growing template intervals (1, 2, 4 ... seconds, up to template_interval_ms), as session_begin
 * does.
 */
void ipfix_session_restart_intervals(ipfix_session_t *session);

/** Sends the closing options records with the final statistics. */
synfix_status_t ipfix_session_end(ipfix_session_t *session, int64_t now_ns, ipfix_emit_fn emit, void *user,
                                  synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Makes the header of a message that is sent now: a block, or a stored message (@p message with its old
 * 16-byte header). @p header replaces the first 16 bytes: writev(header, message + 16). The sequence number
 * advances by @p records, also if sending fails afterwards.
 */
void ipfix_session_write_header(ipfix_session_t *session, const uint8_t *message, size_t length,
                                uint32_t records, int64_t now_ns, uint8_t header[IPFIX_HEADER_SIZE]);

/**
 * Reverts the last ipfix_session_write_header: for a file that does not contain the message because the write
 * failed.
 */
void ipfix_session_roll_back(ipfix_session_t *session, uint32_t sequence, size_t length, uint32_t records);

/** Returns the sequence number of the next message. */
uint32_t ipfix_session_sequence(const ipfix_session_t *session);

#endif
