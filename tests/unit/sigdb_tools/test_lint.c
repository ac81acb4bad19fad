/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* lint.c and explain.c: reports about small databases; the shipped database has no mistake. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "sigdb/parse.h"
#include "sigdb_tools/sigdb_tools.h"
#include "support/sigdb_text.h"

#define HEAD      "; synfix-fp 1\nclasses = unix\n[tcp:request]\n"
#define RESPONSES "; synfix-fp 1\nclasses = unix\n[tcp:response]\n"

static void finds(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *wanted; /* NULL: nothing */
    } cases[] = {
        {HEAD "label = s:unix:A:\nsig = 4:64:0:*:1,0:mss::0\nsig = 4:64:0:*:2,0:mss::0\n", NULL},
        {HEAD "label = s:unix:A:\nsig = *:64:0:*:1-9,0:mss:df?:0\nsig = 4:64:0:*:2,0:mss:df:0\n",
         "t.fp:6: never reached, after the wider entry at t.fp:5 (A)\n"},
        {HEAD "label = s:unix:A:\nsig = 4:64:0:*:2,0:mss::0\nsig = 4:64:0:*:2,0:mss::0\n",
         "t.fp:6: the same as the entry at t.fp:5 (A)\n"},
        {HEAD "label = s:unix:A:\nsig = 4:64:0:*:2,0:mss::0\nlabel = s:unix:B:\nsig = 4:64:0:*:2,0:mss::0\n",
         "t.fp:7: contradicts the same entry with another label at t.fp:5 (A)\n"},
        /* a narrow entry before a wide one, and a generic one before a specific one, are how it should be */
        {HEAD "label = s:unix:A:\nsig = 4:64:0:*:2,0:mss::0\nsig = 4:64:0:*:*,0:mss::0\n", NULL},
        {HEAD "label = g:unix:A:\nsig = 4:64:0:*:*,0:mss::0\nlabel = s:unix:B:\nsig = 4:64:0:*:2,0:mss::0\n",
         NULL},
        {HEAD "label = s:unix:A:\nsig = 4:64:0:*:fit65535,0:mss::0\nsig = 4:64:0:*:65535,0:mss::0\n", NULL},
        {HEAD "label = s:unix:A:\nsig = 4:64~:0:*:1,0:mss::0\n",
         "t.fp:5: ~ after the TTL has an effect for tools only (A)\n"},
        {HEAD "label = s:unix:A:\nsig = 4:64:0:1460:1,0:sok::0\n",
         "t.fp:5: unreachable: an MSS, but no mss in the layout (A)\n"},
        {HEAD "label = s:unix:A:\nsig = 4:64:0:*:1,7:mss::0\n",
         "t.fp:5: unreachable: a scale, but no ws in the layout (A)\n"},
        {HEAD "label = s:unix:A:\nsig = 4:64:0:0:mss*4,0:sok::0\n",
         "t.fp:5: unreachable: a window by the MSS, but no MSS (A)\n"},
        /* another SYN makes another answer */
        {RESPONSES "label = s:unix:A:\noffered = ws\nsig = 4:64:0:*:2,0:mss::0\noffered = !ws\n"
                   "sig = 4:64:0:*:2,0:mss::0\n",
         NULL},
        {RESPONSES "label = s:unix:A:\nsig = 4:64:0:*:2,0:mss::0\noffered = ws\nsig = 4:64:0:*:2,0:mss::0\n",
         "t.fp:7: never reached, after the wider entry at t.fp:5 (A)\n"},
        {"; synfix-fp 1\n[mtu]\nlabel = A\nsig = 1500\nlabel = B\nsig = 1400\nsig = 1500\n",
         "t.fp:7: never chosen, after the same MTU at t.fp:4 (A)\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[512] = "";
        FILE *out = fmemopen(text, sizeof text, "w");
        synfix_sigdb_t *sigdb = sigdb_of(cases[i].text);
        assert_int_equal(sigdb_lint(sigdb, out), cases[i].wanted != NULL);
        assert_int_equal(fclose(out), 0);
        assert_string_equal(text, cases[i].wanted == NULL ? "" : cases[i].wanted);
        synfix_sigdb_unref(sigdb);
    }
}

/* Checks the @p length bytes of @p content as t.fp: the report is @p wanted, one line for each mistake. */
static void check_report(const char *content, size_t length, const char *wanted)
{
    char text[512] = "";
    unsigned lines = 0;
    FILE *out = fmemopen(text, sizeof text, "w");
    const unsigned count = sigdb_check_text("t.fp", content, length, out);
    assert_int_equal(fclose(out), 0);
    assert_string_equal(text, wanted);
    for (const char *at = wanted; (at = strchr(at, '\n')) != NULL; at++) {
        lines++;
    }
    assert_int_equal(count, lines);
}

static void reports_every_wrong_line(void **state)
{
    (void)state;
    static const char wrong[] =
        HEAD "label = s:unix:A:\nsig = 4:64\nsig = 4:64:0:*:1,0:mss::0\nsigh = 4\n[tcp]\n";
    check_report(wrong, sizeof wrong - 1,
                 "t.fp:5: a colon is missing, or unexpected text stands before the colon\nt.fp:7: unknown "
                 "field\nt.fp:8: unknown section; write [mtu], [tcp:request] or "
                 "[tcp:response]\n");
    check_report(HEAD, sizeof HEAD - 1, "");
}

