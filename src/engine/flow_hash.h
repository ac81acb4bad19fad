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

static inline uint64_t flow_address_hash(const synfix_address_t *address, uint8_t ip_version)
{
    return hash_mix(read_le64(address->bytes), read_le64(address->bytes + 8) ^ ip_version);
}

static inline uint32_t flow_fold(uint64_t hash)
{
    return (uint32_t)(hash ^ hash >> 32);
}

/** An address with its port. The factor is odd, so no bit of the address is lost. */
static inline uint64_t flow_end_hash(uint64_t address_hash, uint16_t port)
{
    return address_hash * ((uint64_t)port << 1 | 1);
}

/** synfix_flow_hash, with @p source_hash of the source address. The sum of both ends is the same both ways.
 */
static inline uint32_t flow_hash(const synfix_headers_t *headers, uint64_t source_hash)
{
    const uint64_t destination_hash = flow_address_hash(&headers->destination, headers->ip_version);
    const uint64_t ends = flow_end_hash(source_hash, headers->source_port) +
                          flow_end_hash(destination_hash, headers->destination_port);
    return flow_fold(hash_mix(ends, ends >> 32));
}

#endif
