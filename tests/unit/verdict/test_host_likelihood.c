/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <synfix/match.h>

#include "verdict/host_likelihood.h"

static const uint32_t old_clock = SYNFIX_CLOCK_BOOT | HOST_CLOCK_RATE(CLOCK_RATE_100) |
                                  HOST_CLOCK_RATE(CLOCK_RATE_250) | HOST_CLOCK_RATE(CLOCK_RATE_1000);
static const uint32_t new_clock = SYNFIX_CLOCK_HOST | HOST_CLOCK_RATE(CLOCK_RATE_1000);

static void families_that_were_not_measured_get_no_evidence(void **state)
{
    (void)state;
    const host_habits_t habits = {.ip_id = IP_ID_COUNTER, .rate = CLOCK_RATE_1000};
    assert_int_equal(host_likelihood_number("OpenVMS"), 0);
    assert_true(host_likelihood_family(0, &habits) == 1.0);
}

static void nothing_seen_says_nothing(void **state)
{
    (void)state;
    const host_habits_t habits = {.ip_id = IP_ID_UNKNOWN};
    assert_true(host_likelihood_family(host_likelihood_number("Linux"), &habits) == 1.0);
    assert_true(host_likelihood_version(new_clock, &habits) == 1.0);
}

static void ip_ids_of_syns(void **state)
{
    (void)state;
    const uint8_t linux_number = host_likelihood_number("Linux");
    const uint8_t windows_number = host_likelihood_number("Windows");
    const host_habits_t counter = {.ip_id = IP_ID_COUNTER};
    const host_habits_t jumps = {.ip_id = IP_ID_JUMPS};
    const host_habits_t zero_answers = {.ip_id = IP_ID_ZERO, .from_server = true};
    assert_int_not_equal(linux_number, 0);
    assert_true(host_likelihood_family(windows_number, &counter) > 2);
    assert_true(host_likelihood_family(linux_number, &counter) < 0.5);
    assert_true(host_likelihood_family(linux_number, &jumps) > 1.5);
    assert_true(host_likelihood_family(windows_number, &zero_answers) < 0.5);
    assert_int_equal(host_likelihood_number("macOS"), host_likelihood_number("macOS or iOS"));
}

static void clocks_of_versions(void **state)
{
    (void)state;
    const host_habits_t old_kernel = {.rate = CLOCK_RATE_250, .offset = CLOCK_OFFSET_BOOT};
    const host_habits_t new_kernel = {.rate = CLOCK_RATE_1000, .offset = CLOCK_OFFSET_PEER};
    assert_true(host_likelihood_version(new_clock, &new_kernel) > 2);
    assert_true(host_likelihood_version(new_clock, &old_kernel) < 0.2);
    assert_true(host_likelihood_version(old_clock, &old_kernel) > 2);
    assert_true(host_likelihood_version(old_clock, &new_kernel) < 0.5);
    assert_true(host_likelihood_version(0, &new_kernel) == 1.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(families_that_were_not_measured_get_no_evidence),
        cmocka_unit_test(nothing_seen_says_nothing),
        cmocka_unit_test(ip_ids_of_syns),
        cmocka_unit_test(clocks_of_versions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
