/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "sigdb_tools/convert.h"

/* The hashes were made with sha256sum of the options in hexadecimal: `printf 0205b40408010307 | sha256sum`.
 */
static void finds_the_options_behind_a_hash(void **state)
{
    (void)state;
    static const char database[] =
        "; synfix-fp 1\nclasses = unix\n[tcp:request]\nlabel = s:unix:A:\n"
        "sig = *:64:0:*:1,0:mss|mss,sok,ts,nop,ws|mss,nop,ws,nop,nop,ts,sok,eol+1|mss,?34|mss:df:0\n";
    static const struct {
        const char *text;
        const char *sig; /* NULL: refused */
    } cases[] = {
        {"2_64_64240_2e3cee914fc1", "*:64:0:1460:64240,7:mss,sok,ts,nop,ws:df?,id+?,id-?,flow?:0"},
        {"194_64_64240_2e3cee914fc1", "*:64:0:1460:64240,7:mss,sok,ts,nop,ws:df?,id+?,id-?,flow?,ecn:0"},
        {"18_64_64240_2e3cee914fc1", NULL},
        {"2_64_64240_000000000000", NULL},
        {"2_64_64240_2e3cee914fc", NULL},
        {"2_0_64240_2e3cee914fc1", NULL},
        {"2_64_65536_2e3cee914fc1", NULL},
        {"2_64", NULL},
    };
    synfix_error_t error = {.text = ""};
    synfix_sigdb_t *known = synfix_sigdb_new();
    assert_int_equal(synfix_sigdb_load_text(known, "k", database, sizeof database - 1, &error), SYNFIX_OK);
    assert_int_equal(synfix_sigdb_finish(known, &error), SYNFIX_OK);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char sig[SIGDB_CONVERTED_SIZE];
        size_t used;
        print_message("%s\n", cases[i].text);
        const char *reason = sigdb_convert_ndpi(known, cases[i].text, strlen(cases[i].text), sig, &used);
        assert_int_equal(reason == NULL, cases[i].sig != NULL);
        if (reason != NULL) {
            continue;
        }
        assert_string_equal(sig, cases[i].sig);
        assert_int_equal(used, strlen(cases[i].text));
    }
    synfix_sigdb_unref(known);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(finds_the_options_behind_a_hash)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
