/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "verdict/host_verdict.h"

enum { LINUX_FAMILY = 1, WINDOWS_FAMILY = 2, SCANNER = 3 };

static void nothing_is_known(void **state)
{
    (void)state;
    const host_vote_t unknown = {.family = 0, .count = 9, .quality = 0};
    assert_int_equal(host_verdict_of(NULL, 0, NULL).quality, 0);
    assert_int_equal(host_verdict_of(&unknown, 1, NULL).quality, 0);
}

static void one_answer_keeps_its_quality(void **state)
{
    (void)state;
    for (uint8_t quality = 10; quality < 98; quality++) {
        const host_vote_t vote = {.family = LINUX_FAMILY, .count = 1, .quality = quality};
        assert_in_range(host_verdict_of(&vote, 1, NULL).quality, quality - 1, quality + 1);
    }
}

static void answers_that_agree_are_surer_than_the_best_of_them(void **state)
{
    (void)state;
    const host_vote_t votes[] = {
        {.family = LINUX_FAMILY, .count = 1, .quality = 80},
        {.family = LINUX_FAMILY, .count = 1, .quality = 70, .generic = true},
    };
    const host_verdict_t verdict = host_verdict_of(votes, 2, NULL);
    assert_int_equal(verdict.vote, 0);
    assert_in_range(verdict.quality, 90, 91); /* odds of 4 and 2.33 */
}

static void answers_that_disagree_are_less_sure(void **state)
{
    (void)state;
    const host_vote_t votes[] = {
        {.family = WINDOWS_FAMILY, .count = 1, .quality = 60},
        {.family = LINUX_FAMILY, .count = 1, .quality = 90},
    };
    const host_verdict_t verdict = host_verdict_of(votes, 2, NULL);
    assert_int_equal(verdict.vote, 1);
    assert_int_equal(verdict.quality, 72); /* odds of 9 and 1.5, half of the observations each, and 1 */
}

static void two_weak_answers_beat_a_strong_one(void **state)
{
    (void)state;
    const host_vote_t votes[] = {
        {.family = LINUX_FAMILY, .count = 1, .quality = 85},
        {.family = WINDOWS_FAMILY, .count = 1, .quality = 80},
        {.family = WINDOWS_FAMILY, .count = 1, .quality = 75, .generic = true},
    };
    assert_int_equal(host_verdict_of(votes, 3, NULL).vote, 1);
}

static void repetitions_add_nothing(void **state)
{
    (void)state;
    const host_vote_t often = {.family = LINUX_FAMILY, .count = 1024, .quality = 80};
    assert_int_equal(host_verdict_of(&often, 1, NULL).quality, 80);
}

static void the_share_of_the_observations_counts(void **state)
{
    (void)state;
    const host_vote_t votes[] = {
        {.family = WINDOWS_FAMILY, .count = 1, .quality = 97},
        {.family = LINUX_FAMILY, .count = 999, .quality = 89},
    };
    const host_verdict_t verdict = host_verdict_of(votes, 2, NULL);
    assert_int_equal(verdict.vote, 1);
    assert_in_range(verdict.quality, 87, 89);
}

static void a_specific_label_is_stated(void **state)
{
    (void)state;
    const host_vote_t votes[] = {
        {.family = LINUX_FAMILY, .count = 99, .quality = 90, .generic = true},
        {.family = LINUX_FAMILY, .count = 1, .quality = 80},
    };
    assert_int_equal(host_verdict_of(votes, 2, NULL).vote, 1);
}

static void a_family_far_rarer_than_another_is_not_stated(void **state)
{
    (void)state;
    const host_vote_t votes[] = {
        {.family = LINUX_FAMILY, .count = 1, .quality = 97},
        {.family = WINDOWS_FAMILY, .count = 13, .quality = 35},
    };
    assert_int_equal(host_verdict_of(votes, 2, NULL).vote, 1);
    const host_vote_t closer[] = {
        {.family = LINUX_FAMILY, .count = 4, .quality = 97},
        {.family = WINDOWS_FAMILY, .count = 13, .quality = 35},
    };
    assert_int_equal(host_verdict_of(closer, 2, NULL).vote, 0);
}

static void a_tool_is_stated_only_if_nothing_else_was_seen(void **state)
{
    (void)state;
    const host_vote_t votes[] = {
        {.family = SCANNER, .count = 1000, .quality = 95, .tool = true},
        {.family = LINUX_FAMILY, .count = 1, .quality = 60},
    };
    assert_int_equal(host_verdict_of(votes, 2, NULL).vote, 1);
    assert_int_equal(host_verdict_of(votes, 1, NULL).vote, 0);
    assert_int_equal(host_verdict_of(votes, 1, NULL).quality, 95);
}

