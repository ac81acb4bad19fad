/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/service/query_server.h"
#include "app/service/query_client_list.h"
#include "base/clock.h"
#include "base/thread_start.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* Idle clients are ended within a second of their time limit. poll() without memory is tried again after
 * RETRY_US. */
#define POLL_MS  1000
#define RETRY_US 10000

struct query_server {
    int listener;
    int stop; /* eventfd */
    char *path;
    struct stat file; /* of the socket */
    query_client_list_t *clients;
    pthread_t thread;
    bool running;
    int64_t accept_again_ns; /* connections wait until then: no descriptor was free */
    _Atomic uint64_t refused;
};

/* True if no process accepts connections on the socket. */
static bool is_stale(const struct sockaddr_un *address)
{
    const int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (probe < 0) {
        return false;
    }
    const bool stale =
        connect(probe, (const struct sockaddr *)address, sizeof *address) != 0 && errno == ECONNREFUSED;
    close(probe);
    return stale;
}

static int bind_socket(int descriptor, const struct sockaddr_un *address, unsigned mode)
{
    /* the permissions are set before the socket accepts connections */
    const mode_t old = umask(0777 & ~(mode_t)mode);
    const int result = bind(descriptor, (const struct sockaddr *)address, sizeof *address);
    const int reason = errno;
    umask(old);
    errno = reason;
    return result;
}

static synfix_status_t fail(synfix_error_t *error, const char *path)
{
    const bool denied = errno == EACCES || errno == EPERM;
    return synfix_fail(error, denied ? SYNFIX_PERMISSION : SYNFIX_IO, "%s: %s", path, strerror(errno));
}

static int listen_at(const char *path, unsigned mode)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(address.sun_path, path, strlen(path) + 1);
    const int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0) {
        return -1;
    }
    struct stat file;
    int result = bind_socket(descriptor, &address, mode);
    if (result != 0 && errno == EADDRINUSE && lstat(path, &file) == 0 && S_ISSOCK(file.st_mode) &&
        is_stale(&address) && unlink(path) == 0) {
        result = bind_socket(descriptor, &address, mode);
    }
    if (result != 0 || listen(descriptor, (int)QUERY_CLIENTS_MAX) != 0) {
        const int reason = errno;
        close(descriptor);
        errno = reason;
        return -1;
    }
    return descriptor;
}

synfix_status_t query_server_open(const char *path, unsigned mode, query_server_t **server,
                                  synfix_error_t *error)
{
    const int listener = listen_at(path, mode);
    if (listener < 0) {
        return fail(error, path);
    }
    query_server_t *made = g_new0(query_server_t, 1);
    made->listener = listener;
    made->path = g_strdup(path);
    made->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (made->stop < 0 || lstat(path, &made->file) != 0) {
        const synfix_status_t status = fail(error, path);
        query_server_free(made);
        return status;
    }
    *server = made;
    return SYNFIX_OK;
}

/* A descriptor may become free when a client makes room, or later. */
static void wait_for_descriptor(query_server_t *server, int64_t now_ns)
{
    if (!query_client_list_yield(server->clients, now_ns)) {
        server->accept_again_ns = now_ns + POLL_MS * INT64_C(1000000);
        atomic_fetch_add(&server->refused, 1);
    }
}

static void accept_client(query_server_t *server, int64_t now_ns)
{
    const int descriptor = accept4(server->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (descriptor >= 0) {
        atomic_fetch_add(&server->refused,
                         query_client_list_add(server->clients, descriptor, now_ns) ? 0 : 1);
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
        wait_for_descriptor(server, now_ns);
    }
}

static void *run(void *user)
{
    query_server_t *server = user;
    for (;;) {
        struct pollfd polled[QUERY_CLIENTS_MAX + 2];
        /* poll(2) refuses more entries than the process may have descriptors: no empty ones */
        const size_t count = query_client_list_poll(server->clients, polled);
        const bool accepts = monotonic_ns() >= server->accept_again_ns;
        polled[count] = (struct pollfd){.fd = server->stop, .events = POLLIN};
        polled[count + 1] = (struct pollfd){.fd = server->listener, .events = accepts ? POLLIN : 0};
        if (poll(polled, count + 2, POLL_MS) < 0) {
            g_usleep(RETRY_US); /* no memory, or fewer descriptors than before: both may pass */
            continue;
        }
        if (polled[count].revents != 0) {
            return NULL;
        }
        const int64_t now_ns = monotonic_ns();
        query_client_list_serve(server->clients, polled, count, now_ns);
        if (polled[count + 1].revents != 0) {
            accept_client(server, now_ns);
        }
    }
}

synfix_status_t query_server_start(query_server_t *server, host_model_t *model, synfix_error_t *error)
{
    server->clients = query_client_list_new(model);
    const synfix_status_t status = thread_start(&server->thread, run, server, server->path, error);
    server->running = status == SYNFIX_OK;
    return status;
}

void query_server_stats(const query_server_t *server, query_server_stats_t *stats)
{
    *stats = (query_server_stats_t){
        .answered = server->clients != NULL ? query_client_list_answered(server->clients) : 0,
        .refused = atomic_load(&server->refused)};
}

/* Another process may have replaced the socket: its own stays. */
static void remove_socket(const query_server_t *server)
{
    struct stat now;
    if (lstat(server->path, &now) == 0 && now.st_dev == server->file.st_dev &&
        now.st_ino == server->file.st_ino) {
        unlink(server->path);
    }
}

void query_server_free(query_server_t *server)
{
    if (server == NULL) {
        return;
    }
    if (server->running) {
        const uint64_t one = 1;
        const ssize_t written = write(server->stop, &one, sizeof one); /* an eventfd accepts the value */
        (void)written;
        pthread_join(server->thread, NULL);
    }
    query_client_list_free(server->clients);
    close(server->listener);
    if (server->stop >= 0) {
        close(server->stop);
    }
    remove_socket(server);
    g_free(server->path);
    g_free(server);
}
