/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file decimal_digits.h
 * Decimal digits of a number, two with each division.
 */
#ifndef BASE_DECIMAL_DIGITS_H
#define BASE_DECIMAL_DIGITS_H

#include <stdint.h>
#include <string.h>

#define DECIMAL_DIGITS_MAX 20u /* digits of a uint64_t */

/** Writes the two digits of @p value, which is below 100. Returns the byte behind them. */
static inline char *decimal_put_pair(char *at, unsigned value)
{
    at[0] = (char)('0' + value / 10);
    at[1] = (char)('0' + value % 10);
    return at + 2;
}

/** Writes the digits of @p value in front of @p end, which has room for DECIMAL_DIGITS_MAX bytes, and returns
 * the first one. */
static inline char *decimal_write(char *end, uint64_t value)
{
    static const char pairs[] =
        "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
        "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
        "8081828384858687888990919293949596979899";
    char *at = end;
    while (value >= 10) {
        at -= 2;
        memcpy(at, pairs + value % 100 * 2, 2);
        value /= 100;
    }
    if (value != 0 || at == end) {
        *--at = (char)('0' + value);
    }
    return at;
}

/** Writes the digits of @p value to @p at, where there is room for DECIMAL_DIGITS_MAX bytes. Returns the byte
 * behind them. */
static inline char *decimal_put(char *at, uint64_t value)
{
    if (value < 10) {
        *at = (char)('0' + value);
        return at + 1;
    }
    char buffer[2 *
                DECIMAL_DIGITS_MAX]; /* the second half is never a digit: a copy of fixed length reads it */
    char *const end = buffer + DECIMAL_DIGITS_MAX;
    const char *const begin = decimal_write(end, value);
    memcpy(at, begin, DECIMAL_DIGITS_MAX);
    return at + (end - begin);
}

#endif
