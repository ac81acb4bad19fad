/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* D9 among others: p0f's grammar and what our own adds to it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/sigdb_text.h"
#include <stdio.h>
#include <string.h>
#include <synfix/sigdb.h>

#define LONG "123456789012345678901234567890123456789012345678" /* 48 bytes */
#define HEAD "classes = win,unix,other\n[mtu]\nlabel = Ethernet\nsig = 1500\n[tcp:request]\n"

static synfix_match_t match(const synfix_sigdb_t *sigdb, const char *text)
{
    synfix_signature_t signature;
    synfix_match_t result;
    synfix_error_t error = {.text = ""};
    if (synfix_signature_parse(text, strlen(text), &signature, &error) != SYNFIX_OK) {
        fail_msg("%s: %s", text, error.text);
    }
    synfix_sigdb_match(sigdb, SYNFIX_DIRECTION_REQUEST, &signature, &result);
    return result;
}

typedef struct {
    const char *signature;
    const char *label; /* NULL: no match */
    synfix_match_kind_t kind;
    uint8_t distance;
    bool excess;
} match_case_t;

static void check(const synfix_sigdb_t *sigdb, const match_case_t *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const synfix_match_t got = match(sigdb, cases[i].signature);
        print_message("%s\n", cases[i].signature);
        assert_int_equal(got.kind, cases[i].kind);
        if (cases[i].label == NULL) {
            assert_null(got.label);
        } else {
            assert_string_equal(got.label->text, cases[i].label);
        }
        assert_int_equal(got.distance, cases[i].distance);
        assert_int_equal(got.excess_distance, cases[i].excess);
        assert_int_equal(got.quality == 0, got.label == NULL);
    }
}

static void chooses_as_p0f(void **state)
{
    (void)state;
    synfix_sigdb_t *sigdb = sigdb_of(HEAD "label = g:unix:Any:\nsig = *:64:0:*:*,*:mss:df,id+:0\n"
                                          "label = s:unix:One:1.0\nsig = *:64:0:*:%100,*:mss:df,id+:0\n"
                                          "sig = 4:64:0:*:mss*4,0:mss,nop::*\n"
                                          "label = s:unix:Two:\nsig = 6:64:0:*:*,0:mss,sok:flow:0\n"
                                          "label = s:!:Tool:x\nsys = @unix\nsig = *:60-:0:0:1024,0:::0\n"
                                          "sig = *:64:0:0:99,0::df:0\n");
    static const match_case_t cases[] = {
        {"4:60+4:0:1460:500,0:mss:df,id+:0", "One 1.0", SYNFIX_MATCH_EXACT, 4, false},
        {"4:60+4:0:1460:501,0:mss:df,id+:0", "Any", SYNFIX_MATCH_GENERIC, 4, false},
        {"4:60+4:0:1460:500,0:mss:df,id+,ecn:0", "Any", SYNFIX_MATCH_FUZZY_GENERIC, 4, false},
        {"4:20+12:0:1460:500,0:mss:df,id+:0", "Any", SYNFIX_MATCH_FUZZY_GENERIC, 12, false},
        {"4:200+?:0:1460:500,0:mss:df,id+:0", "Any", SYNFIX_MATCH_FUZZY_GENERIC, 55, true},
        {"4:60+4:0:1460:500,0:mss:df,id+,0+:0", NULL, SYNFIX_MATCH_NONE, 4, false},
        {"4:64+0:0:1460:mss*4,0:mss,nop::+", "One 1.0", SYNFIX_MATCH_EXACT, 0, false},
        {"4:64+0:0:1460:mtu*4,0:mss,nop::+", NULL, SYNFIX_MATCH_NONE, 0, false},
        /* D8: the version of an entry counts */
        {"6:64+0:0:1460:9,0:mss,sok:flow:0", "Two", SYNFIX_MATCH_EXACT, 0, false},
        {"4:64+0:0:1460:9,0:mss,sok::0", NULL, SYNFIX_MATCH_NONE, 0, false},
        /* IPv4 quirks of a * entry are nothing to IPv6 */
        {"6:64+0:0:1460:500,0:mss::0", "One 1.0", SYNFIX_MATCH_EXACT, 0, false},
        {"4:10+22:0:0:1024,0:::0", "Tool x", SYNFIX_MATCH_EXACT, 50, true},
        {"4:61+3:0:0:1024,0:::0", NULL, SYNFIX_MATCH_NONE, 3, false},
        /* D12: behind a fuzzy tool that is thrown away the distance is guessed */
        {"4:61+3:0:0:99,0:::0", NULL, SYNFIX_MATCH_NONE, 3, false},
    };
    check(sigdb, cases, sizeof cases / sizeof cases[0]);
    const synfix_match_t tool = match(sigdb, "4:10+22:0:0:1024,0:::0");
    assert_true(tool.tool && tool.random_ttl);
    synfix_sigdb_unref(sigdb);
}

