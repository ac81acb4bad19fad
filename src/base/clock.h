/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file clock.h
 * Clocks of the system in nanoseconds, and dates of 64-bit times in UTC: gmtime() ends in 2038 where time_t
 * has 32 bits. Any thread.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/decimal_digits.h"
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

#define S_PER_DAY 86400

/** A time of the Gregorian calendar, UTC. */
typedef struct civil_time {
    unsigned year;
    unsigned month;  /* 1 to 12 */
    unsigned day;    /* 1 to 31 */
    unsigned of_day; /* seconds since midnight */
} civil_time_t;

/**
 * Converts seconds since 1970, from year 0 on, in eras of 400 years that begin on 1 March.
 */
static inline civil_time_t civil_time(int64_t seconds)
{
    int64_t days = seconds / S_PER_DAY;
    int64_t of_day = seconds % S_PER_DAY;
    if (of_day < 0) {
        of_day += S_PER_DAY;
        days--;
    }
    const int64_t shifted = days + 719468;
    const int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    const unsigned of_era = (unsigned)(shifted - era * 146097);
    const unsigned year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    const unsigned of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const unsigned from_march = (5 * of_year + 2) / 153;
    const unsigned month = from_march < 10 ? from_march + 3 : from_march - 9;
    return (civil_time_t){.year = (unsigned)((int64_t)year_of_era + era * 400) + (month <= 2 ? 1 : 0),
                          .month = month,
                          .day = of_year - (153 * from_march + 2) / 5 + 1,
                          .of_day = (unsigned)of_day};
}

#define CIVIL_TIME_LENGTH (sizeof "2022-10-28T09:46:19" - 1)

/** Writes CIVIL_TIME_LENGTH bytes; years have four digits. Returns the byte after them. */
static inline char *civil_time_put(char *at, int64_t seconds, char date, char between)
{
    const civil_time_t time = civil_time(seconds);
    at = decimal_put_pair(decimal_put_pair(at, time.year / 100 % 100), time.year % 100);
    *at++ = date;
    at = decimal_put_pair(at, time.month);
    *at++ = date;
    at = decimal_put_pair(at, time.day);
    *at++ = between;
    at = decimal_put_pair(at, time.of_day / 3600);
    *at++ = ':';
    at = decimal_put_pair(at, time.of_day / 60 % 60);
    *at++ = ':';
    return decimal_put_pair(at, time.of_day % 60);
}

#endif
