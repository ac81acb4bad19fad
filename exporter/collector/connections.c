/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* TCP, TLS and DTLS: a socket for each session. */
#include "exporter/collector/collect_internal.h"
#include "exporter/collector/listen_address.h"
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Pause after a connection could not be accepted: sessions that end release descriptors. */
#define ACCEPT_PAUSE_US 10000
/* Silence on a connection before the kernel probes the exporter. */
#define KEEPALIVE_SECONDS 300

/* Removes whole messages from the front of the buffer. False: the stream is not valid. */
static bool take_messages(collector_session_t *session, const uint8_t *data, size_t length)
{
    size_t at = 0;
    while (length - at >= READER_HEADER_SIZE) {
        size_t announced = 0;
        synfix_error_t error;
        if (ipfix_decoder_header(data + at, &announced, &error) < 0) {
            limit_report_add(session->collect->limits, COLLECT_REJECTED, 1, session->entry.peer, error.text);
            return false;
        }
        if (announced > length - at) {
            break;
        }
        if (session_accept_message(session, data + at, announced) != MESSAGE_ACCEPTED) {
            return false;
        }
        at += announced;
    }
    if (length - at != session->held_length) {
        session->held = g_realloc(session->held, length - at);
    }
    session->held_length = length - at;
    if (session->held_length > 0) {
        memcpy(session->held, data + at, session->held_length);
    }
    return session_account(session);
}

