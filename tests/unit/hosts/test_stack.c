/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "hosts/stack.h"
#include "support/host_sightings.h"

static synfix_signature_t parse(const char *text)
{
    synfix_signature_t signature;
    assert_int_equal(synfix_signature_parse(text, strlen(text), &signature, NULL), SYNFIX_OK);
    return signature;
}

static bool agree(const char *a, const char *b)
{
    const synfix_signature_t first = parse(a);
    const synfix_signature_t second = parse(b);
    const bool one = option_orders_agree(option_order(&first), option_order(&second));
    assert_int_equal(one, option_orders_agree(option_order(&second), option_order(&first)));
    return one;
}

static void removed_options_leave_the_order(void **state)
{
    (void)state;
    assert_true(agree(LINUX_TEXT, LINUX_STRIPPED));
    assert_true(agree(LINUX_TEXT, "4:64+0:0:1460:mss*44,7:mss,nop,nop,sok,nop,ws:df,id+:0"));
    assert_true(agree(LINUX_TEXT, LINUX_TEXT));
}

static void other_stacks_have_other_orders(void **state)
{
    (void)state;
    assert_false(agree(LINUX_TEXT, WINDOWS_TEXT));
    assert_false(agree(LINUX_TEXT, MACOS_TEXT));
    assert_true(agree(WINDOWS_TEXT, MACOS_TEXT)); /* these differ in the TTL */
}

static void the_longer_order_is_kept(void **state)
{
    (void)state;
    const synfix_signature_t whole = parse(LINUX_TEXT);
    const synfix_signature_t stripped = parse(LINUX_STRIPPED);
    assert_int_equal(option_order_longer(option_order(&whole), option_order(&stripped)),
                     option_order(&whole));
    assert_int_equal(option_order_longer(option_order(&stripped), option_order(&whole)),
                     option_order(&whole));
}

static void windows_agree_by_number_or_multiple(void **state)
{
    (void)state;
    const synfix_signature_t plain = parse(LINUX_TEXT);
    const synfix_signature_t by_vpn = parse(LINUX_BY_VPN);
    const synfix_signature_t stripped = parse(LINUX_STRIPPED);
    const synfix_signature_t other = parse("4:64+0:0:1460:mss*44,9:mss,sok,ts,nop,ws:df,id+:0");
    synfix_signature_t clamped = parse("4:64+0:0:1400:64240,7:mss,sok,ts,nop,ws:df,id+:0");
    assert_int_equal(plain.window, 64240);
    assert_false(windows_differ(&plain, &by_vpn));
    assert_false(windows_differ(&plain, &stripped));
    assert_false(windows_differ(&plain, &clamped));
    assert_true(windows_differ(&plain, &other));
    clamped.window = 8192;
    assert_true(windows_differ(&plain, &clamped));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(removed_options_leave_the_order),
        cmocka_unit_test(other_stacks_have_other_orders),
        cmocka_unit_test(the_longer_order_is_kept),
        cmocka_unit_test(windows_agree_by_number_or_multiple),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
