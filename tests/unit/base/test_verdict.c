/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <synfix/verdict.h>

static void each_has_a_name_and_a_text_of_its_own(void **state)
{
    (void)state;
    for (int i = 0; i < SYNFIX_VERDICT_COUNT; i++) {
        assert_true(strlen(synfix_verdict_name((synfix_verdict_t)i)) > 0);
        for (int k = 0; k < i; k++) {
            assert_string_not_equal(synfix_verdict_name((synfix_verdict_t)i),
                                    synfix_verdict_name((synfix_verdict_t)k));
            assert_string_not_equal(synfix_verdict_text((synfix_verdict_t)i),
                                    synfix_verdict_text((synfix_verdict_t)k));
        }
    }
    assert_string_equal(synfix_verdict_name(SYNFIX_VERDICT_SYN_ACK), "syn_ack");
    assert_string_equal(synfix_verdict_text(SYNFIX_VERDICT_CUT), "headers cut by the snapshot length");
}

/* A program that was compiled against a later header may ask. */
static void others_are_unknown(void **state)
{
    (void)state;
    assert_string_equal(synfix_verdict_name((synfix_verdict_t)SYNFIX_VERDICT_COUNT), "unknown");
    assert_string_equal(synfix_verdict_text((synfix_verdict_t)255), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_has_a_name_and_a_text_of_its_own),
        cmocka_unit_test(others_are_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
