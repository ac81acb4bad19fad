/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file uptime.h
 * Uptime of a host from its timestamp values, on packet time.
 *
 * A host keeps some of its samples as anchors. Two of them give the frequency of its clock, and the latest
 * value divided by the frequency is the uptime. One thread for each host table.
 */
#ifndef UPTIME_UPTIME_H
#define UPTIME_UPTIME_H

#include <stdbool.h>
#include <stdint.h>
#include <synfix/observation.h>

#include "base/simd.h"
#include "uptime/clock_frequency.h"
#include "uptime/host_table.h"

/** One sample of a host's clock. */
typedef struct uptime_sample {
    int64_t time_ns;
    uint32_t value;      /* timestamp value, not 0 */
    uint32_t connection; /* flow hash */
} uptime_sample_t;

/** Whole milliseconds, rounded down also for times before 1970. */
static inline int64_t uptime_milliseconds(int64_t time_ns)
{
    if (__builtin_expect(time_ns >= 0, 1)) {
        return (int64_t)((uint64_t)time_ns / 1000000u);
    }
    return -(int64_t)((0 - (uint64_t)time_ns + 999999u) / 1000000u);
}

/** Milliseconds since the base of the host; out of range if packet time jumped. */
static inline int64_t uptime_since_base(const host_t *host, int64_t now_ms)
{
    const int64_t unwrapped = now_ms - (int64_t)host->base_s * 1000;
    if (__builtin_expect((uint64_t)unwrapped <= INT32_MAX, 1)) {
        return unwrapped;
    }
    const int64_t now_s = now_ms >= 0 ? now_ms / 1000 : (now_ms - 999) / 1000;
    return (int64_t)(int32_t)((uint32_t)now_s - host->base_s) * 1000 + (now_ms - now_s * 1000);
}

/**
 * True if a sample can change the estimate; reads only the entry of the host, one cache line. Samples of a
 * connection with an anchor always qualify. If all anchors are in use, a new connection qualifies after
 * host_t.retry_ms: 25 ms plus a quarter of the time that the anchors span, 10 s at most.
 */
static inline bool uptime_regression_wants(const host_t *host, const uptime_sample_t *sample)
{
    if (host->anchor_count < HOST_ANCHORS || match8_u32(host->connections, sample->connection) != 0) {
        return true;
    }
    const int64_t since = uptime_since_base(host, uptime_milliseconds(sample->time_ns));
    return since < 0 || since >= host->retry_ms;
}

/**
 * Adds a sample in the default mode (docs/explanation/differences-from-p0f.md, D6). The frequency comes
 * from samples of one connection; the uptime is valid if the samples of several connections lie on one
 * line. Returns true if @p result is new: frequency or reliability changed, or the boot time moved by more
 * than 2 s plus 1 %.
 */
bool uptime_regression_add(host_t *host, host_samples_t *samples, const uptime_sample_t *sample,
                           synfix_uptime_t *result);

/**
 * Compares a sample with the host's last SYN (or SYN+ACK if @p from_server) like p0f 3.09b. Sets @p result
 * if the frequency is plausible.
 */
frequency_estimate_t uptime_p0f_compare(const host_t *host, const host_samples_t *samples,
                                        const uptime_sample_t *sample, bool from_server,
                                        synfix_uptime_t *result);

/** Stores the value of a SYN (SYN+ACK) for the next comparison; 0 if the packet carried no timestamp. */
void uptime_p0f_remember(host_t *host, host_samples_t *samples, const uptime_sample_t *sample,
                         bool from_server);

/** Fills in @p uptime from a frequency and a timestamp value. */
void uptime_fill(synfix_uptime_t *uptime, double hertz, uint32_t value);

#endif
