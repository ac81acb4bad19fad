/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <synfix/headers.h>

static void test_names(void **state)
{
    (void)state;
    assert_string_equal(synfix_encapsulation_name(SYNFIX_ENCAPSULATION_NONE), "none");
    assert_string_equal(synfix_encapsulation_name(SYNFIX_ENCAPSULATION_AH), "ah");
    assert_string_equal(synfix_encapsulation_name(SYNFIX_ENCAPSULATION_MPLS_IN_IP), "mpls-in-ip");
    assert_string_equal(synfix_encapsulation_name(SYNFIX_ENCAPSULATION_COUNT), "unknown");
    for (unsigned kind = 0; kind < SYNFIX_ENCAPSULATION_COUNT; kind++) {
        assert_non_null(synfix_encapsulation_name(kind)); /* no hole in the numbers */
    }
}

/* They stand in records on disk. */
static void test_numbers(void **state)
{
    (void)state;
    assert_int_equal(SYNFIX_ENCAPSULATION_GRE, 1);
    assert_int_equal(SYNFIX_ENCAPSULATION_VXLAN, 5);
    assert_int_equal(SYNFIX_ENCAPSULATION_AH, 11);
    assert_int_equal(SYNFIX_ENCAPSULATION_MPLS_IN_IP, 16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_names), cmocka_unit_test(test_numbers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
