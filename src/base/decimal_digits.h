/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file decimal_digits.h
 * Decimal digits of a number, two with each division, written where they belong: a copy from a buffer costs
 * more than the digits, and in a hardened build the buffer is cleared and each store into it checked.
 */
#ifndef BASE_DECIMAL_DIGITS_H
#define BASE_DECIMAL_DIGITS_H

#include "base/byte_order.h"
#include <stdint.h>
#include <string.h>

#define DECIMAL_DIGITS_MAX 20u /* digits of a uint64_t */
#define DECIMAL_EIGHT      UINT64_C(100000000)
#define DECIMAL_ZEROS      UINT64_C(0x3030303030303030) /* eight digits 0 */

/** The eight digits of @p value, which is below DECIMAL_EIGHT; the first one in the lowest byte. */
static inline uint64_t decimal_eight(uint64_t value)
{
    const uint64_t fours = value / 10000 | value % 10000 << 32;
    const uint64_t hundreds = (fours * 10486 >> 20) & UINT64_C(0x0000007F0000007F); /* of 0 to 9,999: exact */
    const uint64_t pairs = hundreds | (fours - 100 * hundreds) << 16;
    const uint64_t tens = (pairs * 103 >> 10) & UINT64_C(0x000F000F000F000F);
    return tens | (pairs - 10 * tens) << 8;
}

/** Writes the two digits of @p value, which is below 100. Returns the byte after them. */
static inline char *decimal_put_pair(char *at, unsigned value)
{
    static const char pairs[] =
        "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
        "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
        "8081828384858687888990919293949596979899";
    at[0] = pairs[2 * value];
    at[1] = pairs[2 * value + 1];
    return at + 2;
}

/** The digits of 0 to 255 and a full stop: "7.", "42.", "255.". */
extern const char decimal_octets[256][4];

/** Writes the digits of @p value and a full stop; four bytes in all, those after it are void. Returns the
 * byte after the full stop. */
static inline char *decimal_put_octet(char *at, uint8_t value)
{
    memcpy(at, decimal_octets[value], 4);
    return at + 2 + (value >= 10 ? 1 : 0) + (value >= 100 ? 1 : 0);
}

/** Writes the digits of @p value, below DECIMAL_EIGHT; eight bytes in all. Returns the byte after them. */
static inline char *decimal_put_short(char *at, uint64_t value)
{
    if (value < 256) {
        return decimal_put_octet(at, (uint8_t)value) - 1;
    }
    const uint64_t digits = decimal_eight(value);
    const unsigned skipped = (unsigned)__builtin_ctzll(digits) / 8;
    write_le64((uint8_t *)at, (digits | DECIMAL_ZEROS) >> 8 * skipped);
    return at + 8 - skipped;
}

/** Writes the last eight digits of @p value. Returns the byte after them. */
static inline char *decimal_put_eight(char *at, uint64_t value)
{
    write_le64((uint8_t *)at, decimal_eight(value % DECIMAL_EIGHT) | DECIMAL_ZEROS);
    return at + 8;
}

/**
 * Writes the digits of @p value to @p at, where DECIMAL_DIGITS_MAX bytes have room: those after the number
 * are void. Returns the byte after the number.
 */
static inline char *decimal_put_wide(char *at, uint64_t value)
{
    if (value < DECIMAL_EIGHT) {
        return decimal_put_short(at, value);
    }
    const uint64_t upper = value / DECIMAL_EIGHT; /* below 184,467,440,738 */
    if (upper < DECIMAL_EIGHT) {
        return decimal_put_eight(decimal_put_short(at, upper), value);
    }
    at = decimal_put_eight(decimal_put_short(at, upper / DECIMAL_EIGHT), upper);
    return decimal_put_eight(at, value);
}

/** Writes the digits of @p value in front of @p end, and returns the first one. */
static inline char *decimal_write(char *end, uint64_t value)
{
    char *at = end;
    while (value >= 10) {
        at -= 2;
        (void)decimal_put_pair(at, (unsigned)(value % 100));
        value /= 100;
    }
    if (value != 0 || at == end) {
        *--at = (char)('0' + value);
    }
    return at;
}

/** Digits of @p value, 1 to DECIMAL_DIGITS_MAX. */
static inline unsigned decimal_length(uint64_t value)
{
    static const uint64_t powers[DECIMAL_DIGITS_MAX] = {0,
                                                        UINT64_C(10),
                                                        UINT64_C(100),
                                                        UINT64_C(1000),
                                                        UINT64_C(10000),
                                                        UINT64_C(100000),
                                                        UINT64_C(1000000),
                                                        UINT64_C(10000000),
                                                        UINT64_C(100000000),
                                                        UINT64_C(1000000000),
                                                        UINT64_C(10000000000),
                                                        UINT64_C(100000000000),
                                                        UINT64_C(1000000000000),
                                                        UINT64_C(10000000000000),
                                                        UINT64_C(100000000000000),
                                                        UINT64_C(1000000000000000),
                                                        UINT64_C(10000000000000000),
                                                        UINT64_C(100000000000000000),
                                                        UINT64_C(1000000000000000000),
                                                        UINT64_C(10000000000000000000)};
    /* bits * log10(2), rounded down: the number of digits or one less */
    const unsigned about = (64u - (unsigned)__builtin_clzll(value | 1)) * 1233u >> 12;
    return about + (value >= powers[about]);
}

/** Writes the digits of @p value to @p at. Returns the byte after them. */
static inline char *decimal_put(char *at, uint64_t value)
{
    if (value < 10) {
        *at = (char)('0' + value);
        return at + 1;
    }
    char *const end = at + decimal_length(value);
    (void)decimal_write(end, value);
    return end;
}

/** Writes the last @p digits digits of @p value, with leading zeros. Returns the byte after them. */
static inline char *decimal_put_padded(char *at, uint64_t value, unsigned digits)
{
    char *const end = at + digits;
    char *begin = end;
    for (; begin - at >= 2; value /= 100) {
        begin -= 2;
        (void)decimal_put_pair(begin, (unsigned)(value % 100));
    }
    if (begin > at) {
        *at = (char)('0' + value % 10);
    }
    return end;
}

#endif
