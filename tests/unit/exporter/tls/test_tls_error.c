/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/tls/tls_state.h"
#include <errno.h>
#include <string.h>

/* The first error of the system, else the last one of OpenSSL, else errno, else the end of the connection. */
static void the_reason_that_a_user_can_act_on(void **state)
{
    (void)state;
    synfix_error_t error;
    assert_int_equal(on_demand_load_openssl(&error), SYNFIX_OK);
    SSL_CTX *const ssl = SSL_CTX_new(TLS_client_method());
    assert_non_null(ssl);
    ERR_clear_error();
    errno = 0;
    assert_string_equal(tls_last_reason(), "closed by the other side");
    errno = ECONNRESET;
    assert_string_equal(tls_last_reason(), strerror(ECONNRESET));
    assert_int_equal(SSL_CTX_use_certificate_chain_file(ssl, "/nonexistent"), 0);
    assert_string_equal(tls_last_reason(), strerror(ENOENT));
    ERR_clear_error();
    errno = 0;
    assert_int_equal(SSL_CTX_set_cipher_list(ssl, "NONE"), 0);
    assert_string_equal(tls_last_reason(), "no cipher match");
    ERR_clear_error();
    SSL_CTX_free(ssl);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_reason_that_a_user_can_act_on)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
