/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Packets of a handle: in place from its own ring, or through libpcap, which knows every link layer. */
#include "base/clock.h"
#include "capture/live/interface_internal.h"
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

/* Longer than the default block timeout of TPACKET_V3, so that poll wakes once for each block. */
#define WAIT_MS 300

static void on_packet(u_char *user, const struct pcap_pkthdr *header, const u_char *data)
{
    live_t *live;
    memcpy(&live, user, sizeof live);
    const int64_t fraction_ns = header->ts.tv_usec * (live->micro ? 1000 : 1);
    const int64_t time_ns = (int64_t)header->ts.tv_sec * NS_PER_S + fraction_ns;
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

/* Waits for a block, unless other interfaces are read too. False: the socket has an error, which the kernel
 * reports once, for instance when the interface went down. */
static bool wait_block(const live_t *live)
{
    int reason = 0;
    socklen_t size = sizeof reason;
    struct pollfd descriptor = {.fd = live->in_place.descriptor, .events = POLLIN};
    (void)poll(&descriptor, 1, live->alone ? WAIT_MS : 0);
    return (descriptor.revents & POLLERR) == 0 ||
           getsockopt(descriptor.fd, SOL_SOCKET, SO_ERROR, &reason, &size) != 0 || reason == 0;
}

static int read_in_place(live_t *live, synfix_packet_t *packets, size_t capacity)
{
    packet_ring_t *ring = &live->in_place.ring;
    bool sound = true;
    live->count = packet_ring_read(ring, packets, capacity);
    if (live->count == 0 && !ring->damaged) {
        sound = wait_block(live);
        live->count = packet_ring_read(ring, packets, capacity);
    }
    live->seen = ring->walked;
    return sound && !ring->damaged ? (int)live->count : -1;
}

int live_read_packets(live_t *live, synfix_packet_t *packets, size_t capacity)
{
    u_char self[sizeof live];
    live->count = 0;
    if (live_is_in_place(live)) {
        return read_in_place(live, packets, capacity);
    }
    memcpy(self, &live, sizeof live);
    live->packets = packets;
    int result = pcap_dispatch(live->pcap, (int)capacity, on_packet, self);
    if (result == 0 && live->alone) {
        struct pollfd descriptor = {.fd = pcap_get_selectable_fd(live->pcap), .events = POLLIN};
        (void)poll(&descriptor, 1, WAIT_MS);
        result = pcap_dispatch(live->pcap, (int)capacity, on_packet, self);
    }
    return result;
}