static void reports_a_name_without_control_characters(void **state)
{
    (void)state;
    char text[128] = "";
    FILE *out = fmemopen(text, sizeof text, "w");
    assert_int_equal(sigdb_check_text("\33[2J\xC2\x9B\n\xC3\xA9.fp", "[tcp]\n", 6, out), 1);
    assert_int_equal(fclose(out), 0);
    assert_string_equal(text, "?[2J???\xC3\xA9.fp:1: unknown section; write [mtu], [tcp:request] or "
                              "[tcp:response]\n");
}

/* Lines that lack a label, a section or a `sys` only because of an earlier mistake are not reported. */
static void reports_the_first_cause_only(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *wanted;
    } cases[] = {
        {HEAD "labl = s:unix:A:\nsys = @unix\nevidence = seen\nsig = 4:64:0:*:1,0:mss::0\n",
         "t.fp:4: unknown field\n"},
        {HEAD "label = s\nsig = 4:64:0:*:1,0:mss::0\nlabel = s:unix:A:\nsigh = 1\n[tcp:request]\nsig = 4\n",
         "t.fp:4: a label is type:class:name:flavor\nt.fp:7: unknown field\n"
         "t.fp:9: a sig without a label before it; write label = first\n"},
        {"; synfix-fp 2\n[tcp:request]\nlabel = s:unix:A:\nevidence = seen\n",
         "t.fp:1: an unknown version of the grammar\n"},
        {"; synfix-fp 1\nclasses = unix\n[tcp:requst]\nlabel = s:unix:A:\nsig = 4:64:0:*:1,0:mss::0\n",
         "t.fp:3: unknown section; write [mtu], [tcp:request] or [tcp:response]\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        check_report(cases[i].text, strlen(cases[i].text), cases[i].wanted);
    }
}

static void stops_at_a_file_without_text(void **state)
{
    (void)state;
    static const char wrong[] = "\x1f\x8b\0\1\nlabel\n\0\n";
    check_report(wrong, sizeof wrong - 1, "t.fp:1: not a text file: a NUL byte; name a signature database\n");
}

static void explains(void **state)
{
    (void)state;
    static const char signature[] = "4:60+4:0:1460:9,0:mss:df:0";
    char text[2048] = "";
    synfix_signature_t parsed;
    FILE *out = fmemopen(text, sizeof text, "w");
    synfix_sigdb_t *sigdb = sigdb_of(HEAD "label = s:unix:A:1\nevidence = seen\ndate = 2020\n"
                                          "sig = 4:64:0:*:8,0:mss:df:0\nsig = 4:64:0:*:9,0:mss:df,id+:0\n");
    assert_int_equal(synfix_signature_parse(signature, strlen(signature), &parsed, NULL), SYNFIX_OK);
    sigdb_explain(sigdb, SYNFIX_DIRECTION_REQUEST, &parsed, 0, out);
    assert_int_equal(fclose(out), 0);
    assert_non_null(strstr(text, "t.fp:7: A 1 [4:64:0:*:8,0:mss:df:0] fails on: window\n"));
    assert_non_null(strstr(text, "t.fp:8: A 1 [4:64:0:*:9,0:mss:df,id+:0] fits except for: quirks, "
                                 "distance 1 (IP ID 1)\n"));
    assert_non_null(strstr(text, "\nchosen: t.fp:8: A 1 "));
    assert_non_null(
        strstr(text, "fuzzy, quality 60 (family 60), candidates 1, initial TTL 64, distance 4\n"));
    assert_non_null(strstr(text, "why: the nearest"));
    assert_non_null(strstr(text, "evidence: seen (2020)\n"));
    synfix_sigdb_unref(sigdb);
}

static void shipped_database_is_clean(void **state)
{
    (void)state;
    synfix_error_t error = {.text = ""};
    synfix_sigdb_info_t info;
    synfix_sigdb_t *sigdb = synfix_sigdb_new();
    if (synfix_sigdb_load(sigdb, SYNFIX_SOURCE_DIR "/sigdb/synfix.fp", &error) != SYNFIX_OK) {
        fail_msg("%s", error.text);
    }
    assert_int_equal(synfix_sigdb_finish(sigdb, &error), SYNFIX_OK);
    assert_int_equal(sigdb_lint(sigdb, stdout), 0);
    synfix_sigdb_info(sigdb, &info);
    assert_in_range(info.request_entries, 100, 399);
    assert_true(info.response_entries > 50 && info.mtu_entries > 50);
    assert_string_not_equal(info.version, "");
    assert_string_equal(info.name, "synfix.fp");
    synfix_sigdb_unref(sigdb);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds),
        cmocka_unit_test(reports_every_wrong_line),
        cmocka_unit_test(reports_a_name_without_control_characters),
        cmocka_unit_test(reports_the_first_cause_only),
        cmocka_unit_test(stops_at_a_file_without_text),
        cmocka_unit_test(explains),
        cmocka_unit_test(shipped_database_is_clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
