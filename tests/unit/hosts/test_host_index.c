/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/host_sightings.h"

#define TAGS 3000u

static void add(host_model_t *model, uint32_t address, uint32_t tag, int64_t second)
{
    host_sighting_t sighting = sighting_of(model, 1, LINUX_TEXT, &linux_label, second);
    sighting.key.address.bytes[2] = (uint8_t)(address >> 8);
    sighting.key.address.bytes[3] = (uint8_t)address;
    sighting.key.tunnel_kind = SYNFIX_ENCAPSULATION_VXLAN;
    sighting.key.tunnel_id = tag;
    (void)host_model_add(model, &sighting, NULL);
}

static bool count(const host_row_t *row, void *user)
{
    unsigned *seen = user;
    assert_int_not_equal(row->slot, 0);
    return ++*seen < 4000;
}

static unsigned hosts_at(host_model_t *model, uint32_t address)
{
    unsigned seen = 0;
    host_key_t key = sighting_key(1);
    key.address.bytes[2] = (uint8_t)(address >> 8);
    key.address.bytes[3] = (uint8_t)address;
    const size_t found = host_model_find(model, &key.address, 4, count, &seen);
    assert_int_equal(found, seen);
    return seen;
}

/* One address in many tunnels, and many addresses, while the tables grow and hosts make room for others. */
static void an_address_finds_all_its_hosts(void **state)
{
    (void)state;
    host_model_t *model = test_model(2 * TAGS);
    for (uint32_t i = 0; i < TAGS; i++) {
        add(model, 1, i, i);
        add(model, 100 + i, 0, i);
    }
    assert_int_equal(hosts_at(model, 1), TAGS);
    for (uint32_t i = 0; i < TAGS; i++) {
        assert_int_equal(hosts_at(model, 100 + i), 1);
    }
    assert_int_equal(hosts_at(model, 99), 0);
    for (uint32_t i = 0; i < TAGS; i++) {
        add(model, 10000 + i, 0, TAGS + i);
    }
    unsigned sum = hosts_at(model, 1);
    for (uint32_t i = 0; i < TAGS; i++) {
        sum += hosts_at(model, 100 + i) + hosts_at(model, 10000 + i);
    }
    assert_int_equal(sum, 2 * TAGS);
    host_model_free(model);
}

static void a_search_ends_when_the_caller_wants(void **state)
{
    (void)state;
    host_model_t *model = test_model(0);
    for (uint32_t i = 0; i < 10; i++) {
        add(model, 1, i, 0);
    }
    unsigned seen = 3995;
    const host_key_t key = sighting_key(1);
    host_key_t wanted = key;
    wanted.address.bytes[2] = 0;
    wanted.address.bytes[3] = 1;
    assert_int_equal(host_model_find(model, &wanted.address, 4, count, &seen), 5);
    host_model_free(model);
}

static void a_row_is_found_again(void **state)
{
    (void)state;
    host_model_t *model = test_model(0);
    (void)sighting_add(model, 7, LINUX_TEXT, &linux_label, 0, NULL);
    const host_row_t row = row_of(model, 7);
    host_row_t again;
    assert_true(host_model_row(model, row.slot, &again));
    assert_memory_equal(&again.key, &row.key, sizeof row.key);
    assert_false(host_model_row(model, 0, &again));
    assert_false(host_model_row(model, row.slot + 1, &again));
    host_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_finds_all_its_hosts),
        cmocka_unit_test(a_search_ends_when_the_caller_wants),
        cmocka_unit_test(a_row_is_found_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
