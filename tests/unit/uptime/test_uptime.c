/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* D6: frequency by connection, uptime by the lines of several, and randomised timestamps reported as such. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "uptime/uptime.h"

#define MS INT64_C(1000000)

typedef struct step {
    int64_t at_ms;
    uint32_t connection;
    uint32_t value;
    bool news;
    uint16_t frequency;
    uint8_t reliability;
    uint64_t uptime_seconds;
} step_t;

static void run_lines_of(unsigned clock, const step_t *steps, size_t count)
{
    host_t host;
    host_samples_t samples;
    memset(&host, 0, sizeof host);
    host_set_clock(&host, clock);
    for (size_t i = 0; i < count; i++) {
        const uptime_sample_t point = {steps[i].at_ms * MS, steps[i].value, steps[i].connection};
        synfix_uptime_t result;
        assert_int_equal(uptime_regression_wants(&host, &point) &&
                             uptime_regression_add(&host, &samples, &point, &result),
                         steps[i].news);
        if (!steps[i].news) {
            continue;
        }
        assert_int_equal(result.frequency, steps[i].frequency);
        assert_int_equal(result.reliability, steps[i].reliability);
        assert_int_equal(result.uptime_seconds, steps[i].uptime_seconds);
    }
}

static void run_lines(const step_t *steps, size_t count)
{
    run_lines_of(SYNFIX_CLOCK_UNKNOWN, steps, count);
}

static void test_stack_randomises_each_connection(void **state)
{
    (void)state;
    static const step_t steps[] = {
        {1000000, 1, 5000000, false, 0, 0, 0},
        {1001000, 1, 5001000, true, 1000, SYNFIX_UPTIME_RANDOMISED, 0},
        {1003000, 2, 5003001, false, 0, 0, 0}, /* one line by chance: no uptime */
    };
    run_lines_of(SYNFIX_CLOCK_CONNECTION, steps, sizeof steps / sizeof steps[0]);
}

/* The connections of one peer count as one (engine_uptime.c). */
static void test_stack_randomises_each_peer(void **state)
{
    (void)state;
    static const step_t steps[] = {
        {1000000, 1, 5000000, false, 0, 0, 0},
        {1001000, 1, 5001000, true, 1000, SYNFIX_UPTIME_RANDOMISED, 0},
        {1002000, 1, 5002000, false, 0, 0, 0},
        {1003000, 2, 5003001, true, 1000, SYNFIX_UPTIME_ONE_LINE,
         5003}, /* another peer: one clock after all */
    };
    run_lines_of(SYNFIX_CLOCK_HOST, steps, sizeof steps / sizeof steps[0]);
}

/* An older connection continues beside newer ones: the uptime is that of its newest sample, and nothing is
 * new.
 */
static void test_older_connection_goes_on(void **state)
{
    (void)state;
    static const step_t steps[] = {
        {1000000, 1, 5000000, false, 0, 0, 0},
        {1001000, 1, 5001000, true, 1000, SYNFIX_UPTIME_SINGLE_CONNECTION, 5001},
        {1002000, 2, 5002000, true, 1000, SYNFIX_UPTIME_ONE_LINE, 5002},
        {1402000, 1, 5402000, false, 0, 0, 0},
        {1502000, 3, 5502000, false, 0, 0, 0},
        {2102000, 2, 6102000, false, 0, 0, 0},
    };
    run_lines(steps, sizeof steps / sizeof steps[0]);
}

static void test_stack_counts_from_boot(void **state)
{
    (void)state;
    static const step_t steps[] = {
        {1000000, 1, 5000000, false, 0, 0, 0},
        {1001000, 1, 5001000, true, 1000, SYNFIX_UPTIME_SINGLE_CONNECTION, 5001},
    };
    run_lines_of(SYNFIX_CLOCK_BOOT, steps, sizeof steps / sizeof steps[0]);
}