static void own_grammar(void **state)
{
    (void)state;
    synfix_sigdb_t *sigdb =
        sigdb_of("; synfix-fp 1\nversion = 7\n" HEAD "label = s:unix:Fit:\nquality = 88\ntimestamps_nopped = "
                 "yes\nalso = 20 s:unix:Other:\nevidence = seen\n"
                 "date = 2025-01\nsig = "
                 "*:64~:0:500-1460:fit65535|reach16384,7|9-11:mss,sok,ts,nop,ws:df,id+?,ecn?:0\n");
    static const match_case_t cases[] = {
        {"4:64+0:0:1380:mss*47,7:mss,sok,ts,nop,ws:df,id+:0", "Fit", SYNFIX_MATCH_EXACT, 0, false},
        {"4:64+0:0:1460:mss*44,10:mss,sok,ts,nop,ws:df,ecn:0", "Fit", SYNFIX_MATCH_EXACT, 0, false},
        {"4:64+0:0:1380:mss*12,9:mss,sok,ts,nop,ws:df:0", "Fit", SYNFIX_MATCH_EXACT, 0, false},
        {"4:64+0:0:1380:mss*46,7:mss,sok,ts,nop,ws:df:0", NULL, SYNFIX_MATCH_NONE, 0, false},
        {"4:64+0:0:1380:mss*47,8:mss,sok,ts,nop,ws:df:0", NULL, SYNFIX_MATCH_NONE, 0, false},
        {"4:64+0:0:1461:mss*44,7:mss,sok,ts,nop,ws:df:0", NULL, SYNFIX_MATCH_NONE, 0, false},
        {"4:255+0:0:1460:mss*44,7:mss,sok,ts,nop,ws:df:0", "Fit", SYNFIX_MATCH_FUZZY, 0, false},
        {"4:64+0:0:1460:mss*44,7:mss,sok,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,nop,ws:df:0", "Fit",
         SYNFIX_MATCH_FUZZY, 0, false},
    };
    check(sigdb, cases, sizeof cases / sizeof cases[0]);
    const synfix_match_t exact = match(sigdb, cases[0].signature);
    assert_int_equal(exact.quality, 88);
    assert_int_equal(exact.candidate_count, 2);
    synfix_sigdb_info_t info;
    synfix_sigdb_info(sigdb, &info);
    assert_string_equal(info.version, "7");
    assert_string_equal(info.name, "t.fp");
    synfix_sigdb_unref(sigdb);
}

/* Labels that fit as well: the same kind of match and no lower quality, in the order of the file. */
static void candidates_are_named(void **state)
{
    (void)state;
    synfix_sigdb_t *sigdb =
        sigdb_of("; synfix-fp 1\n" HEAD "layouts = two mss|mss,sok\n"
                 "label = s:unix:A:\nquality = 80\nsig = *:64:0:*:9,*:@two:df:0\n"
                 "label = s:unix:Low:\nquality = 79\nsig = *:64:0:*:*,*:mss:df:0\n"
                 "label = s:unix:B:\nquality = 90\nalso = 30 s:unix:C:\nsig = *:64:0:*:*,0:mss:df:0\n"
                 "label = g:unix:Generic:\nsig = *:64:0:*:*,*:mss:df:0\n"
                 "label = s:unix:D:\nquality = 80\nsig = *:64:0:*:1-20,*:mss:df:0\n");
    const synfix_match_t several = match(sigdb, "4:64+0:0:1460:9,0:mss:df:0");
    assert_string_equal(several.label->text, "A");
    assert_int_equal(several.candidate_count, 4);
    assert_string_equal(several.others[0]->text, "B");
    assert_string_equal(several.others[1]->text, "C");
    assert_string_equal(several.others[2]->text, "D");
    const synfix_match_t one = match(sigdb, "4:64+0:0:1460:9,0:mss,sok:df:0");
    assert_string_equal(one.label->text, "A");
    assert_int_equal(one.candidate_count, 1);
    assert_null(one.others[0]);
    synfix_sigdb_info_t info;
    synfix_sigdb_info(sigdb, &info);
    assert_int_equal(info.request_entries, 5); /* lines, however many layouts */
    synfix_sigdb_unref(sigdb);
}

