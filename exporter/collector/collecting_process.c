/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/collector/collecting_process.h"
#include "exporter/collector/collector_output.h"
#include "exporter/collector/listen_address.h"
#include "exporter/ipfix_decoder/message_input.h"
#include "exporter/tls/tls.h"
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define OUTPUTS_MAX 16
/* Datagrams taken in one go, before others get their turn. */
#define BURST 256
/* After the last record asked for: exporters may finish their sessions in peace. */
#define DRAIN_SECONDS 5

/* A session's own tables are smaller than a file's: there may be a thousand of them. */
static const ipfix_decoder_limits_t session_limits = {.templates = 1024, .fields = 16384, .types = 2048};

typedef struct listener {
    collect_t *collect;
    GSocket *socket;
    GSource *source;
    tls_context_t *tls; /* NULL: plain */
} listener_t;

typedef struct session {
    collect_t *collect;
    char *peer;
    ipfix_decoder_t *reader;
    int archives[OUTPUTS_MAX];
    int64_t last_us;
    GSocket *socket; /* of a connection (TCP, TLS, DTLS), as all that follows */
    GSource *source;
    tls_session_t *tls;
    size_t held;
    uint8_t buffer[];
} session_t;

struct collect {
    collect_config_t config;
    GMainLoop *loop;
    GPtrArray *listeners;
    GHashTable *sessions; /* peer -> session_t */
    GPtrArray *outputs;
    collect_stats_t stats;
    int64_t last_us;
    bool draining;
    synfix_status_t status;
    synfix_error_t error;
};

static void say(collect_t *collect, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void say(collect_t *collect, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    collect->config.log(collect->config.log_user, text);
}

static void drop_source(GSource *source)
{
    if (source) {
        g_source_destroy(source);
        g_source_unref(source);
    }
}

static void listener_free(gpointer data)
{
    listener_t *const listener = data;
    drop_source(listener->source);
    g_clear_object(&listener->socket);
    tls_context_free(listener->tls);
    g_free(listener);
}

static void session_free(gpointer data)
{
    session_t *const session = data;
    drop_source(session->source);
    tls_session_close(session->tls);
    g_clear_object(&session->socket);
    for (int i = 0; i < OUTPUTS_MAX; i++) {
        if (session->archives[i] >= 0) {
            fsync(session->archives[i]);
            close(session->archives[i]);
        }
    }
    ipfix_decoder_free(session->reader);
    g_free(session->peer);
    g_free(session);
}

static void output_free(gpointer output)
{
    collect_output_close(output);
}

collect_t *collect_new(const collect_config_t *config)
{
    collect_t *const collect = g_new0(collect_t, 1);
    collect->config = *config;
    collect->loop = g_main_loop_new(g_main_context_get_thread_default(), FALSE);
    collect->listeners = g_ptr_array_new_with_free_func(listener_free);
    collect->sessions = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, session_free);
    collect->outputs = g_ptr_array_new_with_free_func(output_free);
    return collect;
}

void collect_free(collect_t *collect)
{
    g_ptr_array_free(collect->listeners, TRUE);
    g_hash_table_destroy(collect->sessions);
    g_ptr_array_free(collect->outputs, TRUE);
    g_main_loop_unref(collect->loop);
    g_free(collect);
}

void collect_get_stats(const collect_t *collect, collect_stats_t *stats)
{
    *stats = collect->stats;
}

void collect_stop(collect_t *collect)
{
    g_main_loop_quit(collect->loop);
}

static void fail(collect_t *collect, synfix_status_t status, const synfix_error_t *error)
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

static void stop_when_quiet(collect_t *collect)
{
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, collect->sessions);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        if (((const session_t *)value)->socket) {
            return;
        }
    }
    collect_stop(collect);
}

/* Enough records: nobody new, and those who are connected may say goodbye. */
static void drain(collect_t *collect)
{
    collect->draining = true;
    g_timeout_add_seconds(DRAIN_SECONDS, drained, collect);
}

static synfix_status_t on_record(void *user, const ipfix_decoder_record_t *record, synfix_error_t *error)
{
    collect_t *const collect = ((session_t *)user)->collect;
    synfix_status_t status = SYNFIX_OK;
    if (collect->draining) {
        return status;
    }
    for (guint i = 0; i < collect->outputs->len && status >= 0; i++) {
        status = collect_output_record(g_ptr_array_index(collect->outputs, i), record, error);
    }
    if (status < 0) {
        fail(collect, status, error);
        return status;
    }
    if (record->layout->scope_count == 0 && ++collect->stats.records == collect->config.count) {
        drain(collect);
    }
    return status;
}

