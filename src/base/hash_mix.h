/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file hash_mix.h
 * Mixes machine words into table indexes. Every input bit affects every output bit, so patterns in
 * addresses do not fill one bucket. The hash is not keyed: tables that an attacker may fill limit the
 * length of each search instead.
 */
#ifndef BASE_HASH_MIX_H
#define BASE_HASH_MIX_H

#include "base/wide_product.h"

/** One step of a word-wise hash: 64 x 64 to 128 bits, folded. */
static inline uint64_t hash_mix(uint64_t a, uint64_t b)
{
    return multiply_fold_64(a ^ 0x9E3779B97F4A7C15ull, b ^ 0xD6E8FEB86659FD93ull);
}

#endif
