/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file wide_product.h
 * The product of two numbers of 64 bits, on processors with and without a type of 128 bits.
 */
#ifndef BASE_WIDE_PRODUCT_H
#define BASE_WIDE_PRODUCT_H

#include <stdint.h>

typedef struct uint128_parts {
    uint64_t high;
    uint64_t low;
} uint128_parts_t;

/** From four products of 32 bits. */
static inline uint128_parts_t multiply_64_scalar(uint64_t a, uint64_t b)
{
    const uint64_t low = (a & UINT32_MAX) * (b & UINT32_MAX);
    const uint64_t left = (a >> 32) * (b & UINT32_MAX);
    const uint64_t right = (a & UINT32_MAX) * (b >> 32);
    const uint64_t middle = (low >> 32) + (left & UINT32_MAX) + (right & UINT32_MAX);
    return (uint128_parts_t){.high = (a >> 32) * (b >> 32) + (left >> 32) + (right >> 32) + (middle >> 32),
                             .low = middle << 32 | (low & UINT32_MAX)};
}

static inline uint128_parts_t multiply_64(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
    __extension__ typedef unsigned __int128 wide_t;
    const wide_t product = (wide_t)a * b;
    return (uint128_parts_t){.high = (uint64_t)(product >> 64), .low = (uint64_t)product};
#else
    return multiply_64_scalar(a, b);
#endif
}

/** The upper and the lower half of a * b, one exclusive-or the other. */
static inline uint64_t multiply_fold_64(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
    __extension__ typedef unsigned __int128 wide_t; /* a structure of both halves would go through memory */
    const wide_t product = (wide_t)a * b;
    return (uint64_t)(product >> 64) ^ (uint64_t)product;
#else
    const uint128_parts_t product = multiply_64_scalar(a, b);
    return product.high ^ product.low;
#endif
}

/** a * b / 2^shift without losing the upper half; shift 0 to 63. */
static inline uint64_t multiply_shift_64(uint64_t a, uint64_t b, unsigned shift)
{
    const uint128_parts_t product = multiply_64(a, b);
    return shift == 0 ? product.low : product.high << (64 - shift) | product.low >> shift;
}

#endif
