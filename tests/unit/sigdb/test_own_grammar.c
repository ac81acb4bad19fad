/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Features of synfix's grammar that p0f's lacks: distances, requests, levels, added options, clocks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/sigdb_text.h"
#include <stdio.h>
#include <string.h>
#include <synfix/sigdb.h>

#define HEAD   "; synfix-fp 1\nclasses = win,unix,other\n"
#define SYN    "[tcp:request]\n"
#define ANSWER "[tcp:response]\n"

static void parse(const char *text, synfix_signature_t *signature)
{
    synfix_error_t error = {.text = ""};
    if (synfix_signature_parse(text, strlen(text), signature, &error) != SYNFIX_OK) {
        fail_msg("%s: %s", text, error.text);
    }
}

static synfix_match_t match(const synfix_sigdb_t *sigdb, const char *text)
{
    synfix_signature_t signature;
    synfix_match_t result;
    parse(text, &signature);
    synfix_sigdb_match(sigdb, SYNFIX_DIRECTION_REQUEST, &signature, &result);
    return result;
}

static synfix_match_t match_answer(const synfix_sigdb_t *sigdb, const char *text, uint8_t offers)
{
    synfix_signature_t signature;
    synfix_match_t result;
    parse(text, &signature);
    synfix_sigdb_match_answer(sigdb, &signature, offers, &result);
    return result;
}

static void check(const synfix_match_t *got, const char *label, unsigned fuzziness)
{
    if (label == NULL) {
        assert_null(got->label);
    } else {
        assert_string_equal(got->label == NULL ? "nothing" : got->label->text, label);
    }
    assert_int_equal(got->fuzziness, fuzziness);
}

