/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/ipfix/transport_session.h"
#include "base/byte_order.h"
#include "base/clock.h"
#include "exporter/ipfix/options_records.h"
#include <glib.h>
#include <string.h>

/* First retransmission interval of templates. The interval doubles up to the configured maximum. */
#define TEMPLATE_WAIT_FIRST_MS 1000

struct ipfix_session {
    ipfix_session_config_t config;
    options_writer_t *writer;
    uint32_t sequence;
    uint32_t messages_since_templates;
    int64_t templates_ns;     /* time of the last transmission */
    int64_t template_wait_ms; /* current interval; grows to the configured one */
    int64_t options_ns;
    int64_t now_ns;      /* of the call in progress */
    uint64_t generation; /* generation of the database whose labels were sent */
    metering_numbers_t sent;
    exporting_numbers_t lost;
    ipfix_emit_fn emit;
    void *emit_user;
};

synfix_status_t ipfix_session_new(const ipfix_session_config_t *config, ipfix_session_t **session,
                                  synfix_error_t *error)
{
    ipfix_session_t *made = g_new0(ipfix_session_t, 1);
    made->config = *config;
    const uint32_t size = config->message_size != 0 ? config->message_size : config->settings->message_size;
    const synfix_status_t status = options_writer_new(config->settings, size, &made->writer, error);
    if (status != SYNFIX_OK) {
        g_free(made);
        return status;
    }
    if (config->context != NULL && config->context->live) {
        options_with_interfaces(made->writer);
    }
    *session = made;
    return SYNFIX_OK;
}

void ipfix_session_free(ipfix_session_t *session)
{
    if (session != NULL) {
        options_writer_free(session->writer);
        g_free(session);
    }
}

uint32_t ipfix_session_sequence(const ipfix_session_t *session)
{
    return session->sequence;
}

void ipfix_session_write_header(ipfix_session_t *session, const uint8_t *message, size_t length,
                                uint32_t records, int64_t now_ns, uint8_t header[IPFIX_HEADER_SIZE])
{
    memcpy(header, message, 4);
    write_be32(header + 4, (uint32_t)(now_ns / NS_PER_S));
    write_be32(header + 8, session->sequence);
    write_be32(header + 12, session->config.settings->domain);
    session->sequence += records;
    session->messages_since_templates++;
    session->sent.messages++;
    session->sent.records += records;
    session->sent.bytes += length;
}

void ipfix_session_roll_back(ipfix_session_t *session, uint32_t sequence, size_t length, uint32_t records)
{
    session->sequence = sequence;
    session->sent.messages--;
    session->sent.records -= records;
    session->sent.bytes -= length;
}

static synfix_status_t receive(void *user, uint8_t *message, size_t length, uint32_t records,
                               synfix_error_t *error)
{
    ipfix_session_t *session = user;
    uint8_t header[IPFIX_HEADER_SIZE];
    ipfix_session_write_header(session, message, length, records, session->now_ns, header);
    session->sent.records -= records; /* options records do not count as flow records */
    memcpy(message, header, sizeof header);
    return session->emit(session->emit_user, message, length, records, error);
}

static void enter(ipfix_session_t *session, int64_t now_ns, ipfix_emit_fn emit, void *user)
{
    session->now_ns = now_ns;
    session->emit = emit;
    session->emit_user = user;
    options_receiver(session->writer, receive, session);
}

static synfix_sigdb_t *take_database(const ipfix_session_t *session)
{
    const synfix_module_context_t *context = session->config.context;
    return context != NULL && context->sigdb != NULL ? context->sigdb(context->user) : NULL;
}

/* Packets that should have been analysed and were not. Packets without SYN do not count. */
static uint64_t undecodable(const synfix_module_context_t *context)
{
    static const synfix_verdict_t verdicts[] = {SYNFIX_VERDICT_OPTIONS_CUT, SYNFIX_VERDICT_FRAGMENT_SHORT,
                                                SYNFIX_VERDICT_CUT,         SYNFIX_VERDICT_BAD_IP,
                                                SYNFIX_VERDICT_BAD_TCP,     SYNFIX_VERDICT_BAD_LINK,
                                                SYNFIX_VERDICT_NESTED,      SYNFIX_VERDICT_UNKNOWN_LINK};
    synfix_engine_counters_t counters = {0};
    context->counters(context->user, &counters);
    uint64_t sum = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(verdicts); i++) {
        sum += counters.verdicts[verdicts[i]];
    }
    return sum;
}

