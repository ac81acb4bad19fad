/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "uptime/host_table.h"

#define NOW      (10000u << 2)
#define LIFETIME 7200u

static counter_t evicted;
static counter_t expired;
static host_table_t table;

static int set_up(void **state)
{
    (void)state;
    evicted = expired = (counter_t){0};
    return host_table_init(&table, 1024, LIFETIME, &evicted, &expired) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    host_table_clear(&table);
    return 0;
}

static synfix_address_t address(unsigned number)
{
    synfix_address_t result = {{0}};
    result.bytes[0] = 10;
    result.bytes[3] = (uint8_t)number;
    return result;
}

/* All hosts have one set; those with the same tag as well. */
static uint32_t hash_of(unsigned number)
{
    return number / 2;
}

static host_t *get(unsigned number, uint32_t seconds)
{
    const synfix_address_t host = address(number);
    return host_table_get(&table, hash_of(number), &host, 4, seconds);
}

static host_t *get_ahead(unsigned number, uint32_t seconds)
{
    const synfix_address_t host = address(number);
    const host_forecast_t forecast = host_table_prefetch_host(&table, hash_of(number), seconds);
    return host_table_get_at(&table, forecast, hash_of(number), host, 4, seconds);
}

/* A forecast that is right, and one that points at the other host of the same tag. */
static void test_same_with_forecast(void **state)
{
    (void)state;
    for (unsigned i = 0; i < BUCKET_WAYS; i++) {
        host_t *host = get_ahead(i, NOW);
        assert_ptr_equal(get(i, NOW), host);
        host->boot_s = i;
    }
    for (unsigned i = 0; i < BUCKET_WAYS; i++) {
        assert_int_equal(get_ahead(i, NOW)->boot_s, i);
    }
    assert_int_equal(counter_get(&evicted), 0);
}

static void test_same_address_of_other_version(void **state)
{
    (void)state;
    const synfix_address_t host = address(1);
    const host_t *ipv4 = get(1, NOW);
    const host_forecast_t forecast = host_table_prefetch_host(&table, hash_of(1), NOW);
    assert_ptr_not_equal(host_table_get_at(&table, forecast, hash_of(1), host, 6, NOW), ipv4);
}

/* A host past its time begins anew. */
static void test_expiry(void **state)
{
    (void)state;
    get_ahead(1, NOW)->anchor_count = 5;
    assert_int_equal(get_ahead(1, NOW + (LIFETIME << 2))->anchor_count, 5); /* used: its time begins again */
    assert_int_equal(get_ahead(1, NOW + ((2 * LIFETIME + 1) << 2))->anchor_count, 0);
    assert_int_equal(counter_get(&expired), 1);
}

/* The forecast chooses the oldest host for a new one, as the look-up does. */
static void test_eviction(void **state)
{
    (void)state;
    for (unsigned i = 0; i < BUCKET_WAYS; i++) {
        (void)get(i, NOW + (i != 3 ? 1u << 2 : 0u));
    }
    get(3, NOW)->boot_s = 77;
    const host_t *gone = get(3, NOW);
    const host_forecast_t forecast = host_table_prefetch_host(&table, hash_of(100), NOW + (2u << 2));
    assert_ptr_equal(&table.hosts[forecast.index], gone);
    assert_ptr_equal(get_ahead(100, NOW + (2u << 2)), gone);
    assert_int_equal(counter_get(&evicted), 1);
}

/* Two new hosts with one forecast: the one that comes second gets an entry of its own, and both are found by
 * what the forecast was. */
static void test_forecasts_that_collide(void **state)
{
    (void)state;
    const host_forecast_t forecast = host_table_prefetch_host(&table, hash_of(1), NOW);
    const host_forecast_t same = host_table_prefetch_host(&table, hash_of(9), NOW);
    const synfix_address_t one = address(1);
    const synfix_address_t other = address(9);
    host_t *first = host_table_get_at(&table, forecast, hash_of(1), one, 4, NOW);
    host_t *second = host_table_get_at(&table, same, hash_of(9), other, 4, NOW);
    assert_ptr_equal(first, &table.hosts[forecast.index]);
    assert_ptr_not_equal(first, second);
    assert_ptr_equal(host_table_get_at(&table, same, hash_of(9), other, 4, NOW), second);
    assert_ptr_equal(host_table_get_at(&table, same, hash_of(1), one, 4, NOW), first);
    assert_memory_equal(&first->address, &one, sizeof one);
    assert_memory_equal(&second->address, &other, sizeof other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_same_with_forecast, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_same_address_of_other_version, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_expiry, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_forecasts_that_collide, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_eviction, set_up, tear_down)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
