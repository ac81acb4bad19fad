/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capture/live/interface_source.h"
#include "base/clock.h"
#include "capture/live/attach_filter.h"
#include "capture/live/ring_interface.h"
#include "on_demand/pcap.h"
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#define WAIT_MS                                                                                              \
    300 /* longer than the default block timeout of TPACKET_V3, so that poll wakes once for each block */
#define STATS_NS     1000000000 /* interval of statistics, which cost system calls and reads of /sys */
#define LINKTYPE_RAW 101u

typedef struct live {
    pcap_t *pcap;
    char *name;
    unsigned device; /* interface index; 0: any */
    uint32_t link_type;
    ring_interface_t ring; /* valid if device is 0 */
    uint32_t snaplen;
    bool alone;
    bool promiscuous;
    bool first;              /* first member of the group: reports the statistics of the interface */
    int64_t read_timeout_ms; /* block timeout of the kernel */
    bool micro;              /* timestamps have microseconds */
    int64_t begin_ns;        /* older packets are discarded */
    int64_t stats_ns;        /* time of the last statistics, monotonic */
    uint32_t drops[2];       /* libpcap's 32-bit counters at that time: kernel, interface */
    int64_t filter_ns;       /* time at which the filter was set: libpcap discards older packets */
    uint32_t accepted;       /* packets accepted by the kernel, without drops, now and at that time */
    uint32_t accepted_before;
    uint32_t seen;     /* packets read since then */
    unsigned loopback; /* interface index of the loopback; 0 if its packets cannot occur */
    uint64_t number;
    uint8_t *bytes; /* copies for one batch, because the kernel reuses its block at once */
    synfix_packet_t *packets;
    size_t count;
    unsigned levels;                        /* levels of the filter */
    _Atomic(socket_filter_t *) next_filter; /* owned, with its expression; NULL: no change pending */
    const synfix_module_context_t *context; /* valid if next_filter is set */
    _Atomic uint64_t received;
    _Atomic uint64_t dropped_kernel;
    _Atomic uint64_t dropped_interface;
    _Atomic uint64_t unread;
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
     .help = "how workers share it: inner (a program looks into tunnels), hash (the kernel's), auto"},
    {.name = NULL},
};

static socket_filter_t *copy_filter(const socket_filter_t *filter)
{
    socket_filter_t *copy = malloc(sizeof *copy);
    const char *expression = filter->expression == NULL ? "" : filter->expression;
    if (copy == NULL) {
        return NULL;
    }
    *copy = *filter;
    copy->expression = strdup(expression);
    if (copy->expression != NULL) {
        return copy;
    }
    free(copy);
    return NULL;
}

static void free_filter(socket_filter_t *filter)
{
    if (filter != NULL) {
        free((char *)(uintptr_t)filter->expression);
    }
    free(filter);
}

static void live_close(void *instance)
{
    live_t *live = instance;
    if (live->pcap != NULL) {
        pcap_close(live->pcap);
    }
    free_filter(atomic_load(&live->next_filter));
    free(live->name);
    free(live->bytes);
    free(live);
}

static synfix_status_t no_such_interface(const live_t *live, synfix_error_t *error)
{
    return synfix_fail(error, SYNFIX_NOT_FOUND,
                       "%s: no such interface; synfix capture --list-interfaces lists them", live->name);
}

static synfix_status_t activation_failed(const live_t *live, int result, synfix_error_t *error)
{
    const char *more = pcap_geterr(live->pcap);
    switch (result) {
    case PCAP_ERROR_NO_SUCH_DEVICE:
        return no_such_interface(live, error);
    case PCAP_ERROR_PERM_DENIED:
    case PCAP_ERROR_PROMISC_PERM_DENIED:
        if (strcmp(live->name, "any") != 0 && if_nametoindex(live->name) == 0) {
            return no_such_interface(live, error); /* libpcap asks for the permission first */
        }
        return synfix_fail(
            error, SYNFIX_PERMISSION,
            "%s: no permission to capture (CAP_NET_RAW); run as root, or: setcap cap_net_raw+ep PROGRAM",
            live->name);
    case PCAP_ERROR_IFACE_NOT_UP:
        return synfix_fail(error, SYNFIX_IO, "%s: the interface is down; bring it up: ip link set %s up",
                           live->name, live->name);
    default:
        return synfix_fail(error, SYNFIX_IO, "%s: %.300s", live->name,
                           more[0] != '\0' ? more : pcap_statustostr(result));
    }
}

static synfix_status_t activate(live_t *live, const synfix_options_t *options, synfix_error_t *error)
{
    const synfix_status_t loaded = on_demand_load_pcap(error);
    if (loaded != SYNFIX_OK) {
        return loaded;
    }
    char reason[PCAP_ERRBUF_SIZE] = "";
    live->pcap = pcap_create(live->name, reason);
    if (live->pcap == NULL) {
        return synfix_fail(error, SYNFIX_IO, "%s: %.300s", live->name, reason);
    }
    (void)pcap_set_snaplen(live->pcap, (int)live->snaplen);
    live->promiscuous = synfix_options_boolean(options, "promiscuous");
    (void)pcap_set_promisc(live->pcap, live->promiscuous);
    live->read_timeout_ms = synfix_options_duration_ms(options, "timeout");
    (void)pcap_set_timeout(live->pcap, (int)live->read_timeout_ms);
    (void)pcap_set_buffer_size(live->pcap, (int)synfix_options_integer(options, "buffer"));
    (void)pcap_set_tstamp_precision(live->pcap, PCAP_TSTAMP_PRECISION_NANO);
    const int result = pcap_activate(live->pcap);
    if (result < 0) {
        return activation_failed(live, result, error);
    }
    if (pcap_setnonblock(live->pcap, 1, reason) != 0) {
        return synfix_fail(error, SYNFIX_IO, "%s: %.300s", live->name, reason);
    }
    live->micro = pcap_get_tstamp_precision(live->pcap) != PCAP_TSTAMP_PRECISION_NANO;
    const int dlt = pcap_datalink(live->pcap);
    live->link_type = dlt == DLT_RAW ? LINKTYPE_RAW : (uint32_t)dlt;
    live->device = if_nametoindex(live->name);
    if (live->device == 0) {
        ring_interface_init(&live->ring, pcap_fileno(live->pcap), live->link_type);
    }
    live->loopback = live->device == 0 || strcmp(live->name, "lo") == 0 ? if_nametoindex("lo") : 0;
    return SYNFIX_OK;
}

