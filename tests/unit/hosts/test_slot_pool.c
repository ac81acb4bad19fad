/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hosts/slot_pool.h"
#include <string.h>

typedef struct item {
    uint32_t number;
    uint32_t more;
} item_t;

static void items_are_zeroed_and_do_not_move(void **state)
{
    (void)state;
    slot_pool_t pool;
    assert_true(slot_pool_init(&pool, sizeof(item_t), 3 * SLOT_CHUNK));
    item_t *first = NULL;
    for (uint32_t i = 1; i <= 2 * SLOT_CHUNK + 1; i++) {
        const uint32_t slot = slot_take(&pool);
        assert_int_equal(slot, i);
        item_t *item = slot_at(&pool, slot);
        assert_int_equal(item->number | item->more, 0);
        *item = (item_t){.number = i, .more = ~i};
        first = i == 1 ? item : first;
    }
    assert_ptr_equal(slot_at(&pool, 1), first);
    for (uint32_t i = 1; i <= 2 * SLOT_CHUNK + 1; i++) {
        const item_t *item = slot_at(&pool, i);
        assert_int_equal(item->number, i);
        assert_int_equal(item->more, ~i);
    }
    slot_pool_clear(&pool);
    assert_null(pool.chunks);
}

static void the_last_released_is_taken_first(void **state)
{
    (void)state;
    slot_pool_t pool;
    assert_true(slot_pool_init(&pool, sizeof(item_t), 10));
    for (uint32_t i = 1; i <= 3; i++) {
        assert_int_equal(slot_take(&pool), i);
        memset(slot_at(&pool, i), 0xFF, sizeof(item_t));
    }
    slot_release(&pool, 1);
    slot_release(&pool, 3);
    assert_int_equal(pool.live, 1);
    assert_int_equal(slot_take(&pool), 3);
    assert_int_equal(slot_take(&pool), 1);
    assert_int_equal(((item_t *)slot_at(&pool, 3))->number, 0);
    assert_int_equal(((item_t *)slot_at(&pool, 1))->more, 0);
    assert_int_equal(slot_take(&pool), 4);
    assert_int_equal(pool.live, 4);
    assert_int_equal(pool.used, 4);
    slot_pool_clear(&pool);
}

static void the_limit_holds(void **state)
{
    (void)state;
    slot_pool_t pool;
    assert_true(slot_pool_init(&pool, sizeof(item_t), 2));
    assert_int_equal(slot_take(&pool), 1);
    assert_int_equal(slot_take(&pool), 2);
    assert_int_equal(slot_take(&pool), 0);
    assert_int_equal(pool.live, 2);
    slot_release(&pool, 1);
    assert_int_equal(slot_take(&pool), 1);
    slot_pool_clear(&pool);
    assert_true(slot_pool_init(&pool, sizeof(item_t), 0));
    assert_int_equal(slot_take(&pool), 0);
    slot_pool_clear(&pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_are_zeroed_and_do_not_move),
        cmocka_unit_test(the_last_released_is_taken_first),
        cmocka_unit_test(the_limit_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
