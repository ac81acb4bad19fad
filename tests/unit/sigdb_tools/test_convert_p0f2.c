/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "sigdb_tools/convert.h"

static void converts(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *sig; /* NULL: refused */
        synfix_direction_t direction;
    } cases[] = {
        {"S4:64:1:60:M*,S,T,N,W7:.", "4:64:0:*:mss*4,7:mss,sok,ts,nop,ws:df,id+:0", SYNFIX_DIRECTION_REQUEST},
        {"65535:64:1:64:M1460,N,W3,N,N,T,S,E:P",
         "4:64:0:1460:65535,3:mss,nop,ws,nop,nop,ts,sok,eol+1:df,id+:0", SYNFIX_DIRECTION_REQUEST},
        {"%8192:128:0:44:M*:Z", "4:128:0:*:%8192,0:mss:id-:0", SYNFIX_DIRECTION_REQUEST},
        {"1024:255:0:40:.:.", "4:255:0:0:1024,0:::0", SYNFIX_DIRECTION_REQUEST},
        {"T2:64:0:48:M*,N,N,S:AD", "4:64:0:*:mtu*2,0:mss,nop,nop,sok:ack+:+", SYNFIX_DIRECTION_REQUEST},
        {"5792:64:1:60:M1460,S,T,N,W7:ZAT", "4:64:0:1460:5792,7:mss,sok,ts,nop,ws:df:0",
         SYNFIX_DIRECTION_RESPONSE},
        {"65535:60:*:44:M1380:.", "4:60:0:1380:65535,0:mss:df,id+:0", SYNFIX_DIRECTION_REQUEST},
        {"S4:64:1:60:M*,Q:.", NULL, SYNFIX_DIRECTION_REQUEST},
        {"S4:64:1", NULL, SYNFIX_DIRECTION_REQUEST},
        {"S4:0:1:44:M*:.", NULL, SYNFIX_DIRECTION_REQUEST},
        {"S4:64:1:*:M*,E:.", NULL, SYNFIX_DIRECTION_REQUEST},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char sig[SIGDB_CONVERTED_SIZE];
        size_t used;
        const char *reason =
            sigdb_convert_p0f2(cases[i].text, strlen(cases[i].text), cases[i].direction, sig, &used);
        print_message("%s\n", cases[i].text);
        assert_int_equal(reason == NULL, cases[i].sig != NULL);
        if (reason == NULL) {
            assert_string_equal(sig, cases[i].sig);
            assert_int_equal(used, strlen(cases[i].text));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(converts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
