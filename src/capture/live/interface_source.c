/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capture/live/interface_source.h"
#include "base/clock.h"
#include "capture/live/interface_internal.h"
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#define PAUSE_MS 300 /* after a failure, before the next attempt */
#define GONE_MS  50  /* the same when the interface has disappeared */

static const synfix_option_t live_options[] = {
    {.name = "filter",
     .type = SYNFIX_OPTION_STRING,
     .help = "libpcap expression; the kernel drops other packets"},
    {.name = "kernel-filter",
     .type = SYNFIX_OPTION_BOOLEAN,
     .fallback = "yes",
     .help = "let the kernel drop packets that no analysis needs"},
    {.name = "buffer",
     .type = SYNFIX_OPTION_INTEGER,
     .fallback = "16M",
     .minimum = 65536,
     .maximum = INT64_C(2147483647),
     .help = "bytes of the kernel's ring, for each interface and worker"},
    {.name = "snaplen",
     .type = SYNFIX_OPTION_INTEGER,
     .fallback = "256",
     .minimum = 96,
     .maximum = 262144,
     .help = "bytes captured of each packet"},
    {.name = "promiscuous",
     .type = SYNFIX_OPTION_BOOLEAN,
     .fallback = "yes",
     .help = "receive packets for other hosts"},
    {.name = "timeout",
     .type = SYNFIX_OPTION_DURATION,
     .fallback = "250ms",
     .minimum = 1,
     .maximum = 10000,
     .help = "time after which a block of the ring that is not full is delivered"},
    {.name = "fanout",
     .type = SYNFIX_OPTION_STRING,
     .fallback = "auto",
     .choices = "auto hash inner",
     .help =
         "how workers share the interface: inner (a program looks into tunnels), hash (the kernel's), auto"},
    {.name = NULL},
};

/* Same request as libpcap's, so it can be withdrawn. */
synfix_status_t live_set_promiscuous(void *instance, bool promiscuous, synfix_error_t *error)
{
    live_t *live = instance;
    const struct packet_mreq request = {.mr_ifindex = (int)live->device, .mr_type = PACKET_MR_PROMISC};
    if (live->device == 0 || promiscuous == live->promiscuous) {
        return SYNFIX_OK;
    }
    if (setsockopt(pcap_fileno(live->pcap), SOL_PACKET,
                   promiscuous ? PACKET_ADD_MEMBERSHIP : PACKET_DROP_MEMBERSHIP, &request,
                   sizeof request) != 0) {
        return synfix_fail(error, SYNFIX_IO, "%s: promiscuous: %s", live->name, strerror(errno));
    }
    live->promiscuous = promiscuous;
    return SYNFIX_OK;
}

static synfix_status_t live_open(const synfix_module_context_t *context, const synfix_options_t *options,
                                 void **instance, synfix_error_t *error)
{
    (void)context;
    const live_member_t member = {
        .count = 1, .alone = true, .analysis = LIVE_EVERYTHING, .encapsulations = SYNFIX_ENCAPSULATIONS_ALL};
    return live_open_member(options, &member, instance, error);
}

filter_target_t live_target(const live_t *live)
{
    const bool direct = live_is_in_place(live);
    return (filter_target_t){.pcap = live->pcap,
                             .descriptor = direct ? live->in_place.descriptor : pcap_fileno(live->pcap),
                             .direct = direct};
}

int live_descriptor(const void *instance)
{
    const live_t *live = instance;
    return live_is_in_place(live) ? live->in_place.descriptor : pcap_get_selectable_fd(live->pcap);
}

static void set_begin(live_t *live, int64_t time_ns)
{
    live->begin_ns = time_ns;
    live->in_place.ring.view.begin_ns = time_ns;
}

void live_discard_before(void *instance, int64_t time_ns)
{
    live_t *live = instance;
    set_begin(live, time_ns);
    live_await_settled(live);
}

/* From now on, a packet is older than the start or the filter only if the clock was set back. */
static void settle(live_t *live)
{
    if ((live->begin_ns != 0 || live->filter_ns != 0) && monotonic_ns() > live->settled_ns) {
        set_begin(live, 0);
        live->filter_ns = 0;
    }
}