/* Reads up to @p size bytes. SYNFIX_END: the exporter has closed. */
static synfix_status_t receive(collector_session_t *session, uint8_t *data, size_t size, size_t *got,
                               synfix_error_t *error)
{
    if (session->tls != NULL) {
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

/* Processes the result of one read. False: the session has ended. */
static bool take_read(collector_session_t *session, synfix_status_t *status)
{
    collect_t *const collect = session->collect;
    const size_t held = session->held_length;
    synfix_error_t error;
    size_t got = 0;
    if (held > 0) {
        memcpy(collect->buffer, session->held, held);
    }
    *status = receive(session, collect->buffer + held, sizeof collect->buffer - held, &got, &error);
    const bool whole =
        got == 0 ? session_account(session) : take_messages(session, collect->buffer, held + got);
    if ((*status == SYNFIX_OK || *status == SYNFIX_AGAIN) && whole) {
        return true;
    }
    if (whole && (*status < 0 || session->held_length > 0)) {
        limit_report_add(collect->limits, COLLECT_BROKEN, 1, session->entry.peer,
                         *status < 0 ? error.text : "ended inside a message");
    }
    return false;
}

static gboolean on_stream(GSocket *socket, GIOCondition condition, gpointer user);

static void watch(collector_session_t *session, bool writing)
{
    const GIOCondition condition = (writing ? G_IO_OUT : G_IO_IN) | G_IO_HUP | G_IO_ERR;
    if (session->source != NULL) {
        g_source_destroy(session->source);
        g_source_unref(session->source);
    }
    session->writing = writing;
    session->source = g_socket_create_source(session->socket, condition, NULL);
    g_source_set_callback(session->source, G_SOURCE_FUNC(on_stream), session, NULL);
    g_source_attach(session->source, g_main_loop_get_context(session->collect->loop));
}

/* OpenSSL does not read while its answer to the exporter is not sent. A watch for input would then wake the
 * process all the time. */
static gboolean watch_on(collector_session_t *session)
{
    const bool writing = session->tls != NULL && tls_session_waits_to_write(session->tls);
    if (writing == session->writing) {
        return G_SOURCE_CONTINUE;
    }
    watch(session, writing);
    return G_SOURCE_REMOVE;
}

static gboolean on_stream(GSocket *socket, GIOCondition condition, gpointer user)
{
    collector_session_t *const session = user;
    collect_t *const collect = session->collect;
    synfix_status_t status = SYNFIX_OK;
    bool more = true;
    (void)condition;
    /* A datagram is read record by record, and there may be more than one in it. */
    const int reads = g_socket_get_socket_type(socket) == G_SOCKET_TYPE_DATAGRAM ? BURST : 1;
    for (int i = 0; i < reads && more && status == SYNFIX_OK; i++) {
        more = take_read(session, &status);
    }
    /* Printed records are flushed before the exporter learns that everything was read. */
    collect_flush(collect);
    if (more) {
        return watch_on(session);
    }
    if (session->tls != NULL && status == SYNFIX_END) {
        tls_session_end(session->tls);
    }
    session_end(session);
    if (collect->draining) {
        collect_stop_when_quiet(collect);
    }
    return G_SOURCE_REMOVE;
}

/* A session for the connected socket. NULL: refused; the socket is the caller's in any case. */
static collector_session_t *add_connection(collect_t *collect, GSocket *connection, const char *scheme)
{
    GIO_AUTO GSocketAddress *from = g_socket_get_remote_address(connection, NULL);
    g_autofree char *peer = peer_name(from, scheme);
    g_autofree char *host = peer_host(from);
    collector_session_t *const session = session_new(collect, SESSION_CONNECTION, peer, host);
    if (session == NULL) {
        return NULL;
    }
    g_socket_set_blocking(connection, FALSE);
    session->socket = g_object_ref(connection);
    watch(session, false);
    return session;
}

gboolean collect_on_connection(GSocket *socket, GIOCondition condition, gpointer user)
{
    const listener_t *const listener = user;
    collect_t *const collect = listener->collect;
    g_autoptr(GError) problem = NULL;
    GIO_AUTO GSocket *connection = g_socket_accept(socket, NULL, &problem);
    (void)condition;
    if (connection == NULL && !g_error_matches(problem, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) {
        limit_report_add(collect->limits, COLLECT_REFUSED_SESSION, 1, listener->tls != NULL ? "tls" : "tcp",
                         problem->message);
        g_usleep(ACCEPT_PAUSE_US);
    }
    if (connection == NULL || collect->draining) {
        return G_SOURCE_CONTINUE;
    }
    g_socket_set_keepalive(connection, TRUE);
    g_socket_set_option(connection, IPPROTO_TCP, TCP_KEEPIDLE, KEEPALIVE_SECONDS, NULL);
    collector_session_t *const session =
        add_connection(collect, connection, listener->tls != NULL ? "tls" : "tcp");
    if (session != NULL && listener->tls != NULL) {
        session->tls = tls_session_accept(listener->tls, g_socket_get_fd(connection));
    }
    if (session != NULL && !session_account(session)) {
        session_end(session);
    }
    return G_SOURCE_CONTINUE;
}

/* A session over DTLS for an exporter that has proven its address; @p fd and @p tls end with it. */
static void begin_datagram_session(collect_t *collect, int fd, tls_session_t *tls)
{
    GIO_AUTO GSocket *connection = g_socket_new_from_fd(fd, NULL);
    collector_session_t *const session =
        connection != NULL && !collect->draining ? add_connection(collect, connection, "dtls") : NULL;
    if (session == NULL) {
        tls_session_close(tls);
        connection != NULL ? (void)0 : (void)close(fd);
        return;
    }
    listen_enlarge_buffer(connection);
    session->tls = tls;
    if (!session_account(session)) {
        session_end(session);
    }
}

/* Discards and counts the next datagram. */
static void discard(const listener_t *listener)
{
    char byte;
    GIO_AUTO GSocketAddress *from = NULL;
    if (g_socket_receive_from(listener->socket, &from, &byte, sizeof byte, NULL, NULL) >= 0) {
        g_autofree char *peer = peer_name(from, "dtls");
        limit_report_add(listener->collect->limits, COLLECT_NO_HELLO, 1, peer, NULL);
    }
}

/* Processes the next datagram of a DTLS listener. SYNFIX_AGAIN: no datagram is waiting. A datagram that
 * cannot begin a session is discarded before OpenSSL allocates memory for it. */
static synfix_status_t take_hello(const listener_t *listener, synfix_error_t *error)
{
    const int listening = g_socket_get_fd(listener->socket);
    uint8_t head[TLS_DATAGRAM_HEAD];
    tls_session_t *tls = NULL;
    int fd = -1;
    const ssize_t length = recv(listening, head, sizeof head, MSG_PEEK | MSG_TRUNC | MSG_DONTWAIT);
    if (length < 0) {
        return SYNFIX_AGAIN;
    }
    if (!tls_begins_session(head, (size_t)length)) {
        discard(listener);
        return SYNFIX_OK;
    }
    const synfix_status_t status = tls_session_listen(listener->tls, listening, &fd, &tls, error);
    if (status == SYNFIX_OK) {
        begin_datagram_session(listener->collect, fd, tls);
    }
    return status == SYNFIX_AGAIN ? SYNFIX_OK
                                  : status; /* a hello without a cookie: process the next datagram */
}

/* DTLS: processes ClientHello messages; datagrams of a session arrive at its own socket. Hellos may arrive
 * faster than sessions begin, so a call ends after BURST datagrams. */
gboolean collect_on_hello(GSocket *socket, GIOCondition condition, gpointer user)
{
    const listener_t *const listener = user;
    synfix_error_t error;
    synfix_status_t status = SYNFIX_OK;
    (void)socket;
    (void)condition;
    for (int i = 0; i < BURST && status == SYNFIX_OK; i++) {
        status = take_hello(listener, &error);
    }
    if (status < 0) {
        limit_report_add(listener->collect->limits, COLLECT_REFUSED_SESSION, 1, "dtls", error.text);
    }
    return G_SOURCE_CONTINUE;
}