static void test_label_with_another_clock(void **state)
{
    (void)state;
    host_t host = {.anchor_count = 3, .clock = SYNFIX_CLOCK_BOOT};
    host_set_clock(&host, SYNFIX_CLOCK_UNKNOWN);
    assert_int_equal(host.clock, SYNFIX_CLOCK_BOOT);
    assert_int_equal(host.anchor_count, 3);
    host_set_clock(&host, SYNFIX_CLOCK_HOST);
    assert_int_equal(host.clock, SYNFIX_CLOCK_HOST);
    assert_int_equal(host.anchor_count, 0);
}

static void test_one_line(void **state)
{
    (void)state;
    static const step_t steps[] = {
        {1000000, 1, 5000000, false, 0, 0, 0},
        {1000010, 1, 5000010, false, 0, 0, 0}, /* too early */
        {1001000, 1, 5001000, true, 1000, SYNFIX_UPTIME_SINGLE_CONNECTION, 5001},
        {1002000, 1, 5002000, false, 0, 0, 0}, /* nothing new */
        {1003000, 2, 5003001, true, 1000, SYNFIX_UPTIME_ONE_LINE, 5003},
        {1004000, 3, 5004000, false, 0, 0, 0},
        {1500000, 4, 5500000, false, 0, 0, 0},
    };
    run_lines(steps, sizeof steps / sizeof steps[0]);
}

static void test_syns_only(void **state)
{
    (void)state;
    static const step_t steps[] = {
        {0, 1, 100000, false, 0, 0, 0},
        {1000, 2, 100250, true, 250, SYNFIX_UPTIME_ONE_LINE, 401},
        {2000, 3, 100500, false, 0, 0, 0},
    };
    run_lines(steps, sizeof steps / sizeof steps[0]);
}

static void test_randomised(void **state)
{
    (void)state;
    static const step_t steps[] = {
        {0, 1, 3000000000u, false, 0, 0, 0},
        {1000, 2, 77, false, 0, 0, 0},
        {1500, 2, 577, true, 1000, SYNFIX_UPTIME_RANDOMISED, 0},
        {2500, 2, 1577, false, 0, 0, 0},
        {3000, 3, 1u << 31, false, 0, 0, 0},
    };
    run_lines(steps, sizeof steps / sizeof steps[0]);
}

static void test_reboot_is_news(void **state)
{
    (void)state;
    static const step_t steps[] = {
        {0, 1, 1000000, false, 0, 0, 0},
        {1000, 1, 1001000, true, 1000, SYNFIX_UPTIME_SINGLE_CONNECTION, 1001},
        {60000, 2, 3000, true, 1000, SYNFIX_UPTIME_RANDOMISED, 0},
    };
    run_lines(steps, sizeof steps / sizeof steps[0]);
}

static void test_wrap_of_value(void **state)
{
    (void)state;
    static const step_t steps[] = {
        {0, 1, 0xFFFFFF00u, false, 0, 0, 0},
        {1000, 1, 0x2E8u, true, 1000, SYNFIX_UPTIME_SINGLE_CONNECTION, 0},
    };
    run_lines(steps, sizeof steps / sizeof steps[0]);
}

static void test_time_backwards(void **state)
{
    (void)state;
    static const step_t steps[] = {
        {50000, 1, 1000, false, 0, 0, 0},
        {40000, 1, 2000, false, 0, 0, 0},
        {41000, 1, 3000, true, 1000, SYNFIX_UPTIME_SINGLE_CONNECTION, 3},
    };
    run_lines(steps, sizeof steps / sizeof steps[0]);
}

static void test_many_connections(void **state)
{
    (void)state;
    host_t host;
    host_samples_t samples;
    memset(&host, 0, sizeof host);
    synfix_uptime_t result;
    for (uint32_t i = 0; i < 1000; i++) {
        const uptime_sample_t point = {i * 10 * MS, 1000 + i, i % 3 == 0 ? 7 : i};
        if (uptime_regression_wants(&host, &point)) {
            (void)uptime_regression_add(&host, &samples, &point, &result);
        }
        assert_true(host.anchor_count <= HOST_ANCHORS);
    }
    assert_int_equal(host.frequency, 100);
    assert_int_equal(host.reliability, SYNFIX_UPTIME_ONE_LINE);
}

