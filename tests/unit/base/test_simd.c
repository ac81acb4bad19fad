/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Comparisons of several numbers at once, beside one comparison after the other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/simd.h"

#define ROUNDS 20000u

static uint32_t state_of_random;

/* Few different values, so that many are equal. */
static uint32_t few(uint32_t values)
{
    state_of_random = state_of_random * 1103515245u + 12345u;
    return (state_of_random >> 16) % values;
}

static int set_up(void **state)
{
    (void)state;
    state_of_random = 1;
    return 0;
}

/* Values that differ in the highest bits only, which a signed or narrower comparison would mix up. */
static uint32_t high_and_low(uint32_t number)
{
    static const uint32_t values[] = {0, 1, 0x10000, 0x80000000, 0x80000001, UINT32_MAX};
    return values[number % 6];
}

static void test_numbers_of_32_bits(void **state)
{
    (void)state;
    for (unsigned round = 0; round < ROUNDS; round++) {
        uint32_t at[8];
        const uint32_t wanted = high_and_low(few(6));
        uint32_t same = 0;
        uint32_t as_before = 0;
        for (unsigned i = 0; i < 8; i++) {
            at[i] = high_and_low(few(6));
            same |= (uint32_t)(at[i] == wanted) << i;
            as_before |= (uint32_t)(i > 0 && at[i] == at[i - (i > 0)]) << i;
        }
        assert_int_equal(match8_u32(at, wanted), same);
        assert_int_equal(match4_u32(at, wanted), same & 15u);
        assert_int_equal(match8_previous_u32(at), as_before);
    }
}

static void test_numbers_of_16_bits(void **state)
{
    (void)state;
    static const uint16_t values[] = {0, 1, 0x100, 0x7FFF, 0x8000, UINT16_MAX};
    for (unsigned round = 0; round < ROUNDS; round++) {
        uint16_t at[8];
        const uint16_t wanted = values[few(6)];
        uint32_t same = 0;
        for (unsigned i = 0; i < 8; i++) {
            at[i] = values[few(6)];
            same |= (uint32_t)(at[i] == wanted) << i;
        }
        assert_int_equal(match8_u16(at, wanted), same);
    }
}

/* The byte after the last one does not count, with any value. */
static void test_pairs_of_bytes(void **state)
{
    (void)state;
    for (unsigned round = 0; round < ROUNDS; round++) {
        uint8_t at[33];
        uint32_t pairs = 0;
        for (unsigned i = 0; i < sizeof at; i++) {
            at[i] = (uint8_t)(few(2) == 0 ? 8 : few(2) == 0 ? 10 : few(256));
        }
        for (unsigned i = 0; i + 1 < 32; i++) {
            pairs |= (uint32_t)(at[i] == 8 && at[i + 1] == 10) << i;
        }
        at[32] = 10;
        assert_true(match32_pairs(at, 8, 10) == pairs);
    }
}

static void test_zero_halves(void **state)
{
    (void)state;
    assert_int_equal(zero_halves(0), 3);
    assert_int_equal(zero_halves(1), 2);
    assert_int_equal(zero_halves(UINT64_C(1) << 63), 1);
    assert_int_equal(zero_halves(UINT64_MAX), 0);
}

static void test_copy_with_zeros(void **state)
{
    (void)state;
    static const uint8_t from[4] = {1, 2, 3, 255};
    static const uint8_t expected[16] = {1, 2, 3, 255};
    uint8_t to[16];
    memset(to, 7, sizeof to);
    copy4_of_16(to, from);
    assert_memory_equal(to, expected, sizeof to);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_numbers_of_32_bits, set_up),
        cmocka_unit_test_setup(test_numbers_of_16_bits, set_up),
        cmocka_unit_test_setup(test_pairs_of_bytes, set_up),
        cmocka_unit_test(test_zero_halves),
        cmocka_unit_test(test_copy_with_zeros),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
