/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file clock.h
 * Clocks of the system in nanoseconds. Any thread.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

#define NS_PER_S  INT64_C(1000000000)
#define NS_PER_MS INT64_C(1000000)

static inline int64_t clock_ns(clockid_t clock)
{
    struct timespec now;
    (void)clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

/** CLOCK_MONOTONIC: never steps back, unrelated to the time of day. */
static inline int64_t monotonic_ns(void)
{
    return clock_ns(CLOCK_MONOTONIC);
}

/** CLOCK_REALTIME: time since 1970-01-01 UTC. */
static inline int64_t wall_ns(void)
{
    return clock_ns(CLOCK_REALTIME);
}

#endif
