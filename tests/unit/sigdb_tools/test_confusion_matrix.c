/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "sigdb_tools/sigdb_tools.h"

static synfix_match_t answer(const synfix_label_t *label, synfix_match_kind_t kind, uint8_t quality)
{
    return (synfix_match_t){.kind = (uint8_t)kind, .quality = quality, .label = label};
}

static void counts_by_weight(void **state)
{
    (void)state;
    const synfix_label_t linux_label = {
        .type = 's', .os_class = "unix", .name = "Linux", .text = "Linux 4.x"};
    const synfix_label_t proxy = {
        .type = 's', .os_class = "other", .name = "Proxy or middlebox", .text = "Proxy or middlebox"};
    sigdb_confusion_t confusion = {0};
    synfix_match_t match = answer(&linux_label, SYNFIX_MATCH_EXACT, 95);
    assert_true(sigdb_confusion_add(&confusion, "Android", &match, true, 60));
    match = answer(&linux_label, SYNFIX_MATCH_FUZZY, 60);
    assert_true(sigdb_confusion_add(&confusion, "Linux", &match, false, 20));
    assert_false(sigdb_confusion_add(&confusion, "Windows", &match, false, 10));
    match = answer(&proxy, SYNFIX_MATCH_EXACT, 70);
    assert_true(sigdb_confusion_add(&confusion, "macOS", &match, false, 5));
    match = answer(NULL, SYNFIX_MATCH_NONE, 0);
    assert_true(sigdb_confusion_add(&confusion, "macOS", &match, false, 5));
    assert_float_equal(sigdb_confusion_figure(&confusion, "family_right"), 100.0 * 80 / 90, 1e-9);
    assert_float_equal(sigdb_confusion_figure(&confusion, "exact"), 60, 1e-9);
    assert_float_equal(sigdb_confusion_figure(&confusion, "undecided"), 10, 1e-9);
    assert_float_equal(sigdb_confusion_figure(&confusion, "wrong"), 10, 1e-9);
    assert_float_equal(sigdb_confusion_figure(&confusion, "right"), 80, 1e-9);
    assert_int_equal(confusion.pair_count, 5);
    assert_ptr_equal(confusion.pairs[0].answer, &linux_label);
    assert_float_equal(confusion.pairs[0].weight, 60, 1e-9);
    assert_true(sigdb_confusion_figure(&confusion, "nonsense") < 0);
}

static void last_line_is_for_machines(void **state)
{
    (void)state;
    const synfix_label_t label = {.type = 's', .os_class = "win", .name = "Windows", .text = "Windows XP"};
    sigdb_confusion_t confusion = {0};
    const synfix_match_t match = answer(&label, SYNFIX_MATCH_EXACT, 90);
    char text[1024] = "";
    FILE *out = fmemopen(text, sizeof text, "w");
    sigdb_confusion_add(&confusion, "Windows", &match, true, 1);
    sigdb_confusion_print(&confusion, out);
    assert_int_equal(fclose(out), 0);
    assert_non_null(strstr(text, "\nfamily_right=100.00 exact=100.00 undecided=0.00 wrong=0.00 n=1\n"));
}

static void exact_leaves_nothing_open(void **state)
{
    (void)state;
    static const char text[] =
        "; synfix-fp 1\nclasses = unix\n[tcp:request]\nlabel = s:unix:A:\n"
        "sig = *:64:0:*:9,0:mss:df,id+?:0\nsig = *:64:0:*:8,0:mss:df?:0\n"
        "sig = *:64:0:*:*,0:mss,sok:df:0\nlabel = g:unix:A:\nsig = *:64:0:*:9,0:sok:df:0\n"
        "label = s:!:T:\nsys = @unix\nsig = *:64~:0:0:7,0::df:0\n"
        "label = s:unix:A or B:\nsig = *:64:0:*:9,0:ts:df:0\n";
    static const struct {
        const char *signature;
        synfix_match_kind_t kind;
        bool exact;
    } cases[] = {
        {"4:64+0:0:1460:9,0:mss:df,id+:0", SYNFIX_MATCH_EXACT, true},
        {"4:64+0:0:1460:9,0:mss::0", SYNFIX_MATCH_FUZZY, false},
        {"4:64+0:0:1460:8,0:mss:df:0", SYNFIX_MATCH_EXACT, false},     /* DF is open */
        {"4:64+0:0:1460:8,0:mss,sok:df:0", SYNFIX_MATCH_EXACT, false}, /* the window is */
        {"4:64+0:0:0:9,0:sok:df:0", SYNFIX_MATCH_GENERIC, false},
        {"4:64+0:0:0:7,0::df:0", SYNFIX_MATCH_EXACT, false},   /* the TTL is */
        {"4:64+0:0:0:9,0:ts:df:0", SYNFIX_MATCH_EXACT, false}, /* the family is */
    };
    synfix_error_t error = {.text = ""};
    synfix_sigdb_t *sigdb = synfix_sigdb_new();
    assert_int_equal(synfix_sigdb_load_text(sigdb, "t", text, strlen(text), &error), SYNFIX_OK);
    assert_int_equal(synfix_sigdb_finish(sigdb, &error), SYNFIX_OK);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        synfix_signature_t signature;
        synfix_match_t match;
        print_message("%s\n", cases[i].signature);
        assert_int_equal(
            synfix_signature_parse(cases[i].signature, strlen(cases[i].signature), &signature, &error),
            SYNFIX_OK);
        synfix_sigdb_match(sigdb, SYNFIX_DIRECTION_REQUEST, &signature, &match);
        assert_int_equal(match.kind, cases[i].kind);
        assert_int_equal(sigdb_is_exact(sigdb, &match), cases[i].exact);
    }
    synfix_sigdb_unref(sigdb);
}

static void counts_what_is_sure_and_wrong_and_what_is_no_desktop(void **state)
{
    (void)state;
    const synfix_label_t windows = {.type = 's', .os_class = "win", .name = "Windows", .text = "Windows"};
    const synfix_label_t printer = {.type = 's', .os_class = "other", .name = "HP", .text = "HP"};
    sigdb_confusion_t confusion = {0};
    synfix_match_t match = answer(&windows, SYNFIX_MATCH_EXACT, 90);
    sigdb_confusion_add(&confusion, "Windows", &match, true, 3);
    sigdb_confusion_add(&confusion, "embedded", &match, true, 1);
    match.quality = 89;
    sigdb_confusion_add(&confusion, "Linux", &match, true, 1);
    match = answer(&printer, SYNFIX_MATCH_EXACT, 60);
    sigdb_confusion_add(&confusion, "embedded", &match, true, 1);
    assert_float_equal(sigdb_confusion_figure(&confusion, "sure_wrong"), 25, 1e-9);
    assert_float_equal(sigdb_confusion_figure(&confusion, "desktop"), 50, 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_by_weight),
        cmocka_unit_test(last_line_is_for_machines),
        cmocka_unit_test(exact_leaves_nothing_open),
        cmocka_unit_test(counts_what_is_sure_and_wrong_and_what_is_no_desktop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
