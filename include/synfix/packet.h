/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file packet.h
 * A packet as a source hands it over: bytes, time, link type.
 */
#ifndef SYNFIX_PACKET_H
#define SYNFIX_PACKET_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The bytes belong to the source and are valid until it is asked for the next batch (or, for pushed packets,
 * until the push returns). Nobody writes to them.
 */
typedef struct synfix_packet {
    const uint8_t *data;      /* first byte of the link layer; may be NULL when captured_length is 0 */
    uint32_t captured_length; /* bytes at data */
    uint32_t original_length; /* bytes on the wire; at least captured_length */
    int64_t time_ns;          /* nanoseconds since 1970-01-01 00:00 UTC; may be negative or go backwards */
    uint64_t number;          /* from a file: 1 for its first packet; live: counted by the source */
    uint32_t link_type;       /* LINKTYPE_ number as in capture files (tcpdump.org/linktypes.html) */
    uint32_t interface_id;    /* index of the interface at its source; 0 when there is one only */
    void *user;               /* whoever pushes may put anything here: it comes back with the packet's
                                 observations and is not looked at; NULL from a source */
} synfix_packet_t;

#ifdef __cplusplus
}
#endif

#endif
