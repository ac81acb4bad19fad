/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file decimal.h
 * Numbers and constant texts without printf. The append functions return the new end of the text; the caller
 * provides enough room.
 */
#ifndef BASE_DECIMAL_H
#define BASE_DECIMAL_H

#include <stdint.h>
#include <string.h>

#include "base/decimal_digits.h"

static inline char *append_decimal(char *at, uint32_t value)
{
    return decimal_put(at, value);
}

static inline char *append_text(char *at, const char *text)
{
    const size_t length = strlen(text);
    memcpy(at, text, length);
    return at + length;
}

#endif
