/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capture/live.h"
#include "capture/fanout.h"
#include "capture/sources.h"
#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <pcap/pcap.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>

#define WAIT_MS       100
#define STATS_NS      100000000
#define FANOUT_DEFRAG 0x8000
#define LINKTYPE_RAW  101u

typedef struct live {
    pcap_t *pcap;
    char *name;
    unsigned device; /* index of the interface; 0: any */
    uint32_t link_type;
    uint32_t interface_id;
    uint32_t snap_length;
    bool alone;
    bool inner; /* the group has a program */
    int64_t begin_ns;
    int64_t stats_ns; /* when they were last taken, monotonic */
    uint64_t number;
    uint8_t *bytes; /* of one batch: the kernel takes its own back at once */
    synfix_packet_t *packets;
    size_t count;
    _Atomic uint64_t received;
    _Atomic uint64_t dropped_kernel;
    _Atomic uint64_t dropped_interface;
} live_t;

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
     .help = "octets of the kernel's ring, for each interface and worker"},
    {.name = "snaplen",
     .type = SYNFIX_OPTION_INTEGER,
     .fallback = "256",
     .minimum = 96,
     .maximum = 262144,
     .help = "octets taken of a packet"},
    {.name = "promiscuous",
     .type = SYNFIX_OPTION_BOOLEAN,
     .fallback = "yes",
     .help = "see packets that are not for this host"},
    {.name = "timeout",
     .type = SYNFIX_OPTION_DURATION,
     .fallback = "100ms",
     .minimum = 1,
     .maximum = 10000,
     .help = "a block of the ring that is not full is handed over after this"},
    {.name = "fanout",
     .type = SYNFIX_OPTION_STRING,
     .fallback = "auto",
     .help = "how workers share it: inner (a program looks into tunnels), hash (the kernel's), auto"},
    {.name = NULL},
};

/* What certainly is no SYN: later fragments and anything that is not plain TCP (tags, tunnels, extension
 * headers) pass. UDP passes only on the ports of tunnels. */
#define NO_SYN4 "(ip proto 6 and ip[6:2] & 0x1fff = 0 and tcp[13] & 2 = 0%s)"
#define NO_SYN6 "(ip6[6] = 6 and ip6[53] & 2 = 0%s)"
/* For uptime one in eight of the segments with timestamps as every stack lays them out (the engine takes no
 * others), and the last one of a connection, whose distance from the SYN is the longest. The lowest octets of
 * both sequence numbers keep a host whose clock goes in step with its sending from falling through. */
#define NO_SAMPLE4                                                                                           \
    " and not (tcp[12] & 0xf0 >= 0x80 and tcp[20:4] = 0x0101080a and (tcp[13] & 1 = 1 or (tcp[27] + tcp[7] " \
    "+ tcp[11]) & 7 = 0))"
#define NO_SAMPLE6                                                                                           \
    " and not (ip6[52] & 0xf0 >= 0x80 and ip6[60:4] = 0x0101080a and (ip6[53] & 1 = 1 or (ip6[67] + "        \
    "ip6[47] + ip6[51]) & 7 = 0))"
#define NO_TUNNEL                                                                                            \
    "(ip proto 17 and ip[6:2] & 0x1fff = 0 and not (port 4789 or port 4790 or port 8472 or port 6081 or "    \
    "port 2152 or port 3544 or port 1701 or port 4341 or port 5246 or port 5247 or port 3784 or port "       \
    "37008))"

synfix_status_t live_filter(live_analysis_t analysis, const char *expression, char text[LIVE_FILTER_SIZE],
                            synfix_error_t *error)
{
    char ours[1024] = "";
    const bool uptime = analysis == LIVE_UPTIME;
    const bool theirs = expression != NULL && expression[0] != '\0';
    if (analysis != LIVE_EVERYTHING)
        (void)snprintf(ours, sizeof ours, "not (arp or " NO_SYN4 " or " NO_SYN6 " or " NO_TUNNEL ")",
                       uptime ? NO_SAMPLE4 : "", uptime ? NO_SAMPLE6 : "");
    /* ours first: `vlan` in the user's expression moves what stands behind it */
    const int length =
        snprintf(text, LIVE_FILTER_SIZE, "%s%s%s%s%s", ours, ours[0] != '\0' && theirs ? " and " : "",
                 theirs ? "(" : "", theirs ? expression : "", theirs ? ")" : "");
    if (length < 0 || length >= (int)LIVE_FILTER_SIZE)
        return synfix_fail(error, SYNFIX_INVALID, "filter: longer than %u characters",
                           LIVE_FILTER_SIZE - 1200);
    return SYNFIX_OK;
}

