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
#include "engine/flow_tuple.h"

static inline uint32_t flow_fold(uint64_t hash)
{
    return (uint32_t)(hash ^ hash >> 32);
}

/** An end of an IPv6 flow, with its port as flow_tuple_t has it. */
static inline uint64_t flow_end_ipv6(const synfix_address_t *address, uint32_t port)
{
    return hash_mix(read_le64(address->bytes), read_le64(address->bytes + 8) ^ 6) + port;
}

/** The lesser end comes first, so the hash is the same both ways. One product mixes all bits. */
static inline uint32_t flow_hash_ends(uint64_t one, uint64_t other)
{
    const uint64_t lesser = one < other ? one : other;
    const uint64_t greater = one < other ? other : one;
    return flow_fold(hash_mix(lesser, greater));
}

/** The hash of an IPv4 flow. Its high bits select the shard and the set. */
static inline uint32_t flow_hash_ipv4(flow_tuple_t tuple)
{
    return flow_hash_ends((tuple.addresses & UINT32_MAX) | (uint64_t)(tuple.ports & 0xFFFFu) << 32,
                          tuple.addresses >> 32 | (uint64_t)(tuple.ports >> 16) << 32);
}

/** The hash of any flow; @p tuple is that of @p headers. */
static inline uint32_t flow_hash(const synfix_headers_t *headers, flow_tuple_t tuple)
{
    if (headers->ip_version == 4) {
        return flow_hash_ipv4(tuple);
    }
    return flow_hash_ends(flow_end_ipv6(&headers->source, tuple.ports & 0xFFFFu),
                          flow_end_ipv6(&headers->destination, tuple.ports >> 16));
}

#define FLOW_SHARD_BITS 6u

_Static_assert(SYNFIX_FLOW_SHARDS == 1u << FLOW_SHARD_BITS, "a shard is a number of whole bits");

static inline uint32_t flow_shard(uint32_t hash)
{
    return hash >> (32 - FLOW_SHARD_BITS);
}

/** synfix_flow_hash, whose low bits are the shard. */
static inline uint32_t flow_hash_public(uint32_t hash)
{
    return hash << FLOW_SHARD_BITS | flow_shard(hash);
}

/** synfix_host_hash of the source of an IPv4 packet. */
static inline uint32_t flow_host_hash_ipv4(flow_tuple_t tuple)
{
    return flow_fold(hash_mix(tuple.addresses & UINT32_MAX, 4));
}

/** synfix_host_hash. */
static inline uint32_t flow_host_hash(const synfix_headers_t *headers)
{
    const uint8_t *source = headers->source.bytes;
    return flow_fold(hash_mix(read_le64(source), read_le64(source + 8) ^ headers->ip_version));
}

#endif
