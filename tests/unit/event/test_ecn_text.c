/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The negotiations of RFC 9768, table 2. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "event/ecn_text.h"
#include <stddef.h>
#include <string.h>
#include <synfix/headers.h>

#define AE  SYNFIX_TCP_AE
#define CWR SYNFIX_TCP_CWR
#define ECE SYNFIX_TCP_ECE

static void test_requests(void **state)
{
    (void)state;
    assert_null(ecn_text(SYNFIX_TCP_SYN, false));
    assert_string_equal(ecn_text(SYNFIX_TCP_SYN | CWR | ECE, false), "classic");
    assert_string_equal(ecn_text(SYNFIX_TCP_SYN | AE | CWR | ECE, false), "accurate");
    assert_string_equal(ecn_text(SYNFIX_TCP_SYN | AE | CWR, false), "reserved");
    assert_null(ecn_received(SYNFIX_TCP_SYN | CWR | ECE, false));
}

static void test_answers(void **state)
{
    static const struct {
        uint16_t flags;
        const char *text;
        const char *received;
    } cases[] = {
        {CWR, "accurate", "not-ect"},        {CWR | ECE, "accurate", "ect1"}, {AE, "accurate", "ect0"},
        {AE | CWR, "accurate", "ce"},        {ECE, "classic", NULL},          {AE | ECE, "reserved", NULL},
        {AE | CWR | ECE, "reflected", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const uint16_t flags = (uint16_t)(cases[i].flags | SYNFIX_TCP_SYN | SYNFIX_TCP_ACK | SYNFIX_TCP_PSH);
        assert_string_equal(ecn_text(flags, true), cases[i].text);
        if (cases[i].received == NULL) {
            assert_null(ecn_received(flags, true));
        } else {
            assert_string_equal(ecn_received(flags, true), cases[i].received);
        }
    }
    assert_null(ecn_text(SYNFIX_TCP_SYN | SYNFIX_TCP_ACK, true));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_requests), cmocka_unit_test(test_answers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
