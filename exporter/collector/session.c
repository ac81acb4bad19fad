/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/collector/collect_internal.h"
#include "files/directory_entry.h"
#include <string.h>
#include <unistd.h>

/* The tables of a session are smaller than those of a file: there may be a thousand sessions. */
static const ipfix_decoder_limits_t session_limits = {
    .templates = 1024, .fields = 16384, .types = 2048, .records = 16384};

/* Maximum of output bytes for each input byte; the line of a record of one byte with the longest name needs
 * half of that. A session begins with room for the header of a table. */
#define OUTPUT_RATIO      256
#define OUTPUT_CREDIT     (1024 * 1024)
#define OUTPUT_CREDIT_MAX (64 * 1024 * 1024)

/* Memory of a session that is not counted exactly: socket, source, names. */
#define SESSION_BYTES 2048

static void drop_source(GSource *source)
{
    if (source != NULL) {
        g_source_destroy(source);
        g_source_unref(source);
    }
}

static void session_free(collector_session_t *session)
{
    drop_source(session->source);
    tls_session_close(session->tls);
    gio_clear(&session->socket);
    for (int i = 0; i < OUTPUTS_MAX; i++) {
        if (session->archives[i] >= 0) {
            (void)file_sync(session->archives[i]);
            close(session->archives[i]);
        }
    }
    ipfix_decoder_free(session->reader);
    if (session->unarchived != NULL) {
        g_byte_array_unref(session->unarchived);
    }
    g_free(session->entry.peer);
    g_free(session->held);
    g_free(session);
}

void session_end(collector_session_t *session)
{
    session_report_sequences(session);
    session_table_remove(session->collect->sessions, &session->entry);
    session_free(session);
}

void session_on_end(session_entry_t *entry, const char *reason, void *collect)
{
    g_autofree char *text = g_strdup_printf("session ended: %s", reason);
    limit_report_add(((collect_t *)collect)->limits, COLLECT_ENDED, 1, entry->peer, text);
    session_report_sequences((collector_session_t *)entry);
    session_free((collector_session_t *)entry);
}

collector_session_t *session_new(collect_t *collect, session_kind_t kind, const char *peer, const char *host)
{
    const int64_t now = g_get_monotonic_time();
    session_entry_t *const old = session_table_find(collect->sessions, peer);
    if (old != NULL) {
        session_end((collector_session_t *)old);
    }
    if (!session_table_admit(collect->sessions, kind, host, now)) {
        limit_report_add(collect->limits, COLLECT_REFUSED_SESSION, 1, peer, NULL);
        return NULL;
    }
    collector_session_t *const session = g_new0(collector_session_t, 1);
    session->collect = collect;
    session->output_credit = OUTPUT_CREDIT;
    memset(session->archives, -1, sizeof session->archives);
    session_table_add(collect->sessions, &session->entry, kind, peer, host, now);
    collect->stats.sessions++;
    return session;
}

bool session_account(collector_session_t *session)
{
    ipfix_decoder_usage_t decoder = {0};
    if (session->reader != NULL) {
        ipfix_decoder_get_usage(session->reader, &decoder);
    }
    const session_usage_t usage = {.templates = decoder.templates,
                                   .fields = decoder.fields,
                                   .bytes = SESSION_BYTES + decoder.bytes + session->held_length +
                                            (session->unarchived != NULL ? session->unarchived->len : 0) +
                                            (session->tls != NULL ? tls_session_bytes(session->tls) : 0)};
    if (session_table_account(session->collect->sessions, &session->entry, &usage)) {
        return true;
    }
    limit_report_add(session->collect->limits, COLLECT_ENDED, 1, session->entry.peer,
                     "session ended: too much memory for all sessions together");
    return false;
}

/* Prints one record, or only counts the record if the session has used its share of output. */
static synfix_status_t print(collector_session_t *session, const ipfix_decoder_record_t *record,
                             synfix_error_t *error)
{
    collect_t *const collect = session->collect;
    synfix_status_t status = SYNFIX_OK;
    if (session->output_credit <= 0) {
        limit_report_add(collect->limits, COLLECT_NOT_PRINTED, 1, session->entry.peer, NULL);
        return status;
    }
    for (guint i = 0; i < collect->outputs->len && status >= 0; i++) {
        size_t written = 0;
        status = collector_output_record(g_ptr_array_index(collect->outputs, i), record, &written, error);
        session->output_credit -= (int64_t)written;
    }
    return status;
}

/* Whether the table has room for a session that delivers. The check precedes the first record: the message of
 * a refused session is neither printed nor archived. */
