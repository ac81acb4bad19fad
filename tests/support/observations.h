/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file observations.h
 * Random but consistent observations for tests of encoders.
 */
#ifndef SUPPORT_OBSERVATIONS_H
#define SUPPORT_OBSERVATIONS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <synfix/observation.h>

typedef struct random_observation {
    synfix_observation_t observation;
    synfix_headers_t headers;
    synfix_tcp_options_t options;
    synfix_fingerprint_t fingerprint;
} random_observation_t;

static inline uint32_t random_below(uint32_t *seed, uint32_t bound)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (uint32_t)(((uint64_t)(*seed >> 8) * bound) >> 24);
}

static inline void random_bytes(uint32_t *seed, uint8_t *at, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        at[i] = (uint8_t)random_below(seed, 256);
    }
}

static inline void random_tunnel(uint32_t *seed, synfix_encapsulation_t *wrap)
{
    memset(wrap, 0, sizeof *wrap);
    wrap->vlan_count = (uint8_t)random_below(seed, 3);
    wrap->vlan_id = wrap->vlan_count > 0 ? (uint16_t)random_below(seed, 4096) : 0;
    wrap->customer_vlan_id = wrap->vlan_count > 1 ? (uint16_t)random_below(seed, 4096) : 0;
    wrap->mpls_count = (uint8_t)random_below(seed, 3);
    wrap->mpls_label = wrap->mpls_count > 0 ? random_below(seed, 1u << 20) : 0;
    if (random_below(seed, 2) == 0) {
        return;
    }
    wrap->depth = (uint8_t)(1 + random_below(seed, 3));
    wrap->kind = (uint8_t)(1 + random_below(seed, 11));
    wrap->id = random_below(seed, 1u << 24);
    wrap->outer_version = random_below(seed, 2) == 0 ? 4 : 6;
    random_bytes(seed, wrap->outer_source.bytes, wrap->outer_version == 4 ? 4 : 16);
    random_bytes(seed, wrap->outer_destination.bytes, wrap->outer_version == 4 ? 4 : 16);
}

/* The fingerprint's contents follow from @p slot alone. */
static inline void random_fingerprint(uint32_t slot, uint8_t version, synfix_fingerprint_t *fingerprint)
{
    static const synfix_label_t labels[] = {
        {'s', false, 0x12345678, "unix", "Linux", "5.x-6.x", "Linux 5.x-6.x"},
        {'g', true, 0xFFFFFFFF, "!", "NMap", "", "NMap"},
        {'s', false, 1, "other", "Na\303\257ve\tOS\377", "\302\205x", "Na\303\257ve \001OS"},
    };
    uint32_t seed = slot * 2654435761u + version;
    memset(fingerprint, 0, sizeof *fingerprint);
    fingerprint->slot = slot;
    fingerprint->stamp = 2u * slot + (version == 6) + 1000;
    fingerprint->signature.ip_version = version;
    fingerprint->signature.mss = (uint16_t)random_below(&seed, 65536);
    fingerprint->signature.window_scale = (uint8_t)random_below(&seed, 256);
    fingerprint->signature.quirks = random_below(&seed, 1u << 17);
    const uint32_t label = random_below(&seed, 4);
    fingerprint->match = (synfix_match_t){.kind = (uint8_t)(label < 3 ? 1 + random_below(&seed, 4) : 0),
                                          .quality = (uint8_t)random_below(&seed, 101),
                                          .candidate_count = (uint8_t)random_below(&seed, 9),
                                          .distance = (uint8_t)random_below(&seed, 64),
                                          .initial_ttl = 64,
                                          .label = label < 3 ? &labels[label] : NULL};
    for (uint32_t i = 0; label < 3 && i < label; i++) {
        fingerprint->match.others[i] = &labels[i];
    }
    fingerprint->link_mtu = (uint16_t)random_below(&seed, 65536);
    fingerprint->link_label = random_below(&seed, 2) == 0 ? NULL : "Ethernet or modem";
    const uint32_t length = slot % 17 == 0 ? 255 + random_below(&seed, 60) : 30 + random_below(&seed, 60);
    for (uint32_t i = 0; i < length; i++) {
        fingerprint->text[i] = (char)('0' + random_below(&seed, 40));
    }
    fingerprint->text_length = (uint16_t)length;
    if (random_below(&seed, 4) != 0) {
        strcpy(fingerprint->layout_text, "mss,sok,ts,nop,ws");
        fingerprint->layout_text_length = (uint16_t)strlen(fingerprint->layout_text);
    }
}

static inline void random_observation(uint32_t *seed, random_observation_t *made)
{
    memset(made, 0, sizeof *made);
    synfix_headers_t *headers = &made->headers;
    synfix_observation_t *observation = &made->observation;
    const uint8_t version = random_below(seed, 2) == 0 ? 4 : 6;
    headers->ip_version = version;
    random_bytes(seed, headers->source.bytes, version == 4 ? 4 : 16);
    random_bytes(seed, headers->destination.bytes, version == 4 ? 4 : 16);
    headers->source_port = (uint16_t)random_below(seed, 65536);
    headers->destination_port = (uint16_t)random_below(seed, 65536);
    headers->ttl = (uint8_t)random_below(seed, 256);
    headers->traffic_class = (uint8_t)random_below(seed, 256);
    headers->ip_flags = (uint8_t)random_below(seed, 8);
    headers->ip_total_length = random_below(seed, 70000);
    headers->fragment_id = random_below(seed, 65536);
    headers->flow_label = random_below(seed, 1u << 20);
    headers->sequence = random_below(seed, 1u << 24) * 255;
    headers->acknowledgement = random_below(seed, 1u << 24) * 251;
    headers->tcp_flags = (uint16_t)random_below(seed, 512);
    headers->window = (uint16_t)random_below(seed, 65536);
    headers->urgent_pointer = (uint16_t)random_below(seed, 65536);
    headers->payload_length = random_below(seed, 70000);
    random_tunnel(seed, &headers->encapsulation);
    made->options.timestamp_value = random_below(seed, 1u << 24) * 249;
    made->options.timestamp_echo = random_below(seed, 1u << 24);
    random_fingerprint(random_below(seed, 300), version, &made->fingerprint);
    observation->kind = (uint8_t)(1 + random_below(seed, 3));
    observation->flags = random_below(seed, 256);
    observation->time_ns = 1700000000000000000 + (int64_t)random_below(seed, 1u << 24) * 1000003;
    observation->flow_id = (uint64_t)random_below(seed, 1u << 24) << 30;
    observation->interface_id = random_below(seed, 8);
    observation->headers = headers;
    observation->options = &made->options;
    if (observation->kind == SYNFIX_OBSERVATION_UPTIME) {
        observation->uptime = (synfix_uptime_t){.frequency = 1000,
                                                .frequency_centihertz = 99990 + random_below(seed, 20),
                                                .uptime_seconds = random_below(seed, 1u << 24),
                                                .modulus_seconds = 4294967,
                                                .reliability = (uint8_t)random_below(seed, 4)};
    } else {
        observation->fingerprint = &made->fingerprint;
        made->options.mss = made->fingerprint.signature.mss;
        made->options.window_scale = made->fingerprint.signature.window_scale;
    }
}

#endif