/* A busy host takes up ever fewer connections, but always hears of those that it has. */
static void test_busy_host(void **state)
{
    (void)state;
    host_t host;
    host_samples_t samples;
    memset(&host, 0, sizeof host);
    synfix_uptime_t result;
    unsigned wanted = 0;
    uint32_t latest = 0;
    for (uint32_t i = 0; i < 100000; i++) {
        const uptime_sample_t point = {i * MS, 1000 + i, 100 + i};
        if (!uptime_regression_wants(&host, &point)) {
            continue;
        }
        (void)uptime_regression_add(&host, &samples, &point, &result);
        latest = point.connection;
        wanted++;
    }
    assert_in_range(wanted, 15, 50); /* of 100 s: the wait grows to 10 s */
    assert_int_equal(host.frequency, 1000);
    assert_int_equal(host.reliability, SYNFIX_UPTIME_ONE_LINE);
    const uptime_sample_t again = {100000 * MS, 101000, latest};
    assert_true(uptime_regression_wants(&host, &again));
    const uptime_sample_t back = {50000 * MS, 51000, 7};
    assert_false(uptime_regression_wants(&host, &back));
    const uptime_sample_t before = {-5000 * MS, 51000, 7};
    assert_true(uptime_regression_wants(&host, &before)); /* packet time started again */
}