/* libpcap's counters wrap at 2^32, these do not. */
static void add_drops(uint32_t *before, uint32_t now, _Atomic uint64_t *sum)
{
    atomic_fetch_add_explicit(sum, (uint32_t)(now - *before), memory_order_relaxed);
    *before = now;
}

/* The reading thread queries libpcap and publishes the values for other threads. */
static void take_stats(live_t *live)
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

/* Packets accepted so far are excluded from the accounting that starts now. */
static void begin_account(live_t *live)
{
    live->filter_ns = wall_ns();
    take_stats(live);
    live->accepted_before = live->accepted;
    live->seen = 0;
}

static synfix_status_t set_first_filter(live_t *live, const synfix_options_t *options,
                                        const live_member_t *member, synfix_error_t *error)
{
    socket_filter_t filter = {
        .analysis = synfix_options_boolean(options, "kernel-filter") ? member->analysis : LIVE_EVERYTHING,
        .encapsulations = member->encapsulations,
        .expression = synfix_options_string(options, "filter"),
        .levels = MAX_IP_HEADERS,
        .tag_aside = true,
    };
    synfix_error_t reason = {.text = ""};
    const synfix_status_t status = live_filter_set(live->pcap, &filter, &reason);
    live->levels = filter.levels;
    if (status == SYNFIX_OK && live->loopback != 0) {
        live_filter_skip_copies(live->pcap, live->loopback);
    }
    begin_account(live);
    return status == SYNFIX_OK ? status : synfix_fail(error, status, "%s: %s", live->name, reason.text);
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

unsigned live_levels(const void *instance)
{
    const live_t *live = instance;
    return live->levels;
}

live_filter_t *live_filter_new(const socket_filter_t *filter)
{
    return copy_filter(filter);
}

void live_filter_free(live_filter_t *filter)
{
    free_filter(filter);
}

void live_filter_use(void *instance, live_filter_t *filter, const synfix_module_context_t *context)
{
    live_t *live = instance;
    live->context = context;
    free_filter(atomic_exchange(&live->next_filter, filter));
}

static void take_filter(live_t *live)
{
    if (atomic_load_explicit(&live->next_filter, memory_order_relaxed) == NULL) {
        return;
    }
    synfix_error_t reason = {.text = ""};
    socket_filter_t *filter = atomic_exchange(&live->next_filter, NULL);
    if (filter == NULL) {
        return;
    }
    filter->levels = live->levels;
    filter->tag_aside = true;
    if (live_filter_change(live->pcap, filter, &reason) != SYNFIX_OK) {
        synfix_error_t error;
        (void)synfix_fail(&error, SYNFIX_IO, "%s: %s: the old one stays", live->name, reason.text);
        live->context->log(live->context->user, 0, error.text);
    }
    free_filter(filter);
    if (live->loopback != 0) {
        live_filter_skip_copies(live->pcap, live->loopback);
    }
    if (live->link_type != DLT_EN10MB || live->loopback != 0) {
        begin_account(live);
    }
}

/* Fanout: both directions of a connection reach the same member. */
static synfix_status_t join(const live_t *live, const live_member_t *member, synfix_error_t *error)
{
    if (member->count <= 1 || fanout_group_join(member->group, pcap_fileno(live->pcap)) == 0) {
        return SYNFIX_OK;
    }
    return synfix_fail(error, SYNFIX_IO, "%s: cannot be shared between %u workers: %s", live->name,
                       member->count, strerror(errno));
}

synfix_status_t live_open_member(const synfix_options_t *options, const live_member_t *member,
                                 void **instance, synfix_error_t *error)
{
    live_t *live = calloc(1, sizeof *live);
    if (live == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "live: out of memory");
    }
    live->name = strdup(synfix_options_target(options));
    live->snaplen = (uint32_t)synfix_options_integer(options, "snaplen");
    live->bytes = malloc((size_t)SYNFIX_BATCH_MAX * live->snaplen);
    live->alone = member->alone;
    live->first = member->index == 0;
    synfix_status_t status = SYNFIX_OK;
    if (live->name == NULL || live->bytes == NULL) {
        status = synfix_fail(error, SYNFIX_NO_MEMORY, "live: out of memory");
    }
    if (status == SYNFIX_OK) {
        status = activate(live, options, error);
    }
    if (status == SYNFIX_OK) {
        status = set_first_filter(live, options, member, error);
    }
    if (status == SYNFIX_OK) {
        status = join(live, member, error);
    }
    if (status != SYNFIX_OK) {
        live_close(live);
        return status;
    }
    *instance = live;
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
    take_stats(live);
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
    take_stats(live);
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
    take_filter(live);
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
