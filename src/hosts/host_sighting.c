/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "hosts/host_sighting.h"

#include "base/hash_mix.h"
#include <string.h>

static uint32_t host_peer_hash(const synfix_address_t *address)
{
    uint64_t words[2];
    memcpy(words, address->bytes, sizeof words);
    return (uint32_t)hash_mix(words[0], words[1]);
}

static void read_match(host_sighting_t *sighting, const synfix_observation_t *observation)
{
    const synfix_fingerprint_t *fingerprint = observation->fingerprint;
    const synfix_match_t *match = &fingerprint->match;
    sighting->match_kind = match->kind;
    /* The verdict is about the family. Records of other programs may not have its quality. */
    sighting->quality = match->family_quality != 0 ? match->family_quality : match->quality;
    sighting->version_quality = match->quality;
    sighting->distance = match->distance;
    sighting->initial_ttl = match->initial_ttl;
    sighting->random_ttl = match->random_ttl;
    sighting->excess_distance = match->excess_distance;
    sighting->tool = match->tool;
    sighting->link_mtu = fingerprint->link_mtu;
    sighting->facts.signature = fingerprint->signature;
}

bool host_sighting_read(host_sighting_t *sighting, const synfix_observation_t *observation)
{
    const synfix_headers_t *headers = observation->headers;
    if (observation->kind < SYNFIX_OBSERVATION_SYN || observation->kind > SYNFIX_OBSERVATION_UPTIME) {
        return false;
    }
    *sighting = (host_sighting_t){
        .time_ns = observation->time_ns,
        .kind = observation->kind,
        .repeated = (observation->flags & (uint32_t)SYNFIX_FLAG_RETRANSMISSION) != 0,
        .source_port = headers->source_port,
        .destination_port = headers->destination_port,
        .ip_id = headers->ip_version == 4 ? (uint16_t)headers->fragment_id : 0,
        .timestamp = observation->options != NULL ? observation->options->timestamp_value : 0,
        .peer = host_peer_hash(&headers->destination),
    };
    host_key_read(&sighting->key, headers, observation->from_server);
    if (observation->fingerprint != NULL) {
        read_match(sighting, observation);
    } else {
        sighting->facts.uptime = observation->uptime;
    }
    return true;
}
