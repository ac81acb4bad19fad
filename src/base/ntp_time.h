/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file ntp_time.h
 * Times of IPFIX in NTP format (RFC 7011, sections 6.1.9 and 6.1.10): seconds since 1900 in the upper 32
 * bits, a binary fraction in the lower ones. Any thread.
 */
#ifndef BASE_NTP_TIME_H
#define BASE_NTP_TIME_H

#include "base/clock.h"
#include <stdbool.h>

#define NTP_TO_UNIX 2208988800u /* seconds from 1900 to 1970 */

/** The time in NTP format; 1970 for earlier times. With @p microseconds, the fraction is one of RFC 7011,
 * section 6.1.9. */
static inline uint64_t ntp_from_ns(int64_t time_ns, bool microseconds)
{
    const uint64_t time = time_ns > 0 ? (uint64_t)time_ns : 0;
    const uint64_t seconds = time / NS_PER_S + NTP_TO_UNIX;
    uint64_t rest = time % NS_PER_S;
    if (microseconds) {
        rest -= rest % 1000;
    }
    uint64_t fraction = (rest << 32) / NS_PER_S;
    if (rest != 0) {
        fraction++; /* rounded up, so that the reader's division gives the same nanosecond back */
    }
    if (microseconds) {
        fraction &= ~(uint64_t)0x7FF; /* RFC 7011 6.1.9: the lower 11 bits are zero */
        fraction += rest != 0 ? 0x800 : 0;
    }
    return seconds << 32 | (fraction & UINT32_MAX);
}

/** Seconds since 1970. Small second counts belong to the NTP era that begins in 2036. */
static inline uint32_t ntp_seconds(uint64_t ntp)
{
    return (uint32_t)(ntp >> 32) - NTP_TO_UNIX;
}

/** The fraction in parts of a second: @p parts is 1000000 for microseconds, NS_PER_S for nanoseconds. */
static inline uint64_t ntp_fraction(uint64_t ntp, uint64_t parts)
{
    return ((ntp & UINT32_MAX) * parts) >> 32;
}

/** Nanoseconds since 1970. */
static inline int64_t ntp_to_ns(uint64_t ntp)
{
    return (int64_t)ntp_seconds(ntp) * NS_PER_S + (int64_t)ntp_fraction(ntp, NS_PER_S);
}

#endif
