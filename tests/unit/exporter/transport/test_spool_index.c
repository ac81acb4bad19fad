/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/transport/spool_index.h"
#include <string.h>

static const spool_entry_t entry = {.offset = 0x0102030405060708,
                                    .before = 0x1112131415161718,
                                    .length = 0x21222324,
                                    .records = 7,
                                    .sum = 0xCAFEBABE};

static void numbers_in_network_order(void **state)
{
    (void)state;
    static const uint8_t wanted[] = {1,    2,    3,    4,    5,    6,    7,    8,    0x11, 0x12,
                                     0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x21, 0x22, 0x23, 0x24,
                                     0,    0,    0,    7,    0xCA, 0xFE, 0xBA, 0xBE};
    uint8_t bytes[SPOOL_ENTRY_SIZE];
    spool_entry_t read;
    spool_entry_write(&entry, bytes);
    assert_memory_equal(bytes, wanted, sizeof wanted);
    assert_true(spool_entry_read(bytes, &read));
    assert_int_equal(read.offset, entry.offset);
    assert_int_equal(read.before, entry.before);
    assert_int_equal(read.length, entry.length);
    assert_int_equal(read.records, entry.records);
    assert_int_equal(read.sum, entry.sum);
}

/* The checksum of an entry covers each of its bits, its own ones too. */
static void a_changed_bit_shows(void **state)
{
    (void)state;
    uint8_t bytes[SPOOL_ENTRY_SIZE];
    spool_entry_t read;
    spool_entry_write(&entry, bytes);
    for (unsigned bit = 0; bit < 8 * SPOOL_ENTRY_SIZE; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_false(spool_entry_read(bytes, &read));
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    assert_true(spool_entry_read(bytes, &read));
}

/* CRC-32 of zlib and Ethernet: its check value. */
static void checksums(void **state)
{
    (void)state;
    assert_int_equal(spool_sum((const uint8_t *)"123456789", 9), 0xCBF43926);
    assert_int_equal(spool_sum((const uint8_t *)"", 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_in_network_order),
        cmocka_unit_test(a_changed_bit_shows),
        cmocka_unit_test(checksums),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
