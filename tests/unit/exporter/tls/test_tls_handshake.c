/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/tls_peers.h"

static void refusals(void **state)
{
    (void)state;
    static const struct {
        bool anonymous; /* exporters need no certificate */
        const char *settings;
        const char *name;
        const char *reason;
    } rows[] = {
        {false, "ca=collector&anonymous=yes", "host.example", "refused by the collector: "},
        {false, "ca=collector&cert=stranger&key=stranger.key", "host.example", "refused by the collector: "},
        {true, "ca=stranger&anonymous=yes", "host.example", "the collector's certificate: "},
        {true, "ca=collector&anonymous=yes", "other.example", "the collector's certificate: "},
        {true, "ca=collector&anonymous=yes", "192.0.2.1", "the collector's certificate: "},
    };
    NEED_CERTIFICATES();
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        synfix_error_t error = {.text = ""};
        peer_t peer = {.context = make_server(rows[i].anonymous)};
        assert_int_equal(talk(rows[i].settings, rows[i].name, &peer, &error), SYNFIX_PERMISSION);
        if (strstr(error.text, rows[i].reason) != error.text) {
            fail_msg("%s: %s", rows[i].settings, error.text);
        }
        assert_true(peer.status < 0);
        tls_context_free(peer.context);
    }
}

/* A peer that says nothing, one that goes away, and one that speaks no TLS. */
static void broken_handshakes(void **state)
{
    (void)state;
    tls_context_t *client = NULL;
    tls_session_t *session = NULL;
    atomic_bool stopping = true;
    synfix_error_t error = {.text = ""};
    int ends[2];
    assert_int_equal(make_client("anonymous=yes", &client, &error), SYNFIX_OK);
    tls_context_set_cancel_flag(client, &stopping);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
    assert_int_equal(tls_session_open(client, ends[0], "h", &session, &error), SYNFIX_DISCONNECTED);
    assert_string_equal(error.text, "TLS: stopped during the handshake");
    atomic_store(&stopping, false);
    (void)close(ends[1]);
    assert_int_equal(tls_session_open(client, ends[0], "h", &session, &error), SYNFIX_DISCONNECTED);
    (void)close(ends[0]);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
    assert_int_equal(write(ends[1], "HTTP/1.1 400 Bad Request\r\n\r\n", 28), 28);
    assert_int_equal(tls_session_open(client, ends[0], "h", &session, &error), SYNFIX_DISCONNECTED);
    assert_true(g_str_has_prefix(error.text, "TLS: "));
    assert_null(session);
    (void)close(ends[0]);
    (void)close(ends[1]);
    tls_context_free(client);
    tls_session_close(NULL);
    tls_context_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refusals),
        cmocka_unit_test(broken_handshakes),
    };
    return tests_exit_code(cmocka_run_group_tests(tests, begin, end));
}
