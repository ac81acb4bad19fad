/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file lanes.h
 * Four 32-bit numbers in one register, in the compiler's own vector notation: any processor that it knows.
 */
#ifndef BASE_LANES_H
#define BASE_LANES_H

#include <stdint.h>
#include <string.h>

typedef int32_t lanes_t __attribute__((vector_size(16)));

static inline lanes_t lanes_load(const uint32_t *at)
{
    lanes_t lanes;
    memcpy(&lanes, at, sizeof lanes);
    return lanes;
}

static inline lanes_t lanes_all(uint32_t value)
{
    const int32_t number = (int32_t)value;
    return (lanes_t){number, number, number, number};
}

/** All four combined with OR. */
static inline uint32_t lanes_or(lanes_t lanes)
{
    lanes |= __builtin_shufflevector(lanes, lanes, 2, 3, 0, 1);
    lanes |= __builtin_shufflevector(lanes, lanes, 1, 0, 3, 2);
    return (uint32_t)lanes[0];
}

/** Lane by lane the greater one, signed. */
static inline lanes_t lanes_max(lanes_t a, lanes_t b)
{
    const lanes_t greater = a > b;
    return (greater & a) | (~greater & b);
}

static inline int32_t lanes_greatest(lanes_t lanes)
{
    lanes = lanes_max(lanes, __builtin_shufflevector(lanes, lanes, 2, 3, 0, 1));
    lanes = lanes_max(lanes, __builtin_shufflevector(lanes, lanes, 1, 0, 3, 2));
    return lanes[0];
}

static inline int32_t lanes_sum(lanes_t lanes)
{
    lanes += __builtin_shufflevector(lanes, lanes, 2, 3, 0, 1);
    lanes += __builtin_shufflevector(lanes, lanes, 1, 0, 3, 2);
    return lanes[0];
}

#endif