static bool may_deliver(collector_session_t *session)
{
    return session->refused == 0 && (session->entry.rank == SESSION_DELIVERING ||
                                     session_table_touch(session->collect->sessions, &session->entry,
                                                         SESSION_DELIVERING, g_get_monotonic_time()));
}

static synfix_status_t on_record(void *user, const ipfix_decoder_record_t *record, synfix_error_t *error)
{
    collector_session_t *const session = user;
    collect_t *const collect = session->collect;
    if (collect->draining) {
        return SYNFIX_OK;
    }
    session->records++;
    if (!may_deliver(session)) {
        session->refused++;
        return SYNFIX_OK;
    }
    const synfix_status_t status = print(session, record, error);
    if (status < 0) {
        collect_fail(collect, status, error);
        return status;
    }
    if (record->layout->scope_count == 0 && ++collect->stats.records == collect->config.count) {
        collect_drain(collect);
    }
    return status;
}

static void on_layout(void *user, const ipfix_decoder_template_t *layout)
{
    const collect_t *const collect = ((collector_session_t *)user)->collect;
    for (guint i = 0; i < collect->outputs->len; i++) {
        collector_output_layout(g_ptr_array_index(collect->outputs, i), layout);
    }
}

/* Registers a message that is valid or contains records: the session may rise in rank. False: the table
 * refuses the session. */
static bool register_message(collector_session_t *session, bool delivered)
{
    limit_report_t *const limits = session->collect->limits;
    ipfix_decoder_usage_t usage;
    ipfix_decoder_get_usage(session->reader, &usage);
    const session_rank_t rank = delivered             ? SESSION_DELIVERING
                                : usage.templates > 0 ? SESSION_KNOWN
                                                      : SESSION_SILENT;
    if (session->refused == 0 &&
        session_table_touch(session->collect->sessions, &session->entry, rank, g_get_monotonic_time())) {
        return true;
    }
    limit_report_add(limits, COLLECT_REFUSED_SESSION, 1, session->entry.peer, NULL);
    limit_report_add(limits, COLLECT_REFUSED_RECORD, session->refused, session->entry.peer, NULL);
    return false;
}

static void note_missing_templates(collector_session_t *session)
{
    ipfix_decoder_stats_t stats;
    ipfix_decoder_get_stats(session->reader, &stats);
    if (stats.sets_without_template > session->sets_without_template) {
        limit_report_add(session->collect->limits, COLLECT_NO_TEMPLATE,
                         stats.sets_without_template - session->sets_without_template, session->entry.peer,
                         NULL);
        session->sets_without_template = stats.sets_without_template;
    }
}

static message_result_t decode(collector_session_t *session, const uint8_t *message, size_t length)
{
    collect_t *const collect = session->collect;
    synfix_error_t error;
    if (session->reader == NULL) {
        const ipfix_decoder_events_t events = {.record = on_record, .layout = on_layout, .user = session};
        session->reader = ipfix_decoder_new(&collect->config.names, &session_limits, &events);
    }
    session->output_credit =
        MIN(session->output_credit + (int64_t)length * OUTPUT_RATIO, (int64_t)OUTPUT_CREDIT_MAX);
    const uint64_t records = session->records;
    ipfix_decoder_stats_t before;
    ipfix_decoder_get_stats(session->reader, &before);
    const bool good = ipfix_decoder_message(session->reader, message, length, &error) >= 0;
    if (!good && collect->status == SYNFIX_OK) {
        limit_report_add(collect->limits, COLLECT_REJECTED, 1, session->entry.peer, error.text);
    }
    note_missing_templates(session);
    session_check_sequence(session, message, length, &before, good);
    if ((good || session->records > records) && !register_message(session, session->records > records)) {
        return MESSAGE_ENDS_SESSION;
    }
    return good ? MESSAGE_ACCEPTED : MESSAGE_REJECTED;
}

message_result_t session_accept_message(collector_session_t *session, const uint8_t *message, size_t length)
{
    collect_t *const collect = session->collect;
    const bool surplus = collect->draining;
    collect->last_us = g_get_monotonic_time();
    collect->stats.messages++;
    const message_result_t result = decode(session, message, length);
    const bool archived = result == MESSAGE_ACCEPTED && !surplus;
    if (collect->status < 0 || (archived && !session_archive(session, message, length))) {
        return MESSAGE_ENDS_SESSION;
    }
    if (!session_account(session)) {
        return MESSAGE_ENDS_SESSION;
    }
    return result;
}
