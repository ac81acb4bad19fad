/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/transport/udp_pace.h"

#include <stdbool.h>

#define SECOND INT64_C(1000000000)
#define START  (1000 * SECOND)

/* Bytes that leave from @p from_ns to @p until_ns of a simulated clock. */
static int64_t bytes_between(udp_pace_t *pace, size_t size, int64_t *now_ns, int64_t until_ns)
{
    int64_t bytes = 0;
    while (*now_ns < until_ns) {
        *now_ns += udp_pace_take(pace, size, *now_ns);
        bytes += *now_ns < until_ns ? (int64_t)size : 0;
    }
    return bytes;
}

static void starts_slowly_and_stays_below_its_limit(void **state)
{
    (void)state;
    udp_pace_t pace;
    int64_t now = START;
    udp_pace_begin(&pace, UDP_PACE_AUTOMATIC, START);
    const int64_t first = bytes_between(&pace, 1400, &now, START + UDP_PACE_STEP_NS);
    assert_in_range(first, UDP_PACE_FIRST / 4 - 2800, UDP_PACE_FIRST / 4 + 2800);
    (void)bytes_between(&pace, 1400, &now, START + 2 * SECOND);
    const int64_t later = bytes_between(&pace, 1400, &now, START + 12 * SECOND);
    assert_in_range(later, 10 * UDP_PACE_LAST - 10000, 10 * UDP_PACE_LAST + 10000);
}

/* The messages within the pause of a collector fit into the default receive buffer of Linux: 92 messages of
 * 1400 bytes. */
static void no_burst_exceeds_a_receive_buffer(void **state)
{
    (void)state;
    udp_pace_t pace;
    int64_t now = START;
    udp_pace_begin(&pace, UDP_PACE_AUTOMATIC, START);
    (void)bytes_between(&pace, 1400, &now, START + 5 * SECOND);
    now += 30 * SECOND; /* nothing to send: no credit is saved up */
    assert_true(bytes_between(&pace, 1400, &now, now + SECOND / 8) < 92 * 1400);
}

static void small_messages_cost_less(void **state)
{
    (void)state;
    udp_pace_t small, large;
    int64_t small_now = START, large_now = START;
    udp_pace_begin(&small, UDP_PACE_AUTOMATIC, START - 10 * SECOND);
    udp_pace_begin(&large, UDP_PACE_AUTOMATIC, START - 10 * SECOND);
    const int64_t small_bytes = bytes_between(&small, 140, &small_now, START + SECOND);
    const int64_t large_bytes = bytes_between(&large, 1400, &large_now, START + SECOND);
    assert_in_range(small_bytes, large_bytes - 5000, large_bytes + 5000);
}

static void templates_settle_before_records(void **state)
{
    (void)state;
    udp_pace_t pace;
    udp_pace_begin(&pace, UDP_PACE_AUTOMATIC, START);
    (void)udp_pace_take(&pace, 1400, START);
    udp_pace_settle(&pace, START + SECOND);
    assert_int_equal(udp_pace_take(&pace, 1400, START + SECOND), UDP_PACE_SETTLE_NS);
}

static void a_given_pace_counts_messages(void **state)
{
    (void)state;
    udp_pace_t pace;
    int64_t now = START;
    udp_pace_begin(&pace, 1000, START);
    assert_in_range(bytes_between(&pace, 1, &now, START + SECOND), 998, 1003);
    udp_pace_settle(&pace, now); /* no slow start where the user chose */
    assert_true(udp_pace_take(&pace, 1, now) <= SECOND / 1000);
}

static void no_pace_never_waits(void **state)
{
    (void)state;
    udp_pace_t pace;
    udp_pace_begin(&pace, 0, START);
    udp_pace_settle(&pace, START);
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(udp_pace_take(&pace, 65535, START), 0);
    }
}

/* After a stop no wait is long. */
static void test_stop(void **state)
{
    (void)state;
    const atomic_bool stopping = true;
    udp_pace_sleep(INT64_MAX, &stopping);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(starts_slowly_and_stays_below_its_limit),
        cmocka_unit_test(no_burst_exceeds_a_receive_buffer),
        cmocka_unit_test(small_messages_cost_less),
        cmocka_unit_test(templates_settle_before_records),
        cmocka_unit_test(a_given_pace_counts_messages),
        cmocka_unit_test(no_pace_never_waits),
        cmocka_unit_test(test_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
