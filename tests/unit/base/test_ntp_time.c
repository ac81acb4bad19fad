/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/ntp_time.h"

/* 2026-11-29T10:00:00Z: 1795946400 s since 1970, 4004935200 s since 1900. */
#define DAY_S INT64_C(1795946400)

static void seconds_and_fractions_follow_rfc_7011(void **state)
{
    (void)state;
    static const struct {
        int64_t time_ns;
        uint64_t nanoseconds;
        uint64_t microseconds;
    } cases[] = {
        {-5, UINT64_C(2208988800) << 32, UINT64_C(2208988800) << 32},
        {0, UINT64_C(2208988800) << 32, UINT64_C(2208988800) << 32},
        {DAY_S * NS_PER_S, UINT64_C(4004935200) << 32, UINT64_C(4004935200) << 32},
        /* half a second: rounded up, and for microseconds in the upper 21 bits of the fraction */
        {DAY_S * NS_PER_S + NS_PER_S / 2, UINT64_C(4004935200) << 32 | 0x80000001u,
         UINT64_C(4004935200) << 32 | 0x80000800u},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(ntp_from_ns(cases[i].time_ns, false), cases[i].nanoseconds);
        assert_int_equal(ntp_from_ns(cases[i].time_ns, true), cases[i].microseconds);
    }
}

static void times_survive_the_format(void **state)
{
    (void)state;
    static const int64_t parts[] = {0, 1, 999, 1000, 1001, 123456789, 500000000, 999999000, 999999999};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const int64_t time_ns = DAY_S * NS_PER_S + parts[i];
        const uint64_t ntp = ntp_from_ns(time_ns, false);
        assert_int_equal(ntp_to_ns(ntp), time_ns);
        assert_int_equal(ntp_seconds(ntp), DAY_S);
        assert_int_equal(ntp_fraction(ntp_from_ns(time_ns, true), 1000000), parts[i] / 1000);
    }
}

/* The seconds overflow in February 2036; RFC 7011, section 6.1.9 expects another epoch by then. */
static void the_era_of_2036_continues(void **state)
{
    (void)state;
    const int64_t time_ns = INT64_C(2085978500) * NS_PER_S + 7;
    assert_true(ntp_from_ns(time_ns, false) >> 32 < 100);
    assert_int_equal(ntp_to_ns(ntp_from_ns(time_ns, false)), time_ns);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seconds_and_fractions_follow_rfc_7011),
        cmocka_unit_test(times_survive_the_format),
        cmocka_unit_test(the_era_of_2036_continues),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
