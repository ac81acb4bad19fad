/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <synfix/signature.h>

static void what_is_wrong_and_where(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *reason;
    } table[] = {
        {"", "column 1: the IP version is 4 or 6"},
        {"5:64:0:1460:1,0:mss::0", "column 1: the IP version is 4 or 6"},
        {"4;64:0:1460:1,0:mss::0", "column 2: a colon is missing after the version"},
        {"4:256:0:1460:1,0:mss::0", "column 6: a number is too large"},
        {"4:64+x:0:1460:1,0:mss::0", "column 6: a number is missing"},
        {"4:64-0:0:1460:1,0:mss::0", "column 5: a colon is missing after the TTL"},
        {"4:64+0:0;1460:1,0:mss::0", "column 9: a colon is missing after olen"},
        {"4:64+0:0:1460;1,0:mss::0", "column 14: a colon is missing after the MSS"},
        {"4:64+0:0:1460:mss*0,0:mss::0", "column 20: a multiple is at least 1"},
        {"4:64+0:0:1460:1:0:mss::0", "column 16: a comma is missing after the window"},
        {"4:64+0:0:1460:1,0,mss::0", "column 18: a colon is missing after the window scale"},
        {"4:64+0:0:1460:1,0:mss", "column 22: a colon is missing after the layout"},
        {"4:64+0:0:1460:1,0:mss:df", "column 25: a colon is missing after the quirks"},
        {"4:64+0:0:1460:1,0:mss:df:1", "column 26: the payload class is 0 or +"},
        {"4:64+0:0:1460:1,0:mss:df:0 ", "column 27: something follows the payload class"},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        synfix_signature_t signature;
        synfix_error_t error;
        assert_int_equal(synfix_signature_parse(table[i].text, strlen(table[i].text), &signature, &error),
                         SYNFIX_INVALID);
        assert_string_equal(error.text, table[i].reason);
    }
}

static synfix_signature_t parsed(const char *text)
{
    synfix_signature_t signature;
    assert_int_equal(synfix_signature_parse(text, strlen(text), &signature, NULL), SYNFIX_OK);
    return signature;
}

static void fields(void **state)
{
    (void)state;
    const synfix_signature_t signature = parsed("6:57+7:8:1440:65535,11:mss,nop,eol+1:flow,ecn:+");
    assert_int_equal(signature.ip_version, 6);
    assert_int_equal(signature.ttl, 57);
    assert_int_equal(signature.ip_options_length, 8);
    assert_int_equal(signature.mss, 1440);
    assert_int_equal(signature.window, 65535);
    assert_int_equal(signature.window_scale, 11);
    assert_int_equal(signature.layout_count, 3);
    assert_int_equal(signature.eol_padding, 1);
    assert_int_equal(signature.quirks, SYNFIX_QUIRK_FLOW | SYNFIX_QUIRK_ECN);
    assert_int_equal(signature.payload, 1);
    assert_int_equal(parsed("4:64:0:0:0,0:::0").ttl, 64);
    assert_int_equal(parsed("4:64+?:0:0:0,0:::0").ttl, 64);
}

/* A window that is a multiple follows from MSS or MTU; one that no header can hold is 0. */
static void windows(void **state)
{
    (void)state;
    assert_int_equal(parsed("4:64+0:0:1460:mss*20,7:mss::0").window, 29200);
    assert_int_equal(parsed("4:64+0:0:1460:mtu*4,7:mss::0").window, 6000);
    assert_int_equal(parsed("6:64+0:0:1440:mtu*4,7:mss::0").window, 6000);
    assert_int_equal(parsed("4:64+0:0:1460:mss*45,7:mss::0").window, 0);
    assert_int_equal(parsed("4:64+0:0:1460:mss*44,7:mss::0").window_multiple, 44);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_wrong_and_where),
        cmocka_unit_test(fields),
        cmocka_unit_test(windows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
