/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/exporter/collector/collecting_process.h"
#include <string.h>

static collector_session_t *session(collecting_process_t *process, session_kind_t kind, const char *peer,
                                    session_rank_t rank, int64_t last_us)
{
    collector_session_t *const made = session_new(process->collect, kind, peer, peer);
    assert_non_null(made);
    (void)session_table_touch(process->collect->sessions, &made->entry, rank, last_us);
    return made;
}

static bool is_left(const collecting_process_t *process, const char *peer)
{
    return session_table_find(process->collect->sessions, peer) != NULL;
}

static void silent_sessions_end(void **state)
{
    collecting_process_t *const process = *state;
    const int64_t now = g_get_monotonic_time(), later = now + G_USEC_PER_SEC * INT64_C(3600);
    (void)session(process, SESSION_DATAGRAMS, "udp-old", SESSION_DELIVERING, now - 1000);
    (void)session(process, SESSION_DATAGRAMS, "udp-known", SESSION_KNOWN, now - 5000);
    (void)session(process, SESSION_DATAGRAMS, "udp-new", SESSION_DELIVERING, later);
    (void)session(process, SESSION_CONNECTION, "tcp-known", SESSION_KNOWN, now - 1000);
    (void)session(process, SESSION_CONNECTION, "tcp-new", SESSION_KNOWN, later);
    assert_int_equal(collect_on_second(process->collect), G_SOURCE_CONTINUE);
    assert_false(is_left(process, "udp-old"));
    assert_false(is_left(process, "udp-known"));
    assert_true(is_left(process, "udp-new"));
    assert_false(is_left(process, "tcp-known"));
    assert_true(is_left(process, "tcp-new"));
    assert_int_equal(limit_report_count(process->collect->limits, COLLECT_SESSION_TIMEOUT), 3);
    assert_int_equal(limit_report_count(process->collect->limits, COLLECT_HANDSHAKE), 0);
    assert_non_null(strstr(process->lines->str, "udp-old: session ended: no message for too long\n"));
}

/* Keepalive finds a TCP peer that is gone; one of DTLS is only silent. */
static void delivering_connections_end_when_they_are_datagrams(void **state)
{
    collecting_process_t *const process = *state;
    static const GSocketType types[] = {G_SOCKET_TYPE_STREAM, G_SOCKET_TYPE_DATAGRAM};
    static const char *const peers[] = {"tcp", "dtls"};
    for (size_t i = 0; i < 2; i++) {
        collector_session_t *const made =
            session(process, SESSION_CONNECTION, peers[i], SESSION_DELIVERING, g_get_monotonic_time() - 1000);
        made->socket = g_socket_new(G_SOCKET_FAMILY_IPV4, types[i], G_SOCKET_PROTOCOL_DEFAULT, NULL);
        assert_non_null(made->socket);
    }
    assert_int_equal(collect_on_second(process->collect), G_SOURCE_CONTINUE);
    assert_true(is_left(process, "tcp"));
    assert_false(is_left(process, "dtls"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(silent_sessions_end, collecting_process_set_up,
                                        collecting_process_tear_down),
        cmocka_unit_test_setup_teardown(delivering_connections_end_when_they_are_datagrams,
                                        collecting_process_set_up, collecting_process_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
