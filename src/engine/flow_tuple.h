/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file flow_tuple.h
 * Addresses and ports of a packet as they lie in an IPv4 packet without options: twelve bytes, which are
 * loaded once, compared in two words and turned round by two rotations.
 */
#ifndef ENGINE_FLOW_TUPLE_H
#define ENGINE_FLOW_TUPLE_H

#include <stdbool.h>
#include <stdint.h>
#include <synfix/headers.h>

#include "base/byte_order.h"

/** Source first. Bytes of the packet as little-endian numbers, so the values are the same on each processor.
 * An IPv6 address is represented by its first four bytes; flows compare the others too. */
typedef struct __attribute__((packed, aligned(4))) flow_tuple {
    uint64_t addresses;
    uint32_t ports;
} flow_tuple_t;

_Static_assert(sizeof(flow_tuple_t) == 12, "twelve bytes, as in the packet");

/** The tuple of a packet; @p ip is an IPv4 header without options. */
static inline flow_tuple_t flow_tuple_ipv4(const uint8_t *ip)
{
    return (flow_tuple_t){read_le64(ip + 12), read_le32(ip + 20)};
}

static inline uint32_t flow_tuple_port(uint16_t port)
{
    return (uint32_t)(port >> 8 | (port & 0xFFu) << 8);
}

static inline flow_tuple_t flow_tuple(const synfix_headers_t *headers)
{
    return (flow_tuple_t){
        read_le32(headers->source.bytes) | (uint64_t)read_le32(headers->destination.bytes) << 32,
        flow_tuple_port(headers->source_port) | flow_tuple_port(headers->destination_port) << 16};
}

/** The source of an IPv4 packet. */
static inline synfix_address_t flow_tuple_source(flow_tuple_t tuple)
{
    synfix_address_t address;
    const uint64_t words[2] = {LE64(tuple.addresses & UINT32_MAX), 0};
    memcpy(address.bytes, words, sizeof address.bytes);
    return address;
}

/** The tuple of an answer. */
static inline flow_tuple_t flow_tuple_back(flow_tuple_t tuple)
{
    return (flow_tuple_t){tuple.addresses >> 32 | tuple.addresses << 32,
                          tuple.ports >> 16 | tuple.ports << 16};
}

static inline bool flow_tuple_equal(flow_tuple_t one, flow_tuple_t other)
{
    return ((one.addresses ^ other.addresses) | (one.ports ^ other.ports)) == 0;
}

#endif
