/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capture/live/packet_socket.h"
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define BLOCK_MAX  (1024u * 1024u) /* each block wakes the program once */
#define BLOCK_MIN  4096u
#define BLOCKS_MIN 8u    /* the kernel fills one while another is read */
#define FRAME_HEAD 256u  /* at least the headers of a block and a packet, and the alignment */
#define FRAME      2048u /* has no meaning in this version of the ring, but has to divide the block */

/* A switch's own tags stand in front of the Ethernet type: libpcap knows their kinds. */
static bool has_switch_tags(const char *name)
{
    char path[sizeof "/sys/class/net//dsa/tagging" + IF_NAMESIZE];
    (void)snprintf(path, sizeof path, "/sys/class/net/%.*s/dsa/tagging", IF_NAMESIZE, name);
    return access(path, F_OK) == 0;
}

bool packet_socket_suits(const char *name)
{
    struct ifreq request = {.ifr_flags = 0};
    const int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) {
        return false;
    }
    (void)snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
    const bool known = ioctl(descriptor, SIOCGIFHWADDR, &request) == 0;
    (void)close(descriptor);
    return known &&
           (request.ifr_hwaddr.sa_family == ARPHRD_ETHER ||
            request.ifr_hwaddr.sa_family == ARPHRD_LOOPBACK) &&
           !has_switch_tags(name);
}

size_t packet_socket_block_size(size_t ring_size, uint32_t snaplen)
{
    size_t size = BLOCK_MIN;
    while (size < BLOCK_MAX && size * 2 * BLOCKS_MIN <= ring_size) {
        size *= 2;
    }
    while (size < (size_t)snaplen + FRAME_HEAD) {
        size *= 2;
    }
    return size;
}

static bool set(int descriptor, int option, const void *value, socklen_t size)
{
    return setsockopt(descriptor, SOL_PACKET, option, value, size) == 0;
}

/* Fewer blocks where the kernel has no memory for all. */
static bool make_ring(packet_socket_t *socket, struct tpacket_req3 *request)
{
    const int version = TPACKET_V3;
    const unsigned reserve = PACKET_RING_RESERVE;
    if (!set(socket->descriptor, PACKET_VERSION, &version, sizeof version) ||
        !set(socket->descriptor, PACKET_RESERVE, &reserve, sizeof reserve)) {
        return false;
    }
    for (;; request->tp_block_nr /= 2) {
        request->tp_frame_nr = request->tp_block_nr * (request->tp_block_size / FRAME);
        if (set(socket->descriptor, PACKET_RX_RING, request, sizeof *request)) {
            return true;
        }
        if (errno != ENOMEM || request->tp_block_nr < 2 * BLOCKS_MIN) {
            return false;
        }
    }
}

static bool map_ring(packet_socket_t *socket, size_t ring_size, uint32_t snaplen, int64_t hold_ms)
{
    const size_t block_size = packet_socket_block_size(ring_size, snaplen);
    struct tpacket_req3 request = {
        .tp_block_size = (unsigned)block_size,
        .tp_block_nr = (unsigned)((ring_size + block_size - 1) / block_size),
        .tp_frame_size = FRAME,
        .tp_retire_blk_tov = (unsigned)hold_ms,
    };
    if (!make_ring(socket, &request)) {
        return false;
    }
    void *memory = mmap(NULL, block_size * request.tp_block_nr, PROT_READ | PROT_WRITE, MAP_SHARED,
                        socket->descriptor, 0);
    if (memory == MAP_FAILED) {
        return false;
    }
    socket->ring = (packet_ring_t){.memory = memory, .block_size = block_size, .blocks = request.tp_block_nr};
    return true;
}

bool packet_socket_open(packet_socket_t *socket_, size_t ring_size, uint32_t snaplen, int64_t hold_ms)
{
    *socket_ = (packet_socket_t){.descriptor = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    if (socket_->descriptor >= 0 && map_ring(socket_, ring_size, snaplen, hold_ms)) {
        return true;
    }
    packet_socket_close(socket_);
    return false;
}

/* The protocol of loopback tests, which are rare: a socket cannot be bound to no protocol at all. */
static bool silence(int descriptor, struct sockaddr_ll address)
{
    address.sll_protocol = htons(ETH_P_LOOPBACK);
    return bind(descriptor, (const struct sockaddr *)&address, sizeof address) == 0;
}

bool packet_socket_begin(const packet_socket_t *socket_, unsigned index, int other)
{
    const struct sockaddr_ll address = {
        .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = (int)index};
    int reason = 0;
    socklen_t size = sizeof reason;
    if (!silence(other, address) ||
        bind(socket_->descriptor, (const struct sockaddr *)&address, sizeof address) != 0) {
        return false;
    }
    /* bind accepts an interface that is down */
    if (getsockopt(socket_->descriptor, SOL_SOCKET, SO_ERROR, &reason, &size) == 0 && reason != 0) {
        errno = reason;
        return false;
    }
    return true;
}

void packet_socket_close(packet_socket_t *socket_)
{
    if (socket_->ring.memory != NULL) {
        (void)munmap(socket_->ring.memory, socket_->ring.block_size * socket_->ring.blocks);
    }
    if (socket_->descriptor >= 0) {
        (void)close(socket_->descriptor);
    }
    *socket_ = (packet_socket_t){.descriptor = -1};
}
