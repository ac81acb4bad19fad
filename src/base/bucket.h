/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file bucket.h
 * The head of a set of eight places in a bounded table: one cache line that tells which places may hold a key
 * and which one to give up. A search looks at eight places and no more, whatever somebody sends.
 *
 * A stamp is a packet time in seconds with a mark for entries worth keeping; 0 is an empty place.
 */
#ifndef BASE_BUCKET_H
#define BASE_BUCKET_H

#include <stdbool.h>
#include <stdint.h>

#define BUCKET_WAYS 8u

typedef struct bucket {
    _Alignas(64) uint32_t tags[BUCKET_WAYS];
    uint32_t stamps[BUCKET_WAYS]; /* bits 31 to 2 seconds, bit 1 worth keeping, bit 0 in use */
} bucket_t;

#define BUCKET_USED 1u
#define BUCKET_KEEP 2u

/** Seconds of a packet time as stamps count them (30 bits). */
static inline uint32_t bucket_seconds(int64_t time_ns)
{
    return (uint32_t)(time_ns / 1000000000) << 2;
}

/** Seconds since the stamp; packet time that went backwards counts as no time. */
static inline uint32_t bucket_age(uint32_t stamp, uint32_t seconds)
{
    const int32_t age = (int32_t)(seconds - (stamp & ~3u));
    return age < 0 ? 0 : (uint32_t)age >> 2;
}

/** Bit i is set when place i is in use and has this tag. */
static inline uint32_t bucket_candidates(const bucket_t *bucket, uint32_t tag)
{
    uint32_t found = 0;
    for (unsigned way = 0; way < BUCKET_WAYS; way++)
        found |= (uint32_t)(bucket->tags[way] == tag && (bucket->stamps[way] & BUCKET_USED) != 0) << way;
    return found;
}

/**
 * The place to overwrite: an empty one, else the oldest of those not worth keeping, else the oldest. What is
 * past @p lifetime is no longer worth keeping. So a flood of what nobody answers displaces itself.
 */
static inline unsigned bucket_victim(const bucket_t *bucket, uint32_t seconds, uint32_t lifetime)
{
    uint32_t worst = 0;
    for (unsigned way = 0; way < BUCKET_WAYS; way++) {
        const uint32_t stamp = bucket->stamps[way];
        const uint32_t age = bucket_age(stamp, seconds);
        const uint32_t keep = (uint32_t)((stamp & BUCKET_KEEP) != 0) & (uint32_t)(age <= lifetime);
        const uint32_t capped = age < (1u << 26) ? age : (1u << 26) - 1;
        /* One number to compare: unused, not kept, age, and the place itself. */
        const uint32_t score = (~stamp & BUCKET_USED) << 31 | (keep ^ 1) << 30 | capped << 3 | (7 - way);
        worst = score > worst ? score : worst;
    }
    return 7 - (worst & 7);
}

/** Where a look-up of @p tag will end: the place that holds it, else the victim. A guess, for prefetching. */
static inline unsigned bucket_likely(const bucket_t *bucket, uint32_t tag, uint32_t seconds,
                                     uint32_t lifetime)
{
    const uint32_t found = bucket_candidates(bucket, tag);
    return found != 0 ? (unsigned)__builtin_ctz(found) : bucket_victim(bucket, seconds, lifetime);
}

#endif
