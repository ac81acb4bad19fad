/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/tls/tls_state.h"
#include "support/tls_peers.h"

static void both_show_certificates(void **state)
{
    (void)state;
    synfix_error_t error = {.text = ""};
    NEED_CERTIFICATES();
    peer_t peer = {.context = make_server(false)};
    assert_int_equal(talk(MUTUAL, "host.example", &peer, &error), SYNFIX_OK);
    assert_string_equal(peer.text, "hello");
    assert_true(peer.open);
    assert_int_equal(peer.status, SYNFIX_END);
    tls_context_free(peer.context);
}

/* OpenSSL keeps the certificate of the exporter, decoded, for the whole session. */
static void certificates_count(void **state)
{
    (void)state;
    size_t bytes[2];
    NEED_CERTIFICATES();
    for (int i = 0; i < 2; i++) {
        synfix_error_t error = {.text = ""};
        peer_t peer = {.context = make_server(true)};
        SSL_CTX_set_verify(peer.context->ssl, i == 0 ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, NULL);
        assert_int_equal(talk(MUTUAL, "host.example", &peer, &error), SYNFIX_OK);
        bytes[i] = peer.bytes;
        tls_context_free(peer.context);
    }
    assert_true(bytes[1] > bytes[0] + 2000);
}

/* A certificate has the address without the zone, which has a meaning on one host only. */
static void a_zone_is_no_part_of_the_name(void **state)
{
    (void)state;
    synfix_error_t error = {.text = ""};
    NEED_CERTIFICATES();
    for (size_t i = 0; i < 2; i++) {
        peer_t peer = {.context = make_server(false)};
        const synfix_status_t status = talk(MUTUAL, i == 0 ? "fe80::1%eth0" : "fe80::2%eth0", &peer, &error);
        assert_int_equal(status, i == 0 ? SYNFIX_OK : SYNFIX_PERMISSION);
        tls_context_free(peer.context);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_show_certificates),
        cmocka_unit_test(certificates_count),
        cmocka_unit_test(a_zone_is_no_part_of_the_name),
    };
    return tests_exit_code(cmocka_run_group_tests(tests, begin, end));
}
