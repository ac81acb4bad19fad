/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "exporter/posix/connect_problem.h"
#include <errno.h>
#include <glib.h>
#include <netdb.h>

static void routes_and_versions_have_a_remedy(void **state)
{
    static const struct {
        int number;
        const char *reason;
    } cases[] = {{EINVAL, "blackhole route"},
                 {EACCES, "prohibit route"},
                 {EPERM, "IPAddressAllow="},
                 {EHOSTUNREACH, "unreachable route"},
                 {EAFNOSUPPORT, "IP version"}};
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *const text = connect_problem(cases[i].number);
        assert_non_null(strstr(text, cases[i].reason));
        assert_non_null(strstr(text, "; "));
    }
    assert_string_equal(connect_problem(ECONNREFUSED), g_strerror(ECONNREFUSED));
}

static void texts_of_other_libraries_have_the_same_remedy(void **state)
{
    (void)state;
    g_autofree char *whole = connect_problem_explain("Invalid argument");
    g_autofree char *part =
        connect_problem_explain("192.0.2.2:9092/bootstrap: Connect to ipv4#192.0.2.2:9092 failed: Permission "
                                "denied (after 0ms in state CONNECT)");
    g_autofree char *expected = g_strconcat(
        "192.0.2.2:9092/bootstrap: Connect to ipv4#192.0.2.2:9092 failed: ", connect_problem(EACCES), NULL);
    assert_string_equal(whole, connect_problem(EINVAL));
    assert_string_equal(part, expected);
    assert_null(connect_problem_explain("Connection refused"));
}

static void an_unknown_interface_is_named(void **state)
{
    (void)state;
    g_autofree char *unknown = connect_name_problem("fe80::1%none0", EAI_NONAME);
    g_autofree char *known = connect_name_problem("2001:db8::1%lo", EAI_NONAME);
    g_autofree char *name = connect_name_problem("host.example", EAI_NONAME);
    g_autofree char *again = connect_name_problem("fe80::1%none0", EAI_AGAIN);
    assert_string_equal(unknown,
                        "this host has no interface 'none0'; write the name of an interface (ip link)");
    assert_string_equal(known, gai_strerror(EAI_NONAME));
    assert_string_equal(name, gai_strerror(EAI_NONAME));
    assert_string_equal(again, gai_strerror(EAI_AGAIN));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(routes_and_versions_have_a_remedy),
        cmocka_unit_test(texts_of_other_libraries_have_the_same_remedy),
        cmocka_unit_test(an_unknown_interface_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
