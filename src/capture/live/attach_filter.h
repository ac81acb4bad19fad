/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file attach_filter.h
 * Attaches a filter program to the socket of a capture handle.
 */
#ifndef CAPTURE_LIVE_ATTACH_FILTER_H
#define CAPTURE_LIVE_ATTACH_FILTER_H

#include "capture/bpf/socket_filter.h"

/**
 * Sets the filter before packets are read. The kernel limits the memory of socket options
 * (net.core.optmem_max): if two copies of the program do not fit, @p filter->max_ip_headers is reduced, so
 * that the program can be replaced later.
 */
synfix_status_t live_filter_set(pcap_t *pcap, socket_filter_t *filter,
                                synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Replaces the filter while packets arrive; on Ethernet no packet is lost. On failure the old filter, or
 * the new expression alone, stays in use.
 */
synfix_status_t live_filter_change(pcap_t *pcap, const socket_filter_t *filter,
                                   synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Whether the kernel accepts @p filter for packets of @p link_type (DLT_ number): the program is attached to
 * a socket of no use. SYNFIX_INVALID: the expression has a mistake, or is not possible for the link type;
 * SYNFIX_IO: the program is too large for the kernel; SYNFIX_NO_MEMORY. Any thread.
 */
synfix_status_t live_filter_is_accepted(const socket_filter_t *filter, int link_type,
                                        synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Drops packets that leave the loopback (interface index @p loopback) before the filter, because they
 * arrive again. libpcap drops them too, but after the kernel's counters and inside the ring; on failure
 * libpcap still does so.
 */
void live_filter_skip_copies(pcap_t *pcap, unsigned loopback);

#endif
