/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file packet_ring.h
 * Packets in the ring of a packet socket (TPACKET_V3), where the kernel put them. The kernel fills one block
 * after the other and passes each whole block. Nothing is copied: a block returns to the kernel when the
 * packets of the next one are read.
 * Source: Documentation/networking/packet_mmap.rst of Linux, linux/if_packet.h.
 */
#ifndef CAPTURE_LIVE_PACKET_RING_H
#define CAPTURE_LIVE_PACKET_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <synfix/packet.h>

/** Bytes that a socket reserves before each packet (PACKET_RESERVE), for the VLAN tag that the kernel took
 * out of the frame. */
#define PACKET_RING_RESERVE 4u

/** Properties common to all packets of a ring. */
typedef struct packet_ring_view {
    uint32_t link_type;
    uint32_t interface_id;
    uint32_t snaplen;  /* maximum of captured_length */
    uint32_t loopback; /* ifIndex of the loopback: packets that leave it are skipped; 0: none */
    int64_t begin_ns;  /* older packets are skipped */
} packet_ring_view_t;

/** A mapped ring. Initialise memory, block_size (at least 1024, a multiple of 8), blocks and view; others
 * with zeros. One thread. */
typedef struct packet_ring {
    uint8_t *memory; /* blocks * block_size bytes, mapped; not owned */
    size_t block_size;
    uint32_t blocks;
    packet_ring_view_t view;
    uint32_t block;  /* position of the block that is read, or that the kernel will pass next */
    uint32_t left;   /* packets of this block that were not read yet */
    uint32_t at;     /* offset of the next one in this block */
    bool held;       /* the block belongs to the program */
    bool damaged;    /* an offset or length leads out of its block: nothing more is read */
    uint32_t walked; /* packets read or skipped, modulo 2^32 */
    uint64_t number; /* of the last packet */
} packet_ring_t;

/**
 * Reads up to @p capacity packets of one block; 0: the kernel has passed no further block, or
 * @p ring->damaged. The bytes of the packets are in the ring and stay valid until the next call. Where the
 * kernel took a VLAN tag out of a frame, the tag is put back in place.
 */
size_t packet_ring_read(packet_ring_t *ring, synfix_packet_t *packets, size_t capacity);

#endif
