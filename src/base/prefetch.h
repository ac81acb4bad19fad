/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file prefetch.h
 * Prefetches the cache line at an address.
 */
#ifndef BASE_PREFETCH_H
#define BASE_PREFETCH_H

#define CACHE_LINE 64u /* bytes */

/* GCC does not count a prefetch as a side effect: a function that only prefetches is treated as pure, and
 * its calls are removed. The empty assembly statement prevents this. */
static inline void prefetch(const void *at)
{
    __builtin_prefetch(at);
    __asm__ volatile("");
}

/** Prefetches a cache line for writing. */
static inline void prefetch_to_write(const void *at)
{
    __builtin_prefetch(at, 1);
    __asm__ volatile("");
}

#endif
