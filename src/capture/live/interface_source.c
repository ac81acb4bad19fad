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

#define WAIT_MS                                                                                              \
    300 /* longer than the default block timeout of TPACKET_V3, so that poll wakes once for each block */
#define STATS_NS 1000000000 /* interval of statistics, which cost system calls and reads of /sys */

static const synfix_option_t live_options[] = {
    {.name = "filter",
     .type = SYNFIX_OPTION_STRING,
     .help = "libpcap expression; the kernel drops other packets"},
    {.name = "kernel-filter",
     .type = SYNFIX_OPTION_BOOLEAN,
     .fallback = "yes",
     .help = "let the kernel drop what no analysis needs"},
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
     .help = "see packets that are not for this host"},
    {.name = "timeout",
     .type = SYNFIX_OPTION_DURATION,
     .fallback = "250ms",
     .minimum = 1,
     .maximum = 10000,
     .help = "a block of the ring that is not full is handed over after this"},
    {.name = "fanout",
     .type = SYNFIX_OPTION_STRING,
     .fallback = "auto",
     .choices = "auto hash inner",
     .help = "how workers share it: inner (a program looks into tunnels), hash (the kernel's), auto"},
    {.name = NULL},
};

/* libpcap's counters wrap at 2^32, these do not. */
static void add_drops(uint32_t *before, uint32_t now, _Atomic uint64_t *sum)
{
    atomic_fetch_add_explicit(sum, (uint32_t)(now - *before), memory_order_relaxed);
    *before = now;
}

/* Queries libpcap and publishes the values for other threads. */
static void live_take_stats(live_t *live)
{
    struct pcap_stat stats;
    if (pcap_stats(live->pcap, &stats) != 0) {
        return;
    }
    live->accepted = stats.ps_recv - stats.ps_drop;
    add_drops(&live->drops[0], stats.ps_drop, &live->dropped_kernel);
    if (live->first) {
        add_drops(&live->drops[1], stats.ps_ifdrop, &live->dropped_interface);
    }
}

void live_begin_account(live_t *live)
{
    live->filter_ns = wall_ns();
    live_take_stats(live);
    live->accepted_before = live->accepted;
    live->seen = 0;
}

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

int live_descriptor(const void *instance)
{
    const live_t *live = instance;
    return pcap_get_selectable_fd(live->pcap);
}

void live_discard_before(void *instance, int64_t time_ns)
{
    live_t *live = instance;
    live->begin_ns = time_ns;
}

static void on_packet(u_char *user, const struct pcap_pkthdr *header, const u_char *data)
{
    live_t *live;
    memcpy(&live, user, sizeof live);
    const int64_t fraction_ns = header->ts.tv_usec * (live->micro ? 1000 : 1);
    const int64_t time_ns = (int64_t)header->ts.tv_sec * 1000000000 + fraction_ns;
    live->seen += time_ns >= live->filter_ns;
    if (time_ns < live->begin_ns) {
        return;
    }
    uint8_t *bytes = live->bytes + live->count * live->snaplen;
    const uint32_t captured = header->caplen < live->snaplen ? header->caplen : live->snaplen;
    memcpy(bytes, data, captured);
    live->packets[live->count++] = (synfix_packet_t){
        .data = bytes,
        .captured_length = captured,
        .original_length = header->len > captured ? header->len : captured,
        .time_ns = time_ns,
        .number = ++live->number,
        .link_type = live->link_type,
        .interface_id = live->device != 0 ? live->device : ring_interface_of(&live->ring, data),
    };
}

static void take_stats_at_times(live_t *live)
{
    const int64_t now_ns = monotonic_ns();
    if (now_ns - live->stats_ns < STATS_NS) {
        return;
    }
    live->stats_ns = now_ns;
    live_take_stats(live);
}

void live_close_intake(void *instance)
{
    live_t *live = instance;
    struct sock_filter nothing = {.code = BPF_RET | BPF_K};
    const struct sock_fprog program = {.len = 1, .filter = &nothing};
    /* on failure, packets that arrive meanwhile are read as well */
    (void)setsockopt(pcap_fileno(live->pcap), SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}

int64_t live_delay_ms(const void *instance)
{
    const live_t *live = instance;
    return live->read_timeout_ms;
}

void live_end(void *instance, bool whole)
{
    live_t *live = instance;
    live_take_stats(live);
    const uint32_t unread = live->accepted - live->accepted_before - live->seen;
    if (!whole && unread <= INT32_MAX) { /* a negative value results from packets in flight */
        atomic_store(&live->unread, unread);
    }
}

/* An interface that is down may return; one that disappeared does not. The existing socket is queried,
 * because new sockets may need privileges after privileges were dropped. */
static bool vanished(const live_t *live)
{
    struct ifreq request = {.ifr_ifindex = (int)live->device};
    return live->device != 0 && ioctl(pcap_fileno(live->pcap), SIOCGIFNAME, &request) != 0 &&
           (errno == ENODEV || errno == ENXIO);
}

static synfix_status_t live_read(void *instance, synfix_packet_t *packets, size_t capacity, size_t *count,
                                 synfix_error_t *error)
{
    live_t *live = instance;
    u_char self[sizeof live];
    memcpy(self, &live, sizeof live);
    live->packets = packets;
    live->count = 0;
    if (capacity > SYNFIX_BATCH_MAX) {
        capacity = SYNFIX_BATCH_MAX;
    }
    live_take_filter(live);
    int result = pcap_dispatch(live->pcap, (int)capacity, on_packet, self);
    if (result == 0 && live->alone) {
        struct pollfd descriptor = {.fd = pcap_get_selectable_fd(live->pcap), .events = POLLIN};
        (void)poll(&descriptor, 1, WAIT_MS);
        result = pcap_dispatch(live->pcap, (int)capacity, on_packet, self);
    }
    take_stats_at_times(live);
    *count = live->count;
    atomic_fetch_add_explicit(&live->received, live->count, memory_order_relaxed);
    if (live->count > 0) {
        return SYNFIX_OK;
    }
    if (result <= 0 && vanished(live)) {
        return synfix_fail(error, SYNFIX_DISCONNECTED, "%s: the interface is gone", live->name);
    }
    if (result < 0) {
        (void)poll(NULL, 0, WAIT_MS);
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
