/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Tables at their limits: the number of early evictions; all other flows are found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/byte_order.h"
#include "support/flow_headers.h"
#include "support/flow_heads.h"

#define LIFETIME 120u
#define CAPACITY 65536u

static counter_t evicted;
static counter_t expired;
static flow_table_t table;

static int set_up(void **state)
{
    (void)state;
    evicted = expired = (counter_t){0};
    return flow_table_init(&table, CAPACITY, LIFETIME, &evicted, &expired) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    flow_table_clear(&table);
    return 0;
}

/* Connection @p number. One of eight is an IPv6 connection. */
static synfix_headers_t connection(uint32_t number)
{
    synfix_headers_t headers;
    memset(&headers, 0, sizeof headers);
    headers.ip_version = number % 8 == 0 ? 6 : 4;
    const uint32_t mixed = number * 2654435761u;
    write_be32(headers.source.bytes, mixed);
    write_be32(headers.source.bytes + (number % 8 == 0 ? 12 : 0), mixed);
    headers.destination.bytes[0] = 10;
    headers.source_port = (uint16_t)(1024 + number % 60000);
    headers.destination_port = 443;
    return headers;
}

/* Finds a flow, and inserts it if it is not found. */
static flow_position_t look(const synfix_headers_t *headers, uint32_t seconds, bool insert)
{
    const flow_tuple_t tuple = flow_tuple(headers);
    const uint32_t hash = flow_hash(headers, tuple);
    flow_position_t position = flow_look(&table, headers, seconds, false);
    const flow_position_t changed = flow_look(&table, headers, seconds, true);
    assert_int_equal(position.found, changed.found);
    if (position.found) {
        assert_int_equal(position.index, changed.index);
        assert_ptr_equal(position.set, flow_table_head(&table, position.index));
    } else if (insert) {
        flow_t *flow = flow_table_insert(&table, hash, &tuple, flow_ipv6(headers), false, FLOW_SYN_SEEN,
                                         seconds, &position);
        flow->opened_ms = hash;
    }
    return position;
}

static void add(uint32_t number, uint32_t at)
{
    const synfix_headers_t headers = connection(number);
    (void)look(&headers, at << 2, true);
}

/* Whether the table has a connection, whose packets both ends send. */
static bool has(uint32_t number, uint32_t at)
{
    const synfix_headers_t headers = connection(number);
    const synfix_headers_t back = flow_answer(&headers);
    const flow_position_t ahead = look(&headers, at << 2, false);
    const flow_position_t behind = look(&back, at << 2, false);
    assert_int_equal(ahead.found, behind.found);
    if (ahead.found) {
        assert_int_equal(ahead.index, behind.index);
        assert_true(!ahead.from_server && behind.from_server);
        assert_int_equal(flow_table_at(&table, ahead)->opened_ms, flow_hash(&headers, flow_tuple(&headers)));
    }
    return ahead.found;
}

static uint32_t count_present(uint32_t first, uint32_t count, uint32_t at)
{
    uint32_t present = 0;
    for (uint32_t i = 0; i < count; i++) {
        present += has(first + i, at);
    }
    return present;
}

static int check_heads(void)
{
    const int displaced = flow_heads_check(&table);
    assert_true(displaced >= 0);
    return displaced;
}

/* A table holds its capacity; with one set for each flow, one flow of ten would be evicted. */
static void test_fill(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < CAPACITY; i++) {
        add(i, 1000 + i / 1000);
    }
    assert_true(counter_get(&evicted) < CAPACITY / 250);
    assert_int_equal(count_present(0, CAPACITY, 1100), CAPACITY - counter_get(&evicted));
    assert_true(check_heads() > (int)CAPACITY / 50);
    assert_int_equal(counter_get(&expired), 0);
}

/* As many flows as the table holds live at any time, for several lifetimes. */
static void test_steady(void **state)
{
    (void)state;
    const uint32_t alive = CAPACITY / 100 * 95;
    for (uint32_t i = 0; i < 5 * alive; i++) {
        add(i, 1000 + (uint32_t)((uint64_t)i * LIFETIME / alive));
    }
    assert_true(counter_get(&evicted) < alive / 50);
    const uint32_t now = 1000 + 5 * LIFETIME - 1;
    assert_true(count_present(4 * alive + alive / LIFETIME, alive - alive / LIFETIME, now) >
                alive / 100 * 97);
    (void)check_heads();
}