static void nearest_wins(void **state)
{
    (void)state;
    synfix_sigdb_t *sigdb = sigdb_of_quality(HEAD SYN "label = s:win:First:\nquality = 90\n"
                                                      "sig = 4:128:0:*:9,0:mss:df,id+:0\n"
                                                      "label = s:unix:Second:\nquality = 90\n"
                                                      "sig = 4:64:0:*:9,0:mss:df,id+:0\n"
                                                      "label = s:unix:Third:\nquality = 90\n"
                                                      "sig = 4:64:0:*:9,0:mss::0\n"
                                                      "label = s:win:Fourth:\nquality = 90\n"
                                                      "sig = 4:128:0:*:9,0:mss,sok:df,id+:0\n",
                                             0);
    static const struct {
        const char *signature;
        const char *label;
        unsigned fuzziness;
    } cases[] = {
        {"4:128+0:0:1460:9,0:mss:df:0", "First", 1},      {"4:64+0:0:1460:9,0:mss:df,ecn:0", "Second", 2},
        {"4:64+0:0:1460:9,0:mss:id-:0", "Third", 1},      {"4:90+?:0:1460:9,0:mss:df,id+:0", NULL, 0},
        {"4:255+0:0:1460:9,0:mss:df,id+:0", NULL, 0},     {"4:20+12:0:1460:9,0:mss:df,id+:0", NULL, 0},
        {"4:64+0:0:1460:9,0:mss:df,id+:0", "Second", 0},  {"4:128+0:0:1460:9,0:mss:id-,ecn:0", "First", 3},
        {"4:64+0:0:1460:9,0:mss:df,id+,seq-:0", NULL, 0}, {"4:90+?:0:1460:9,0:mss,sok:df,id+:0", "Fourth", 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const synfix_match_t got = match(sigdb, cases[i].signature);
        print_message("%s\n", cases[i].signature);
        check(&got, cases[i].label, cases[i].fuzziness);
    }
    assert_int_equal(match(sigdb, "4:64+0:0:1460:9,0:mss:df:0").quality, 90 * 92 / 100);
    synfix_sigdb_unref(sigdb);
}

static void bounds_of_distance(void **state)
{
    (void)state;
    synfix_sigdb_t *sigdb =
        sigdb_of_quality(HEAD SYN "label = s:unix:Any TTL:\nsig = 4:64~:0:*:9,0:mss:df,id+:0\n"
                                  "label = s:unix:Never:\nfuzzy = no\n"
                                  "sig = 4:64:0:*:8,0:mss:df,id+:0\n",
                         0);
    synfix_match_t got = match(sigdb, "4:128+0:0:1460:9,0:mss:df,id+:0");
    check(&got, "Any TTL", 4);
    got = match(sigdb, "4:128+0:0:1460:9,0:mss:df:0");
    check(&got, "Any TTL", 5);
    got = match(sigdb, "4:128+0:0:1460:9,0:mss::0");
    check(&got, NULL, 0);
    got = match(sigdb, "4:64+0:0:1460:8,0:mss:df,id+:0");
    check(&got, "Never", 0);
    got = match(sigdb, "4:64+0:0:1460:8,0:mss:df:0");
    check(&got, NULL, 0);
    synfix_sigdb_unref(sigdb);
}

/* p0f's entries keep p0f's rules beside the own ones: the first fuzzy one, whatever its TTL. */
static void p0f_entries_stay(void **state)
{
    (void)state;
    static const char p0f[] = "classes = win,unix\n[tcp:request]\nlabel = s:win:P0f:\n"
                              "sig = 4:128:0:*:9,0:mss:df,id+:0\n";
    static const char own[] = HEAD SYN "label = s:unix:Own:\nsig = 4:64:0:*:9,0:mss:df,id+:0\n";
    synfix_error_t error;
    synfix_sigdb_t *sigdb = synfix_sigdb_new();
    assert_int_equal(synfix_sigdb_load_text(sigdb, "own", own, strlen(own), &error), SYNFIX_OK);
    assert_int_equal(synfix_sigdb_load_text(sigdb, "p0f", p0f, strlen(p0f), &error), SYNFIX_OK);
    assert_int_equal(synfix_sigdb_finish(sigdb, &error), SYNFIX_OK);
    synfix_match_t got = match(sigdb, "4:64+0:0:1460:9,0:mss:df:0");
    check(&got, "P0f", 0);
    got = match(sigdb, "4:64+0:0:1460:9,0:mss:df,id+:0");
    check(&got, "Own", 0);
    synfix_sigdb_unref(sigdb);
}

static void clamped_mss(void **state)
{
    (void)state;
    synfix_sigdb_t *sigdb =
        sigdb_of_quality(HEAD SYN "label = s:unix:Fit:\nsig = 4:64:0:*:fit65535,7:mss:df,id+:0\n"
                                  "label = s:unix:Ten:\nsig = 4:64:0:*:mss*10,6:mss:df,id+:0\n",
                         0);
    synfix_match_t got = match(sigdb, "4:64+0:0:1360:64240,7:mss:df,id+:0");
    check(&got, "Fit", 2);
    got = match(sigdb, "4:64+0:0:1360:14600,6:mss:df,id+:0");
    check(&got, "Ten", 2);
    got = match(sigdb, "4:64+0:0:1360:64241,7:mss:df,id+:0");
    check(&got, NULL, 0);
    got = match(sigdb, "4:64+0:0:500:64240,7:mss:df,id+:0");
    check(&got, NULL, 0);
    synfix_sigdb_unref(sigdb);
}

static void added_options(void **state)
{
    (void)state;
    synfix_sigdb_t *sigdb =
        sigdb_of_quality(HEAD "added_options = 19,29,172,174\n" SYN "label = s:unix:Linux:\nquality = 90\n"
                              "sig = 4:64:0:*:9,0:mss,sok,ts,nop,ws|mss,nop,nop,sok,nop,ws:df:0\n"
                              "label = s:unix:BSD:\nsig = 4:64:0:*:9,0:mss,nop,ws,sok,ts|mss:df:0\n",
                         0);
    static const struct {
        const char *layout;
        const char *label;
    } cases[] = {
        {"nop,nop,?19,mss,nop,nop,sok,nop,ws", "Linux"},
        {"?29,mss,sok,ts,nop,ws", "Linux"},
        {"mss,sok,ts,?174,nop,nop,ws", "Linux"},
        {"mss,?174,nop,nop,nop,sok,nop,ws", "Linux"},
        {"mss,sok,ts,nop,ws,?172,nop", "Linux"},
        {"mss,nop,ws,sok,ts,?19,eol+1", "BSD"},
        {"mss,?19,eol+1", "BSD"},
        /* an option of 2 or 5 bytes replaces NOPs; two options have each their own */
        {"mss,?174,sok,nop,ws", "Linux"},
        {"mss,?174,nop,sok,nop,ws", "Linux"},
        {"mss,sok,ts,?172,ws", "Linux"},
        {"nop,nop,?19,mss,?174,nop,nop,sok,nop,ws", "Linux"},
        {"mss,nop,ws,sok,ts,nop,nop,?19", "BSD"},
        {"mss,sok,ts,?173,nop,nop,ws", NULL},
        {"?19", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[SYNFIX_SIGNATURE_TEXT_SIZE];
        (void)snprintf(text, sizeof text, "4:64+0:0:1460:9,0:%s:df:0", cases[i].layout);
        const synfix_match_t got = match(sigdb, text);
        print_message("%s\n", text);
        check(&got, cases[i].label, 0);
        assert_int_equal(got.kind, cases[i].label == NULL ? SYNFIX_MATCH_NONE : SYNFIX_MATCH_EXACT);
    }
    synfix_sigdb_unref(sigdb);
}

static void request_aware(void **state)
{
    (void)state;
    synfix_sigdb_t *sigdb = sigdb_of_quality(HEAD ANSWER "label = s:other:Small:\noffered = sok,ts,ws\n"
                                                         "sig = 4:64:0:*:9,0:mss:df:0\n"
                                                         "label = s:unix:Large:\noffered = !sok,!ts\n"
                                                         "sig = 4:64:0:*:9,0:mss:df:0\n"
                                                         "label = s:unix:Other:\noffered = *\n"
                                                         "sig = 4:64:0:*:9,0:mss,nop,ws:df:0\n",
                                             0);
    const uint8_t seen = SYNFIX_OFFER_SEEN | SYNFIX_OFFER_MSS;
    const uint8_t all = seen | SYNFIX_OFFER_SACK | SYNFIX_OFFER_STAMPS | SYNFIX_OFFER_SCALE;
    static const char bare[] = "4:64+0:0:1460:9,0:mss:df:0";
    synfix_match_t got = match_answer(sigdb, bare, all);
    check(&got, "Small", 0);
    assert_true(got.uses_offers);
    got = match_answer(sigdb, bare, seen);
    check(&got, "Large", 0);
    got = match_answer(sigdb, bare, seen | SYNFIX_OFFER_SACK);
    check(&got, NULL, 0);
    assert_true(got.uses_offers);
    got = match_answer(sigdb, bare, 0);
    check(&got, "Small", 0);
    got = match_answer(sigdb, "4:64+0:0:1460:9,0:mss,nop,ws:df:0", seen);
    check(&got, "Other", 0);
    assert_false(got.uses_offers);
    synfix_sigdb_unref(sigdb);
}

static void offers_of_a_syn(void **state)
{
    (void)state;
    synfix_signature_t syn;
    parse("4:64+0:0:1460:9,7:mss,sok,ts,nop,ws,?34,?30:df,ecn:0", &syn);
    assert_int_equal(synfix_signature_offers(&syn), 0xFF);
    parse("4:64+0:0:0:9,0:::0", &syn);
    assert_int_equal(synfix_signature_offers(&syn), SYNFIX_OFFER_SEEN);
    parse("4:64+0:0:0:9,0:ts,?254::0", &syn);
    assert_int_equal(synfix_signature_offers(&syn),
                     SYNFIX_OFFER_SEEN | SYNFIX_OFFER_STAMPS | SYNFIX_OFFER_TFO);
}

static const char levels[] =
    HEAD SYN "label = s:unix:Linux:4.20 or newer, receive buffer set\n"
             "generation = 4.20 or newer\ngeneration_quality = 80\n"
             "quality = 70\nfamily_quality = 90\nclass_quality = 95\n"
             "also = 10 s:unix:Linux:3.11 to 4.19\nalso = 5 s:unix:FreeBSD:\n"
             "sig = 4:64:0:*:9,0:mss:df,id+:0\n"
             "label = s:!:Tool:x\nsys = @unix\nquality = 60\nsig = 4:64:0:*:8,0:mss::0\n";

static void less_deep(void **state)
{
    (void)state;
    static const struct {
        uint8_t least;
        const char *label;
        uint8_t level;
        uint8_t quality;
        uint8_t candidates;
    } cases[] = {
        {0, "Linux 4.20 or newer, receive buffer set", SYNFIX_LEVEL_VERSION, 70, 3},
        {70, "Linux 4.20 or newer, receive buffer set", SYNFIX_LEVEL_VERSION, 70, 3},
        {71, "Linux 4.20 or newer", SYNFIX_LEVEL_GENERATION, 80, 3},
        {81, "Linux", SYNFIX_LEVEL_FAMILY, 90, 2},
        {91, "unix", SYNFIX_LEVEL_CLASS, 95, 3},
        {96, NULL, SYNFIX_LEVEL_NONE, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        synfix_sigdb_t *sigdb = sigdb_of_quality(levels, cases[i].least);
        const synfix_match_t got = match(sigdb, "4:64+0:0:1460:9,0:mss:df,id+:0");
        check(&got, cases[i].label, 0);
        assert_int_equal(got.level, cases[i].level);
        assert_int_equal(got.quality, cases[i].quality);
        assert_int_equal(got.family_quality, cases[i].label == NULL ? 0 : 90);
        assert_int_equal(got.candidate_count, cases[i].candidates);
        assert_int_equal(match(sigdb, "4:64+0:0:1460:8,0:mss::0").label != NULL, cases[i].least <= 60);
        synfix_sigdb_unref(sigdb);
    }
}

static void least_quality_is_checked(void **state)
{
    (void)state;
    synfix_error_t error = {.text = ""};
    synfix_sigdb_t *sigdb = sigdb_of_quality(levels, 100);
    assert_int_equal(synfix_sigdb_set_min_quality(sigdb, 5, &error), SYNFIX_INVALID);
    assert_string_equal(error.text, "the database is finished");
    synfix_sigdb_unref(sigdb);
    sigdb = synfix_sigdb_new();
    assert_int_equal(synfix_sigdb_set_min_quality(sigdb, 101, &error), SYNFIX_INVALID);
    synfix_sigdb_unref(sigdb);
}

static void clocks(void **state)
{
    (void)state;
    synfix_sigdb_t *sigdb =
        sigdb_of_quality(HEAD SYN "label = s:unix:A:\nclock = 100|1000 connection\n"
                                  "clock_source = kernel source\nsig = 4:64:0:*:9,0:mss::0\n"
                                  "label = s:unix:B:\nclock = off\nsig = 4:64:0:*:8,0:mss::0\n"
                                  "label = s:unix:C:\nsig = 4:64:0:*:7,0:mss::0\n",
                         0);
    synfix_match_t got = match(sigdb, "4:64+0:0:1460:9,0:mss::0");
    assert_int_equal(got.clock, SYNFIX_CLOCK_CONNECTION);
    assert_int_equal(got.clock_rate_count, 2);
    assert_int_equal(got.clock_hertz[0], 100);
    assert_int_equal(got.clock_hertz[1], 1000);
    assert_int_equal(match(sigdb, "4:64+0:0:1460:8,0:mss::0").clock, SYNFIX_CLOCK_OFF);
    assert_int_equal(match(sigdb, "4:64+0:0:1460:7,0:mss::0").clock, SYNFIX_CLOCK_UNKNOWN);
    synfix_sigdb_unref(sigdb);
}

static void refuses(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *reason;
    } cases[] = {
        {HEAD SYN "label = s:unix:A:\noffered = ts\n", "t.fp:5: offered is permitted in [tcp:response] only"},
        {HEAD ANSWER "label = s:unix:A:\noffered = ts,rst\n",
         "t.fp:5: offered takes mss, ws, sok, ts, ecn, tfo and mptcp, each once, with or without !"},
        {HEAD ANSWER "label = s:unix:A:\noffered = ts,!ts\n",
         "t.fp:5: offered takes mss, ws, sok, ts, ecn, tfo and mptcp, each once, with or without !"},
        {HEAD SYN "label = s:unix:A:\nfuzzy = maybe\n", "t.fp:5: fuzzy is yes or no"},
        {HEAD SYN "label = s:unix:A:\nclock = 100\n",
         "t.fp:5: a clock takes frequencies and boot, host, connection or unknown, or is off"},
        {HEAD SYN "label = s:unix:A:\nclock = 100 never\n",
         "t.fp:5: a clock is boot, host, connection, unknown or off"},
        {HEAD SYN "label = s:unix:A:\nclock = 2000 boot\n", NULL},
        {HEAD SYN "label = s:unix:A:\ngeneration = a:b\n", "t.fp:5: a generation has no colon"},
        {HEAD SYN "label = s:unix:A:\nfamily_quality = 101\n", NULL},
        {HEAD "added_options = 8\n", "t.fp:3: timestamps are an option of the stack"},
        {HEAD "added_options = 2\n", NULL},
        {"classes = unix\n" SYN "label = s:unix:A:\nfamily_quality = 90\n", "t.fp:4: unknown field"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        synfix_error_t error = {.text = ""};
        synfix_sigdb_t *sigdb = synfix_sigdb_new();
        assert_int_equal(synfix_sigdb_load_text(sigdb, "t.fp", cases[i].text, strlen(cases[i].text), &error),
                         SYNFIX_INVALID);
        if (cases[i].reason != NULL) {
            assert_string_equal(error.text, cases[i].reason);
        }
        synfix_sigdb_unref(sigdb);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nearest_wins),
        cmocka_unit_test(bounds_of_distance),
        cmocka_unit_test(p0f_entries_stay),
        cmocka_unit_test(clamped_mss),
        cmocka_unit_test(added_options),
        cmocka_unit_test(request_aware),
        cmocka_unit_test(offers_of_a_syn),
        cmocka_unit_test(less_deep),
        cmocka_unit_test(least_quality_is_checked),
        cmocka_unit_test(clocks),
        cmocka_unit_test(refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
