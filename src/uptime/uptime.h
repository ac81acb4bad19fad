/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file uptime.h
 * A host's uptime from the timestamp values that it sends, on packet time.
 */
#ifndef UPTIME_UPTIME_H
#define UPTIME_UPTIME_H

#include <stdbool.h>
#include <stdint.h>
#include <synfix/observation.h>

#include "uptime/clock_frequency.h"
#include "uptime/host_table.h"

/** One reading of a host's clock. */
typedef struct uptime_sample {
    int64_t time_ns;
    uint32_t value;      /* timestamp value, not 0 */
    uint32_t connection; /* flow hash */
} uptime_sample_t;

/**
 * Whether a point can tell anything new, by a look at the host's first cache line. One of a connection that
 * has an anchor can; a host that has all its anchors takes up another connection only after 25 ms and a
 * quarter of the time that they span, 10 s at most.
 */
bool uptime_lines_wants(const host_t *host, const uptime_sample_t *point);

/**
 * The default way (D6), for a point that is wanted: the frequency comes from points of one connection; the
 * uptime is believed when the points of several connections lie on one line. True when @p result is news: the
 * frequency or the reliability became known or changed, or the boot time moved by more than 2 s + 1 %.
 */
bool uptime_lines_add(host_t *host, const uptime_sample_t *point, synfix_uptime_t *result);

/**
 * p0f's way: compares with the host's last SYN (or, @p from_server, SYN+ACK). @p result is set for a good
 * reading.
 */
frequency_estimate_t uptime_p0f_compare(const host_t *host, const uptime_sample_t *point, bool from_server,
                                        synfix_uptime_t *result);

/** Remembers a SYN's (SYN+ACK's) value for later comparison; 0 when it carried none. */
void uptime_p0f_remember(host_t *host, const uptime_sample_t *point, bool from_server);

/** What follows from a frequency and a timestamp value. */
void uptime_fill(synfix_uptime_t *uptime, double hertz, uint32_t value);

#endif
