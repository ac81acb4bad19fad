/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capture/live/packet_ring.h"
#include "base/clock.h"
#include "base/prefetch.h"
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <string.h>

#define ADDRESSES (2u * ETH_ALEN) /* bytes before the tag */
#define TAG       4u              /* bytes */
#define AHEAD     8u              /* packets between a prefetch and the packet that is read */
#define ALIGNMENT 8u              /* of packets in a block */

_Static_assert(TAG == PACKET_RING_RESERVE, "the tag has room before the packet");

/* Before each packet. */
typedef struct frame_head {
    struct tpacket3_hdr header;
    struct sockaddr_ll address;
} frame_head_t;

_Static_assert(sizeof(struct tpacket3_hdr) % TPACKET_ALIGNMENT == 0, "the address follows the header");

static struct tpacket_block_desc *block_of(const packet_ring_t *ring)
{
    return (struct tpacket_block_desc *)(void *)(ring->memory + ring->block * ring->block_size);
}

static void release(packet_ring_t *ring)
{
    if (ring->held) {
        __atomic_store_n(&block_of(ring)->hdr.bh1.block_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
        ring->block = ring->block + 1 < ring->blocks ? ring->block + 1 : 0;
        ring->held = false;
    }
}

/* Returns the block whose packets were read to the kernel, and begins the next one. False: the kernel has not
 * passed another block. */
static bool take_block(packet_ring_t *ring)
{
    release(ring);
    const struct tpacket_hdr_v1 *header = &block_of(ring)->hdr.bh1;
    if ((__atomic_load_n(&header->block_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER) == 0) {
        return false;
    }
    ring->held = true;
    ring->left = header->num_pkts;
    ring->at = header->offset_to_first_pkt;
    return true;
}

static frame_head_t *head_of(const packet_ring_t *ring)
{
    return (frame_head_t *)(void *)(ring->memory + ring->block * ring->block_size + ring->at);
}

/* Whether the head and the bytes of the next packet lie in the block, and the offset of the one after it. */
static bool fits(const packet_ring_t *ring)
{
    if (ring->at > ring->block_size - sizeof(frame_head_t) || ring->at % ALIGNMENT != 0) {
        return false;
    }
    const struct tpacket3_hdr *header = &head_of(ring)->header;
    const size_t room = ring->block_size - ring->at;
    const uint32_t next = header->tp_next_offset;
    return header->tp_mac >= sizeof(frame_head_t) + TAG && header->tp_mac <= room &&
           header->tp_snaplen <= room - header->tp_mac &&
           (ring->left == 1 || (next >= sizeof(frame_head_t) && next <= room));
}

/* The loopback shows each packet twice. */
static bool is_copy(const packet_ring_view_t *view, const struct sockaddr_ll *address)
{
    return view->loopback != 0 && address->sll_pkttype == PACKET_OUTGOING &&
           (uint32_t)address->sll_ifindex == view->loopback;
}

static bool has_tag(const struct tpacket3_hdr *header)
{
    return (header->hv1.tp_vlan_tci != 0 || (header->tp_status & TP_STATUS_VLAN_VALID) != 0) &&
           header->tp_snaplen >= ADDRESSES;
}

/* Puts the tag back: the addresses move into the reserved bytes. */
static void put_tag(uint8_t *data, const struct tpacket3_hdr *header)
{
    const uint16_t type = (header->tp_status & TP_STATUS_VLAN_TPID_VALID) != 0 ? header->hv1.tp_vlan_tpid
                                                                               : (uint16_t)ETH_P_8021Q;
    const uint8_t tag[TAG] = {(uint8_t)(type >> 8), (uint8_t)type, (uint8_t)(header->hv1.tp_vlan_tci >> 8),
                              (uint8_t)header->hv1.tp_vlan_tci};
    memmove(data - TAG, data, ADDRESSES);
    memcpy(data - TAG + ADDRESSES, tag, TAG);
}

/* The packet of @p head; false: skipped. */
static bool make_packet(packet_ring_t *ring, frame_head_t *head, synfix_packet_t *packet)
{
    const struct tpacket3_hdr *header = &head->header;
    const packet_ring_view_t *view = &ring->view;
    const int64_t time_ns = (int64_t)header->tp_sec * NS_PER_S + header->tp_nsec;
    if (time_ns < view->begin_ns || is_copy(view, &head->address)) {
        return false;
    }
    uint8_t *data = (uint8_t *)head + header->tp_mac;
    uint32_t added = 0;
    if (has_tag(header)) {
        put_tag(data, header);
        added = TAG;
    }
    const uint32_t captured = header->tp_snaplen + added;
    const uint32_t original = header->tp_len + added;
    *packet = (synfix_packet_t){
        .data = data - added,
        .captured_length = captured < view->snaplen ? captured : view->snaplen,
        .original_length = original > captured ? original : captured,
        .time_ns = time_ns,
        .number = ++ring->number,
        .link_type = view->link_type,
        .interface_id = view->interface_id,
    };
    return true;
}

/* The kernel has written the block on another processor, and each header contains the offset of the next one:
 * without a guess, each packet would wait for memory. Packets mostly have the length of the one before. */
static void fetch_ahead(const frame_head_t *head)
{
    const char *guess = (const char *)head + (size_t)AHEAD * head->header.tp_next_offset;
    prefetch(guess);
    prefetch(guess + CACHE_LINE);
    prefetch(guess + 2 * CACHE_LINE); /* the headers of the packet end here, or soon */
}

static size_t read_block(packet_ring_t *ring, synfix_packet_t *packets, size_t capacity)
{
    size_t count = 0;
    for (; ring->left > 0 && count < capacity; ring->left--) {
        if (!fits(ring)) {
            ring->damaged = true;
            return count;
        }
        frame_head_t *head = head_of(ring);
        fetch_ahead(head);
        count += make_packet(ring, head, &packets[count]);
        ring->at += head->header.tp_next_offset;
        ring->walked++;
    }
    return count;
}

size_t packet_ring_read(packet_ring_t *ring, synfix_packet_t *packets, size_t capacity)
{
    size_t count = 0;
    while (count == 0 && !ring->damaged && (ring->left > 0 || take_block(ring))) {
        count = read_block(ring, packets, capacity);
    }
    return count;
}