static host_vote_t vote_of(uint32_t family, uint8_t quality, const char *name)
{
    host_vote_t vote = {.family = family, .count = 1, .quality = quality};
    host_vote_set_class(&vote, strcmp(name, "Windows") == 0 ? "win" : "other", name);
    return vote;
}

static void a_label_of_a_class_supports_each_of_its_families(void **state)
{
    (void)state;
    const host_vote_t votes[] = {vote_of(1, 70, "Embedded system"), vote_of(2, 60, "lwIP")};
    const host_verdict_t verdict = host_verdict_of(votes, 2, NULL);
    assert_int_equal(verdict.vote, 1);
    assert_int_equal(verdict.quality, 78); /* odds of 2.33 * 1.5, and 1 */
    assert_int_equal(host_verdict_of(votes, 1, NULL).quality, 70);
}

static void a_label_of_several_families_supports_each_of_them(void **state)
{
    (void)state;
    const host_vote_t votes[] = {vote_of(1, 70, "FreeBSD or macOS"), vote_of(2, 60, "macOS or iOS")};
    const host_verdict_t verdict = host_verdict_of(votes, 2, NULL);
    assert_int_equal(verdict.vote, 1);
    assert_in_range(verdict.quality, 77, 78); /* odds of 2.33 and 1.5 */
    const host_vote_t other[] = {vote_of(1, 70, "FreeBSD or macOS"), vote_of(2, 60, "OpenBSD")};
    const host_verdict_t disagreement = host_verdict_of(other, 2, NULL);
    assert_int_equal(disagreement.vote, 0);
    assert_in_range(disagreement.quality, 39,
                    41); /* odds of 2.33 and 1.5, half of the observations each, and 1 */
    const host_vote_t alone[] = {vote_of(1, 70, "FreeBSD or macOS")};
    assert_in_range(host_verdict_of(alone, 1, NULL).quality, 69, 71);
}

static void middleboxes_have_no_share_in_a_system(void **state)
{
    (void)state;
    host_vote_t votes[] = {vote_of(1, 70, "Proxy or middlebox"), vote_of(2, 80, "FreeBSD")};
    votes[0].count = 2;
    const host_verdict_t verdict = host_verdict_of(votes, 2, NULL);
    assert_int_equal(verdict.vote, 1);
    assert_in_range(verdict.quality, 60, 62); /* odds of 4; of 2.33 for two in three observations; and 1 */
    votes[0].count = 8;                       /* one packet in nine is odd, not a system */
    assert_int_equal(host_verdict_of(votes, 2, NULL).vote, 0);
}

static void a_label_of_a_class_supports_no_other_class(void **state)
{
    (void)state;
    const host_vote_t desktop[] = {vote_of(1, 70, "Embedded system"), vote_of(2, 60, "Windows")};
    assert_int_equal(host_verdict_of(desktop, 2, NULL).vote, 0);
    const host_vote_t middlebox[] = {vote_of(1, 70, "Embedded system"), vote_of(2, 60, "Proxy or middlebox")};
    assert_int_equal(host_verdict_of(middlebox, 2, NULL).vote, 0);
}

/* Also with habits, whose ratios have many digits: equal odds are equal in registers of any size. */
static void of_two_equal_labels_the_frequent_one_is_stated(void **state)
{
    (void)state;
    const host_habits_t habits = {.offset = CLOCK_OFFSET_CONNECTION};
    for (uint8_t quality = 1; quality <= 99; quality++) {
        for (uint8_t version = 1; version <= quality; version++) {
            const host_vote_t votes[] = {
                {.family = 1, .count = 1, .quality = quality, .version_quality = version, .clock = 3},
                {.family = 1, .count = 8, .quality = quality, .version_quality = version, .clock = 3},
            };
            assert_int_equal(host_verdict_of(votes, 2, NULL).vote, 1);
            assert_int_equal(host_verdict_of(votes, 2, &habits).vote, 1);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_known),
        cmocka_unit_test(one_answer_keeps_its_quality),
        cmocka_unit_test(answers_that_agree_are_surer_than_the_best_of_them),
        cmocka_unit_test(answers_that_disagree_are_less_sure),
        cmocka_unit_test(two_weak_answers_beat_a_strong_one),
        cmocka_unit_test(repetitions_add_nothing),
        cmocka_unit_test(the_share_of_the_observations_counts),
        cmocka_unit_test(a_specific_label_is_stated),
        cmocka_unit_test(a_family_far_rarer_than_another_is_not_stated),
        cmocka_unit_test(a_tool_is_stated_only_if_nothing_else_was_seen),
        cmocka_unit_test(a_label_of_a_class_supports_each_of_its_families),
        cmocka_unit_test(a_label_of_a_class_supports_no_other_class),
        cmocka_unit_test(a_label_of_several_families_supports_each_of_them),
        cmocka_unit_test(middleboxes_have_no_share_in_a_system),
        cmocka_unit_test(of_two_equal_labels_the_frequent_one_is_stated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
