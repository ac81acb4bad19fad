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

#include "base/lanes.h"

#define BUCKET_WAYS 8u

typedef struct bucket {
    _Alignas(64) uint32_t tags[BUCKET_WAYS];
    uint32_t stamps[BUCKET_WAYS]; /* bits 31 to 2 seconds, bit 1 worth keeping, bit 0 in use */
} bucket_t;

#define BUCKET_USED 1u
#define BUCKET_KEEP 2u

#define BUCKET_DROP_BIT 29 /* of a score: not worth keeping */

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
    const lanes_t wanted = lanes_all(tag);
    const lanes_t one = lanes_all(BUCKET_USED);
    const lanes_t low = (lanes_load(bucket->tags) == wanted) & -(lanes_load(bucket->stamps) & one);
    const lanes_t high = (lanes_load(bucket->tags + 4) == wanted) & -(lanes_load(bucket->stamps + 4) & one);
    return lanes_or((low & (lanes_t){1, 2, 4, 8}) | (high & (lanes_t){16, 32, 64, 128}));
}

/* One number to compare for each of four places: unused, not worth keeping, age, and the place itself. */
static inline lanes_t bucket_scores(const uint32_t *stamps, lanes_t places, uint32_t seconds,
                                    uint32_t lifetime)
{
    const lanes_t most = lanes_all((1u << 26) - 1);
    const lanes_t stamp = lanes_load(stamps);
    lanes_t age = lanes_difference(lanes_all(seconds), stamp & ~3) >> 2;
    age &= ~(age >> 31);
    age = -lanes_max(-age, -most);
    const lanes_t keep = -((stamp >> 1) & 1) & (age <= lanes_all(lifetime));
    return (~-(stamp & 1) & 1 << 30) | (~keep & 1 << BUCKET_DROP_BIT) | age << 3 | places;
}

/**
 * The place to overwrite for @p tag: an empty one, else the oldest of those not worth keeping; of several
 * from the same second the tag decides, or each newcomer would displace the one before it. What is past @p
 * lifetime is not worth keeping. No more than half of the places are kept so: what is worth keeping survives
 * a flood of what is not, and still a newcomer has as many places to wait in.
 */
static inline unsigned bucket_victim(const bucket_t *bucket, uint32_t tag, uint32_t seconds,
                                     uint32_t lifetime)
{
    const lanes_t turn = lanes_all(tag >> 9 & 7); /* bits that chose neither the shard nor the set */
    lanes_t low = bucket_scores(bucket->stamps, (lanes_t){7, 6, 5, 4} ^ turn, seconds, lifetime);
    lanes_t high = bucket_scores(bucket->stamps + 4, (lanes_t){3, 2, 1, 0} ^ turn, seconds, lifetime);
    const int32_t kept = lanes_sum(((~low >> BUCKET_DROP_BIT) & 1) + ((~high >> BUCKET_DROP_BIT) & 1));
    if (kept > (int32_t)BUCKET_WAYS / 2) {
        low ^= 1 << BUCKET_DROP_BIT;
        high ^= 1 << BUCKET_DROP_BIT;
    }
    return 7 - (((unsigned)lanes_greatest(lanes_max(low, high)) ^ tag >> 9) & 7);
}

/** Where a look-up of @p tag will end: the place that holds it, else the victim. A guess, for prefetching. */
static inline unsigned bucket_likely(const bucket_t *bucket, uint32_t tag, uint32_t seconds,
                                     uint32_t lifetime)
{
    const uint32_t found = bucket_candidates(bucket, tag);
    return found != 0 ? (unsigned)__builtin_ctz(found) : bucket_victim(bucket, tag, seconds, lifetime);
}

#endif
