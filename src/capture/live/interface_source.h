/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file interface_source.h
 * Interfaces with one handle for each worker, joined in a fanout group of the kernel, which hands both
 * directions of a flow to the same member.
 */
#ifndef CAPTURE_LIVE_INTERFACE_SOURCE_H
#define CAPTURE_LIVE_INTERFACE_SOURCE_H

#include "capture/bpf/socket_filter.h"
#include "capture/fanout/fanout_group.h"
#include <synfix/module.h>

/** The source `live`: network interfaces; the target is a name. */
extern const synfix_module_t capture_live_module;

typedef struct live_member {
    unsigned index;        /* of the worker */
    unsigned count;        /* workers; 1: no group */
    fanout_group_t *group; /* of the interface; used while opening only; NULL for one worker */
    uint32_t interface_id;
    bool alone; /* the worker has no other interface: read may wait */
    live_analysis_t analysis;
    synfix_encapsulations_t encapsulations; /* that are asked for */
} live_member_t;

/** Opens one handle; the other functions of capture_live_module take the instance. */
synfix_status_t live_open_member(const synfix_options_t *options, const live_member_t *member,
                                 void **instance, synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Another filter, from the next read on: packets before see the old one, and none is lost in between. Any
 * thread. The expression of @p filter must be one that kernel_filter_check took; if the kernel refuses it
 * nevertheless, the old one stays, which @p host is told. Levels and tag are the handle's own.
 */
synfix_status_t live_refilter(void *instance, const kernel_filter_t *filter,
                              const synfix_module_context_t *host, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Whether the interface shows what is not for this host; not for `any`, which never does. One thread at a
 * time. */
synfix_status_t live_set_promiscuous(void *instance, bool promiscuous,
                                     synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Levels (kernel_filter.h) that the kernel had room for. */
unsigned live_levels(const void *instance);

/** To poll for input. */
int live_descriptor(const void *instance);

/** Packets older than @p time_ns are not handed out: they came before all members had joined. */
void live_discard_before(void *instance, int64_t time_ns);

/** The kernel takes no more packets for it; what it holds already can still be read. */
void live_close_intake(void *instance);

/** So long may a packet stay in the kernel before it can be read. */
int64_t live_delay_ms(const void *instance);

/** After the last read, in the same thread: the last figures. Not @p whole: the kernel may hold packets,
 * which count as unread. */
void live_end(void *instance, bool whole);

#endif
