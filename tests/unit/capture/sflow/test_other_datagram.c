/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "capture/sflow/other_datagram.h"
#include <arpa/inet.h>
#include <string.h>

static void protocols(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t length;
        const char *protocol; /* NULL: sFlow version 5 */
    } rows[] = {
        {"\0\0\0\x05", 4, NULL},
        {"\0\x0A\0\x40", 4, "IPFIX"},
        {"\0\0\0", 3, "an unknown protocol"},
        {"", 0, "an unknown protocol"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *const got = sflow_other_protocol((const uint8_t *)rows[i].bytes, rows[i].length);
        if (rows[i].protocol == NULL) {
            assert_null(got);
        } else {
            assert_string_equal(got, rows[i].protocol);
        }
    }
}

static void descriptions(void **state)
{
    (void)state;
    char text[320];
    struct sockaddr_storage sender = {.ss_family = AF_INET6};
    assert_int_equal(inet_pton(AF_INET6, "2001:db8::1", &((struct sockaddr_in6 *)&sender)->sin6_addr), 1);
    sflow_describe_other("IPFIX", &sender, text, sizeof text);
    assert_string_equal(
        text, "sflow: 2001:db8::1 sends IPFIX instead of sFlow version 5; configure sFlow version 5 "
              "on this sender");
    assert_int_equal(inet_pton(AF_INET6, "::ffff:192.0.2.1", &((struct sockaddr_in6 *)&sender)->sin6_addr),
                     1);
    sflow_describe_other("IPFIX", &sender, text, sizeof text);
    assert_memory_equal(text, "sflow: 192.0.2.1 sends", 22);
    assert_int_equal(inet_pton(AF_INET6, "2001:db8::1", &((struct sockaddr_in6 *)&sender)->sin6_addr), 1);
    sflow_describe_other("IPFIX", &sender, text, 12);
    assert_string_equal(text, "sflow: 2001");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(protocols), cmocka_unit_test(descriptions)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