void live_close_intake(void *instance)
{
    live_t *live = instance;
    struct sock_filter nothing = {.code = BPF_RET | BPF_K};
    const struct sock_fprog program = {.len = 1, .filter = &nothing};
    /* on failure, packets that arrive meanwhile are read as well */
    (void)setsockopt(live_target(live).descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}

int64_t live_delay_ms(const void *instance)
{
    const live_t *live = instance;
    return live->read_timeout_ms;
}

/* An interface that is down may return; one that disappeared does not. The existing socket is queried,
 * because new sockets may need privileges after privileges were dropped. */
static bool vanished(const live_t *live)
{
    struct ifreq request = {.ifr_ifindex = (int)live->device};
    return live->device != 0 && ioctl(pcap_fileno(live->pcap), SIOCGIFNAME, &request) != 0 &&
           (errno == ENODEV || errno == ENXIO);
}

/* The kernel passes the last block of an interface that disappeared when the timeout of the block ends. */
static bool awaits_last_block(live_t *live)
{
    const int64_t now_ns = monotonic_ns();
    if (live->gone_ns == 0) {
        live->gone_ns = now_ns + (live->read_timeout_ms + GONE_MS) * NS_PER_MS;
    }
    return now_ns < live->gone_ns;
}

static synfix_status_t live_read(void *instance, synfix_packet_t *packets, size_t capacity, size_t *count,
                                 synfix_error_t *error)
{
    live_t *live = instance;
    if (capacity > SYNFIX_BATCH_MAX) {
        capacity = SYNFIX_BATCH_MAX;
    }
    live_take_filter(live);
    settle(live);
    const int result = live_read_packets(live, packets, capacity);
    live_take_stats_at_times(live);
    *count = live->count;
    atomic_fetch_add_explicit(&live->received, live->count, memory_order_relaxed);
    if (live->count > 0) {
        return SYNFIX_OK;
    }
    if (live->in_place.ring.damaged) {
        return synfix_fail(error, SYNFIX_IO,
                           "%s: the kernel's ring has a packet outside of its block; "
                           "capture again",
                           live->name);
    }
    if (result <= 0 && vanished(live) && !awaits_last_block(live)) {
        return synfix_fail(error, SYNFIX_DISCONNECTED, "%s: the interface was removed", live->name);
    }
    /* an own socket reports an error once, and the thread continues with its other interfaces */
    if (result < 0 && (live->alone || !live_is_in_place(live))) {
        (void)poll(NULL, 0, live->gone_ns == 0 ? PAUSE_MS : GONE_MS);
    }
    return SYNFIX_AGAIN;
}

static void live_stats(void *instance, synfix_source_stats_t *stats)
{
    live_t *live = instance;
    *stats = (synfix_source_stats_t){.received = atomic_load(&live->received),
                                     .dropped_kernel = atomic_load(&live->dropped_kernel),
                                     .dropped_interface = atomic_load(&live->dropped_interface),
                                     .unread = atomic_load(&live->unread)};
}

static void live_check(const synfix_options_t *options, synfix_mistakes_t *mistakes)
{
    const char *name = synfix_options_target(options);
    synfix_error_t error;
    synfix_options_check(options, mistakes);
    if (name[0] == '\0' || strlen(name) >= IF_NAMESIZE) {
        (void)synfix_mistakes_add(mistakes, NULL,
                                  synfix_fail(&error, SYNFIX_INVALID,
                                              "live: '%.64s' is not the name of an interface; write 1 to %u "
                                              "characters, or any",
                                              name, IF_NAMESIZE - 1u),
                                  &error);
    }
    (void)synfix_mistakes_add(
        mistakes, "filter",
        socket_filter_check(synfix_options_string(options, "filter"), strcmp(name, "any") == 0, &error),
        &error);
}

static const synfix_source_t live_source = {
    .open = live_open, .read = live_read, .stats = live_stats, .close = live_close};

const synfix_module_t capture_live_module = {
    .abi = SYNFIX_MODULE_ABI,
    .size = sizeof(synfix_module_t),
    .kind = SYNFIX_MODULE_SOURCE,
    .name = "live",
    .summary = "a network interface, or any",
    .options = live_options,
    .source = &live_source,
    .check = live_check,
};
