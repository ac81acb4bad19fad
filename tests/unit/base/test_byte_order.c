/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/byte_order.h"

/* Values, not memory images: the same on each processor. */
static void reads(void **state)
{
    (void)state;
    const uint8_t bytes[9] = {0xFF, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08};
    assert_int_equal(read_be16(bytes + 1), 0x0102);
    assert_int_equal(read_be32(bytes + 1), 0x01020304);
    assert_int_equal(read_le32(bytes + 1), 0x04030201);
    assert_true(masked_be32_equals(bytes + 1, 0xFF00FF00u, 0x01000300u));
    assert_false(masked_be32_equals(bytes + 1, 0xFF00FFFFu, 0x01000300u));
    assert_true(read_be64(bytes + 1) == UINT64_C(0x0102030405060708));
    assert_true(read_le64(bytes + 1) == UINT64_C(0x0807060504030201));
}

static void writes(void **state)
{
    (void)state;
    const uint8_t wanted[9] = {0, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08};
    uint8_t bytes[9] = {0};
    write_be16(bytes + 1, 0x0102);
    assert_memory_equal(bytes, wanted, 3);
    write_be32(bytes + 1, 0x01020304);
    assert_memory_equal(bytes, wanted, 5);
    write_be64(bytes + 1, UINT64_C(0x0102030405060708));
    assert_memory_equal(bytes, wanted, 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(reads), cmocka_unit_test(writes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
