/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <synfix/decode.h>

static void test_no_data(void **state)
{
    (void)state;
    for (uint32_t type = 0; type < 300; type++) {
        synfix_headers_t headers;
        const synfix_packet_t packet = {.link_type = type, .original_length = 60};
        assert_int_equal(synfix_decode(&packet, &headers),
                         synfix_link_type_known(type) ? SYNFIX_VERDICT_CUT : SYNFIX_VERDICT_UNKNOWN_LINK);
        assert_true(synfix_link_type_known(type) == (synfix_link_type_name(type) != NULL));
    }
}

static void test_names(void **state)
{
    (void)state;
    assert_string_equal(synfix_link_type_name(1), "EN10MB");
    assert_string_equal(synfix_link_type_name(276), "LINUX_SLL2");
    assert_null(synfix_link_type_name(147));
    assert_null(synfix_link_type_name(UINT32_MAX));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_no_data), cmocka_unit_test(test_names)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
