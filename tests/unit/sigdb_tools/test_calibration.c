/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sigdb_tools/calibration.h"

static const char database[] = "; synfix-fp 1\nclasses = unix,other\n[tcp:request]\nlabel = s:unix:Linux:\n"
                               "quality = 90\nsig = *:64:0:*:*,0:mss:df:0\n"
                               "label = s:other:Proxy or middlebox:\nsig = *:64:0:*:*,0:sok:df:0\n"
                               "label = s:unix:NetBSD:\nsig = *:64:0:*:*,0:ts:df:0\n"
                               "label = g:unix:OpenBSD:\nsig = *:64:0:*:*,0:ws:df:0\n";

typedef struct bench {
    synfix_sigdb_t *sigdb;
    sigdb_calibration_t calibration;
    synfix_match_t linux_answer;
    synfix_match_t proxy_answer;
    synfix_match_t netbsd_answer;
    synfix_match_t generic_answer;
} bench_t;

static synfix_match_t match_of(const synfix_sigdb_t *sigdb, const char *text)
{
    synfix_signature_t signature;
    synfix_error_t error;
    synfix_match_t match;
    assert_int_equal(synfix_signature_parse(text, strlen(text), &signature, &error), SYNFIX_OK);
    synfix_sigdb_match(sigdb, SYNFIX_DIRECTION_REQUEST, &signature, &match);
    assert_non_null(match.label);
    return match;
}

static int set_up(void **state)
{
    static bench_t bench;
    synfix_error_t error;
    bench = (bench_t){.sigdb = synfix_sigdb_new()};
    assert_int_equal(synfix_sigdb_load_text(bench.sigdb, "t", database, strlen(database), &error), SYNFIX_OK);
    assert_int_equal(synfix_sigdb_finish(bench.sigdb, &error), SYNFIX_OK);
    bench.linux_answer = match_of(bench.sigdb, "4:64+0:0:1460:9,0:mss:df:0");
    bench.netbsd_answer = match_of(bench.sigdb, "4:64+0:0:0:9,0:ts:df:0");
    bench.generic_answer = match_of(bench.sigdb, "4:64+0:0:0:9,0:ws:df:0");
    bench.proxy_answer = match_of(bench.sigdb, "4:64+0:0:0:9,0:sok:df:0");
    *state = &bench;
    return 0;
}

static int tear_down(void **state)
{
    bench_t *bench = *state;
    sigdb_calibration_free(&bench->calibration);
    synfix_sigdb_unref(bench->sigdb);
    return 0;
}

static void add(bench_t *bench, const char *collection, const char *name, double weight,
                const synfix_match_t *match)
{
    const sigdb_observed_t observed = {.collection = collection, .name = name, .weight = weight};
    assert_true(sigdb_calibration_add(&bench->calibration, bench->sigdb, &observed, match));
}

/* Adds 5 observations of each of @p count collections, of which the first @p right are right. */
static void add_collections(bench_t *bench, unsigned count, unsigned right)
{
    for (unsigned i = 0; i < count; i++) {
        char name[] = {(char)('a' + i), '\0'};
        add(bench, name, i < right ? "Linux" : "Windows", 5, &bench->linux_answer);
    }
}

static const char *printed(bench_t *bench)
{
    static char text[8192];
    memset(text, 0, sizeof text);
    FILE *out = fmemopen(text, sizeof text, "w");
    assert_true(sigdb_calibration_print(&bench->calibration, bench->sigdb, out));
    assert_int_equal(fclose(out), 0);
    return text;
}

static void a_collection_is_tested_by_the_others(void **state)
{
    bench_t *bench = *state;
    add(bench, "a", "Android", 1, &bench->linux_answer);
    add(bench, "a", "Linux", 1, &bench->linux_answer);
    add(bench, "b", "Windows", 2, &bench->linux_answer);
    const char *text = printed(bench);
    /* as stated: 90, half of four are right */
    assert_non_null(strstr(text, "\n 90 to 100                4          50.0%           90.0\n"));
    /* each half of the list says the opposite of the other: without b all are right, without a all wrong */
    assert_non_null(strstr(text, "left out in turn:\n"));
    /* without b: two of two, and a prior, which is no certainty; without a: none of two, and a prior */
    assert_non_null(strstr(text, "\n 70 to 79                 2           0.0%           77.0\n"));
    assert_non_null(strstr(text, "\n 50 to 59                 2         100.0%           53.0\n"));
    assert_null(strstr(text, "SYN+ACK"));
}

static void one_collection_does_not_outvote_the_others(void **state)
{
    bench_t *bench = *state;
    add(bench, "a", "Linux", 1000, &bench->linux_answer);
    add(bench, "b", "Windows", 5, &bench->linux_answer);
    /* five of ten, and a prior of 59 %: the thousand observations count as five */
    assert_non_null(
        strstr(printed(bench), "exact                90       57     57     10    50%  t:6: Linux\n"));
}

