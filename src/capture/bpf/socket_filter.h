/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file socket_filter.h
 * The program that lets the kernel drop what nobody needs: of the analyses, the tags and tunnels asked for,
 * and the user's libpcap expression. It may only let too much pass.
 */
#ifndef CAPTURE_BPF_SOCKET_FILTER_H
#define CAPTURE_BPF_SOCKET_FILTER_H

#include "capture/bpf/bpf_parser.h"
#include <pcap/pcap.h>
#include <stdbool.h>
#include <synfix/headers.h>
#include <synfix/status.h>

/** Who needs what: the kernel drops the rest. */
typedef enum live_analysis {
    LIVE_EVERYTHING, /* no filter but the user's expression */
    LIVE_SYN,        /* SYN and SYN+ACK, and what may hide one and can't be looked into */
    LIVE_UPTIME,     /* and about one in eight of the TCP segments with timestamps */
    LIVE_SEGMENTS,   /* all of TCP */
} live_analysis_t;

typedef struct kernel_filter {
    live_analysis_t analysis;
    synfix_encapsulations_t encapsulations; /* asked for; not looked at with LIVE_EVERYTHING */
    const char *expression;                 /* NULL or empty: none */
    unsigned levels;                        /* tunnels that are looked into, and one: 1 to MAX_IP_HEADERS */
    bool tag_aside; /* the kernel has taken the outermost VLAN tag off and tells it aside */
} kernel_filter_t;

/**
 * For packets as @p pcap gives them (which may be a dead one). Ethernet, raw IP and Linux's cooked captures
 * are looked into; of any other link layer everything passes that the expression takes. pcap_freecode ends @p
 * program; it is empty where everything passes. INVALID names what is wrong with the expression.
 */
synfix_status_t kernel_filter_build(const kernel_filter_t *filter, pcap_t *pcap, struct bpf_program *program,
                                    synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Whether libpcap understands @p expression (NULL: none) for Ethernet; what an interface's own link layer
 * does not know shows when it is opened. */
synfix_status_t kernel_filter_check(const char *expression, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** The instructions as tcpdump -d prints them, for Ethernet or what interface `any` gives; free() it. */
synfix_status_t kernel_filter_print(const kernel_filter_t *filter, bool cooked, char **text,
                                    synfix_error_t *error) SYNFIX_MUST_CHECK;

#endif
