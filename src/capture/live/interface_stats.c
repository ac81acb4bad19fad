/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Packets that the kernel accepted and dropped, for a handle. */
#include "base/clock.h"
#include "capture/live/interface_internal.h"
#include <linux/if_packet.h>
#include <sys/socket.h>

#define STATS_NS  1000000000          /* interval of statistics, which cost system calls and reads of /sys */
#define SETTLE_NS INT64_C(5000000000) /* in addition to the timeout of a block: time to read the ring */

/* The counters wrap at 2^32, these do not. */
static void add_drops(uint32_t *before, uint32_t now, _Atomic uint64_t *sum)
{
    atomic_fetch_add_explicit(sum, (uint32_t)(now - *before), memory_order_relaxed);
    *before = now;
}

/* The counters of libpcap's socket, or those of the one read in place, which a query sets to zero. Those of
 * the interface come from libpcap. */
static bool query(live_t *live, struct pcap_stat *stats)
{
    struct tpacket_stats_v3 own;
    socklen_t size = sizeof own;
    if (pcap_stats(live->pcap, stats) != 0) {
        return false;
    }
    if (!live_is_in_place(live)) {
        return true;
    }
    if (getsockopt(live->in_place.descriptor, SOL_PACKET, PACKET_STATISTICS, &own, &size) != 0) {
        return false;
    }
    live->own[0] += own.tp_packets;
    live->own[1] += own.tp_drops;
    stats->ps_recv = live->own[0];
    stats->ps_drop = live->own[1];
    return true;
}

/* Publishes the values for other threads. */
static void take_stats(live_t *live)
{
    struct pcap_stat stats;
    if (!query(live, &stats)) {
        return;
    }
    live->accepted = stats.ps_recv - stats.ps_drop;
    add_drops(&live->drops[0], stats.ps_drop, &live->dropped_kernel);
    if (live->first) {
        add_drops(&live->drops[1], stats.ps_ifdrop, &live->dropped_interface);
    }
}

void live_await_settled(live_t *live)
{
    live->settled_ns = monotonic_ns() + SETTLE_NS + live->read_timeout_ms * 1000000;
}

void live_begin_account(live_t *live)
{
    live->filter_ns = wall_ns();
    live_await_settled(live);
    take_stats(live);
    live->accepted_before = live->accepted;
    live->seen = 0;
}

void live_take_stats_at_times(live_t *live)
{
    const int64_t now_ns = monotonic_ns();
    if (now_ns - live->stats_ns < STATS_NS) {
        return;
    }
    live->stats_ns = now_ns;
    take_stats(live);
}

void live_end(void *instance, bool whole)
{
    live_t *live = instance;
    take_stats(live);
    const uint32_t unread = live->accepted - live->accepted_before - live->seen;
    if (!whole && unread <= INT32_MAX) { /* a negative value results from packets in flight */
        atomic_store(&live->unread, unread);
    }
}
