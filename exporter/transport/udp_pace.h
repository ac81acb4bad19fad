/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file udp_pace.h
 * Pacing of datagrams. UDP has no flow control: a burst that exceeds the collector's receive buffer is lost.
 * The automatic pace counts bytes, starts slowly, and pauses after the first templates. The caller passes
 * monotonic nanoseconds.
 */
#ifndef EXPORTER_TRANSPORT_UDP_PACE_H
#define EXPORTER_TRANSPORT_UDP_PACE_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/**
 * Start and maximum of the automatic pace in bytes a second. The default receive buffer of Linux (212,992
 * bytes, about 92 messages of 1400 bytes) then holds the datagrams of 130 ms. On a busy
 * host, a collector may not run for that long.
 */
#define UDP_PACE_FIRST 250000
#define UDP_PACE_LAST  1000000
/** The automatic pace doubles after this time. */
#define UDP_PACE_STEP_NS INT64_C(250000000)
/**
 * Pause between the first templates and the first records, because some collectors decode datagrams in
 * several threads.
 */
#define UDP_PACE_SETTLE_NS INT64_C(200000000)

/** Longest part of a wait, after which a stop is noticed. */
#define UDP_PACE_PIECE_NS INT64_C(50000000)

#define UDP_PACE_AUTOMATIC (-1)

typedef struct udp_pace {
    int64_t messages; /* a second; 0: no limit; UDP_PACE_AUTOMATIC: by bytes */
    int64_t began_ns; /* of the slow start */
    int64_t next_ns;  /* when the next datagram may leave */
} udp_pace_t;

/** Starts slowly. @p messages: a second; 0: no limit; UDP_PACE_AUTOMATIC: by bytes. @p now_ns: monotonic. */
void udp_pace_begin(udp_pace_t *pace, int64_t messages, int64_t now_ns);

/** Templates were sent to a collector without templates: records wait, and the pace starts slowly again. */
void udp_pace_settle(udp_pace_t *pace, int64_t now_ns);

/** Registers a datagram of @p bytes and returns the nanoseconds to wait before it is sent. */
int64_t udp_pace_take(udp_pace_t *pace, size_t bytes, int64_t now_ns);

/** Waits for @p wait_ns; @p stopping ends the wait early, within UDP_PACE_PIECE_NS. */
void udp_pace_sleep(int64_t wait_ns, const atomic_bool *stopping);

#endif
