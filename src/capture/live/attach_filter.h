/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file attach_filter.h
 * Attaches a filter program to the socket of a capture handle.
 */
#ifndef CAPTURE_LIVE_ATTACH_FILTER_H
#define CAPTURE_LIVE_ATTACH_FILTER_H

#include "capture/bpf/socket_filter.h"

/** The socket that receives the packets of a capture handle. */
typedef struct filter_target {
    pcap_t *pcap;   /* compiles for the link layer */
    int descriptor; /* of the socket */
    bool direct;    /* libpcap does not read this socket, so the filter goes directly to the kernel */
} filter_target_t;

/**
 * Sets the filter before packets are read. The kernel limits the memory of socket options
 * (net.core.optmem_max): if two copies of the program do not fit, @p filter->max_ip_headers is reduced, so
 * that the program can be replaced later. @p filter->snaplen is not 0, here and below: a program without a
 * step does not exist.
 */
synfix_status_t live_filter_set(const filter_target_t *target, socket_filter_t *filter,
                                synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Replaces the filter while packets arrive; on Ethernet no packet is lost. On failure the old filter, or
 * the new expression alone, stays in use.
 */
synfix_status_t live_filter_change(const filter_target_t *target, const socket_filter_t *filter,
                                   synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Whether the kernel accepts @p filter for packets of @p link_type (DLT_ number): the program is attached to
 * a socket of no use. SYNFIX_INVALID: the expression has a mistake, or is not possible for the link type;
 * SYNFIX_IO: the program is too large for the kernel; SYNFIX_NO_MEMORY. Any thread.
 */
synfix_status_t live_filter_is_accepted(const socket_filter_t *filter, int link_type,
                                        synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Drops packets that leave the loopback (interface index @p loopback) before the filter of the socket
 * @p descriptor, because they arrive again. The reader of the ring drops them too, but after the kernel's
 * counters and inside the ring; on failure only the reader does so.
 */
void live_filter_skip_copies(int descriptor, unsigned loopback);

#endif