static void refuses_wrong_files_whole(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *error;
    } cases[] = {
        {"sig = 1", "t.fp:1: a sig without a label before it; write label = first"},
        {"[tcp]", "t.fp:1: unknown section; write [mtu], [tcp:request] or [tcp:response]"},
        {"; synfix-fp 2", "t.fp:1: an unknown version of the grammar"},
        {HEAD "label = s:mac:X:\n",
         "t.fp:6: the class of this label is not among the classes; add the class to the line classes ="},
        {HEAD "label = s:unix:X\n", "t.fp:6: a label is type:class:name:flavor"},
        {HEAD "label = s:unix:" LONG ":" LONG "\n",
         "t.fp:6: a label is too long: the class has at most 96 bytes, name and flavor have 95 together"},
        {HEAD "label = s:!:X:\nsig = *:64:0:0:0,0:::0",
         "t.fp:7: a tool (class !) needs a sys line before its sig"},
        {HEAD "label = s:unix:X:\nsig = *:64:0:0:fit9,0:::0", "t.fp:7: a number is missing"},
        {HEAD "label = s:unix:X:\nsig = 4:64:0:0:0,0::flow:0", "t.fp:7: an IPv4 entry cannot have flow"},
        {HEAD "label = s:unix:X:\nsig = *:0:0:0:0,0:::0", "t.fp:7: the initial TTL is 1 to 255"},
        {HEAD "label = s:unix:\x01:\n", "t.fp:6: a byte that is not printable ASCII"},
        {HEAD "quality = 5\n", "t.fp:6: unknown field"},
        {"layouts = a mss\n", "t.fp:1: unknown field"},
        {"; synfix-fp 1\nlayouts = mss\n", "t.fp:2: layouts needs a name and layouts, separated by |"},
        {"; synfix-fp 1\n" HEAD "label = s:unix:X:\nsig = *:64:0:*:1,0:@a:df:0\n",
         "t.fp:8: an unknown name of layouts; define the name above this line"},
        {"; synfix-fp 1\n" HEAD "label = s:unix:X:\nsig = *:64:0:*:1,0:mss|mzz:df:0\n",
         "t.fp:8: unknown option in the layout"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        synfix_error_t error = {.text = ""};
        synfix_sigdb_info_t info;
        synfix_sigdb_t *sigdb = synfix_sigdb_new();
        assert_int_equal(synfix_sigdb_load_text(sigdb, "t.fp", cases[i].text, strlen(cases[i].text), &error),
                         SYNFIX_INVALID);
        assert_string_equal(error.text, cases[i].error);
        assert_int_equal(synfix_sigdb_finish(sigdb, &error), SYNFIX_OK);
        synfix_sigdb_info(sigdb, &info);
        assert_int_equal(info.mtu_entries + info.request_entries + info.label_count, 0);
        assert_null(synfix_sigdb_link(sigdb, 1500));
        synfix_sigdb_unref(sigdb);
    }
}

static void names_of_files_cannot_control_a_terminal(void **state)
{
    (void)state;
    static const char text[] = HEAD "label = s:win:A:b\nsig = *:64:0:0:0,0:::0\n";
    synfix_error_t error;
    synfix_sigdb_info_t info;
    synfix_sigdb_t *sigdb = synfix_sigdb_new();
    assert_int_equal(synfix_sigdb_load_text(sigdb, "d/a\x1b[2J\xc2\x9b.fp", text, strlen(text), &error),
                     SYNFIX_OK);
    assert_int_equal(synfix_sigdb_finish(sigdb, &error), SYNFIX_OK);
    synfix_sigdb_info(sigdb, &info);
    assert_string_equal(info.name, "a?[2J??.fp");
    synfix_sigdb_unref(sigdb);
}

