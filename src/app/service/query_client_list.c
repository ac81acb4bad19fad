/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/service/query_client_list.h"
#include "app/service/host_query.h"
#include "app/service/p0f_api.h"
#include "base/clock.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Requests of one client in one turn, so that a client with many of them does not delay the others. */
#define REQUESTS_IN_TURN 16u

typedef struct client {
    int descriptor;
    size_t received; /* bytes of the request */
    size_t sent;     /* bytes of the answer */
    GString *answer; /* empty: the client may send its next request */
    int64_t active_ns;
    uint8_t request[P0F_API_REQUEST_SIZE];
} client_t;

struct query_client_list {
    host_model_t *model;
    _Atomic uint64_t answered;
    size_t count;
    client_t clients[QUERY_CLIENTS_MAX]; /* the first `count` are in use */
};

query_client_list_t *query_client_list_new(host_model_t *model)
{
    query_client_list_t *list = g_new0(query_client_list_t, 1);
    list->model = model;
    return list;
}

/* The last client moves to the free slot. */
static void disconnect(query_client_list_t *list, size_t index)
{
    close(list->clients[index].descriptor);
    g_string_free(list->clients[index].answer, TRUE);
    list->clients[index] = list->clients[--list->count];
}

void query_client_list_free(query_client_list_t *list)
{
    while (list != NULL && list->count > 0) {
        disconnect(list, list->count - 1);
    }
    g_free(list);
}

bool query_client_list_yield(query_client_list_t *list, int64_t now_ns)
{
    size_t oldest = 0;
    for (size_t i = 1; i < list->count; i++) {
        oldest = list->clients[i].active_ns < list->clients[oldest].active_ns ? i : oldest;
    }
    if (list->count == 0 || now_ns - list->clients[oldest].active_ns <= QUERY_YIELD_MS * NS_PER_MS) {
        return false;
    }
    disconnect(list, oldest);
    return true;
}

bool query_client_list_add(query_client_list_t *list, int descriptor, int64_t now_ns)
{
    if (list->count == QUERY_CLIENTS_MAX && !query_client_list_yield(list, now_ns)) {
        close(descriptor);
        return false;
    }
    list->clients[list->count++] =
        (client_t){.descriptor = descriptor, .answer = g_string_new(NULL), .active_ns = now_ns};
    return true;
}

size_t query_client_list_poll(const query_client_list_t *list, struct pollfd *polled)
{
    for (size_t i = 0; i < list->count; i++) {
        const client_t *client = &list->clients[i];
        polled[i] =
            (struct pollfd){.fd = client->descriptor, .events = client->answer->len > 0 ? POLLOUT : POLLIN};
    }
    return list->count;
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

static bool is_transient(int reason)
{
    return reason == EAGAIN || reason == EINTR;
}

/* False: the connection has ended. */
static bool send_answer(client_t *client, int64_t now_ns)
{
    const ssize_t sent = send(client->descriptor, client->answer->str + client->sent,
                              client->answer->len - client->sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0) {
        return is_transient(errno);
    }
    client->active_ns = now_ns;
    client->sent += (size_t)sent;
    if (client->sent == client->answer->len) {
        g_string_truncate(client->answer, 0);
        client->sent = 0;
    }
    return true;
}

typedef enum progress {
    PROGRESS_OVER,    /* the connection */
    PROGRESS_WAITS,   /* for more of the request */
    PROGRESS_REQUEST, /* a request is complete */
} progress_t;

static progress_t receive(client_t *client)
{
    const ssize_t got = recv(client->descriptor, client->request + client->received,
                             sizeof client->request - client->received, MSG_DONTWAIT);
    if (got < 0) {
        return is_transient(errno) ? PROGRESS_WAITS : PROGRESS_OVER;
    }
    client->received += (size_t)got;
    if (got == 0) {
        return PROGRESS_OVER;
    }
    return client->received == sizeof client->request ? PROGRESS_REQUEST : PROGRESS_WAITS;
}

static bool serve(query_client_list_t *list, client_t *client, int64_t now_ns)
{
    for (unsigned i = 0; i < REQUESTS_IN_TURN; i++) {
        if (client->answer->len > 0 && !send_answer(client, now_ns)) {
            return false;
        }
        if (client->answer->len > 0) {
            return true; /* the client has to read first */
        }
        const progress_t progress = receive(client);
        if (progress != PROGRESS_REQUEST) {
            return progress == PROGRESS_WAITS;
        }
        client->received = 0;
        client->active_ns = now_ns;
        make_answer(list->model, client->request, client->answer);
        atomic_fetch_add(&list->answered, 1);
    }
    return client->answer->len == 0 || send_answer(client, now_ns);
}

void query_client_list_serve(query_client_list_t *list, const struct pollfd *polled, size_t count,
                             int64_t now_ns)
{
    for (size_t i = MIN(count, list->count);
         i-- > 0;) { /* from the end: a slot is filled by the last client */
        client_t *client = &list->clients[i];
        const bool good = polled[i].revents == 0 || serve(list, client, now_ns);
        if (!good || now_ns - client->active_ns > QUERY_IDLE_MS * NS_PER_MS) {
            disconnect(list, i);
        }
    }
}

uint64_t query_client_list_answered(const query_client_list_t *list)
{
    return atomic_load(&list->answered);
}
