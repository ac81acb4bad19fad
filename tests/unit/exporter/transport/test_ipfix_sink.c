/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include "exporter/transport/ipfix_sink.h"

static void parses_places(void **state)
{
    (void)state;
    static const struct {
        const char *text, *address, *port; /* address NULL: refused */
    } cases[] = {
        {"//collector.example:2055", "collector.example", "2055"},
        {"127.0.0.1:4740", "127.0.0.1", "4740"},
        {"//10.0.0.1", "10.0.0.1", "4739"},
        {"//[::1]:99", "::1", "99"},
        {"[fe80::1%eth0]", "fe80::1%eth0", "4739"},
        {"//::1", NULL, NULL},
        {"//[::1", NULL, NULL},
        {"//[::1]9", NULL, NULL},
        {"//a:65536", NULL, NULL},
        {"//a:", NULL, NULL},
        {"//a:ipfix", NULL, NULL},
        {"//:4739", NULL, NULL},
        {"", NULL, NULL},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *address = NULL, *port = NULL;
        synfix_error_t error;
        const synfix_status_t status = transport_parse(cases[i].text, &address, &port, &error);
        assert_int_equal(status, cases[i].address ? SYNFIX_OK : SYNFIX_INVALID);
        if (cases[i].address) {
            assert_string_equal(address, cases[i].address);
            assert_string_equal(port, cases[i].port);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(parses_places)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
