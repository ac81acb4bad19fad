/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/collector/collecting_process.h"
#include <gio/gio.h>
#include <string.h>

typedef struct fixture {
    collect_t *collect;
    char *line; /* the last one that was reported */
} fixture_t;

static void keep_line(void *user, const char *text)
{
    fixture_t *const fixture = user;
    g_free(fixture->line);
    fixture->line = g_strdup(text);
}

static int set_up(void **state)
{
    fixture_t *const fixture = g_new0(fixture_t, 1);
    const collect_config_t config = {.idle_us = 300 * 1000, .log = keep_line, .log_user = fixture};
    fixture->collect = collect_new(&config);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    fixture_t *const fixture = *state;
    collect_free(fixture->collect);
    g_free(fixture->line);
    g_free(fixture);
    return 0;
}

static void refuses_wrong_places(void **state)
{
    fixture_t *const fixture = *state;
    static const struct {
        const char *where;
        const char *reason;
    } cases[] = {
        {"127.0.0.1:0", "a scheme is missing; write udp://HOST:PORT"},
        {"sctp://127.0.0.1:0", "'sctp' is not a scheme; write udp, tcp, tls or dtls"},
        {"tcp:127.0.0.1:0", "a scheme is missing; write udp://HOST:PORT"},
        {"tcp://127.0.0.1:0?cert=a", "only tls:// and dtls:// have options"},
        {"tls://127.0.0.1:0", "no certificate; write ?cert=FILE"},
        {"tls://127.0.0.1:0?colour=red", "unknown key 'colour'"},
        {"tls://127.0.0.1:0?cert=/nowhere.pem", "/nowhere.pem"},
        {"udp://192.0.2.1:0", "192.0.2.1"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        synfix_error_t error = {.text = ""};
        assert_true(collect_listen(fixture->collect, cases[i].where, &error) < 0);
        if (!strstr(error.text, cases[i].reason)) {
            fail_msg("'%s' does not tell '%s'", error.text, cases[i].reason);
        }
    }
}

/* Sends to a collector that listens with @p scheme, and runs it until it is idle. */
static void feed(fixture_t *fixture, const char *scheme, const uint8_t *data, size_t length)
{
    static const char prefix[] = "listening on ";
    const bool stream = strcmp(scheme, "tcp") == 0;
    g_autofree char *where = g_strconcat(scheme, "://127.0.0.1:0", NULL);
    synfix_error_t error;
    assert_int_equal(collect_listen(fixture->collect, where, &error), SYNFIX_OK);
    assert_true(g_str_has_prefix(fixture->line, prefix));
    const char *const port = strrchr(fixture->line, ':') + 1;
    g_autoptr(GSocketAddress) to =
        g_inet_socket_address_new_from_string("127.0.0.1", (guint)g_ascii_strtoull(port, NULL, 10));
    g_autoptr(GSocket) socket =
        g_socket_new(G_SOCKET_FAMILY_IPV4, stream ? G_SOCKET_TYPE_STREAM : G_SOCKET_TYPE_DATAGRAM,
                     G_SOCKET_PROTOCOL_DEFAULT, NULL);
    assert_true(g_socket_connect(socket, to, NULL, NULL));
    assert_int_equal(g_socket_send(socket, (const char *)data, length, NULL, NULL), length);
    if (stream) {
        assert_true(g_socket_shutdown(socket, FALSE, TRUE, NULL));
    }
    assert_int_equal(collect_run(fixture->collect, &error), SYNFIX_OK);
}

static void counts(void **state, const char *scheme, size_t length, uint64_t messages, uint64_t refused)
{
    fixture_t *const fixture = *state;
    /* Two empty messages, then one of another version. */
    static const uint8_t data[48] = {0, 10, 0, 16, [16] = 0, 10, 0, 16, [32] = 0, 9, 0, 16};
    collect_stats_t stats;
    feed(fixture, scheme, data, length);
    collect_get_stats(fixture->collect, &stats);
    assert_int_equal(stats.sessions, strcmp(scheme, "tcp") == 0);
    assert_int_equal(stats.messages, messages);
    assert_int_equal(stats.refused, refused);
    assert_int_equal(stats.records, 0);
}

/* The losses by limits; NULL: none. */
static void check_limits(const fixture_t *fixture, const char *wanted)
{
    g_autofree char *text = collect_limits_text(fixture->collect);
    if (g_strcmp0(text, wanted) != 0) {
        fail_msg("'%s' is not '%s'", text != NULL ? text : "", wanted != NULL ? wanted : "");
    }
}

static void takes_a_stream(void **state)
{
    counts(state, "tcp", 32, 2, 0);
}

static void drops_a_stream_that_is_none(void **state)
{
    counts(state, "tcp", 48, 2, 1);
}

static void tells_of_half_a_message(void **state)
{
    counts(state, "tcp", 24, 1, 0);
    assert_non_null(strstr(((fixture_t *)*state)->line, "ended inside a message"));
    check_limits(*state, "1 connection ended with an error or inside a message");
}

/* An empty message brings no template, so it makes no session. */
static void counts_a_datagram_of_a_stranger(void **state)
{
    counts(state, "udp", 16, 1, 0);
    check_limits(*state, "1 datagram discarded from peers without a valid template");
}

static void a_template_begins_a_session(void **state)
{
    fixture_t *const fixture = *state;
    static const uint8_t data[] = {0,
                                   10,
                                   0,
                                   34,
                                   [16] = 0,
                                   2,
                                   0,
                                   12,
                                   1,
                                   0,
                                   0,
                                   1,
                                   0,
                                   4,
                                   0,
                                   1,
                                   /* a record */ 1,
                                   0,
                                   0,
                                   5,
                                   6,
                                   [33] = 0};
    uint8_t message[sizeof data];
    memcpy(message, data, sizeof data);
    message[3] = 33;
    collect_stats_t stats;
    feed(fixture, "udp", message, 33);
    collect_get_stats(fixture->collect, &stats);
    assert_int_equal(stats.sessions, 1);
    assert_int_equal(stats.records, 1);
    check_limits(fixture, NULL);
}

static void counts_data_without_a_template(void **state)
{
    fixture_t *const fixture = *state;
    static const uint8_t data[] = {0, 10, 0, 21, [16] = 1, 7, 0, 5, 1};
    feed(fixture, "tcp", data, sizeof data);
    check_limits(fixture, "1 data set skipped because of a missing template");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(refuses_wrong_places, set_up, tear_down),
        cmocka_unit_test_setup_teardown(takes_a_stream, set_up, tear_down),
        cmocka_unit_test_setup_teardown(drops_a_stream_that_is_none, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tells_of_half_a_message, set_up, tear_down),
        cmocka_unit_test_setup_teardown(counts_a_datagram_of_a_stranger, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_template_begins_a_session, set_up, tear_down),
        cmocka_unit_test_setup_teardown(counts_data_without_a_template, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
