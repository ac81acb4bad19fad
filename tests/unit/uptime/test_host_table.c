/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/hash_mix.h"
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
    for (unsigned i = 0; i < SET_WAYS; i++) {
        host_t *host = get_ahead(i, NOW);
        assert_ptr_equal(get(i, NOW), host);
        host->boot_s = i;
    }
    for (unsigned i = 0; i < SET_WAYS; i++) {
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

/* A host after its lifetime starts again. */
static void test_expiry(void **state)
{
    (void)state;
    get_ahead(1, NOW)->anchor_count = 5;
    assert_int_equal(get_ahead(1, NOW + (LIFETIME << 2))->anchor_count, 5); /* a use extends the lifetime */
    assert_int_equal(get_ahead(1, NOW + ((2 * LIFETIME + 1) << 2))->anchor_count, 0);
    assert_int_equal(counter_get(&expired), 1);
}

/* The forecast chooses the oldest host for a new one, as the lookup does. */
static void test_eviction(void **state)
{
    (void)state;
    for (unsigned i = 0; i < SET_WAYS; i++) {
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

/* Hosts in all parts of a table, by number. */
static host_t *get_spread(host_table_t *of, uint32_t number, uint32_t seconds)
{
    synfix_address_t host = {{0}};
    memcpy(host.bytes, &number, sizeof number);
    const uint64_t hash = hash_mix(hash_mix(number, 1), 2);
    return host_table_get(of, (uint32_t)hash, &host, 4, seconds);
}

static uint32_t entries_used(const host_table_t *of)
{
    uint32_t used = 0;
    for (size_t i = 0; i * HOST_REGION_SETS < of->set_count; i++) {
        assert_true(of->regions[i].used <= of->regions[i].room);
        used += of->regions[i].used;
    }
    return used;
}

/* As many hosts as the table has room for: one of a thousand leaves early at most. */
static void test_room_for_all(void **state)
{
    (void)state;
    const uint32_t count = 300000; /* several regions */
    host_table_t large;
    assert_true(host_table_init(&large, count, LIFETIME, &evicted, &expired));
    for (uint32_t i = 0; i < count; i++) {
        get_spread(&large, i, NOW)->boot_s = i + 1;
    }
    assert_in_range(counter_get(&evicted), 0, count / 1000);
    uint32_t found = 0;
    const uint64_t early = counter_get(&evicted);
    for (uint32_t i = 0; i < count; i++) {
        found += get_spread(&large, i, NOW)->boot_s == i + 1;
    }
    assert_true(found >= count - 2 * (uint32_t)early - count / 1000);
    host_table_clear(&large);
}

/* More hosts: each one that comes makes one leave, and the memory has a bound. */
static void test_more_hosts_than_room(void **state)
{
    (void)state;
    const uint32_t count = 100000;
    for (uint32_t i = 0; i < count; i++) {
        (void)get_spread(&table, i, NOW + (i / 100 << 2));
    }
    const uint32_t used = entries_used(&table);
    assert_int_equal(used, 1024);
    assert_int_equal(counter_get(&evicted), count - used);
    uint32_t young = 0;
    for (uint32_t i = count - 300; i < count; i++) {
        const uint64_t before = counter_get(&evicted);
        (void)get_spread(&table, i, NOW + (count / 100 << 2));
        young += counter_get(&evicted) == before;
    }
    assert_in_range(young, 285, 300); /* old ones left */
}

/* The entries of a part of the table serve the hosts of another part, where none is near. */
static void test_entries_of_far_sets(void **state)
{
    (void)state;
    const uint32_t width = (uint32_t)((UINT64_C(1) << 32) / table.set_count) + 1;
    for (unsigned i = 0; i < 1024; i++) { /* the first third of all sets is full */
        const synfix_address_t host = {{1, (uint8_t)(i >> 8), (uint8_t)i}};
        (void)host_table_get(&table, i / SET_WAYS * width + i, &host, 4, NOW + (i << 2));
    }
    assert_int_equal(entries_used(&table), 1024);
    assert_int_equal(counter_get(&evicted), 0);
    for (unsigned i = 0; i < 4; i++) {
        const synfix_address_t host = {{2, (uint8_t)i}};
        const uint32_t hash = (table.set_count - 10 - 20 * i) * width;
        host_t *made = host_table_get(&table, hash, &host, 4, NOW + (2000u << 2));
        assert_ptr_equal(host_table_get(&table, hash, &host, 4, NOW + (2000u << 2)), made);
        assert_int_equal(counter_get(&evicted), i + 1);
    }
    assert_int_equal(table.regions[0].hand, 0);
    for (unsigned i = 0; i < 4; i++) { /* those that left were the oldest of the first set */
        const synfix_address_t host = {{1, 0, (uint8_t)(4 + i)}};
        const uint64_t before = counter_get(&evicted);
        (void)host_table_get(&table, 4 + i, &host, 4, NOW + (2001u << 2));
        assert_int_equal(counter_get(&evicted), before);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_same_with_forecast, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_same_address_of_other_version, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_expiry, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_forecasts_that_collide, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_eviction, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_room_for_all, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_more_hosts_than_room, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_entries_of_far_sets, set_up, tear_down)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