/* Each flow that leaves a flooded table is counted once; the table recovers afterwards. */
static void test_flood(void **state)
{
    (void)state;
    const uint32_t flood = 4 * CAPACITY;
    for (uint32_t i = 0; i < flood; i++) {
        add(i, 1000);
    }
    assert_int_equal(count_present(0, flood, 1000), flood - counter_get(&evicted));
    assert_true(flood - counter_get(&evicted) >= CAPACITY);
    (void)check_heads();
    evicted = (counter_t){0};
    for (uint32_t i = 0; i < CAPACITY; i++) {
        add(flood + i, 1001 + LIFETIME);
    }
    assert_true(counter_get(&evicted) < CAPACITY / 250);
    assert_true(counter_get(&expired) > CAPACITY / 100 * 90);
    assert_int_equal(count_present(flood, CAPACITY, 1001 + LIFETIME), CAPACITY - counter_get(&evicted));
    (void)check_heads();
}

/* Answered connections fill a table as well, and survive a flood: each set keeps four of them. */
static void test_kept(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < CAPACITY / 2; i++) {
        const synfix_headers_t headers = connection(i);
        flow_table_touch(&table, look(&headers, 1000u << 2, true), 1000u << 2, true);
    }
    assert_true(counter_get(&evicted) < CAPACITY / 1000);
    for (uint32_t i = 0; i < 4 * CAPACITY; i++) {
        add(CAPACITY + i, 1000);
    }
    assert_true(count_present(0, CAPACITY / 2, 1000) > CAPACITY / 2 / 100 * 75);
    (void)check_heads();
}

/* All flows expire, found or overwritten, and are counted. Their ways are free again. */
static void test_expiry(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < CAPACITY; i++) {
        add(i, 1000);
    }
    assert_int_equal(count_present(0, CAPACITY, 1001 + LIFETIME), 0);
    assert_int_equal(counter_get(&evicted) + counter_get(&expired), CAPACITY);
    assert_int_equal(check_heads(), 0);
}

/* Packet time that jumps: each flow is counted. */
static void test_time(void **state)
{
    (void)state;
    static const uint32_t times[] = {1000, 1100, 10, 1120, 1000, 90000, 1000, 1000 + LIFETIME, 0, 1};
    uint32_t added = 0;
    for (unsigned i = 0; i < sizeof times / sizeof times[0]; i++) {
        for (uint32_t j = 0; j < CAPACITY / 4 * 3; j++) {
            add(added++, times[i] + j % 3);
        }
        uint32_t used = 0;
        for (uint32_t shard = 0; shard < SYNFIX_FLOW_SHARDS; shard++) {
            used += table.shards[shard].used;
        }
        assert_int_equal(used + counter_get(&evicted) + counter_get(&expired), added);
        (void)check_heads();
    }
}

/* A flood whose packet time goes back a little searches each set once, not for each of its SYNs. */
static void test_time_back(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 4 * CAPACITY; i++) {
        add(i, 1000);
    }
    uint32_t full = 0;
    for (uint32_t i = 0; i < CAPACITY / 8; i++) {
        const synfix_headers_t headers = connection(4 * CAPACITY + i);
        (void)look(&headers, 999u << 2, true);
        const uint32_t set = flow_table_set(&table, flow_hash(&headers, flow_tuple(&headers)));
        if (table.sets[set].settled != 0) {
            assert_true(flow_set_is_full(&table.sets[set], 999u << 2, LIFETIME << 2));
            full++;
        }
    }
    assert_true(full > CAPACITY / 9);
    (void)check_heads();
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(test_fill, set_up, tear_down),
                                       cmocka_unit_test_setup_teardown(test_steady, set_up, tear_down),
                                       cmocka_unit_test_setup_teardown(test_flood, set_up, tear_down),
                                       cmocka_unit_test_setup_teardown(test_kept, set_up, tear_down),
                                       cmocka_unit_test_setup_teardown(test_expiry, set_up, tear_down),
                                       cmocka_unit_test_setup_teardown(test_time, set_up, tear_down),
                                       cmocka_unit_test_setup_teardown(test_time_back, set_up, tear_down)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
