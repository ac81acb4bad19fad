/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file packet_socket.h
 * A packet socket with a ring, for interfaces with Ethernet frames, in addition to libpcap's socket of the
 * same interface. libpcap opens every kind of interface, knows the link layer, and compiles expressions; its
 * socket receives nothing then.
 */
#ifndef CAPTURE_LIVE_PACKET_SOCKET_H
#define CAPTURE_LIVE_PACKET_SOCKET_H

#include "capture/live/packet_ring.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct packet_socket {
    int descriptor; /* -1: closed */
    packet_ring_t ring;
} packet_socket_t;

/** Whether the interface is of a kind that packet_socket_open() can read: Ethernet, or the loopback. */
bool packet_socket_suits(const char *name);

/**
 * Opens a socket and maps a ring of about @p ring_size bytes in which packets of @p snaplen bytes have room.
 * The socket receives nothing before packet_socket_begin(), so that a filter can be attached. False: the
 * kernel has no such ring, or no memory for one; everything is released.
 * @param hold_ms  a block that is not full is passed after this time
 */
bool packet_socket_open(packet_socket_t *socket, size_t ring_size, uint32_t snaplen, int64_t hold_ms);

/**
 * The socket receives the packets of the interface @p index from now on, and @p other, libpcap's socket on
 * it, none. False: the interface is down or gone; errno is the reason.
 */
bool packet_socket_begin(const packet_socket_t *socket, unsigned index, int other);

/** A closed socket is allowed. */
void packet_socket_close(packet_socket_t *socket);

/** Size of a block: a power of two with room for a packet of @p snaplen bytes, and for several blocks in
 * @p ring_size bytes where possible. */
size_t packet_socket_block_size(size_t ring_size, uint32_t snaplen);

#endif
