/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/service/query_server.h"
#include "app/service/host_query.h"
#include "app/service/p0f_api.h"
#include "base/clock.h"

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

#define POLL_MS 1000

typedef struct client {
    int descriptor; /* -1: free */
    size_t received;
    int64_t active_ns; /* monotonic: time of the last complete query, or of the connection */
    uint8_t request[P0F_API_REQUEST_SIZE];
} client_t;

struct query_server {
    int listener;
    int stop; /* eventfd */
    char *path;
    host_model_t *model;
    pthread_t thread;
    bool running;
    client_t clients[QUERY_CLIENTS_MAX];
    _Atomic uint64_t answered;
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
    return synfix_fail(error, denied ? SYNFIX_PERMISSION : SYNFIX_IO, "%s: %s", path, g_strerror(errno));
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
    for (size_t i = 0; i < QUERY_CLIENTS_MAX; i++) {
        made->clients[i].descriptor = -1;
    }
    if (made->stop < 0) {
        const synfix_status_t status = fail(error, path);
        query_server_free(made);
        return status;
    }
    *server = made;
    return SYNFIX_OK;
}

static void disconnect(client_t *client)
{
    close(client->descriptor);
    client->descriptor = -1;
}

static void accept_client(query_server_t *server)
{
    const int descriptor = accept4(server->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (descriptor < 0) {
        return;
    }
    for (size_t i = 0; i < QUERY_CLIENTS_MAX; i++) {
        if (server->clients[i].descriptor < 0) {
            server->clients[i] = (client_t){.descriptor = descriptor, .active_ns = monotonic_ns()};
            return;
        }
    }
    close(descriptor);
    atomic_fetch_add(&server->refused, 1);
}

static void make_answer(host_model_t *model, const uint8_t *request, GString *out)
{
    uint32_t magic;
    memcpy(&magic, request, sizeof magic);
    if (magic == HOST_QUERY_REQUEST_MAGIC) {
        host_query_answer(model, request, out);
        return;
    }
    g_string_set_size(out, P0F_API_RESPONSE_SIZE);
    p0f_api_answer(model, request, (uint8_t *)out->str);
}

/* An answer fits into the buffer of any socket whose client reads; a client that does not read is
 * disconnected. */
static bool answer(query_server_t *server, client_t *client)
{
    g_autoptr(GString) out = g_string_new(NULL);
    make_answer(server->model, client->request, out);
    client->received = 0;
    client->active_ns = monotonic_ns();
    atomic_fetch_add(&server->answered, 1);
    return send(client->descriptor, out->str, out->len, MSG_NOSIGNAL) == (ssize_t)out->len;
}

static bool serve(query_server_t *server, client_t *client)
{
    const ssize_t got = recv(client->descriptor, client->request + client->received,
                             sizeof client->request - client->received, 0);
    if (got < 0) {
        return errno == EAGAIN || errno == EINTR;
    }
    client->received += (size_t)got;
    return got > 0 && (client->received < sizeof client->request || answer(server, client));
}

static void serve_clients(query_server_t *server, const struct pollfd *polled)
{
    const int64_t now_ns = monotonic_ns();
    for (size_t i = 0; i < QUERY_CLIENTS_MAX; i++) {
        client_t *client = &server->clients[i];
        if (client->descriptor < 0 || client->descriptor != polled[i].fd) {
            continue;
        }
        const bool idle = now_ns - client->active_ns > QUERY_IDLE_MS * INT64_C(1000000);
        if (polled[i].revents != 0 ? !serve(server, client) : idle) {
            disconnect(client);
        }
    }
}

static void *run(void *user)
{
    query_server_t *server = user;
    for (;;) {
        struct pollfd polled[QUERY_CLIENTS_MAX + 2];
        for (size_t i = 0; i < QUERY_CLIENTS_MAX; i++) {
            polled[i] = (struct pollfd){.fd = server->clients[i].descriptor, .events = POLLIN};
        }
        polled[QUERY_CLIENTS_MAX] = (struct pollfd){.fd = server->listener, .events = POLLIN};
        polled[QUERY_CLIENTS_MAX + 1] = (struct pollfd){.fd = server->stop, .events = POLLIN};
        if (poll(polled, QUERY_CLIENTS_MAX + 2, POLL_MS) < 0 && errno != EINTR) {
            return NULL;
        }
        if (polled[QUERY_CLIENTS_MAX + 1].revents != 0) {
            return NULL;
        }
        serve_clients(server, polled);
        if (polled[QUERY_CLIENTS_MAX].revents != 0) {
            accept_client(server);
        }
    }
}

synfix_status_t query_server_start(query_server_t *server, host_model_t *model, synfix_error_t *error)
{
    server->model = model;
    errno = pthread_create(&server->thread, NULL, run, server);
    if (errno != 0) {
        return fail(error, server->path);
    }
    server->running = true;
    return SYNFIX_OK;
}

void query_server_stats(const query_server_t *server, query_server_stats_t *stats)
{
    *stats = (query_server_stats_t){.answered = atomic_load(&server->answered),
                                    .refused = atomic_load(&server->refused)};
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
    for (size_t i = 0; i < QUERY_CLIENTS_MAX; i++) {
        if (server->clients[i].descriptor >= 0) {
            disconnect(&server->clients[i]);
        }
    }
    close(server->listener);
    if (server->stop >= 0) {
        close(server->stop);
    }
    unlink(server->path);
    g_free(server->path);
    g_free(server);
}
