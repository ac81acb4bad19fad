/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file tls_peers.h
 * An exporter and a collecting process over a pair of sockets; certificates come from the command openssl.
 * Include cmocka.h before this file.
 */
#ifndef SUPPORT_TLS_PEERS_H
#define SUPPORT_TLS_PEERS_H

#include "exporter/tls/tls.h"
#include "exporter/transport/transport_modules.h"
#include "module/module_options.h"
#include "support/skip.h"
#include "support/temporary_directory.h"
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static bool has_certificates;
static char *directory;

static inline gboolean make_certificate(const char *name)
{
    g_autofree char *key = g_strconcat(name, ".key", NULL);
    const char *const words[] = {"openssl",
                                 "req",
                                 "-x509",
                                 "-newkey",
                                 "ec",
                                 "-pkeyopt",
                                 "ec_paramgen_curve:P-256",
                                 "-nodes",
                                 "-days",
                                 "2",
                                 "-subj",
                                 "/CN=host.example",
                                 "-addext",
                                 "subjectAltName=DNS:host.example,IP:fe80::1",
                                 "-keyout",
                                 key,
                                 "-out",
                                 name,
                                 NULL};
    int status = 0;
    return g_spawn_sync(NULL, (char **)(uintptr_t)words, NULL,
                        G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL,
                        NULL, NULL, NULL, &status, NULL) &&
           g_spawn_check_wait_status(status, NULL);
}

/* collector and exporter, each with the other one as its authority; and a stranger. */
static inline int begin(void **state)
{
    (void)state;
    (void)signal(SIGPIPE, SIG_IGN); /* as the program does */
    directory = temporary_directory_new();
    if (directory == NULL || chdir(directory) != 0) {
        return -1;
    }
    has_certificates =
        make_certificate("collector") && make_certificate("exporter") && make_certificate("stranger");
    return 0;
}

static inline int end(void **state)
{
    (void)state;
    return chdir("/") != 0 || temporary_directory_remove(directory) != 0;
}

static inline synfix_status_t make_client(const char *settings, tls_context_t **context,
                                          synfix_error_t *error)
{
    synfix_options_t *options = NULL;
    assert_int_equal(module_options_make(&tls_module, "host.example:1", settings, &options, error),
                     SYNFIX_OK);
    const synfix_status_t status = tls_context_new(options, false, context, error);
    module_options_free(options);
    return status;
}

/* The collecting side of one session. */
typedef struct peer {
    tls_context_t *context;
    int fd;
    synfix_status_t status; /* of the last read */
    synfix_error_t error;
    char text[64];
    bool open;    /* when the first bytes came */
    size_t bytes; /* of memory, then */
    pthread_t thread;
} peer_t;

/* Reads to the end of the session, and answers the first bytes. */
static inline void *peer_main(void *user)
{
    peer_t *const peer = user;
    tls_session_t *const session = tls_session_accept(peer->context, peer->fd);
    size_t used = 0;
    size_t got = 0;
    do {
        peer->status = tls_session_read(session, (uint8_t *)peer->text + used, sizeof peer->text - used, &got,
                                        &peer->error);
        if (peer->status == SYNFIX_OK && used == 0) {
            peer->open = tls_session_is_open(session);
            peer->bytes = tls_session_bytes(session);
            (void)tls_session_write(session, (const uint8_t *)"yes", 3, &peer->error);
        }
        used += peer->status == SYNFIX_OK ? got : 0;
        if (peer->status == SYNFIX_AGAIN) {
            g_usleep(1000);
        }
    } while (peer->status == SYNFIX_OK || peer->status == SYNFIX_AGAIN);
    tls_session_close(session);
    (void)close(peer->fd);
    return NULL;
}

/* Both ends of a connection; the peer runs in a thread. The end of the exporter. */
static inline int connect_to(peer_t *peer)
{
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
    peer->fd = ends[1];
    assert_int_equal(pthread_create(&peer->thread, NULL, peer_main, peer), 0);
    return ends[0];
}

static inline tls_context_t *make_server(bool anonymous)
{
    const tls_files_t files = {
        .ca = "exporter", .cert = "collector", .key = "collector.key", .anonymous = anonymous};
    tls_context_t *context = NULL;
    synfix_error_t error;
    assert_int_equal(tls_context_new_server(&files, false, &context, &error), SYNFIX_OK);
    return context;
}

static inline void await_answer(tls_session_t *session)
{
    char answer[8] = "";
    size_t got = 0;
    synfix_error_t error;
    synfix_status_t status = SYNFIX_AGAIN;
    while (status == SYNFIX_AGAIN) {
        status = tls_session_read(session, (uint8_t *)answer, sizeof answer - 1, &got, &error);
    }
    assert_int_equal(status, SYNFIX_OK);
    assert_string_equal(answer, "yes");
}

/* A session of a client with @p settings, which expects @p name. */
static inline synfix_status_t talk(const char *settings, const char *name, peer_t *peer,
                                   synfix_error_t *error)
{
    tls_context_t *client = NULL;
    tls_session_t *session = NULL;
    assert_int_equal(make_client(settings, &client, error), SYNFIX_OK);
    const int fd = connect_to(peer);
    synfix_status_t status = tls_session_open(client, fd, name, &session, error);
    if (status == SYNFIX_OK) {
        assert_true(tls_session_is_open(session));
        assert_int_equal(tls_session_write(session, (const uint8_t *)"hello", 5, error), 5);
        await_answer(session);
        status = tls_session_check(session, error);
        tls_session_end(session);
        tls_session_close(session);
    }
    (void)close(fd);
    (void)pthread_join(peer->thread, NULL);
    tls_context_free(client);
    return status;
}

/* Settings of an exporter that the collecting process of make_server() accepts. */
#define MUTUAL "ca=collector&cert=exporter&key=exporter.key"

#define NEED_CERTIFICATES()                                                                                  \
    do {                                                                                                     \
        if (!has_certificates) {                                                                             \
            SKIP("no openssl command; install the package openssl");                                         \
        }                                                                                                    \
    } while (0)

#endif
