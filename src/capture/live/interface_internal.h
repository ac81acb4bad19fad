/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file interface_internal.h
 * State of one handle of an interface, for the files of the source only. Where a thread is not named, it is
 * the reading one.
 */
#ifndef CAPTURE_LIVE_INTERFACE_INTERNAL_H
#define CAPTURE_LIVE_INTERFACE_INTERNAL_H

#include "capture/live/attach_filter.h"
#include "capture/live/interface_source.h"
#include "capture/live/packet_socket.h"
#include "capture/live/ring_interface.h"
#include "on_demand/pcap.h"
#include <stdatomic.h>

typedef struct live {
    pcap_t *pcap;
    packet_socket_t in_place; /* reads the packets; closed: libpcap does */
    char *name;
    unsigned device; /* interface index; 0: any */
    uint32_t link_type;
    ring_interface_t ring; /* valid if device is 0 */
    uint32_t snaplen;
    bool alone;
    bool by_libpcap; /* not in place, also where possible */
    bool promiscuous;
    bool first;              /* first member of the group: reports the statistics of the interface */
    int64_t read_timeout_ms; /* block timeout of the kernel */
    bool micro;              /* timestamps have microseconds */
    int64_t begin_ns;        /* older packets are discarded */
    int64_t settled_ns; /* monotonic: begin_ns and filter_ns end, because all older packets have been read */
    int64_t gone_ns; /* monotonic: the last block of an interface that disappeared has come; 0: it is there */
    int64_t stats_ns;  /* time of the last statistics, monotonic */
    uint32_t drops[2]; /* 32-bit counters at that time: kernel, interface */
    uint32_t own[2];   /* counters of the socket read in place: accepted, dropped */
    int64_t filter_ns; /* time at which the filter was set: libpcap discards older packets */
    uint32_t accepted; /* packets accepted by the kernel, without drops, now and at that time */
    uint32_t accepted_before;
    uint32_t seen;     /* packets read since then */
    unsigned loopback; /* interface index of the loopback; 0 if its packets cannot occur */
    uint64_t number;
    uint8_t *bytes; /* copies for one batch of libpcap, which returns its block at once; NULL: in place */
    synfix_packet_t *packets;
    size_t count;
    unsigned max_ip_headers;                /* levels of the filter */
    _Atomic(socket_filter_t *) next_filter; /* owned, with its expression; NULL: no change pending */
    const synfix_module_context_t *context; /* valid if next_filter is set */
    _Atomic uint64_t received;
    _Atomic uint64_t dropped_kernel;
    _Atomic uint64_t dropped_interface;
    _Atomic uint64_t unread;
} live_t;

/** Whether the packets are read in place. */
static inline bool live_is_in_place(const live_t *live)
{
    return live->in_place.descriptor >= 0;
}

/** The socket that receives the packets, for its filter. */
filter_target_t live_target(const live_t *live);

/** Reads up to @p capacity packets (read of the source), which it counts. Negative: the socket failed. */
int live_read_packets(live_t *live, synfix_packet_t *packets, size_t capacity);

/** Attaches the filter of the start; the kernel may have room for fewer levels. */
synfix_status_t live_set_first_filter(live_t *live, const synfix_options_t *options,
                                      const live_member_t *member, synfix_error_t *error) SYNFIX_MUST_CHECK;

/** Attaches the filter of live_filter_use(), if there is a new one. */
void live_take_filter(live_t *live);

/** Queries the counters and publishes them for other threads, at most once a second. */
void live_take_stats_at_times(live_t *live);

/** begin_ns and filter_ns hold from now on until the packets in the ring have been read. */
void live_await_settled(live_t *live);

/** Packets accepted so far are excluded from the accounting that starts now. */
void live_begin_account(live_t *live);

/** Frees @p instance, also after a start that failed. */
void live_close(void *instance);

#endif
