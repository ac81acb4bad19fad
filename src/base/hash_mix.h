/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file hash_mix.h
 * Mixing of machine words for table indexes: not for security against a chosen secret, but every input bit
 * reaches every output bit, so patterns in addresses do not pile up in one bucket. Tables that an attacker
 * may fill bound the length of what they search, whatever the hash gives.
 */
#ifndef BASE_HASH_MIX_H
#define BASE_HASH_MIX_H

#include <stdint.h>

/** Multiplies to 128 bits and folds: one step of a word-wise hash. */
static inline uint64_t hash_mix(uint64_t a, uint64_t b)
{
    __extension__ typedef unsigned __int128 wide_t;
    const wide_t product = (wide_t)(a ^ 0x9E3779B97F4A7C15ull) * (b ^ 0xD6E8FEB86659FD93ull);
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

#endif