static void on_layout(void *user, const ipfix_decoder_template_t *layout)
{
    const collect_t *const collect = ((session_t *)user)->collect;
    for (guint i = 0; i < collect->outputs->len; i++) {
        collect_output_layout(g_ptr_array_index(collect->outputs, i), layout);
    }
}

static void evict_oldest(collect_t *collect)
{
    GHashTableIter iter;
    gpointer value;
    const session_t *oldest = NULL;
    g_hash_table_iter_init(&iter, collect->sessions);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const session_t *const session = value;
        oldest = !oldest || session->last_us < oldest->last_us ? session : oldest;
    }
    if (oldest) {
        say(collect, "%s: forgotten: more than %u sessions", oldest->peer, COLLECT_SESSIONS_MAX);
        g_hash_table_remove(collect->sessions, oldest->peer);
    }
}

static session_t *session_new(collect_t *collect, const char *peer, size_t buffer)
{
    if (g_hash_table_size(collect->sessions) >= COLLECT_SESSIONS_MAX) {
        evict_oldest(collect);
    }
    session_t *const session = g_malloc0(sizeof *session + buffer);
    const ipfix_decoder_events_t events = {.record = on_record, .layout = on_layout, .user = session};
    session->collect = collect;
    session->peer = g_strdup(peer);
    session->reader = ipfix_decoder_new(&collect->config.names, &session_limits, &events);
    session->last_us = g_get_monotonic_time();
    memset(session->archives, -1, sizeof session->archives);
    g_hash_table_replace(collect->sessions, session->peer, session);
    collect->stats.sessions++;
    return session;
}

/* Decodes and archives one message. False: it is none, or an output failed. */
static bool take_message(session_t *session, const uint8_t *message, size_t length)
{
    collect_t *const collect = session->collect;
    synfix_error_t error;
    session->last_us = collect->last_us = g_get_monotonic_time();
    collect->stats.messages++;
    const bool surplus = collect->draining;
    if (ipfix_decoder_message(session->reader, message, length, &error) < 0) {
        if (collect->status == SYNFIX_OK) {
            collect->stats.refused++;
            say(collect, "%s: %s", session->peer, error.text);
        }
        return false;
    }
    for (guint i = 0; i < collect->outputs->len && !surplus; i++) {
        const collect_output_t *const output = g_ptr_array_index(collect->outputs, i);
        if (collect_output_is_archive(output)) {
            const synfix_status_t status =
                collect_output_archive(output, &session->archives[i], message, length, &error);
            if (status < 0) {
                fail(collect, status, &error);
                return false;
            }
        }
    }
    return true;
}

static void flush_outputs(collect_t *collect)
{
    synfix_error_t error;
    guint unread = 0;
    for (guint i = 0; i < collect->outputs->len; i++) {
        const synfix_status_t status = collect_output_flush(g_ptr_array_index(collect->outputs, i), &error);
        if (status < 0) {
            fail(collect, status, &error);
        }
        unread += collect_output_is_unread(g_ptr_array_index(collect->outputs, i));
    }
    if (unread > 0 && unread == collect->outputs->len) {
        collect_stop(collect);
    }
    if (collect->draining) {
        stop_when_quiet(collect);
    }
}

static char *address_text(GSocketAddress *address, const char *scheme)
{
    if (!G_IS_INET_SOCKET_ADDRESS(address)) {
        return g_strdup(scheme);
    }
    GInetSocketAddress *const inet = G_INET_SOCKET_ADDRESS(address);
    GInetAddress *const host = g_inet_socket_address_get_address(inet);
    g_autofree char *text = g_inet_address_to_string(host);
    const bool v6 = g_inet_address_get_family(host) == G_SOCKET_FAMILY_IPV6;
    return g_strdup_printf("%s://%s%s%s:%u", scheme, v6 ? "[" : "", text, v6 ? "]" : "",
                           g_inet_socket_address_get_port(inet));
}

