/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file packet.h
 * A packet as a source delivers it: bytes, time, link type.
 */
#ifndef SYNFIX_PACKET_H
#define SYNFIX_PACKET_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Numbers of packets are below 2^48: the flow_id of a sample (sFlow) has the sample's position in the bits
 * above. */
#define SYNFIX_SAMPLE_SHIFT      48u
#define SYNFIX_PACKET_NUMBER_MAX ((UINT64_C(1) << SYNFIX_SAMPLE_SHIFT) - 1)

/**
 * A packet. The bytes belong to the source and stay valid until the next call of its read function; for
 * pushed packets, until the push returns. The bytes must not be changed.
 */
typedef struct synfix_packet {
    const uint8_t *data;      /* first byte of the link layer; may be NULL when captured_length is 0 */
    uint32_t captured_length; /* bytes at data */
    uint32_t original_length; /* bytes on the wire; at least captured_length */
    int64_t time_ns;          /* nanoseconds since 1970-01-01 00:00 UTC; may be negative or go backwards */
    uint64_t number;          /* from a file: 1 for the first packet; live: counted by the source */
    uint32_t link_type;       /* LINKTYPE_ number as in capture files (tcpdump.org/linktypes.html) */
    uint32_t interface_id; /* index of the interface within its source; 0 if the source has one interface */
    void *user; /* for the caller of push: copied to the observations of this packet, never read by the
                   engine; NULL from a source */
} synfix_packet_t;

#ifdef __cplusplus
}
#endif

#endif
