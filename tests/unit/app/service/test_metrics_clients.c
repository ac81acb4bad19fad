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

static bool admitted(metrics_clients_t *clients, const char *text)
{
    const struct sockaddr_storage address = at(text);
    return metrics_clients_admit(clients, (const struct sockaddr *)&address);
}

static metrics_client_t *added(metrics_clients_t *clients, const char *text)
{
    const struct sockaddr_storage address = at(text);
    return metrics_clients_add(clients, (const struct sockaddr *)&address);
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
        for (unsigned j = 0; j < METRICS_CONNECTIONS_OF_ONE; j++) {
            assert_true(admitted(&clients, cases[i].holder));
            last = added(&clients, cases[i].holder);
            assert_non_null(last);
        }
        assert_true(admitted(&clients, cases[i].other));
        assert_int_equal(metrics_clients_refused(&clients), 0);
        assert_false(admitted(&clients, cases[i].same));
        assert_false(admitted(&clients, cases[i].holder));
        assert_int_equal(metrics_clients_refused(&clients), 2);
        metrics_clients_remove(last);
        assert_true(admitted(&clients, cases[i].same));
        assert_int_equal(metrics_clients_refused(&clients), 2);
    }
}

static void test_full(void **state)
{
    (void)state;
    metrics_clients_t clients = {.refused = 0};
    for (unsigned i = 0; i < METRICS_CONNECTIONS_MAX; i++) {
        assert_non_null(added(&clients, i % 2 == 0 ? "192.0.2.1" : "2001:db8::1"));
    }
    assert_null(added(&clients, "192.0.2.9"));
    metrics_clients_remove(NULL);
    assert_false(admitted(&clients, "192.0.2.1"));
    assert_true(admitted(&clients, "192.0.2.9"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_limit), cmocka_unit_test(test_full)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
