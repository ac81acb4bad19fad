/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hosts/host_evidence.h"
#include <string.h>

#define MS INT64_C(1000000)

/* Points of clocks in turn, one each 100 ms: clock i starts at i * 10^8 and has the frequency hertz[i]. */
static bool alternate(const unsigned *hertz, unsigned clocks, unsigned points, const uint32_t *peers,
                      bool several)
{
    static host_evidence_t evidence;
    memset(&evidence, 0, sizeof evidence);
    for (unsigned i = 0; i < points * clocks; i++) {
        const unsigned clock = i % clocks;
        const uint32_t peer = peers[clock] + (several ? i / clocks % 2 * 100 : 0);
        clock_lines_add(&evidence, clock * 100000000 + i * hertz[clock] / 10, peer, i * 100 * MS);
    }
    return clock_lines_alternate(&evidence);
}

static void clocks_side_by_side(void **state)
{
    (void)state;
    static const unsigned hertz[] = {1000, 1000, 100};
    static const uint32_t same[] = {1, 1, 1}, other[] = {1, 2, 3};
    assert_false(alternate(hertz, 1, 40, same, true));
    assert_true(alternate(hertz, 2, 40, same, false));   /* two clocks of connections to one address */
    assert_false(alternate(hertz, 2, 40, other, false)); /* one host may have a clock for each address */
    assert_true(alternate(hertz, 2, 40, other, true));   /* each clock serves several addresses */
    assert_true(alternate(hertz, 3, 40, same, false));
    assert_false(alternate(hertz, 2, 3, same, false)); /* too few points */
}

/* Random starts, as of a host with an offset for each connection, are no clocks. */
static void random_starts(void **state)
{
    (void)state;
    static host_evidence_t evidence;
    uint32_t value = 12345;
    memset(&evidence, 0, sizeof evidence);
    for (unsigned i = 0; i < 500; i++) {
        value = value * 1664525 + 1013904223;
        clock_lines_add(&evidence, value, i % 3, i * 100 * MS);
    }
    assert_false(clock_lines_alternate(&evidence));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clocks_side_by_side),
        cmocka_unit_test(random_starts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