static int64_t clock_ns(clockid_t clock)
{
    struct timespec now;
    (void)clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void live_close(void *instance)
{
    live_t *live = instance;
    if (live->pcap != NULL)
        pcap_close(live->pcap);
    free(live->name);
    free(live->bytes);
    free(live);
}

static synfix_status_t activation_failed(const live_t *live, int result, synfix_error_t *error)
{
    const char *more = pcap_geterr(live->pcap);
    switch (result) {
    case PCAP_ERROR_NO_SUCH_DEVICE:
        return synfix_fail(error, SYNFIX_NOT_FOUND, "%s: no such interface", live->name);
    case PCAP_ERROR_PERM_DENIED:
    case PCAP_ERROR_PROMISC_PERM_DENIED:
        return synfix_fail(error, SYNFIX_PERMISSION, "%s: not allowed to capture (CAP_NET_RAW is needed)",
                           live->name);
    case PCAP_ERROR_IFACE_NOT_UP:
        return synfix_fail(error, SYNFIX_IO, "%s: the interface is down", live->name);
    default:
        return synfix_fail(error, SYNFIX_IO, "%s: %.300s", live->name,
                           more[0] != '\0' ? more : pcap_statustostr(result));
    }
}

static synfix_status_t activate(live_t *live, const synfix_options_t *options, synfix_error_t *error)
{
    char reason[PCAP_ERRBUF_SIZE] = "";
    live->pcap = pcap_create(live->name, reason);
    if (live->pcap == NULL)
        return synfix_fail(error, SYNFIX_IO, "%s: %.300s", live->name, reason);
    (void)pcap_set_snaplen(live->pcap, (int)live->snap_length);
    (void)pcap_set_promisc(live->pcap, synfix_options_boolean(options, "promiscuous"));
    (void)pcap_set_timeout(live->pcap, (int)synfix_options_duration_ms(options, "timeout"));
    (void)pcap_set_buffer_size(live->pcap, (int)synfix_options_integer(options, "buffer"));
    (void)pcap_set_tstamp_precision(live->pcap, PCAP_TSTAMP_PRECISION_NANO);
    const int result = pcap_activate(live->pcap);
    if (result < 0)
        return activation_failed(live, result, error);
    if (pcap_setnonblock(live->pcap, 1, reason) != 0)
        return synfix_fail(error, SYNFIX_IO, "%s: %.300s", live->name, reason);
    const int dlt = pcap_datalink(live->pcap);
    live->link_type = dlt == DLT_RAW ? LINKTYPE_RAW : (uint32_t)dlt;
    live->device = if_nametoindex(live->name);
    return SYNFIX_OK;
}

static synfix_status_t set_filter(live_t *live, const synfix_options_t *options, live_analysis_t analysis,
                                  synfix_error_t *error)
{
    char text[LIVE_FILTER_SIZE];
    struct bpf_program program;
    /* the offsets that ours counts on are those of IP behind any header that libpcap knows */
    if (!synfix_options_boolean(options, "kernel-filter"))
        analysis = LIVE_EVERYTHING;
    const synfix_status_t status =
        live_filter(analysis, synfix_options_string(options, "filter"), text, error);
    if (status != SYNFIX_OK || text[0] == '\0')
        return status;
    if (pcap_compile(live->pcap, &program, text, 1, PCAP_NETMASK_UNKNOWN) != 0)
        return synfix_fail(error, SYNFIX_INVALID, "%s: filter: %.300s", live->name, pcap_geterr(live->pcap));
    const int result = pcap_setfilter(live->pcap, &program);
    pcap_freecode(&program);
    return result == 0
               ? SYNFIX_OK
               : synfix_fail(error, SYNFIX_IO, "%s: filter: %.300s", live->name, pcap_geterr(live->pcap));
}

static int join_as(const live_t *live, const live_member_t *member, unsigned type)
{
    const unsigned argument = member->group | (type | FANOUT_DEFRAG) << 16;
    return setsockopt(pcap_fileno(live->pcap), SOL_PACKET, PACKET_FANOUT, &argument, sizeof argument);
}

/* Every member hands over the same program: the group has but one. */
static int set_program(const live_t *live)
{
    fanout_program_t program;
    fanout_build(&program, SKF_NET_OFF);
    const struct sock_fprog code = {.len = program.count, .filter = program.steps};
    return setsockopt(pcap_fileno(live->pcap), SOL_PACKET, PACKET_FANOUT_DATA, &code, sizeof code);
}

/* Both directions of a connection to one member. An old kernel that takes no program refuses the first one;
 * its own hash tears apart only what is in VXLAN, Geneve, GTP-U or MPLS. */
static synfix_status_t join(live_t *live, const live_member_t *member, const char *mode,
                            synfix_error_t *error)
{
    const bool automatic = strcmp(mode, "auto") == 0;
    const bool hash = strcmp(mode, "hash") == 0;
    if (!automatic && !hash && strcmp(mode, "inner") != 0)
        return synfix_fail(error, SYNFIX_INVALID, "fanout: %.40s is not auto, hash or inner", mode);
    if (member->count <= 1)
        return SYNFIX_OK;
    live->inner = !hash && join_as(live, member, PACKET_FANOUT_CBPF) == 0;
    if (live->inner && set_program(live) == 0)
        return SYNFIX_OK;
    if (!live->inner && (automatic || hash) && join_as(live, member, PACKET_FANOUT_HASH) == 0)
        return SYNFIX_OK;
    return synfix_fail(error, SYNFIX_IO, "%s: can't share it between %u workers: %s", live->name,
                       member->count, strerror(errno));
}

bool live_looks_inside(const void *instance)
{
    const live_t *live = instance;
    return live->inner;
}

synfix_status_t live_open_member(const synfix_options_t *options, const live_member_t *member,
                                 void **instance, synfix_error_t *error)
{
    live_t *live = calloc(1, sizeof *live);
    if (live == NULL)
        return synfix_fail(error, SYNFIX_NO_MEMORY, "live: out of memory");
    live->name = strdup(synfix_options_target(options));
    live->snap_length = (uint32_t)synfix_options_integer(options, "snaplen");
    live->bytes = malloc((size_t)SYNFIX_BATCH_MAX * live->snap_length);
    live->interface_id = member->interface_id;
    live->alone = member->alone;
    synfix_status_t status = SYNFIX_OK;
    if (live->name == NULL || live->bytes == NULL)
        status = synfix_fail(error, SYNFIX_NO_MEMORY, "live: out of memory");
    if (status == SYNFIX_OK)
        status = activate(live, options, error);
    if (status == SYNFIX_OK)
        status = set_filter(live, options, member->analysis, error);
    if (status == SYNFIX_OK)
        status = join(live, member, synfix_options_string(options, "fanout"), error);
    if (status != SYNFIX_OK) {
        live_close(live);
        return status;
    }
    *instance = live;
    return SYNFIX_OK;
}

static synfix_status_t live_open(const synfix_host_t *host, const synfix_options_t *options, void **instance,
                                 synfix_error_t *error)
{
    (void)host;
    const live_member_t member = {.count = 1, .alone = true, .analysis = LIVE_EVERYTHING};
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
    const int64_t time_ns = (int64_t)header->ts.tv_sec * 1000000000 + header->ts.tv_usec;
    if (time_ns < live->begin_ns)
        return;
    uint8_t *bytes = live->bytes + live->count * live->snap_length;
    const uint32_t captured = header->caplen < live->snap_length ? header->caplen : live->snap_length;
    memcpy(bytes, data, captured);
    live->packets[live->count++] = (synfix_packet_t){
        .data = bytes,
        .captured_length = captured,
        .original_length = header->len > captured ? header->len : captured,
        .time_ns = time_ns,
        .number = ++live->number,
        .link_type = live->link_type,
        .interface_id = live->interface_id,
    };
}

/* libpcap's figures are asked for in the reading thread and left for others to see. */
static void take_stats(live_t *live)
{
    struct pcap_stat stats;
    const int64_t now_ns = clock_ns(CLOCK_MONOTONIC);
    if (now_ns - live->stats_ns < STATS_NS)
        return;
    live->stats_ns = now_ns;
    if (pcap_stats(live->pcap, &stats) != 0)
        return;
    atomic_store(&live->dropped_kernel, stats.ps_drop);
    atomic_store(&live->dropped_interface, stats.ps_ifdrop);
}

/* An interface that is down comes back; one that is gone does not. The socket at hand is asked, since others
 * may not be made any more after privileges were dropped. */
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
    if (capacity > SYNFIX_BATCH_MAX)
        capacity = SYNFIX_BATCH_MAX;
    int result = pcap_dispatch(live->pcap, (int)capacity, on_packet, self);
    if (result == 0 && live->alone) {
        struct pollfd descriptor = {.fd = pcap_get_selectable_fd(live->pcap), .events = POLLIN};
        (void)poll(&descriptor, 1, WAIT_MS);
        result = pcap_dispatch(live->pcap, (int)capacity, on_packet, self);
    }
    take_stats(live);
    *count = live->count;
    atomic_fetch_add_explicit(&live->received, live->count, memory_order_relaxed);
    if (live->count > 0)
        return SYNFIX_OK;
    if (result <= 0 && vanished(live))
        return synfix_fail(error, SYNFIX_DISCONNECTED, "%s: the interface is gone", live->name);
    if (result < 0)
        (void)poll(NULL, 0, WAIT_MS);
    return SYNFIX_AGAIN;
}

static void live_stats(void *instance, synfix_source_stats_t *stats)
{
    live_t *live = instance;
    *stats = (synfix_source_stats_t){.received = atomic_load(&live->received),
                                     .dropped_kernel = atomic_load(&live->dropped_kernel),
                                     .dropped_interface = atomic_load(&live->dropped_interface)};
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
};