static gboolean on_datagram(GSocket *socket, GIOCondition condition, gpointer user)
{
    const listener_t *const listener = user;
    collect_t *const collect = listener->collect;
    char buffer[READER_MESSAGE_MAX + 1];
    (void)condition;
    for (int i = 0; i < BURST; i++) {
        g_autoptr(GSocketAddress) from = NULL;
        const gssize got = g_socket_receive_from(socket, &from, buffer, sizeof buffer, NULL, NULL);
        if (got < 0) {
            break;
        }
        g_autofree char *peer = address_text(from, "udp");
        session_t *session = g_hash_table_lookup(collect->sessions, peer);
        if (!session) {
            session = session_new(collect, peer, 0);
        }
        take_message(session, (const uint8_t *)buffer, (size_t)got);
    }
    flush_outputs(collect);
    return G_SOURCE_CONTINUE;
}

/* Whole messages off the front of the buffer. False: the stream is lost. */
static bool take_stream(session_t *session)
{
    size_t at = 0;
    while (session->held - at >= READER_HEADER_SIZE) {
        size_t length = 0;
        synfix_error_t error;
        if (ipfix_decoder_header(session->buffer + at, &length, &error) < 0) {
            session->collect->stats.refused++;
            say(session->collect, "%s: %s", session->peer, error.text);
            return false;
        }
        if (length > session->held - at) {
            break;
        }
        if (!take_message(session, session->buffer + at, length)) {
            return false;
        }
        at += length;
    }
    session->held -= at;
    memmove(session->buffer, session->buffer + at, session->held);
    return true;
}

/* What there is, up to @p size. SYNFIX_END: the exporter has closed. */
static synfix_status_t receive(session_t *session, uint8_t *data, size_t size, size_t *got,
                               synfix_error_t *error)
{
    if (session->tls) {
        return tls_session_read(session->tls, data, size, got, error);
    }
    g_autoptr(GError) problem = NULL;
    const gssize count = g_socket_receive(session->socket, (char *)data, size, NULL, &problem);
    *got = count > 0 ? (size_t)count : 0;
    if (count >= 0) {
        return count > 0 ? SYNFIX_OK : SYNFIX_END;
    }
    return g_error_matches(problem, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)
               ? SYNFIX_AGAIN
               : synfix_fail(error, SYNFIX_DISCONNECTED, "%s", problem->message);
}

/* What one read gave. False: the session is over. */
static bool take_read(session_t *session, synfix_status_t *status)
{
    collect_t *const collect = session->collect;
    synfix_error_t error;
    size_t got = 0;
    /* There is always room for a whole TLS record, so nothing decrypted stays behind unseen by the loop. */
    *status = receive(session, session->buffer + session->held, 2 * (READER_MESSAGE_MAX + 1) - session->held,
                      &got, &error);
    session->held += got;
    const bool whole = got == 0 || take_stream(session);
    if ((*status == SYNFIX_OK || *status == SYNFIX_AGAIN) && whole) {
        return true;
    }
    if (*status < 0 || (*status == SYNFIX_END && session->held > 0)) {
        say(collect, "%s: %s", session->peer, *status < 0 ? error.text : "ended inside a message");
    }
    return false;
}

static gboolean on_stream(GSocket *socket, GIOCondition condition, gpointer user)
{
    session_t *const session = user;
    collect_t *const collect = session->collect;
    synfix_status_t status = SYNFIX_OK;
    bool more = true;
    (void)condition;
    /* A datagram is read record by record, and there may be more than one in it. */
    const int reads = g_socket_get_socket_type(socket) == G_SOCKET_TYPE_DATAGRAM ? BURST : 1;
    for (int i = 0; i < reads && more && status == SYNFIX_OK; i++) {
        more = take_read(session, &status);
    }
    /* What was printed is out before the exporter is told that all was read. */
    flush_outputs(collect);
    if (more) {
        return G_SOURCE_CONTINUE;
    }
    if (session->tls && status == SYNFIX_END) {
        tls_session_end(session->tls);
    }
    g_hash_table_remove(collect->sessions, session->peer);
    if (collect->draining) {
        stop_when_quiet(collect);
    }
    return G_SOURCE_REMOVE;
}