static uint64_t milliseconds(int64_t time_ns)
{
    return time_ns > 0 ? (uint64_t)time_ns / NS_PER_MS : 0;
}

/* The first options of a run over files precede every record. Workers may have read packets by then or not:
 * the records state none, so that each run writes the same bytes. */
static bool precedes_packets(const ipfix_session_t *session)
{
    return session->options_ns == 0 && !session->config.context->live;
}

static void read_host(ipfix_session_t *session)
{
    const synfix_module_context_t *context = session->config.context;
    if (context == NULL || precedes_packets(session)) {
        return;
    }
    session->sent.ignored_packets = context->counters != NULL ? undecodable(context) : 0;
    session->sent.ignored_packets +=
        context->packets_dropped != NULL ? context->packets_dropped(context->user) : 0;
    int64_t first_ns = 0;
    int64_t last_ns = 0;
    if (context->packet_times != NULL) {
        context->packet_times(context->user, &first_ns, &last_ns);
    }
    session->sent.first_ms = milliseconds(first_ns);
    session->sent.last_ms = milliseconds(last_ns);
}

static void read_losses(ipfix_session_t *session)
{
    if (session->config.stats == NULL) {
        return;
    }
    synfix_sink_stats_t stats = {0};
    session->config.stats(session->config.stats_user, &stats);
    const synfix_module_context_t *context = session->config.context;
    if (context != NULL && context->records_dropped != NULL) {
        stats.lost += context->records_dropped(context->user, session->config.stats_user);
    }
    if (stats.lost != session->lost.not_sent) {
        session->lost.last_ms = milliseconds(session->now_ns);
        session->lost.first_ms = session->lost.first_ms != 0 ? session->lost.first_ms : session->lost.last_ms;
        session->lost.not_sent = stats.lost;
    }
}

static synfix_status_t put_interfaces(ipfix_session_t *session, synfix_error_t *error)
{
    g_autoptr(GArray) interfaces = interface_list_read(session->config.context);
    synfix_status_t status = SYNFIX_OK;
    for (guint i = 0; status == SYNFIX_OK && i < interfaces->len; i++) {
        status = options_interface(session->writer, &g_array_index(interfaces, interface_entry_t, i), error);
    }
    return status;
}

static synfix_status_t put_options(ipfix_session_t *session, const synfix_sigdb_t *sigdb,
                                   synfix_error_t *error)
{
    const bool all = session->config.settings->options == OPTIONS_ALL;
    if (all) {
        read_host(session); /* before options_ns changes */
        read_losses(session);
    }
    session->options_ns = session->now_ns;
    if (!all) {
        return SYNFIX_OK;
    }
    synfix_status_t status = options_metering(session->writer, &session->sent, error);
    if (status == SYNFIX_OK) {
        status = options_exporting(session->writer, &session->lost, error);
    }
    if (status == SYNFIX_OK) {
        status = options_flow_keys(session->writer, error);
    }
    if (status == SYNFIX_OK) {
        status = put_interfaces(session, error);
    }
    return status != SYNFIX_OK ? status : options_database(session->writer, sigdb, error);
}

static synfix_status_t put_labels(ipfix_session_t *session, const synfix_sigdb_t *sigdb,
                                  synfix_error_t *error)
{
    if (sigdb != NULL) {
        synfix_sigdb_info_t info;
        synfix_sigdb_info(sigdb, &info);
        session->generation = info.generation;
    }
    return session->config.settings->options == OPTIONS_ALL ? options_labels(session->writer, sigdb, error)
                                                            : SYNFIX_OK;
}

static synfix_status_t put_templates(ipfix_session_t *session, synfix_error_t *error)
{
    session->templates_ns = session->now_ns;
    session->messages_since_templates = 0;
    const synfix_status_t status = options_types(session->writer, error);
    return status != SYNFIX_OK ? status : options_templates(session->writer, error);
}

