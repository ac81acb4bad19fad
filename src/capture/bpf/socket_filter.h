/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file socket_filter.h
 * The socket filter drops packets that no analysis needs, packets in excluded encapsulations, and packets
 * that the user's libpcap expression excludes. In doubt a packet passes.
 */
#ifndef CAPTURE_BPF_SOCKET_FILTER_H
#define CAPTURE_BPF_SOCKET_FILTER_H

#include "capture/bpf/bpf_parser.h"
#include <pcap/pcap.h>
#include <stdbool.h>
#include <synfix/headers.h>
#include <synfix/status.h>

/** Analyses, and the packets that they need. */
typedef enum live_analysis {
    LIVE_EVERYTHING, /* only the user's expression filters */
    LIVE_SYN,        /* SYN and SYN+ACK, and packets that may contain one and cannot be parsed */
    LIVE_UPTIME,     /* also about one in eight TCP segments with timestamps */
    LIVE_SEGMENTS,   /* all TCP packets */
} live_analysis_t;

typedef struct socket_filter {
    live_analysis_t analysis;
    synfix_encapsulations_t encapsulations; /* permitted encapsulations; ignored with LIVE_EVERYTHING */
    const char *expression;                 /* NULL or empty: no expression */
    unsigned
        max_ip_headers; /* IP headers to inspect: outer packet plus nested tunnels, 1 to MAX_IP_HEADERS */
    uint32_t snaplen;   /* bytes of a passing packet that the kernel keeps; 0: all, in programs that the
                           kernel does not get */
    bool tag_aside;     /* the kernel has removed the outermost VLAN tag and reports it separately */
} socket_filter_t;

/**
 * Builds the filter for the packets of @p pcap (a dead handle is allowed). Ethernet, raw IP and Linux
 * cooked captures are parsed; on any other link layer only the expression applies. Free @p program with
 * pcap_freecode; it is empty if everything passes whole. SYNFIX_INVALID: @p error states the mistake in the
 * expression.
 */
synfix_status_t socket_filter_build(const socket_filter_t *filter, pcap_t *pcap, struct bpf_program *program,
                                    synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Checks @p expression (NULL: none) for Ethernet. Restrictions of an interface's link layer show when the
 * interface is opened.
 */
synfix_status_t socket_filter_check(const char *expression, bool cooked,
                                    synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * The instructions in the format of tcpdump -d, for Ethernet or the interface `any`. The caller frees the
 * text with free().
 */
synfix_status_t socket_filter_print(const socket_filter_t *filter, bool cooked, char **text,
                                    synfix_error_t *error) SYNFIX_MUST_CHECK;

#endif
