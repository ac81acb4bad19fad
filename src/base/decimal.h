/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file decimal.h
 * Appends numbers and constant texts to a buffer without printf. Each function returns the new end. The
 * caller provides enough room.
 */
#ifndef BASE_DECIMAL_H
#define BASE_DECIMAL_H

#include <stdint.h>
#include <string.h>

static inline char *append_decimal(char *at, uint32_t value)
{
    char digits[10];
    unsigned count = 0;
    do {
        digits[count++] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    while (count > 0) {
        *at++ = digits[--count];
    }
    return at;
}

static inline char *append_text(char *at, const char *text)
{
    const size_t length = strlen(text);
    memcpy(at, text, length);
    return at + length;
}

#endif
