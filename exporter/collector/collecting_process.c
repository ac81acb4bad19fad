/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/collector/collecting_process.h"
#include "exporter/collector/collect_internal.h"
#include "exporter/collector/listen_address.h"
#include <string.h>

/* Time for exporters to end their sessions after the last requested record. */
#define DRAIN_SECONDS 5
/* Interval of the check for silence: the process ends at most this long after `idle_us`. */
#define IDLE_CHECK_MS 100

/* Limit of sessions over UDP that have sent a template but no record. A session ends if more forged sources
 * arrive between its template and its first record. Such a session holds no descriptor and about 3 KiB; the
 * limit reserves CANDIDATE_BYTES for each. */
#define CANDIDATES_MAX  4096u
#define CANDIDATE_BYTES (16u * 1024)

/* Limits of templates and fields in all sessions together: the limits of one session would permit thousands
 * of full tables. */
#define TEMPLATES_MAX 65536u
#define FIELDS_MAX    1048576u

static void say(collect_t *collect, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void say(collect_t *collect, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    collect->config.log(collect->config.log_user, text);
}

static void listener_free(gpointer data)
{
    listener_t *const listener = data;
    if (listener->source != NULL) {
        g_source_destroy(listener->source);
        g_source_unref(listener->source);
    }
    gio_clear(&listener->socket);
    tls_context_free(listener->tls);
    g_free(listener);
}

static void output_free(gpointer output)
{
    collector_output_close(output);
}

static void use_defaults(collect_config_t *config)
{
    config->sessions = config->sessions > 0 ? config->sessions : COLLECT_SESSIONS_DEFAULT;
    config->memory = config->memory > 0 ? config->memory : COLLECT_MEMORY_DEFAULT;
    config->handshake_us = config->handshake_us > 0 ? config->handshake_us : COLLECT_HANDSHAKE_US_DEFAULT;
    config->session_us = config->session_us > 0 ? config->session_us : COLLECT_SESSION_US_DEFAULT;
}

collect_t *collect_new(const collect_config_t *config)
{
    collect_t *const collect = g_new0(collect_t, 1);
    collect->config = *config;
    use_defaults(&collect->config);
    collect->reader_wait = (reader_wait_t){.log = config->log, .log_user = config->log_user};
    const session_limits_t limits = {
        .sessions = collect->config.sessions,
        .candidates = (uint32_t)MIN(CANDIDATES_MAX, collect->config.memory / CANDIDATE_BYTES),
        .sessions_of_host = collect->config.sessions - collect->config.sessions / 4,
        .total = {.templates = TEMPLATES_MAX, .fields = FIELDS_MAX, .bytes = collect->config.memory}};
    collect->loop = g_main_loop_new(g_main_context_get_thread_default(), FALSE);
    collect->listeners = g_ptr_array_new_with_free_func(listener_free);
    collect->sessions = session_table_new(&limits, session_on_end, collect);
    collect->limits = limit_report_new(config->log, config->log_user);
    collect->exporters = exporter_table_new();
    collect->outputs = g_ptr_array_new_with_free_func(output_free);
    return collect;
}

static void end_sessions(collect_t *collect)
{
    for (int i = 0; i < SESSION_KINDS * SESSION_RANKS; i++) {
        session_entry_t *entry = NULL;
        while ((entry = session_table_first(collect->sessions, (session_kind_t)(i / SESSION_RANKS),
                                            (session_rank_t)(i % SESSION_RANKS))) != NULL) {
            session_end((collector_session_t *)entry);
        }
    }
}

void collect_free(collect_t *collect)
{
    g_ptr_array_free(collect->listeners, TRUE);
    end_sessions(collect);
    session_table_free(collect->sessions);
    ipfix_decoder_free(collect->visitor);
    g_ptr_array_free(collect->outputs, TRUE);
    limit_report_free(collect->limits);
    exporter_table_free(collect->exporters);
    g_main_loop_unref(collect->loop);
    g_free(collect);
}

void collect_get_stats(const collect_t *collect, collect_stats_t *stats)
{
    *stats = collect->stats;
    stats->refused = limit_report_count(collect->limits, COLLECT_REJECTED);
}

char *collect_limits_text(const collect_t *collect)
{
    return limit_report_text(collect->limits);
}

static void metric(GString *text, const char *type, const char *name, const char *help, uint64_t value)
{
    g_string_append_printf(text,
                           "# TYPE synfix_%s %s\n# HELP synfix_%s %s.\nsynfix_%s%s %" G_GUINT64_FORMAT "\n",
                           name, type, name, help, name, type[0] == 'c' ? "_total" : "", value);
}

void collect_metrics(const collect_t *collect, GString *text)
{
    metric(text, "gauge", "collect_sessions", "Transport sessions now",
           session_table_count(collect->sessions));
    metric(text, "counter", "collect_sessions_begun", "Transport sessions", collect->stats.sessions);
    limit_report_metrics(collect->limits, text);
    exporter_table_metrics(collect->exporters, text);
    g_string_append(text, "# EOF\n");
}

void collect_stop(collect_t *collect)
{
    g_main_loop_quit(collect->loop);
}

void collect_hurry(collect_t *collect)
{
    atomic_fetch_add(&collect->reader_wait.ends, 1);
}

void collect_fail(collect_t *collect, synfix_status_t status, const synfix_error_t *error)
{
    collect->status = status;
    collect->error = *error;
    collect_stop(collect);
}

static gboolean drained(gpointer user)
{
    collect_stop(user);
    return G_SOURCE_REMOVE;
}

void collect_stop_when_quiet(collect_t *collect)
{
    for (int rank = 0; rank < SESSION_RANKS; rank++) {
        if (session_table_first(collect->sessions, SESSION_CONNECTION, (session_rank_t)rank) != NULL) {
            return;
        }
    }
    collect_stop(collect);
}

/* After the last requested record: refuse new sessions and let existing ones end. */
void collect_drain(collect_t *collect)
{
    collect->draining = true;
    g_timeout_add_seconds(DRAIN_SECONDS, drained, collect);
}

void collect_flush(collect_t *collect)
{
    synfix_error_t error;
    guint unread = 0;
    for (guint i = 0; i < collect->outputs->len; i++) {
        const synfix_status_t status = collector_output_flush(g_ptr_array_index(collect->outputs, i), &error);
        if (status < 0) {
            collect_fail(collect, status, &error);
        }
        unread += collector_output_is_unread(g_ptr_array_index(collect->outputs, i));
    }
    if (unread > 0 && unread == collect->outputs->len) {
        collect_stop(collect);
    }
    if (collect->draining) {
        collect_stop_when_quiet(collect);
    }
}

void collect_reopen(collect_t *collect)
{
    for (guint i = 0; i < collect->outputs->len; i++) {
        synfix_error_t error;
        if (collector_output_reopen(g_ptr_array_index(collect->outputs, i), &error) != SYNFIX_OK) {
            say(collect, "%s; the file that was open stays in use", error.text);
        }
    }
}

/* The sockets of the listeners, which keep them. */
static GPtrArray *listening_sockets(const collect_t *collect)
{
    GPtrArray *const sockets = g_ptr_array_new();
    for (guint i = 0; i < collect->listeners->len; i++) {
        g_ptr_array_add(sockets, ((listener_t *)collect->listeners->pdata[i])->socket);
    }
    return sockets;
}

synfix_status_t collect_listen(collect_t *collect, const char *where, synfix_error_t *error)
{
    g_autofree char *scheme = NULL;
    g_autoptr(GPtrArray) own = listening_sockets(collect);
    listener_t *const listener = g_new0(listener_t, 1);
    synfix_error_t reason;
    const synfix_status_t status =
        listen_address_open(where, own, &scheme, &listener->socket, &listener->tls, &reason);
    if (status < 0) {
        listener_free(listener);
        return synfix_fail(error, status, "--listen %s: %s", where, reason.text);
    }
    const GSourceFunc callback = scheme[0] == 't'        ? G_SOURCE_FUNC(collect_on_connection)
                                 : listener->tls != NULL ? G_SOURCE_FUNC(collect_on_hello)
                                                         : G_SOURCE_FUNC(collect_on_datagram);
    listener->collect = collect;
    listener->source = g_socket_create_source(listener->socket, G_IO_IN, NULL);
    g_source_set_callback(listener->source, callback, listener, NULL);
    g_source_attach(listener->source, g_main_loop_get_context(collect->loop));
    GIO_AUTO GSocketAddress *local = g_socket_get_local_address(listener->socket, NULL);
    g_autofree char *text = peer_name(local, scheme);
    say(collect, "listening on %s", text);
    g_ptr_array_add(collect->listeners, listener);
    return SYNFIX_OK;
}

synfix_status_t collect_add_output(collect_t *collect, const char *where, synfix_error_t *error)
{
    collector_output_t *output = NULL;
    if (collect->outputs->len == OUTPUTS_MAX) {
        return synfix_fail(error, SYNFIX_INVALID, "more than %d outputs", OUTPUTS_MAX);
    }
    const synfix_status_t status =
        collector_output_open(where, collect->config.options, &collect->reader_wait, &output, error);
    if (status >= 0) {
        g_ptr_array_add(collect->outputs, output);
    }
    return status;
}

static gboolean on_idle_check(gpointer user)
{
    collect_t *const collect = user;
    if (g_get_monotonic_time() - collect->last_us >= collect->config.idle_us) {
        collect_stop(collect);
    }
    return G_SOURCE_CONTINUE;
}

synfix_status_t collect_run(collect_t *collect, synfix_error_t *error)
{
    guint idle = 0;
    const synfix_status_t status = collect_fit_descriptors(collect, error);
    if (status < 0) {
        return status;
    }
    const guint second = g_timeout_add_seconds(1, collect_on_second, collect);
    collect->last_us = g_get_monotonic_time();
    if (collect->config.idle_us > 0) {
        idle = g_timeout_add(IDLE_CHECK_MS, on_idle_check, collect);
    }
    g_main_loop_run(collect->loop);
    g_source_remove(second);
    if (idle) {
        g_source_remove(idle);
    }
    collect_note_drops(collect);
    collect_flush(collect);
    end_sessions(collect); /* their totals come before the summary */
    limit_report_end(collect->limits);
    if (collect->status < 0) {
        *error = collect->error;
    }
    return collect->status;
}