/* Takes the connected socket. */
static session_t *add_connection(collect_t *collect, GSocket *connection, const char *scheme)
{
    g_autoptr(GSocketAddress) from = g_socket_get_remote_address(connection, NULL);
    g_autofree char *peer = address_text(from, scheme);
    session_t *const session = session_new(collect, peer, 2 * (READER_MESSAGE_MAX + 1));
    g_socket_set_blocking(connection, FALSE);
    session->socket = connection;
    session->source = g_socket_create_source(connection, G_IO_IN | G_IO_HUP | G_IO_ERR, NULL);
    g_source_set_callback(session->source, G_SOURCE_FUNC(on_stream), session, NULL);
    g_source_attach(session->source, g_main_loop_get_context(collect->loop));
    return session;
}

static gboolean on_connection(GSocket *socket, GIOCondition condition, gpointer user)
{
    const listener_t *const listener = user;
    collect_t *const collect = listener->collect;
    g_autoptr(GSocket) connection = g_socket_accept(socket, NULL, NULL);
    (void)condition;
    if (!connection || collect->draining) {
        return G_SOURCE_CONTINUE;
    }
    g_socket_set_keepalive(connection, TRUE);
    const int fd = g_socket_get_fd(connection);
    session_t *const session =
        add_connection(collect, g_steal_pointer(&connection), listener->tls ? "tls" : "tcp");
    session->tls = listener->tls ? tls_session_accept(listener->tls, fd) : NULL;
    return G_SOURCE_CONTINUE;
}

/* DTLS: greetings; what belongs to a session comes to its own socket. */
static gboolean on_hello(GSocket *socket, GIOCondition condition, gpointer user)
{
    const listener_t *const listener = user;
    collect_t *const collect = listener->collect;
    tls_session_t *tls = NULL;
    synfix_error_t error;
    synfix_status_t status;
    int fd = -1;
    (void)condition;
    while ((status = tls_session_listen(listener->tls, g_socket_get_fd(socket), &fd, &tls, &error)) ==
           SYNFIX_OK) {
        GSocket *const connection = g_socket_new_from_fd(fd, NULL);
        if (!connection || collect->draining) {
            tls_session_close(tls);
            connection ? g_object_unref(connection) : (void)close(fd);
            continue;
        }
        g_socket_set_option(connection, SOL_SOCKET, SO_RCVBUF, COLLECT_RECEIVE_OCTETS, NULL);
        add_connection(collect, connection, "dtls")->tls = tls;
    }
    if (status < 0) {
        say(collect, "%s", error.text);
    }
    return G_SOURCE_CONTINUE;
}

synfix_status_t collect_listen(collect_t *collect, const char *where, synfix_error_t *error)
{
    g_autofree char *scheme = NULL;
    listener_t *const listener = g_new0(listener_t, 1);
    synfix_error_t reason;
    const synfix_status_t status =
        listen_address_open(where, &scheme, &listener->socket, &listener->tls, &reason);
    if (status < 0) {
        listener_free(listener);
        return synfix_fail(error, status, "--listen %s: %s", where, reason.text);
    }
    const GSourceFunc callback = scheme[0] == 't' ? G_SOURCE_FUNC(on_connection)
                                 : listener->tls  ? G_SOURCE_FUNC(on_hello)
                                                  : G_SOURCE_FUNC(on_datagram);
    listener->collect = collect;
    listener->source = g_socket_create_source(listener->socket, G_IO_IN, NULL);
    g_source_set_callback(listener->source, callback, listener, NULL);
    g_source_attach(listener->source, g_main_loop_get_context(collect->loop));
    g_autoptr(GSocketAddress) local = g_socket_get_local_address(listener->socket, NULL);
    g_autofree char *text = address_text(local, scheme);
    say(collect, "listening on %s", text);
    g_ptr_array_add(collect->listeners, listener);
    return SYNFIX_OK;
}

synfix_status_t collect_output(collect_t *collect, const char *where, synfix_error_t *error)
{
    collect_output_t *output = NULL;
    if (collect->outputs->len == OUTPUTS_MAX) {
        return synfix_fail(error, SYNFIX_INVALID, "more than %d outputs", OUTPUTS_MAX);
    }
    const synfix_status_t status = collect_output_open(where, collect->config.options, &output, error);
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
    guint timer = 0;
    collect->last_us = g_get_monotonic_time();
    if (collect->config.idle_us > 0) {
        timer = g_timeout_add(100, on_idle_check, collect);
    }
    g_main_loop_run(collect->loop);
    if (timer) {
        g_source_remove(timer);
    }
    flush_outputs(collect);
    if (collect->status < 0) {
        *error = collect->error;
    }
    return collect->status;
}
