/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/service/metrics_server.h"

#include <stdio.h>
#include <string.h>

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

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_addresses), cmocka_unit_test(test_in_use)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
