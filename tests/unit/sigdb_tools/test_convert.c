/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "sigdb_tools/convert.h"
#include "support/sigdb_text.h"

static sigdb_converted_t convert(const char *const *lines, char *text, size_t size)
{
    synfix_sigdb_t *known = sigdb_of("; synfix-fp 1\nclasses = unix\n[tcp:request]\nlabel = s:unix:A:\n"
                                     "sig = *:64:0:*:1,0:mss,sok,ts,nop,ws:df:0\n");
    sigdb_converter_t *converter = sigdb_converter_new(known, "s:other:X:", SYNFIX_DIRECTION_REQUEST);
    for (; *lines != NULL; lines++) {
        if (strcmp(*lines, "next file") == 0) {
            sigdb_converter_next_file(converter);
        } else {
            sigdb_converter_line(converter, *lines);
        }
    }
    FILE *out = fmemopen(text, size, "w");
    const sigdb_converted_t counts = sigdb_converter_finish(converter, out);
    assert_int_equal(fclose(out), 0);
    synfix_sigdb_unref(known);
    return counts;
}

static void all_forms_in_one_database(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "S4:64:1:60:M*,S,T,N,W7:.:Linux:2.6",
        "# comment",
        "S45535:64:1:44:M1460:.:A multiple that is too much",
        "64240:2-4-8-1-3:1460:7",
        "1024:2:1460:,A scanner",
        "{\"hostname\":\"h\",\"muonfp_fingerprint\":\"512:2:1460:\"}",
        "nonsense: \x01",
        "{ \"2_64_64240_2e3cee914fc1\", os_hint_linux }, /* a comment */",
        "{ \"2_64_64240_2e3cee914fc2\", os_hint_linux },",
        "{ NULL, os_hint_unknown },",
        "next file",
        "<fingerprint name=\"n\" os_name=\"Windows: 7\" os_class=\"Windows\">",
        "<test weight=\"5\" tcpflag=\"S\" tcpsig=\"8192:128:1:52:M1460,N,W8,N,N,S:.\"/>",
        "<test weight=\"5\" tcpflag=\"SA\" tcpsig=\"8192:128:1:52:M1460,N,W8,N,N,S:A\"/>",
        "</fingerprint>",
        "<test weight=\"5\" tcpflag=\"S\" tcpsig=\"8193:128:1:44:M1460:.\"/>",
        "next file",
        "classes = win,unix,other",
        "[mtu]",
        "label = Ethernet",
        "\tsig = 1500 \r",
        "[http:request]",
        "ua_os = Linux",
        "label = s:!:Firefox:",
        "sig = 1:Host:",
        "[tcp:request]",
        " label = s:unix:Linux:3",
        " \tsig = *:64:0:*:mss*4,0:mss:df:0",
        NULL,
    };
    char text[4096] = "";
    synfix_sigdb_info_t info;
    const sigdb_converted_t counts = convert(lines, text, sizeof text);
    assert_int_equal(counts.converted, 10);
    assert_int_equal(counts.refused, 3);
    synfix_sigdb_t *sigdb = sigdb_of(text);
    synfix_sigdb_info(sigdb, &info);
    assert_int_equal(info.request_entries, 8);
    assert_int_equal(info.response_entries, 1);
    assert_int_equal(info.mtu_entries, 1);
    synfix_sigdb_unref(sigdb);
    static const char *const wanted[] = {
        "label = s:unix:Linux:2.6\nsig = 4:64:",
        "label = s:other:X:\nsig = *:255-:0:1460:64240,7:",
        "label = s:other:A scanner:\nsig = *:255-:0:1460:1024,0:",
        "label = s:other:X:\nsig = *:255-:0:1460:512,0:",
        "label = s:unix:linux:\nsig = *:64:0:1460:64240,7:mss,sok,ts,nop,ws:",
        "; not converted (a hash of options that none of the known layouts gives): {",
        "; not converted (a number is missing): nonsense: ?\n",
        "label = s:win:Windows 7:\nsig = 4:128:0:1460:8192,8:mss,nop,ws,nop,nop,sok:df,id+:0\n",
        "label = s:other:X:\nsig = 4:128:0:1460:8193,0:mss:",
        "[tcp:response]\nlabel = s:win:Windows 7:\n",
        "; converted=10 refused=3\n",
    };
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        if (strstr(text, wanted[i]) == NULL) {
            fail_msg("no \"%s\" in\n%s", wanted[i], text);
        }
    }
    assert_null(strstr(text, "Firefox"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(all_forms_in_one_database)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