static synfix_status_t put_parts(ipfix_session_t *session, bool templates, bool options, bool labels,
                                 synfix_error_t *error)
{
    synfix_sigdb_t *sigdb = take_database(session);
    synfix_status_t status = templates ? put_templates(session, error) : SYNFIX_OK;
    if (status == SYNFIX_OK && options) {
        status = put_options(session, sigdb, error);
    }
    if (status == SYNFIX_OK && labels) {
        status = put_labels(session, sigdb, error);
    }
    if (sigdb != NULL) {
        synfix_sigdb_unref(sigdb);
    }
    return status != SYNFIX_OK ? status : options_flush(session->writer, error);
}

synfix_status_t ipfix_session_begin(ipfix_session_t *session, int64_t now_ns, ipfix_emit_fn emit, void *user,
                                    synfix_error_t *error)
{
    enter(session, now_ns, emit, user);
    session->sequence = 0;
    ipfix_session_restart_intervals(session);
    return put_parts(session, true, true, true, error);
}

void ipfix_session_restart_intervals(ipfix_session_t *session)
{
    session->template_wait_ms = MIN(TEMPLATE_WAIT_FIRST_MS, session->config.template_interval_ms);
}

synfix_status_t ipfix_session_resend(ipfix_session_t *session, int64_t now_ns, ipfix_emit_fn emit, void *user,
                                     synfix_error_t *error)
{
    enter(session, now_ns, emit, user);
    return put_parts(session, true, true, true, error);
}

synfix_status_t ipfix_session_refresh(ipfix_session_t *session, int64_t now_ns, ipfix_emit_fn emit,
                                      void *user, synfix_error_t *error)
{
    enter(session, now_ns, emit, user);
    return put_parts(session, true, false, true, error);
}

synfix_status_t ipfix_session_end(ipfix_session_t *session, int64_t now_ns, ipfix_emit_fn emit, void *user,
                                  synfix_error_t *error)
{
    const bool whole = session->config.whole;
    enter(session, now_ns, emit, user);
    return put_parts(session, whole, true, whole, error);
}

static bool is_due(int64_t last_ns, int64_t interval_ms, int64_t now_ns)
{
    return interval_ms > 0 && (now_ns - last_ns >= interval_ms * NS_PER_MS || now_ns < last_ns);
}

static bool database_changed(const ipfix_session_t *session)
{
    synfix_sigdb_t *sigdb = take_database(session);
    if (sigdb == NULL) {
        return false;
    }
    synfix_sigdb_info_t info;
    synfix_sigdb_info(sigdb, &info);
    synfix_sigdb_unref(sigdb);
    return info.generation != session->generation;
}

typedef struct due {
    bool timer; /* of templates */
    bool templates;
    bool changed; /* the database */
    bool options;
} due_t;

static due_t find_due(const ipfix_session_t *session, int64_t now_ns)
{
    const ipfix_session_config_t *config = &session->config;
    const bool many =
        config->template_messages != 0 && session->messages_since_templates >= config->template_messages;
    due_t due = {.timer = is_due(session->templates_ns, session->template_wait_ms, now_ns),
                 .changed = database_changed(session)};
    due.templates = many || due.timer;
    due.options = due.changed || is_due(session->options_ns, config->options_interval_ms, now_ns);
    return due;
}

bool ipfix_session_is_due(const ipfix_session_t *session, int64_t now_ns)
{
    const due_t due = find_due(session, now_ns);
    return due.templates || due.options;
}

synfix_status_t ipfix_session_tick(ipfix_session_t *session, int64_t now_ns, ipfix_emit_fn emit, void *user,
                                   synfix_error_t *error)
{
    const due_t due = find_due(session, now_ns);
    if (!due.templates && !due.options) {
        return SYNFIX_OK;
    }
    if (due.timer) {
        session->template_wait_ms = MIN(session->template_wait_ms * 2, session->config.template_interval_ms);
    }
    enter(session, now_ns, emit, user);
    const bool whole = session->config.whole;
    return put_parts(session, whole || due.templates, whole || due.options,
                     whole || due.templates || due.changed, error);
}
