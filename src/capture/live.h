/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file live.h
 * Interfaces with one handle for each worker, joined in a fanout group of the kernel, which hands both
 * directions of a flow to the same member.
 */
#ifndef CAPTURE_LIVE_H
#define CAPTURE_LIVE_H

#include "capture/fanout_group.h"
#include <synfix/module.h>

/** Who needs what: the kernel drops the rest. It may only pass too much. */
typedef enum live_analysis {
    LIVE_EVERYTHING, /* no filter of ours */
    LIVE_SYN,        /* SYN and SYN+ACK, whatever may hide one: tunnels, fragments, unknown protocols */
    LIVE_UPTIME,     /* and about one in eight of the TCP segments with timestamps */
} live_analysis_t;

typedef struct live_member {
    unsigned index;        /* of the worker */
    unsigned count;        /* workers; 1: no group */
    fanout_group_t *group; /* of the interface; used while opening only; NULL for one worker */
    uint32_t interface_id;
    bool alone; /* the worker has no other interface: read may wait */
    live_analysis_t analysis;
} live_member_t;

/** Room for the longest filter, with its end. */
#define LIVE_FILTER_SIZE 2048u

/** libpcap expression for @p analysis and the user's @p expression (NULL: none). */
synfix_status_t live_filter(live_analysis_t analysis, const char *expression, char text[LIVE_FILTER_SIZE],
                            synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Whether the user's @p expression (NULL: none) is one that libpcap understands. */
synfix_status_t live_check_filter(const char *expression, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Opens one handle; the other functions of capture_live_module take the instance. */
synfix_status_t live_open_member(const synfix_options_t *options, const live_member_t *member,
                                 void **instance, synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Another filter, from the next read on: packets before see the old one, and none is lost in between. Any
 * thread. @p expression (NULL: none) must be one that live_check_filter took; if the kernel refuses it
 * nevertheless, the old one stays, which @p host is told.
 */
synfix_status_t live_refilter(void *instance, live_analysis_t analysis, const char *expression,
                              const synfix_host_t *host, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** To poll for input. */
int live_descriptor(const void *instance);

/** Packets older than @p time_ns are not handed out: they came before all members had joined. */
void live_discard_before(void *instance, int64_t time_ns);

/** The kernel takes no more packets for it; what it holds already can still be read. */
void live_close_intake(void *instance);

/** So long may a packet stay in the kernel before it can be read. */
int64_t live_delay_ms(const void *instance);

/** After the last read, in the same thread: the last figures. */
void live_end(void *instance);

#endif