static void test_p0f(void **state)
{
    (void)state;
    static const struct {
        int64_t elapsed_ms;
        uint32_t ticks;
        frequency_estimate_t reading;
        uint16_t frequency;
        uint32_t centihertz;
    } cases[] = {
        {24, 24, FREQUENCY_IGNORED, 0, 0},
        {25, 25, FREQUENCY_GOOD, 1000, 100000},
        {600000, 600000, FREQUENCY_GOOD, 1000, 100000},
        {600001, 600001, FREQUENCY_IGNORED, 0, 0},
        {1000, 4, FREQUENCY_IGNORED, 0, 0},
        {1000, 5, FREQUENCY_GOOD, 5, 500},
        {10000, 7, FREQUENCY_GOOD, 1, 70},
        {10000, 6, FREQUENCY_BAD, 0, 0},
        {1000, 1501, FREQUENCY_BAD, 0, 0},
        {99, (uint32_t)-15000, FREQUENCY_IGNORED, 0, 0},
        {99, (uint32_t)-15001, FREQUENCY_BAD, 0, 0},
        {100, (uint32_t)-1, FREQUENCY_BAD, 0, 0},
        {-1, 100, FREQUENCY_IGNORED, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        host_t host;
        host_samples_t samples;
        memset(&host, 0, sizeof host);
        const uptime_sample_t syn = {1000 * MS, 3000, 0};
        const uptime_sample_t later = {(1000 + cases[i].elapsed_ms) * MS, 3000 + cases[i].ticks, 0};
        uptime_p0f_remember(&host, &samples, &syn, false);
        synfix_uptime_t result = {0};
        assert_int_equal(uptime_p0f_compare(&host, &samples, &later, true, &result), FREQUENCY_IGNORED);
        assert_int_equal(uptime_p0f_compare(&host, &samples, &later, false, &result), cases[i].reading);
        assert_int_equal(result.frequency, cases[i].frequency);
        assert_int_equal(result.frequency_centihertz, cases[i].centihertz);
    }
}

static void test_p0f_known_reading(void **state)
{
    (void)state;
    /* 1000 Hz rounded from 985.92: 17 days 4 hours 40 minutes, modulo 49 days. */
    synfix_uptime_t uptime = {0};
    uptime_fill(&uptime, 985.92, 1485600000u);
    assert_int_equal(uptime.frequency, 1000);
    assert_int_equal(uptime.frequency_centihertz, 98592);
    assert_int_equal(uptime.uptime_seconds / 60, 17 * 1440 + 4 * 60 + 40);
    assert_int_equal(uptime.modulus_seconds / 86400, 49);
}

static void test_rounding(void **state)
{
    (void)state;
    static const struct {
        double hertz;
        uint16_t rounded;
    } cases[] = {{0.7, 1},   {1.9, 1},    {10.9, 10}, {11, 10},    {12, 15},     {50, 50},    {51, 50},
                 {53, 60},   {99.9, 100}, {100, 100}, {101, 100},  {117, 150},   {249, 250},  {250, 250},
                 {500, 500}, {501, 500},  {533, 600}, {999, 1000}, {1000, 1000}, {1500, 1500}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(frequency_round(cases[i].hertz), cases[i].rounded);
    }
}

/* Many hosts have one or two samples: their memory is that of the host alone. */
static void test_few_samples_are_in_the_host(void **state)
{
    (void)state;
    host_t host;
    host_samples_t samples;
    host_samples_t before;
    memset(&host, 0, sizeof host);
    memset(&samples, 0xA5, sizeof samples);
    memcpy(&before, &samples, sizeof samples);
    const uptime_sample_t first = {1000 * MS, 5000, 1};
    const uptime_sample_t second = {11000 * MS, 15000, 1};
    const uptime_sample_t replaced = {12000 * MS, 16000, 1};
    const uptime_sample_t third = {21000 * MS, 25000, 2};
    synfix_uptime_t result;
    assert_false(uptime_regression_add(&host, &samples, &first, &result));
    assert_true(uptime_regression_add(&host, &samples, &second, &result));
    assert_int_equal(result.frequency, 1000);
    assert_memory_equal(&samples, &before, sizeof samples);
    assert_false(uptime_regression_add(&host, &samples, &replaced, &result));
    assert_int_equal(host.anchor_count, 2);
    assert_int_equal(host.few.readings[1].value, 16000);
    assert_true(uptime_regression_add(&host, &samples, &third, &result));
    assert_int_equal(host.anchor_count, 3);
    assert_int_equal(samples.readings[0].value, 5000);
    assert_int_equal(samples.readings[1].value, 16000);
    assert_int_equal(samples.readings[2].value, 25000);
    assert_int_equal(result.reliability, SYNFIX_UPTIME_ONE_LINE);
}

static void test_table_is_bounded(void **state)
{
    (void)state;
    counter_t evicted = {0};
    counter_t expired = {0};
    host_table_t table;
    assert_true(host_table_init(&table, 64, 100, &evicted, &expired));
    synfix_address_t address = {{0}};
    for (uint32_t i = 0; i < 10000; i++) {
        memcpy(address.bytes, &i, sizeof i);
        host_t *host = host_table_get(&table, i * 2654435761u, &address, 4, 0);
        assert_int_equal(host->anchor_count, 0);
        host->anchor_count = 1;
        assert_ptr_equal(host_table_get(&table, i * 2654435761u, &address, 4, 0), host);
    }
    assert_int_equal(counter_get(&evicted), 10000 - 64);
    assert_int_equal(counter_get(&expired), 0);
    host_t *again =
        host_table_get(&table, 9999 * 2654435761u, &address, 4, stamp_time(101 * INT64_C(1000000000)));
    assert_int_equal(again->anchor_count, 0);
    assert_int_equal(counter_get(&expired), 1);
    assert_ptr_not_equal(
        host_table_get(&table, 9999 * 2654435761u, &address, 6, stamp_time(101 * INT64_C(1000000000))),
        again);
    host_table_clear(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stack_randomises_each_connection),
        cmocka_unit_test(test_stack_randomises_each_peer),
        cmocka_unit_test(test_older_connection_goes_on),
        cmocka_unit_test(test_stack_counts_from_boot),
        cmocka_unit_test(test_label_with_another_clock),
        cmocka_unit_test(test_one_line),
        cmocka_unit_test(test_syns_only),
        cmocka_unit_test(test_randomised),
        cmocka_unit_test(test_reboot_is_news),
        cmocka_unit_test(test_wrap_of_value),
        cmocka_unit_test(test_time_backwards),
        cmocka_unit_test(test_many_connections),
        cmocka_unit_test(test_busy_host),
        cmocka_unit_test(test_p0f),
        cmocka_unit_test(test_p0f_known_reading),
        cmocka_unit_test(test_rounding),
        cmocka_unit_test(test_few_samples_are_in_the_host),
        cmocka_unit_test(test_table_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
