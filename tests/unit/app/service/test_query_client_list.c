/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/service/p0f_api.h"
#include "app/service/query_client_list.h"
#include "support/host_sightings.h"

#include <glib.h>
#include <sys/socket.h>
#include <unistd.h>

#define NS_PER_MS INT64_C(1000000)
#define MANY      2000u /* answers of this number exceed the buffer of a socket */

typedef struct fixture {
    host_model_t *model;
    query_client_list_t *list;
    int64_t now_ns;
} fixture_t;

static int set_up(void **state)
{
    fixture_t *fixture = g_new0(fixture_t, 1);
    const host_model_config_t config = {.evidence = false};
    fixture->model = host_model_new(&config);
    const host_sighting_t sighting = sighting_of(fixture->model, 7, LINUX_TEXT, &linux_label, 0);
    host_model_add(fixture->model, &sighting, NULL);
    fixture->list = query_client_list_new(fixture->model);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    fixture_t *fixture = *state;
    query_client_list_free(fixture->list);
    host_model_free(fixture->model);
    g_free(fixture);
    return 0;
}

/* The client's end; -1: the list had no place. */
static int join(fixture_t *fixture)
{
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends), 0);
    if (query_client_list_add(fixture->list, ends[0], fixture->now_ns)) {
        return ends[1];
    }
    close(ends[1]);
    return -1;
}

static unsigned serve(fixture_t *fixture)
{
    struct pollfd polled[QUERY_CLIENTS_MAX];
    const size_t count = query_client_list_poll(fixture->list, polled);
    assert_true(poll(polled, count, 0) >= 0);
    const uint64_t before = query_client_list_answered(fixture->list);
    query_client_list_serve(fixture->list, polled, count, fixture->now_ns);
    return (unsigned)(query_client_list_answered(fixture->list) - before);
}

static void make_request(uint8_t *request)
{
    const uint32_t magic = P0F_API_REQUEST_MAGIC;
    memset(request, 0, P0F_API_REQUEST_SIZE);
    memcpy(request, &magic, sizeof magic);
    memcpy(request + 4, (const uint8_t[]){4, 192, 0, 2, 7}, 5);
}

/* Bytes that are there to read; -1: the connection is closed. */
static ssize_t available(int descriptor)
{
    uint8_t room[65536];
    ssize_t sum = 0;
    for (;;) {
        const ssize_t got = recv(descriptor, room, sizeof room, MSG_DONTWAIT);
        if (got <= 0) {
            return got == 0 && sum == 0 ? -1 : sum;
        }
        sum += got;
    }
}

/* As a client that writes all queries before it reads: as many as the kernel takes. */
static unsigned send_many(int client)
{
    uint8_t request[P0F_API_REQUEST_SIZE];
    unsigned sent = 0;
    make_request(request);
    while (sent < MANY && send(client, request, sizeof request, MSG_DONTWAIT | MSG_NOSIGNAL) > 0) {
        sent++;
    }
    return sent;
}

static void a_client_that_reads_late_gets_all_answers(void **state)
{
    fixture_t *fixture = *state;
    const int client = join(fixture);
    unsigned sent = 0;
    size_t got = 0;
    while (sent < MANY) {
        sent += send_many(client);
        for (unsigned turn = 0; turn < MANY; turn++) { /* the buffer of the answers fills up meanwhile */
            (void)serve(fixture);
        }
        got += (size_t)available(client);
    }
    while (serve(fixture) > 0) {
        got += (size_t)available(client);
    }
    got += (size_t)available(client);
    assert_true(sent >= MANY);
    assert_int_equal(got, sent * (size_t)P0F_API_RESPONSE_SIZE);
    close(client);
}

static void a_client_that_never_reads_is_disconnected(void **state)
{
    fixture_t *fixture = *state;
    const int client = join(fixture);
    for (unsigned turn = 0; turn < MANY; turn++) {
        (void)send_many(client);
        (void)serve(fixture);
    }
    fixture->now_ns += (QUERY_IDLE_MS + 1) * NS_PER_MS;
    (void)serve(fixture);
    struct pollfd polled[QUERY_CLIENTS_MAX];
    assert_int_equal(query_client_list_poll(fixture->list, polled), 0);
    close(client);
}

static void a_query_byte_by_byte_is_not_progress(void **state)
{
    fixture_t *fixture = *state;
    const int client = join(fixture);
    uint8_t request[P0F_API_REQUEST_SIZE];
    make_request(request);
    assert_int_equal(send(client, request, 1, 0), 1);
    (void)serve(fixture);
    fixture->now_ns += (QUERY_IDLE_MS + 1) * NS_PER_MS;
    assert_int_equal(send(client, request + 1, 1, 0), 1);
    (void)serve(fixture);
    assert_int_equal(available(client), -1);
    close(client);
}

static void an_idle_client_makes_room(void **state)
{
    fixture_t *fixture = *state;
    int clients[QUERY_CLIENTS_MAX];
    uint8_t request[P0F_API_REQUEST_SIZE];
    for (size_t i = 0; i < QUERY_CLIENTS_MAX; i++) {
        clients[i] = join(fixture);
        assert_true(clients[i] >= 0);
    }
    assert_int_equal(join(fixture), -1); /* all of them came just now */
    fixture->now_ns += (QUERY_YIELD_MS + 1) * NS_PER_MS;
    make_request(request);
    for (size_t i = 1; i < QUERY_CLIENTS_MAX; i++) {
        assert_int_equal(send(clients[i], request, sizeof request, 0), sizeof request);
    }
    assert_int_equal(serve(fixture), QUERY_CLIENTS_MAX - 1);
    const int further = join(fixture);
    assert_true(further >= 0);
    assert_int_equal(available(clients[0]), -1); /* the one without a query */
    assert_int_equal(available(clients[1]), P0F_API_RESPONSE_SIZE);
    for (size_t i = 0; i < QUERY_CLIENTS_MAX; i++) {
        close(clients[i]);
    }
    close(further);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_client_that_reads_late_gets_all_answers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_client_that_never_reads_is_disconnected, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_query_byte_by_byte_is_not_progress, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_idle_client_makes_room, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
