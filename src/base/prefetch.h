/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file prefetch.h
 * Asks memory for the cache line at an address that will be needed soon.
 */
#ifndef BASE_PREFETCH_H
#define BASE_PREFETCH_H

/* To GCC a prefetch is no effect: it takes a function that does nothing else for pure and drops calls of it.
 * The empty assembly is an effect. */
static inline void prefetch(const void *at)
{
    __builtin_prefetch(at);
    __asm__ volatile("" : : "r"(at));
}

/** The same for a line that will be written. */
static inline void prefetch_to_write(const void *at)
{
    __builtin_prefetch(at, 1);
    __asm__ volatile("");
}

#endif
