/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <synfix/sigdb.h>

#include "sigdb/convert.h"

static void converts_old_form(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *sig; /* NULL: refused */
    } cases[] = {
        {"S4:64:1:60:M*,S,T,N,W7:.", "4:64:0:*:mss*4,7:mss,sok,ts,nop,ws:df,id+:0"},
        {"65535:64:1:64:M1460,N,W3,N,N,T,S,E:P",
         "4:64:0:1460:65535,3:mss,nop,ws,nop,nop,ts,sok,eol+1:df,id+,opt+:0"},
        {"%8192:128:0:44:M*:Z", "4:128:0:*:%8192,0:mss:id-:0"},
        {"1024:255:0:40:.:.", "4:255:0:0:1024,0:::0"},
        {"T2:64:0:48:M*,N,N,S:AD", "4:64:0:*:mtu*2,0:mss,nop,nop,sok:ack+:+"},
        {"S4:64:1:60:M*,Q:.", NULL},
        {"S4:64:1", NULL},
        {"S4:0:1:44:M*:.", NULL},
        {"S4:64:1:*:M*,E:.", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char sig[SIGDB_CONVERTED_SIZE];
        size_t used;
        const char *reason = sigdb_convert_p0f2(cases[i].text, strlen(cases[i].text), sig, &used);
        print_message("%s\n", cases[i].text);
        assert_int_equal(reason == NULL, cases[i].sig != NULL);
        if (reason == NULL) {
            assert_string_equal(sig, cases[i].sig);
            assert_int_equal(used, strlen(cases[i].text));
        }
    }
}

static void converted_file_loads(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "S4:64:1:60:M*,S,T,N,W7:.:Linux:2.6",
        "# comment",
        "64240:2-4-8-1-3:1460:7",
        "nonsense",
        "<test weight=\"5\" tcpflag=\"S\" tcpsig=\"8192:128:1:52:M1460,N,W8,N,N,S:.\"/>",
    };
    char text[4096] = "";
    sigdb_converted_t counts = {0};
    synfix_error_t error = {""};
    synfix_sigdb_info_t info;
    FILE *out = fmemopen(text, sizeof text, "w");
    fputs("; synfix-fp 1\nclasses = other\n[tcp:request]\n", out);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        sigdb_convert_line(lines[i], "s:other:X:", out, &counts);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(counts.converted, 3);
    assert_int_equal(counts.refused, 1);
    synfix_sigdb_t *sigdb = synfix_sigdb_new();
    if (synfix_sigdb_load_text(sigdb, "c.fp", text, strlen(text), &error) != SYNFIX_OK)
        fail_msg("%s", error.text);
    synfix_sigdb_info(sigdb, &info);
    assert_int_equal(info.request_entries, 3);
    assert_non_null(strstr(text, "label = s:other:Linux:2.6\n"));
    synfix_sigdb_unref(sigdb);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(converts_old_form),
        cmocka_unit_test(converted_file_loads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