static void labels_that_are_right_elsewhere_raise_the_prior(void **state)
{
    bench_t *bench = *state;
    const char *const collections[] = {"a", "b", "c", "d", "e", "f", "g", "h"};
    for (size_t i = 0; i < sizeof collections / sizeof collections[0]; i++) {
        add(bench, collections[i], "Linux", 5, &bench->linux_answer);
    }
    add(bench, "z", "NetBSD", 1, &bench->netbsd_answer);
    /* one of one, and a prior above 90 %, of which a label that is not sure states 89 */
    const char *text = printed(bench);
    assert_non_null(strstr(text, "       89     89      1   100%  t:"));
    assert_non_null(strstr(text, "(a label without observations: 89):"));
}

static void a_quality_has_limits(void **state)
{
    (void)state;
    const prior_t strong = {.share = 0.97, .weight = 30};
    const prior_t weak = {.share = 0.9, .weight = 2};
    assert_int_equal(calibration_suggested(2, 2, &strong, SIGDB_QUALITY_MAX), SIGDB_QUALITY_MAX);
    assert_int_equal(calibration_suggested(2, 2, &strong, SIGDB_QUALITY_SURE - 1), SIGDB_QUALITY_SURE - 1);
    /* 93 % are not enough for a sure answer */
    assert_int_equal(calibration_suggested(1, 1, &weak, SIGDB_QUALITY_MAX), SIGDB_QUALITY_SURE - 1);
    /* with the prior alone 91 %, but the upper limit of none of two is 73 % */
    assert_int_equal(calibration_suggested(0, 2, &strong, SIGDB_QUALITY_MAX), 73);
    assert_int_equal(calibration_suggested(0, 0, &strong, SIGDB_QUALITY_MAX), SIGDB_QUALITY_MAX);
}

static void a_kind_with_one_answer_has_the_share_of_all_kinds(void **state)
{
    bench_t *bench = *state;
    add_collections(bench, 20, 20);
    add(bench, "z", "OpenBSD", 1, &bench->generic_answer);
    /* without the answers of other kinds, it is 81 */
    assert_non_null(
        strstr(printed(bench), "generic              80       87     87      1   100%  t:12: OpenBSD\n"));
}

static void halves_of_the_collections_test_each_other(void **state)
{
    bench_t *bench = *state;
    add_collections(bench, 20, 20);
    const char *text = strstr(printed(bench), "SYN, qualities from half of the collections");
    assert_non_null(text);
    assert_non_null(strstr(text, "mean of 10 divisions:\n"));
    assert_non_null(strstr(text, "\n 90 to 100              100         100.0% "));
}

static void undecided_answers_have_no_quality(void **state)
{
    bench_t *bench = *state;
    const synfix_match_t none = {.kind = SYNFIX_MATCH_NONE};
    add(bench, "a", "Linux", 1, &bench->proxy_answer);
    add(bench, "a", "Linux", 1, &none);
    assert_string_equal(printed(bench), "");
}

static double deviation(const bench_t *bench, bool left_out)
{
    double points = 0;
    assert_true(sigdb_calibration_deviation(&bench->calibration, left_out, &points));
    return points;
}

static void a_band_with_few_observations_has_no_deviation(void **state)
{
    bench_t *bench = *state;
    add_collections(bench, 5, 5);
    assert_true(deviation(bench, false) < 0);
    assert_true(deviation(bench, true) < 0);
}

static void the_deviation_is_that_of_the_stated_qualities(void **state)
{
    bench_t *bench = *state;
    /* six of eight collections are right, 90 is stated */
    add_collections(bench, 8, 6);
    assert_true(fabs(deviation(bench, false) - 15) < 0.01);
}

static void qualities_from_other_collections_are_tested_as_well(void **state)
{
    bench_t *bench = *state;
    /* 90 is stated and right; the others suggest about 89 */
    add_collections(bench, 20, 18);
    assert_true(deviation(bench, false) < 0.01);
    assert_true(deviation(bench, true) < 5);
}

static void a_label_that_one_collection_has_seen_is_not_tested(void **state)
{
    bench_t *bench = *state;
    add_collections(bench, 20, 18);
    add(bench, "z", "Windows", 5, &bench->netbsd_answer);
    /* its rule may come from this collection; a list of the user's own counts it */
    assert_true(deviation(bench, false) > 4);
    assert_true(deviation(bench, true) < 4);
    const calibration_group_t group = {.kind = SYNFIX_MATCH_EXACT};
    assert_int_equal(calibration_most(&group, &(share_t){.collections = 1}), SIGDB_QUALITY_SURE - 1);
    assert_int_equal(calibration_most(&group, &(share_t){.collections = 2}), SIGDB_QUALITY_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_collection_is_tested_by_the_others, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_collection_does_not_outvote_the_others, set_up, tear_down),
        cmocka_unit_test_setup_teardown(labels_that_are_right_elsewhere_raise_the_prior, set_up, tear_down),
        cmocka_unit_test(a_quality_has_limits),
        cmocka_unit_test_setup_teardown(a_kind_with_one_answer_has_the_share_of_all_kinds, set_up, tear_down),
        cmocka_unit_test_setup_teardown(halves_of_the_collections_test_each_other, set_up, tear_down),
        cmocka_unit_test_setup_teardown(undecided_answers_have_no_quality, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_band_with_few_observations_has_no_deviation, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_deviation_is_that_of_the_stated_qualities, set_up, tear_down),
        cmocka_unit_test_setup_teardown(qualities_from_other_collections_are_tested_as_well, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_label_that_one_collection_has_seen_is_not_tested, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
