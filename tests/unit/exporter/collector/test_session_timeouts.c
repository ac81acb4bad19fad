/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/collector/collect_internal.h"
#include <string.h>

typedef struct fixture {
    collect_t *collect;
    GString *lines;
} fixture_t;

static void add_line(void *user, const char *text)
{
    g_string_append_printf(((fixture_t *)user)->lines, "%s\n", text);
}

static int set_up(void **state)
{
    fixture_t *const fixture = g_new0(fixture_t, 1);
    const collect_config_t config = {
        .session_us = 1000, .handshake_us = 500, .log = add_line, .log_user = fixture};
    fixture->lines = g_string_new(NULL);
    fixture->collect = collect_new(&config);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    fixture_t *const fixture = *state;
    collect_free(fixture->collect);
    g_string_free(fixture->lines, TRUE);
    g_free(fixture);
    return 0;
}

static collector_session_t *session(fixture_t *fixture, session_kind_t kind, const char *peer,
                                    session_rank_t rank, int64_t last_us)
{
    collector_session_t *const made = session_new(fixture->collect, kind, peer, peer);
    assert_non_null(made);
    session_table_touch(fixture->collect->sessions, &made->entry, rank, last_us);
    return made;
}

static bool is_left(const fixture_t *fixture, const char *peer)
{
    return session_table_find(fixture->collect->sessions, peer) != NULL;
}

static void silent_sessions_end(void **state)
{
    fixture_t *const fixture = *state;
    const int64_t now = g_get_monotonic_time(), later = now + G_USEC_PER_SEC * INT64_C(3600);
    (void)session(fixture, SESSION_DATAGRAMS, "udp-old", SESSION_DELIVERING, now - 1000);
    (void)session(fixture, SESSION_DATAGRAMS, "udp-known", SESSION_KNOWN, now - 5000);
    (void)session(fixture, SESSION_DATAGRAMS, "udp-new", SESSION_DELIVERING, later);
    (void)session(fixture, SESSION_CONNECTION, "tcp-known", SESSION_KNOWN, now - 1000);
    (void)session(fixture, SESSION_CONNECTION, "tcp-new", SESSION_KNOWN, later);
    assert_int_equal(collect_on_second(fixture->collect), G_SOURCE_CONTINUE);
    assert_false(is_left(fixture, "udp-old"));
    assert_false(is_left(fixture, "udp-known"));
    assert_true(is_left(fixture, "udp-new"));
    assert_false(is_left(fixture, "tcp-known"));
    assert_true(is_left(fixture, "tcp-new"));
    assert_int_equal(limit_report_count(fixture->collect->limits, COLLECT_SESSION_TIMEOUT), 3);
    assert_int_equal(limit_report_count(fixture->collect->limits, COLLECT_HANDSHAKE), 0);
    assert_non_null(strstr(fixture->lines->str, "udp-old: session ended: no message for too long\n"));
}

/* Keepalive finds a TCP peer that is gone; one of DTLS is only silent. */
static void delivering_connections_end_when_they_are_datagrams(void **state)
{
    fixture_t *const fixture = *state;
    static const GSocketType types[] = {G_SOCKET_TYPE_STREAM, G_SOCKET_TYPE_DATAGRAM};
    static const char *const peers[] = {"tcp", "dtls"};
    for (size_t i = 0; i < 2; i++) {
        collector_session_t *const made =
            session(fixture, SESSION_CONNECTION, peers[i], SESSION_DELIVERING, g_get_monotonic_time() - 1000);
        made->socket = g_socket_new(G_SOCKET_FAMILY_IPV4, types[i], G_SOCKET_PROTOCOL_DEFAULT, NULL);
        assert_non_null(made->socket);
    }
    assert_int_equal(collect_on_second(fixture->collect), G_SOURCE_CONTINUE);
    assert_true(is_left(fixture, "tcp"));
    assert_false(is_left(fixture, "dtls"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(silent_sessions_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(delivering_connections_end_when_they_are_datagrams, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
