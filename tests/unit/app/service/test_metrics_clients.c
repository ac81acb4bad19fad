/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/service/metrics_clients.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

static struct sockaddr_storage at(const char *text)
{
    struct sockaddr_storage room = {.ss_family = AF_INET6};
    struct sockaddr_in four = {.sin_family = AF_INET};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, text, &four.sin_addr) == 1) {
        memcpy(&room, &four, sizeof four);
    } else {
        assert_int_equal(inet_pton(AF_INET6, text, &six.sin6_addr), 1);
        memcpy(&room, &six, sizeof six);
    }
    return room;
}

static int64_t now_ms; /* of the next call; each test sets it */

static bool admitted(metrics_clients_t *clients, const char *text)
{
    const struct sockaddr_storage address = at(text);
    return metrics_clients_admit(clients, (const struct sockaddr *)&address, now_ms);
}

static metrics_client_t *added(metrics_clients_t *clients, const char *text)
{
    const struct sockaddr_storage address = at(text);
    return metrics_clients_add(clients, (const struct sockaddr *)&address, -1, now_ms);
}

static void expect_closed(const metrics_clients_t *clients, unsigned refused, unsigned displaced)
{
    const metrics_closed_t closed = metrics_clients_closed(clients);
    assert_int_equal(closed.refused, refused);
    assert_int_equal(closed.displaced, displaced);
}

/* Which addresses are one client. */
static void test_limit(void **state)
{
    (void)state;
    static const struct {
        const char *holder;
        const char *same;
        const char *other;
    } cases[] = {{"192.0.2.1", "192.0.2.1", "192.0.2.2"},
                 {"2001:db8:0:1::1", "2001:db8:0:1:ffff::2", "2001:db8:0:2::1"},
                 {"::ffff:192.0.2.1", "192.0.2.1", "::ffff:192.0.2.2"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        metrics_clients_t clients = {.refused = 0};
        metrics_client_t *last = NULL;
        now_ms = 1;
        for (unsigned j = 0; j < METRICS_CONNECTIONS_OF_ONE; j++) {
            assert_true(admitted(&clients, cases[i].holder));
            last = added(&clients, cases[i].holder);
            assert_non_null(last);
        }
        assert_true(admitted(&clients, cases[i].other));
        expect_closed(&clients, 0, 0);
        assert_false(admitted(&clients, cases[i].same));
        assert_false(admitted(&clients, cases[i].holder));
        expect_closed(&clients, 2, 0);
        metrics_clients_remove(last);
        assert_true(admitted(&clients, cases[i].same));
        expect_closed(&clients, 2, 0);
    }
}

static void test_full(void **state)
{
    (void)state;
    now_ms = 1000;
    metrics_clients_t clients = {.refused = 0};
    for (unsigned i = 0; i < METRICS_CONNECTIONS_MAX; i++) {
        assert_non_null(added(&clients, i % 2 == 0 ? "192.0.2.1" : "2001:db8::1"));
    }
    metrics_clients_remove(NULL);
    metrics_clients_note(NULL, true, now_ms);
    assert_false(admitted(&clients, "192.0.2.1"));
    assert_false(admitted(&clients, "192.0.2.9"));
    expect_closed(&clients, 2, 0);
    assert_non_null(added(&clients, "192.0.2.9")); /* the entry of a displaced one */
    assert_null(added(&clients, "192.0.2.9"));
}

static metrics_client_t *added_at(metrics_clients_t *clients, const char *text, int64_t time_ms)
{
    now_ms = time_ms;
    metrics_client_t *const client = added(clients, text);
    assert_non_null(client);
    return client;
}

/* The connection that has kept its place longest makes room, once. */
static void test_displaced_by_anyone(void **state)
{
    (void)state;
    metrics_clients_t clients = {.refused = 0};
    metrics_client_t *held[METRICS_CONNECTIONS_MAX];
    for (unsigned i = 0; i < METRICS_CONNECTIONS_MAX; i++) {
        held[i] = added_at(&clients, i % 2 == 0 ? "192.0.2.1" : "192.0.2.2", 1000 - i);
    }
    now_ms = 1000 - METRICS_CONNECTIONS_MAX + METRICS_REQUEST_MS;
    assert_false(admitted(&clients, "192.0.2.9"));
    now_ms++; /* the last one has had its time */
    assert_true(admitted(&clients, "192.0.2.9"));
    assert_true(held[METRICS_CONNECTIONS_MAX - 1]->displaced);
    metrics_client_t *const newcomer = added_at(&clients, "192.0.2.9", now_ms);
    assert_false(admitted(&clients, "192.0.2.9"));
    metrics_clients_note(held[3], false, now_ms); /* a request came: its time begins again */
    metrics_clients_note(newcomer, true, now_ms); /* idle from now on */
    assert_true(admitted(&clients, "192.0.2.3"));
    assert_true(newcomer->displaced);
    metrics_clients_remove(newcomer);
    (void)added_at(&clients, "192.0.2.3", now_ms);
    now_ms = 1001 + METRICS_REQUEST_MS;
    assert_true(admitted(&clients, "192.0.2.4"));
    assert_false(held[3]->displaced);
    expect_closed(&clients, 2, 3);
}

/* A client that has its share displaces a connection of its own. */
static void test_displaced_by_itself(void **state)
{
    (void)state;
    metrics_clients_t clients = {.refused = 0};
    metrics_client_t *const other = added_at(&clients, "192.0.2.2", 1);
    metrics_client_t *const first = added_at(&clients, "192.0.2.1", 2);
    for (unsigned i = 1; i < METRICS_CONNECTIONS_OF_ONE; i++) {
        (void)added_at(&clients, "192.0.2.1", 3);
    }
    now_ms = 2 + METRICS_REQUEST_MS;
    assert_true(admitted(&clients, "192.0.2.1"));
    assert_true(first->displaced);
    assert_false(other->displaced);
    (void)added_at(&clients, "192.0.2.1", now_ms);
    metrics_clients_remove(first);
    assert_false(admitted(&clients, "192.0.2.1"));
    expect_closed(&clients, 1, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_limit), cmocka_unit_test(test_full),
                                       cmocka_unit_test(test_displaced_by_anyone),
                                       cmocka_unit_test(test_displaced_by_itself)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
