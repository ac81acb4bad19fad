/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file attach_filter.h
 * Giving a filter to a handle's socket.
 */
#ifndef CAPTURE_LIVE_ATTACH_FILTER_H
#define CAPTURE_LIVE_ATTACH_FILTER_H

#include "capture/bpf/socket_filter.h"

/**
 * Before packets are read. The kernel limits the memory of a socket's options (net.core.optmem_max): where
 * the program does not fit in twice, so that it can be changed later, @p filter->levels becomes less.
 */
synfix_status_t live_filter_set(pcap_t *pcap, kernel_filter_t *filter,
                                synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Another one while packets come, none of which is lost on Ethernet. A failure leaves the old one, or that
 * of the new expression alone. */
synfix_status_t live_filter_change(pcap_t *pcap, const kernel_filter_t *filter,
                                   synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Before what the socket's filter asks, drops packets going out of the loopback, whose index is @p loopback:
 * they come in again. libpcap drops them too, but behind the kernel's counters and in the ring's memory;
 * where this fails, it still does.
 */
void live_filter_skip_copies(pcap_t *pcap, unsigned loopback);

#endif
