/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "sigdb_tools/convert.h"

#define REST "df?,id+?,id-?,ecn?,flow?:0"

static void converts(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *sig; /* NULL: refused */
    } cases[] = {
        {"64240:2-4-8-1-3:1460:7", "*:255-:0:1460:64240,7:mss,sok,ts,nop,ws:" REST},
        {"1024:2:1460:", "*:255-:0:1460:1024,0:mss:" REST},
        {"1024:::", "*:255-:0:0:1024,0::" REST},
        /* behind EOL there is as much padding as a multiple of four takes */
        {"65535:2-1-3-1-1-8-4-0:1460:6", "*:255-:0:1460:65535,6:mss,nop,ws,nop,nop,ts,sok,eol+1:" REST},
        {"512:2-4-8-3-0:265:10", "*:255-:0:265:512,10:mss,sok,ts,ws,eol+0:" REST},
        {"65535:2-1-3-34-0:1460:6", NULL},
        {"65535:2-0-1:1460:6", NULL},
        {"65535:256:1460:6", NULL},
        {"65536:2:1460:6", NULL},
        {"1-2-3", NULL},
        {"1:1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1:1:1", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char sig[SIGDB_CONVERTED_SIZE];
        size_t used;
        print_message("%s\n", cases[i].text);
        const char *reason = sigdb_convert_muon(cases[i].text, strlen(cases[i].text), sig, &used);
        assert_int_equal(reason == NULL, cases[i].sig != NULL);
        if (reason != NULL) {
            continue;
        }
        assert_string_equal(sig, cases[i].sig);
        assert_int_equal(used, strlen(cases[i].text));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(converts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