static void keeps_labels_and_links(void **state)
{
    (void)state;
    synfix_sigdb_t *sigdb =
        sigdb_of(HEAD "label = s:win:A:b\nsig = *:64:0:0:0,0:::0\n[http:request]\nsig = ?\n");
    synfix_sigdb_info_t info;
    synfix_sigdb_info(sigdb, &info);
    assert_int_equal(info.label_count, 1);
    /* sha256("s:win:A:b") begins so */
    assert_int_equal(synfix_sigdb_label(sigdb, 0)->id, 0xc7e088cc);
    assert_null(synfix_sigdb_label(sigdb, 1));
    assert_string_equal(synfix_sigdb_link(sigdb, 1500), "Ethernet");
    assert_null(synfix_sigdb_link(sigdb, 1501));
    assert_ptr_equal(synfix_sigdb_ref(sigdb), sigdb);
    synfix_sigdb_unref(sigdb);
    assert_string_equal(synfix_sigdb_label(sigdb, 0)->os_class, "win");
    synfix_sigdb_unref(sigdb);
    synfix_sigdb_unref(NULL);
}

/* Several files are one database in their order; names of layouts and classes are each file's own. */
static void first_file_wins(void **state)
{
    (void)state;
    static const char own[] =
        "; synfix-fp 1\nclasses = site\nlayouts = a mss\n[mtu]\nlabel = Ours\nsig = 1500\n"
        "[tcp:request]\nlabel = s:site:Camera:\nsig = *:64:0:*:9,0:@a:df:0\n";
    static const char shipped[] =
        "; synfix-fp 1\n" HEAD "layouts = a mss|mss,sok\nlabel = s:unix:A:\nsig = *:64:0:*:*,0:@a:df:0\n";
    synfix_error_t error = {.text = ""};
    synfix_sigdb_info_t info;
    synfix_sigdb_t *sigdb = synfix_sigdb_new();
    assert_int_equal(synfix_sigdb_load_text(sigdb, "own.fp", own, strlen(own), &error), SYNFIX_OK);
    assert_int_equal(synfix_sigdb_load_text(sigdb, "bad.fp", "sig = @", 7, &error), SYNFIX_INVALID);
    assert_int_equal(synfix_sigdb_load_text(sigdb, "shipped.fp", shipped, strlen(shipped), &error),
                     SYNFIX_OK);
    assert_int_equal(synfix_sigdb_finish(sigdb, &error), SYNFIX_OK);
    assert_string_equal(match(sigdb, "4:64+0:0:1460:9,0:mss:df:0").label->text, "Camera");
    assert_string_equal(match(sigdb, "4:64+0:0:1460:8,0:mss:df:0").label->text, "A");
    assert_string_equal(match(sigdb, "4:64+0:0:1460:9,0:mss,sok:df:0").label->text, "A");
    assert_string_equal(synfix_sigdb_link(sigdb, 1500), "Ours");
    synfix_sigdb_info(sigdb, &info);
    assert_string_equal(info.name, "own.fp");
    synfix_sigdb_unref(sigdb);
}

static void missing_file_is_reported(void **state)
{
    (void)state;
    synfix_error_t error = {.text = ""};
    synfix_sigdb_t *sigdb = synfix_sigdb_new();
    assert_int_equal(synfix_sigdb_load(sigdb, "/nonexistent/x.fp", &error), SYNFIX_NOT_FOUND);
    assert_string_equal(error.text, "/nonexistent/x.fp: No such file or directory");
    assert_int_equal(synfix_sigdb_load(sigdb, "/", &error), SYNFIX_IO);
    synfix_sigdb_unref(sigdb);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chooses_as_p0f),
        cmocka_unit_test(own_grammar),
        cmocka_unit_test(candidates_are_named),
        cmocka_unit_test(refuses_wrong_files_whole),
        cmocka_unit_test(names_of_files_cannot_control_a_terminal),
        cmocka_unit_test(keeps_labels_and_links),
        cmocka_unit_test(first_file_wins),
        cmocka_unit_test(missing_file_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
