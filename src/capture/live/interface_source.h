/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file interface_source.h
 * Network interfaces, with one capture handle for each worker. The handles of an interface form a fanout
 * group, which delivers both directions of a flow to the same handle.
 */
#ifndef CAPTURE_LIVE_INTERFACE_SOURCE_H
#define CAPTURE_LIVE_INTERFACE_SOURCE_H

#include "capture/bpf/socket_filter.h"
#include "capture/fanout/fanout_group.h"
#include <synfix/module.h>

/** The source `live`: network interfaces; the target is a name. */
extern const synfix_module_t capture_live_module;

typedef struct live_member {
    unsigned index;        /* index of the worker */
    unsigned count;        /* number of workers; 1: no group */
    fanout_group_t *group; /* group of the interface; used only while opening; NULL for one worker */
    bool alone;            /* the worker reads no other interface: read may wait */
    bool by_libpcap;       /* libpcap reads the packets, also where they could be read in place */
    live_analysis_t analysis;
    synfix_encapsulations_t encapsulations; /* permitted encapsulations */
} live_member_t;

/** Opens one handle. The instance is passed to the other functions of capture_live_module. */
synfix_status_t live_open_member(const synfix_options_t *options, const live_member_t *member,
                                 void **instance, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Filter for one handle, with its own copy of the expression. */
typedef socket_filter_t live_filter_t;

/**
 * Makes a filter for live_filter_use(). The expression of @p filter must be one that socket_filter_check()
 * accepts. NULL without memory.
 */
live_filter_t *live_filter_new(const socket_filter_t *filter);
/** NULL is allowed. */
void live_filter_free(live_filter_t *filter);

/**
 * Checks @p filter for the link layer of the handle and in the kernel, and completes the filter. Nothing
 * changes. The message begins with the interface. Any thread.
 */
synfix_status_t live_filter_check(const void *instance, live_filter_t *filter,
                                  synfix_error_t *error) SYNFIX_MUST_CHECK;

/**
 * Attaches @p filter, which live_filter_check() has accepted, with the next read: packets before see the old
 * one, and none is lost in between. The handle owns @p filter. Any thread.
 * @param context  logs if the kernel refuses the filter all the same; the old one stays then
 */
void live_filter_use(void *instance, live_filter_t *filter, const synfix_module_context_t *context);

/** Switches promiscuous mode; not for `any`, which has none. One thread at a time. */
synfix_status_t live_set_promiscuous(void *instance, bool promiscuous,
                                     synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Levels (socket_filter.h) for which the kernel had room. */
unsigned live_max_ip_headers(const void *instance);

/** Descriptor for poll. */
int live_descriptor(const void *instance);

/** Discards packets older than @p time_ns, which arrived before all members had joined. It ends after a
 * while: a clock that is set back makes later packets older. */
void live_discard_before(void *instance, int64_t time_ns);

/** Stops the kernel from accepting packets; packets in the ring can still be read. */
void live_close_intake(void *instance);

/** Maximum time in milliseconds that a packet stays in the kernel before it can be read. */
int64_t live_delay_ms(const void *instance);

/**
 * Final statistics; call after the last read, in the same thread. @p whole false: packets that remain in
 * the kernel count as unread.
 */
void live_end(void *instance, bool whole);

#endif
