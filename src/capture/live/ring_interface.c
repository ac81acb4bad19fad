/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capture/live/ring_interface.h"
#include "base/byte_order.h"
#include <linux/if_packet.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

#define LINKTYPE_LINUX_SLL 113u
#define SLL_SIZE           16u
#define VLAN_TAG_SIZE      4u
/* Of a socket without link headers, in the versions 2 and 3 of the ring: tpacket_rcv() of the kernel puts the
 * packet 48 bytes after the address, and what the socket reserves. */
#define ADDRESS_DISTANCE 48u

void ring_interface_init(ring_interface_t *ring, int descriptor, uint32_t link_type)
{
    int version = 0;
    int reserve = 0;
    socklen_t length = sizeof version;
    const bool mapped = getsockopt(descriptor, SOL_PACKET, PACKET_VERSION, &version, &length) == 0 &&
                        (version == TPACKET_V2 || version == TPACKET_V3);
    length = sizeof reserve;
    ring->usable = mapped && link_type == LINKTYPE_LINUX_SLL &&
                   getsockopt(descriptor, SOL_PACKET, PACKET_RESERVE, &reserve, &length) == 0 && reserve >= 0;
    ring->reserve = ring->usable ? (unsigned)reserve : 0;
}

/* libpcap made the cooked header out of the address: all fields must agree. */
static bool is_address(const struct sockaddr_ll *address, const uint8_t *cooked)
{
    return address->sll_family == AF_PACKET && read_be16(cooked) == address->sll_pkttype &&
           read_be16(cooked + 2) == address->sll_hatype && read_be16(cooked + 4) == address->sll_halen &&
           memcmp(cooked + 6, address->sll_addr, sizeof address->sll_addr) == 0;
}

uint32_t ring_interface_of(const ring_interface_t *ring, const uint8_t *cooked)
{
    /* libpcap moves the header for a tag that it puts in. */
    static const unsigned heads[] = {SLL_SIZE, SLL_SIZE + VLAN_TAG_SIZE};
    for (size_t i = 0; ring->usable && i < sizeof heads / sizeof heads[0]; i++) {
        struct sockaddr_ll address;
        memcpy(&address, cooked + heads[i] - ADDRESS_DISTANCE - ring->reserve, sizeof address);
        if (is_address(&address, cooked) && address.sll_ifindex > 0) {
            return (uint32_t)address.sll_ifindex;
        }
    }
    return 0;
}
