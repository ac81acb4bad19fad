/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file flow_hash.h
 * The hashes of a packet's flow and host, from one hash of each address.
 */
#ifndef ENGINE_FLOW_HASH_H
#define ENGINE_FLOW_HASH_H

#include <synfix/engine.h>

#include "base/byte_order.h"
#include "base/hash_mix.h"

static inline uint32_t flow_fold(uint64_t hash)
{
    return (uint32_t)(hash ^ hash >> 32);
}

/** An IPv4 address, its bytes as a little-endian number, with its port: one product mixes all bits. */
static inline uint64_t flow_end_hash_ipv4(uint64_t address, uint16_t port)
{
    return hash_mix(address | (uint64_t)port << 32, 4);
}

static inline uint64_t flow_end_hash(const synfix_address_t *address, uint8_t ip_version, uint16_t port)
{
    const uint64_t begin = read_le64(address->bytes);
    if (ip_version == 4) {
        return flow_end_hash_ipv4(begin, port);
    }
    return hash_mix(begin, read_le64(address->bytes + 8) ^ ip_version) * ((uint64_t)port << 1 | 1);
}

/** synfix_flow_hash. The sum of both ends is the same both ways. */
static inline uint32_t flow_hash(const synfix_headers_t *headers)
{
    return flow_fold(flow_end_hash(&headers->source, headers->ip_version, headers->source_port) +
                     flow_end_hash(&headers->destination, headers->ip_version, headers->destination_port));
}

/** The same of the IPv4 header without options at @p ip, with the TCP header behind. */
static inline uint32_t flow_hash_ipv4(const uint8_t *ip)
{
    const uint64_t addresses = read_le64(ip + 12);
    return flow_fold(flow_end_hash_ipv4(addresses & UINT32_MAX, read_be16(ip + 20)) +
                     flow_end_hash_ipv4(addresses >> 32, read_be16(ip + 22)));
}

/** synfix_host_hash. */
static inline uint32_t flow_host_hash(const synfix_headers_t *headers)
{
    const uint8_t *source = headers->source.bytes;
    return flow_fold(hash_mix(read_le64(source), read_le64(source + 8) ^ headers->ip_version));
}

#endif
