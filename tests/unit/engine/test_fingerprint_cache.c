/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/fingerprint_cache.h"

static fingerprint_key_t key_of(uint64_t number)
{
    return (fingerprint_key_t){.words = {number, 1, 2, 3, 4, 5, 6}};
}

/* With any hashes, an entry is found directly after it was stored, and no other entry in its place. */
static void fill(uint32_t (*hash)(uint32_t))
{
    fingerprint_cache_t cache;
    assert_true(fingerprint_cache_init(&cache, 100));
    assert_int_equal(cache.slot_count, 128);
    uint64_t stamp = 0;
    for (uint32_t i = 0; i < 20000; i++) {
        const fingerprint_key_t key = key_of(i);
        assert_null(fingerprint_cache_find(&cache, hash(i), &key, FINGERPRINT_OPTIONS_MAX));
        fingerprint_slot_t *slot = fingerprint_cache_take(&cache, hash(i), &key);
        const synfix_fingerprint_t *contents = fingerprint_cache_contents(&cache, slot);
        assert_true(contents->slot < cache.slot_count);
        assert_true(contents->stamp > stamp);
        stamp = contents->stamp;
        assert_ptr_equal(fingerprint_cache_find(&cache, hash(i), &key, FINGERPRINT_OPTIONS_MAX), slot);
    }
    const fingerprint_key_t last = key_of(19999);
    fingerprint_cache_forget(&cache);
    assert_null(fingerprint_cache_find(&cache, hash(19999), &last, FINGERPRINT_OPTIONS_MAX));
    assert_true(
        fingerprint_cache_contents(&cache, fingerprint_cache_take(&cache, hash(19999), &last))->stamp >
        stamp);
    fingerprint_cache_clear(&cache);
}

static uint32_t spread(uint32_t number)
{
    return number * 2654435761u;
}

static uint32_t one_set(uint32_t number)
{
    return number << 20 | 5;
}

static uint32_t constant(uint32_t number)
{
    (void)number;
    return 0x12345678;
}

static void test_hashes(void **state)
{
    (void)state;
    fill(spread);
    fill(one_set);
    fill(constant);
}

/* An entry in use outlives a stream of keys that occur once. */
static void test_second_chance(void **state)
{
    (void)state;
    fingerprint_cache_t cache;
    assert_true(fingerprint_cache_init(&cache, 256));
    const fingerprint_key_t favourite = key_of(UINT64_MAX);
    (void)fingerprint_cache_take(&cache, spread(77), &favourite);
    unsigned lost = 0;
    for (uint32_t i = 100; i < 10000; i++) {
        const fingerprint_key_t key = key_of(i);
        (void)fingerprint_cache_take(&cache, spread(i), &key);
        if (fingerprint_cache_find(&cache, spread(77), &favourite, FINGERPRINT_OPTIONS_MAX) != NULL) {
            continue;
        }
        lost++;
        (void)fingerprint_cache_take(&cache, spread(77), &favourite);
    }
    assert_in_range(lost, 0, 20);
    fingerprint_cache_clear(&cache);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_hashes), cmocka_unit_test(test_second_chance)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
