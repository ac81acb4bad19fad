/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file ring_interface.h
 * The interface of a packet that arrived on `any`. The kernel writes it into the ring before the packet
 * (struct sockaddr_ll); libpcap leaves it out of the link layer that carries VLAN tags (LINUX_SLL), and
 * leaves the tags out of the one that carries the interface (LINUX_SLL2).
 */
#ifndef CAPTURE_LIVE_RING_INTERFACE_H
#define CAPTURE_LIVE_RING_INTERFACE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct ring_interface {
    bool usable;
    unsigned reserve; /* bytes that libpcap reserves before each packet */
} ring_interface_t;

/** @p descriptor: the packet socket of a handle on `any` with the link type @p link_type. */
void ring_interface_init(ring_interface_t *ring, int descriptor, uint32_t link_type);

/** ifIndex of the packet whose cooked header is at @p cooked, in the ring; 0: unknown. */
uint32_t ring_interface_of(const ring_interface_t *ring, const uint8_t *cooked);

#endif
