/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <synfix/embed.h>

#define SAMPLES 400u
#define SECOND  INT64_C(1000000000)

typedef struct result {
    unsigned count;
    uint64_t uptime[SAMPLES];
    uint64_t number[SAMPLES];
} result_t;

static void keep(const synfix_observation_t *observation, void *user)
{
    result_t *result = user;
    result->uptime[result->count] = observation->uptime.uptime_seconds;
    result->number[result->count++] = observation->packet_number;
}

/* A host whose clock has 1000 Hz: a new connection every 10 s. */
static synfix_timestamp_sample_t sample_of(unsigned i)
{
    synfix_timestamp_sample_t sample;
    memset(&sample, 0, sizeof sample);
    sample.headers.ip_version = 4;
    sample.headers.source.bytes[0] = 192;
    sample.headers.source.bytes[3] = (uint8_t)(1 + i % 3);
    sample.headers.destination.bytes[0] = 10;
    sample.headers.source_port = (uint16_t)(1024 + i);
    sample.headers.destination_port = 80;
    sample.time_ns = (1000 + 10 * (int64_t)i) * SECOND;
    sample.timestamp_value = 5000000 + 10000 * i;
    sample.packet_number = i + 1;
    return sample;
}

static void run(synfix_sample_order_t order, uint64_t window, unsigned stride, result_t *result)
{
    synfix_shared_clocks_t *clocks = NULL;
    synfix_error_t error;
    memset(result, 0, sizeof *result);
    assert_int_equal(synfix_shared_clocks_new(SYNFIX_HOSTS_MIN, order, window, &clocks, &error), SYNFIX_OK);
    for (unsigned first = 0; first < SAMPLES; first += stride) { /* each group of stride comes backwards */
        for (unsigned i = stride; i-- > 0;) {
            const synfix_timestamp_sample_t sample = sample_of(first + i);
            synfix_shared_clocks_add(clocks, &sample, keep, result);
        }
    }
    synfix_shared_clocks_advance(clocks, INT64_MAX, keep, result);
    synfix_shared_clocks_free(clocks);
}

static void the_order_of_arrival_does_not_matter(void **state)
{
    (void)state;
    static result_t in_order;
    static result_t mixed;
    run(SYNFIX_SAMPLE_ORDER_NUMBER, 0, 1, &in_order);
    assert_true(in_order.count >= 3);
    assert_true(in_order.uptime[0] > 0);
    run(SYNFIX_SAMPLE_ORDER_NUMBER, 40, 40, &mixed);
    assert_memory_equal(&mixed, &in_order, sizeof mixed);
    run(SYNFIX_SAMPLE_ORDER_TIME, 400 * (uint64_t)SECOND, 40, &mixed);
    assert_memory_equal(&mixed, &in_order, sizeof mixed);
}

static void samples_wait_for_the_window(void **state)
{
    (void)state;
    static result_t result;
    synfix_shared_clocks_t *clocks = NULL;
    synfix_error_t error;
    memset(&result, 0, sizeof result);
    assert_int_equal(
        synfix_shared_clocks_new(SYNFIX_HOSTS_MIN, SYNFIX_SAMPLE_ORDER_NUMBER, SAMPLES, &clocks, &error),
        SYNFIX_OK);
    for (unsigned i = 0; i < SAMPLES; i++) {
        const synfix_timestamp_sample_t sample = sample_of(i);
        synfix_shared_clocks_add(clocks, &sample, keep, &result);
    }
    assert_int_equal(result.count, 0);
    synfix_shared_clocks_advance(clocks, SAMPLES / 2, keep, &result);
    assert_true(result.count > 0);
    assert_true(result.number[result.count - 1] <= SAMPLES / 2);
    synfix_shared_clocks_free(clocks); /* with samples that wait */
}

static void evicted_hosts_are_counted(void **state)
{
    enum { HOSTS = 5000 };
    (void)state;
    static result_t result;
    synfix_shared_clocks_t *clocks = NULL;
    synfix_error_t error;
    synfix_engine_counters_t counters;
    assert_int_equal(
        synfix_shared_clocks_new(SYNFIX_HOSTS_MIN, SYNFIX_SAMPLE_ORDER_NUMBER, 100, &clocks, &error),
        SYNFIX_OK);
    for (unsigned i = 0; i < HOSTS; i++) {
        synfix_timestamp_sample_t sample = sample_of(0);
        sample.headers.source.bytes[1] = (uint8_t)(i >> 8);
        sample.headers.source.bytes[2] = (uint8_t)i;
        sample.packet_number = i + 1;
        synfix_shared_clocks_add(clocks, &sample, keep, &result);
    }
    synfix_shared_clocks_advance(clocks, INT64_MAX, keep, &result);
    synfix_shared_clocks_counters(clocks, &counters);
    assert_true(counters.hosts_evicted >= HOSTS - 2 * SYNFIX_HOSTS_MIN);
    assert_int_equal(counters.handshakes_evicted, 0);
    synfix_shared_clocks_free(clocks);
}

static void wrong_settings_are_refused(void **state)
{
    (void)state;
    synfix_shared_clocks_t *clocks = NULL;
    synfix_error_t error;
    assert_int_equal(synfix_shared_clocks_new(1, SYNFIX_SAMPLE_ORDER_NUMBER, 1, &clocks, &error),
                     SYNFIX_INVALID);
    assert_int_equal(
        synfix_shared_clocks_new(SYNFIX_HOSTS_MIN, SYNFIX_SAMPLE_ORDER_NUMBER, UINT64_MAX, &clocks, &error),
        SYNFIX_INVALID);
    synfix_shared_clocks_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_order_of_arrival_does_not_matter), cmocka_unit_test(samples_wait_for_the_window),
        cmocka_unit_test(evicted_hosts_are_counted), cmocka_unit_test(wrong_settings_are_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
