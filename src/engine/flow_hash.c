/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <string.h>
#include <synfix/engine.h>

#include "base/hash_mix.h"

static uint64_t address_hash(const synfix_address_t *address, uint64_t seed)
{
    uint64_t words[2];
    memcpy(words, address->bytes, sizeof words);
    return hash_mix(words[0] ^ seed, words[1]);
}

uint32_t synfix_flow_hash(const synfix_headers_t *headers)
{
    /* A sum of both ends is the same both ways. */
    const uint64_t source = address_hash(&headers->source, (uint64_t)headers->source_port << 40);
    const uint64_t destination =
        address_hash(&headers->destination, (uint64_t)headers->destination_port << 40);
    const uint64_t mixed = hash_mix(source + destination, headers->ip_version);
    return (uint32_t)(mixed ^ mixed >> 32);
}

uint32_t synfix_host_hash(const synfix_headers_t *headers)
{
    const uint64_t mixed = address_hash(&headers->source, headers->ip_version);
    return (uint32_t)(mixed ^ mixed >> 32);
}
