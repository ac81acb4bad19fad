/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/flow_headers.h"

#define NOW (1000u << 2)

static counter_t evicted;
static counter_t expired;
static flow_table_t table;

static int set_up(void **state)
{
    (void)state;
    evicted = expired = (counter_t){0};
    return flow_table_init(&table, 1024, 120, &evicted, &expired) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    flow_table_clear(&table);
    return 0;
}

/* Packet number @p i of a client; its addresses differ in one byte, at @p byte. */
static synfix_headers_t packet(uint8_t ip_version, unsigned byte, unsigned i)
{
    synfix_headers_t headers;
    memset(&headers, 0, sizeof headers);
    headers.ip_version = ip_version;
    headers.source.bytes[byte] = (uint8_t)(10 + i);
    headers.destination.bytes[byte] = (uint8_t)(100 + i);
    headers.source_port = (uint16_t)(40000 + i);
    headers.destination_port = 443;
    return headers;
}

static flow_position_t insert(const synfix_headers_t *headers, bool server, flow_position_t position)
{
    const flow_tuple_t tuple = flow_tuple(headers);
    const flow_t *flow = flow_table_insert(&table, flow_hash(headers, tuple), &tuple, flow_ipv6(headers),
                                           server, FLOW_SYN_SEEN, NOW, &position);
    assert_ptr_equal(flow, flow_table_at(&table, position));
    return position;
}

/* Both sides find the flow, with and without a forecast, and no other flow matches. */
static void check_found(uint8_t ip_version, unsigned byte)
{
    for (unsigned i = 0; i < 16; i++) {
        const synfix_headers_t headers = packet(ip_version, byte, i);
        const flow_position_t position = flow_look(&table, &headers, NOW, i % 2 == 0);
        assert_false(position.found);
        (void)insert(&headers, false, position);
    }
    for (unsigned i = 0; i < 16; i++) {
        const synfix_headers_t headers = packet(ip_version, byte, i);
        const synfix_headers_t back = flow_answer(&headers);
        for (unsigned changed = 0; changed < 2; changed++) {
            const flow_position_t ahead = flow_look(&table, &headers, NOW, changed != 0);
            assert_true(ahead.found && !ahead.from_server);
            const flow_position_t behind = flow_look(&table, &back, NOW, changed != 0);
            assert_true(behind.found && behind.from_server && behind.index == ahead.index);
        }
    }
}

static void test_ipv4(void **state)
{
    (void)state;
    check_found(4, 3);
}

/* Each byte of an IPv6 address counts, in the entry and beside it. */
static void test_ipv6(void **state)
{
    (void)state;
    static const unsigned bytes[] = {0, 3, 4, 9, 15};
    for (size_t i = 0; i < sizeof bytes / sizeof bytes[0]; i++) {
        check_found(6, bytes[i]);
    }
}

/* The tuple of the entry is the same; the bytes beside it are not. */
static void test_other_ipv6(void **state)
{
    (void)state;
    const synfix_headers_t headers = packet(6, 12, 1);
    const flow_position_t position = insert(&headers, false, flow_look(&table, &headers, NOW, false));
    const flow_tuple_t tuple = flow_tuple(&headers);
    for (unsigned end = 0; end < 2; end++) {
        synfix_headers_t other = headers;
        (end == 0 ? &other.source : &other.destination)->bytes[15] ^= 1;
        assert_int_equal(flow_table_side(&table, position.index, &tuple, &other), FLOW_SIDE_NONE);
    }
    assert_int_equal(flow_table_side(&table, position.index, &tuple, NULL), FLOW_SIDE_NONE);
    assert_int_equal(flow_table_side(&table, position.index, &tuple, &headers), FLOW_SIDE_CLIENT);
}

/* A flow that begins with an answer belongs to the receiver of the answer. */
static void test_begun_by_server(void **state)
{
    (void)state;
    for (uint8_t version = 4; version <= 6; version += 2) {
        const synfix_headers_t headers = packet(version, 3, 2);
        const synfix_headers_t back = flow_answer(&headers);
        (void)insert(&back, true, flow_look(&table, &back, NOW, false));
        const flow_position_t position = flow_look(&table, &headers, NOW, false);
        assert_true(position.found && !position.from_server);
    }
}

static void test_expiry(void **state)
{
    (void)state;
    const synfix_headers_t headers = packet(4, 3, 3);
    (void)insert(&headers, false, flow_look(&table, &headers, NOW, false));
    assert_true(flow_look(&table, &headers, NOW + (120u << 2), false).found);
    const flow_tuple_t tuple = flow_tuple(&headers);
    const uint32_t hash = flow_hash(&headers, tuple);
    const uint32_t late = NOW + (121u << 2);
    assert_false(flow_table_search(&table, hash, &tuple, NULL, late, false).found);
    assert_int_equal(counter_get(&expired), 0);
    assert_true(flow_look(&table, &headers, NOW, true).found);
    assert_false(flow_look(&table, &headers, late, false).found);
    assert_false(flow_look(&table, &headers, NOW, true).found);
    assert_int_equal(counter_get(&expired), 1);
    assert_int_equal(counter_get(&evicted), 0);
}

/* A flow that starts again is not protected by its former state. */
static void test_starts_again(void **state)
{
    (void)state;
    const synfix_headers_t headers = packet(4, 3, 4);
    const flow_position_t position = insert(&headers, false, flow_look(&table, &headers, NOW, false));
    const flow_set_t *set = position.set;
    flow_table_touch(&table, position, NOW, true);
    flow_table_touch(&table, position, NOW, false);
    assert_int_equal(set->kept, 1u << position.index % FLOW_WAYS);
    (void)insert(&headers, false, flow_look(&table, &headers, NOW, false));
    assert_int_equal(set->kept, 0);
}

/* Sets of a shard are adjacent, and every set belongs to one shard. */
static void test_shards(void **state)
{
    (void)state;
    const uint32_t sets = table.set_count / SYNFIX_FLOW_SHARDS;
    for (uint32_t i = 0; i < 100000; i++) {
        const uint32_t hash = i * 42949u + 17;
        assert_int_equal(flow_table_set(&table, hash) / sets, flow_shard(hash));
        assert_int_equal(flow_hash_public(hash) % SYNFIX_FLOW_SHARDS, flow_shard(hash));
    }
    assert_int_equal(flow_table_set(&table, UINT32_MAX), table.set_count - 1);
}

/* The other set of a flow lies in the same shard, and its other set is the first one. */
static void test_other_sets(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 100000; i++) {
        const uint32_t hash = i * 2654435761u;
        const uint32_t set = flow_table_set(&table, hash);
        const uint32_t other = flow_table_other_set(&table, set, hash);
        assert_int_equal(other / table.shard_sets, flow_shard(hash));
        assert_int_equal(flow_table_other_set(&table, other, hash & 0xFFFFu), set);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_ipv4, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ipv6, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_other_ipv6, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_begun_by_server, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_expiry, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_starts_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_shards, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_other_sets, set_up, tear_down)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
