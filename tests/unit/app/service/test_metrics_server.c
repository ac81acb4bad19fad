/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/service/metrics_server.h"

#include "app/service/metrics_clients.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void test_addresses(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "", "9464", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:99999", "example.net:80", "[::1"};
    synfix_error_t error;
    metrics_t *metrics = NULL;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (metrics_listen(bad[i], &metrics, &error) != SYNFIX_INVALID) {
            fail_msg("'%s' was accepted", bad[i]);
        }
    }
    assert_null(metrics);
}

static void test_in_use(void **state)
{
    (void)state;
    synfix_error_t error;
    metrics_t *first = NULL;
    metrics_t *second = NULL;
    char address[32];
    int port = 39464;
    for (; !first && port < 39564; port++) {
        (void)snprintf(address, sizeof address, "127.0.0.1:%d", port);
        if (metrics_listen(address, &first, &error) < 0) {
            first = NULL;
        }
    }
    assert_non_null(first);
    assert_int_equal(metrics_listen(address, &second, &error), SYNFIX_DISCONNECTED);
    assert_non_null(strstr(error.text, address));
    metrics_free(first);
    assert_int_equal(metrics_listen(address, &second, &error), SYNFIX_OK);
    metrics_free(second);
    metrics_free(NULL);
}

static void append_nothing(void *user, GString *text)
{
    (void)user;
    g_string_append(text, "# EOF\n");
}

/* A connection from @p source; -1: the listener's queue is full. */
static int connect_from(const char *source, int port)
{
    struct sockaddr_in from = {.sin_family = AF_INET};
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    const int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(client >= 0);
    assert_int_equal(inet_pton(AF_INET, source, &from.sin_addr), 1);
    assert_int_equal(inet_pton(AF_INET, "127.0.0.1", &to.sin_addr), 1);
    assert_int_equal(bind(client, (const struct sockaddr *)&from, sizeof from), 0);
    assert_int_equal(connect(client, (const struct sockaddr *)&to, sizeof to), 0);
    return client;
}

/* Whether a request is answered; the connection is closed without an answer otherwise. */
static bool is_answered(int client)
{
    static const char request[] = "GET /metrics HTTP/1.0\r\n\r\n";
    char answer[16] = "";
    (void)!send(client, request, sizeof request - 1, MSG_NOSIGNAL);
    const ssize_t got = recv(client, answer, sizeof answer - 1, 0);
    (void)close(client);
    return got > 9 && memcmp(answer, "HTTP/1.", 7) == 0;
}

/* Connections that send nothing, more than the listener serves, leave room for another address. */
static void test_one_client_keeps_nobody_out(void **state)
{
    (void)state;
    synfix_error_t error;
    metrics_t *metrics = NULL;
    char address[32];
    int idle[2 * METRICS_CONNECTIONS_MAX];
    int port = 39564;
    for (; metrics == NULL && port < 39664; port++) {
        (void)snprintf(address, sizeof address, "127.0.0.1:%d", port);
        if (metrics_listen(address, &metrics, &error) < 0) {
            metrics = NULL;
        }
    }
    assert_non_null(metrics);
    assert_int_equal(metrics_start_text(metrics, append_nothing, NULL, &error), SYNFIX_OK);
    for (size_t i = 0; i < G_N_ELEMENTS(idle); i++) {
        idle[i] = connect_from("127.0.0.1", port - 1);
    }
    assert_true(is_answered(connect_from("127.0.0.2", port - 1)));
    (void)is_answered(
        connect_from("127.0.0.1", port - 1)); /* in the place of an idle one, if these are old */
    const metrics_closed_t closed = metrics_closed(metrics);
    assert_int_equal(closed.refused + closed.displaced, G_N_ELEMENTS(idle) - METRICS_CONNECTIONS_OF_ONE + 1);
    for (size_t i = 0; i < G_N_ELEMENTS(idle); i++) {
        (void)close(idle[i]);
    }
    while (!is_answered(
        connect_from("127.0.0.1", port - 1))) { /* until the thread has seen that they are closed */
    }
    metrics_free(metrics);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_addresses), cmocka_unit_test(test_in_use),
                                       cmocka_unit_test(test_one_client_keeps_nobody_out)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
