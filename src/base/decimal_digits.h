/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file decimal_digits.h
 * Decimal digits of a number, two with each division, written where they belong: a copy from a buffer costs
 * more than the digits, and in a hardened build the buffer is cleared and each store into it checked.
 */
#ifndef BASE_DECIMAL_DIGITS_H
#define BASE_DECIMAL_DIGITS_H

#include <stdint.h>

#define DECIMAL_DIGITS_MAX 20u /* digits of a uint64_t */

/** Writes the two digits of @p value, which is below 100. Returns the byte behind them. */
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

/** Writes the digits of @p value to @p at. Returns the byte behind them. */
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

/** Writes the last @p digits digits of @p value, with leading zeros. Returns the byte behind them. */
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
