/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/hash_mix.h"
#include "base/wide_product.h"

static void known_products(void **state)
{
    (void)state;
    static const struct {
        uint64_t a, b, high, low;
    } cases[] = {
        {0, UINT64_MAX, 0, 0},
        {UINT64_MAX, 1, 0, UINT64_MAX},
        {UINT64_MAX, UINT64_MAX, UINT64_MAX - 1, 1},
        {UINT64_C(1) << 32, UINT64_C(1) << 32, 1, 0},
        {UINT64_C(0x123456789ABCDEF0), UINT64_C(0xFEDCBA9876543210), UINT64_C(0x121FA00AD77D7422),
         UINT64_C(0x236D88FE5618CF00)},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const uint128_parts_t scalar = multiply_64_scalar(cases[i].a, cases[i].b);
        const uint128_parts_t product = multiply_64(cases[i].a, cases[i].b);
        assert_true(scalar.high == cases[i].high && scalar.low == cases[i].low);
        assert_true(product.high == cases[i].high && product.low == cases[i].low);
    }
}

static void both_ways_are_equal(void **state)
{
    (void)state;
    uint64_t a = 1;
    uint64_t b = 2;
    for (unsigned i = 0; i < 10000; i++) {
        const uint128_parts_t scalar = multiply_64_scalar(a, b);
        const uint128_parts_t product = multiply_64(a, b);
        assert_true(scalar.high == product.high && scalar.low == product.low);
        a = hash_mix(a, i);
        b = hash_mix(b, a);
    }
}

static void shifted_products(void **state)
{
    (void)state;
    const uint64_t half_of_2_63 = UINT64_C(1) << 62;
    assert_true(multiply_shift_64(half_of_2_63, 1000000000, 63) == 500000000);
    assert_true(multiply_shift_64(3, 1000000000, 0) == UINT64_C(3000000000));
    assert_true(multiply_shift_64(1, 1000000000, 1) == 500000000);
}

/* Hashes select shards and flow identifiers, so they are the same on each processor. */
static void known_hash(void **state)
{
    (void)state;
    assert_true(hash_mix(1, 2) == UINT64_C(0xBD6066E6B2AEEA0C));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(known_products),
                                       cmocka_unit_test(both_ways_are_equal),
                                       cmocka_unit_test(shifted_products), cmocka_unit_test(known_hash)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
