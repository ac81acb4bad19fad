/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "sigdb_tools/learn.h"
#include "support/sigdb_text.h"

#define HEAD "; synfix-fp 1\nclasses = unix\n"

static synfix_signature_t parse(const char *text)
{
    synfix_signature_t signature;
    assert_int_equal(synfix_signature_parse(text, strlen(text), &signature, NULL), SYNFIX_OK);
    return signature;
}

static void print(const signature_learner_t *learner, char *text, size_t size)
{
    FILE *out = fmemopen(text, size, "w");
    fputs(HEAD, out);
    signature_learner_print(learner, "s:unix:A:", "x.pcap", out);
    assert_int_equal(fclose(out), 0);
}

static void proposal_matches_what_it_is_made_of(void **state)
{
    (void)state;
    static const char *const signatures[] = {
        "4:60+4:0:1460:mss*44,7:mss,sok,ts,nop,ws:df,id+:0",
        "4:60+4:0:1380:mss*47,8:mss,sok,ts,nop,ws:df:0",
        "6:60+4:0:1440:mss*45,7:mss,sok,ts,nop,ws:ecn,flow:0",
        "4:128+0:0:0:1024,0:::+",
        "6:255+0:0:1440:mtu*4,0:mss,nop,eol+1:flow:0",
        "4:255+0:0:1460:mtu*4,0:mss,nop,eol+1:id-:0",
    };
    signature_learner_t *learner = signature_learner_new();
    char text[4096] = "";
    const size_t count = sizeof signatures / sizeof signatures[0];
    for (size_t i = 0; i < count; i++) {
        const synfix_signature_t signature = parse(signatures[i]);
        assert_true(signature_learner_add(learner, SYNFIX_DIRECTION_REQUEST, &signature, i + 1));
    }
    print(learner, text, sizeof text);
    signature_learner_free(learner);
    synfix_sigdb_t *sigdb = sigdb_of(text);
    for (size_t i = 0; i < count; i++) {
        const synfix_signature_t signature = parse(signatures[i]);
        synfix_match_t match;
        print_message("%s\n", signatures[i]);
        synfix_sigdb_match(sigdb, SYNFIX_DIRECTION_REQUEST, &signature, &match);
        assert_int_equal(match.kind, SYNFIX_MATCH_EXACT);
    }
    synfix_sigdb_unref(sigdb);
}

static void variants_are_one_entry(void **state)
{
    (void)state;
    static const char *const signatures[] = {
        "4:60+4:0:1460:mss*44,7:mss,sok,ts,nop,ws:df,id+:0",
        "4:50+14:0:1380:mss*47,8:mss,sok,ts,nop,ws:df:0",
        "6:60+4:0:1440:mss*45,7:mss,sok,ts,nop,ws:ecn,flow:0",
    };
    signature_learner_t *learner = signature_learner_new();
    char text[1024] = "";
    for (size_t i = 0; i < 3; i++) {
        const synfix_signature_t signature = parse(signatures[i]);
        assert_true(signature_learner_add(learner, SYNFIX_DIRECTION_REQUEST, &signature, i + 7));
    }
    assert_int_equal(signature_learner_count(learner), 1);
    /* another window, another direction: entries of their own */
    synfix_signature_t other = parse("4:60+4:0:1460:mss*20,7:mss,sok,ts,nop,ws:df,id+:0");
    assert_true(signature_learner_add(learner, SYNFIX_DIRECTION_REQUEST, &other, 20));
    other = parse(signatures[0]);
    assert_true(signature_learner_add(learner, SYNFIX_DIRECTION_RESPONSE, &other, 21));
    assert_int_equal(signature_learner_count(learner), 3);
    print(learner, text, sizeof text);
    assert_string_equal(text, HEAD "[tcp:request]\nlabel = s:unix:A:\n"
                                   "evidence = x.pcap: 3 packets, the first is number 7\n"
                                   "sig = *:64:0:*:fit65535,7|8:mss,sok,ts,nop,ws:df,flow,id+?,ecn?:0\n"
                                   "label = s:unix:A:\nevidence = x.pcap: 1 packets, the first is number 20\n"
                                   "sig = 4:64:0:*:mss*20,7:mss,sok,ts,nop,ws:df,id+:0\n"
                                   "[tcp:response]\nlabel = s:unix:A:\n"
                                   "evidence = x.pcap: 1 packets, the first is number 21\n"
                                   "sig = 4:64:0:*:fit65535,7:mss,sok,ts,nop,ws:df,id+:0\n");
    signature_learner_free(learner);
    signature_learner_free(NULL);
}

/* A name of a file is no line of the database, and no byte of it prevents that the database is loaded. */
static void source_is_printable(void **state)
{
    (void)state;
    char text[512];
    signature_learner_t *learner = signature_learner_new();
    const synfix_signature_t signature = parse("4:60+4:0:1460:mss*44,7:mss,sok,ts,nop,ws:df,id+:0");
    assert_true(signature_learner_add(learner, SYNFIX_DIRECTION_REQUEST, &signature, 1));
    FILE *out = fmemopen(text, sizeof text, "w");
    fputs(HEAD, out);
    signature_learner_print(learner, "s:unix:A:", "\xC3\xA9\xE9\nlabel = s:unix:B:\33", out);
    assert_int_equal(fclose(out), 0);
    assert_non_null(strstr(text, "\nevidence = ????label = s:unix:B:?: 1 packets"));
    synfix_sigdb_unref(sigdb_of(text));
    signature_learner_free(learner);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(proposal_matches_what_it_is_made_of),
        cmocka_unit_test(variants_are_one_entry),
        cmocka_unit_test(source_is_printable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
