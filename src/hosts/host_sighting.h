/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file host_sighting.h
 * One observation as input of the host model: a plain value that can be queued, copied, or made from records.
 */
#ifndef HOSTS_HOST_SIGHTING_H
#define HOSTS_HOST_SIGHTING_H

#include "hosts/host_row.h"

typedef struct host_sighting {
    host_key_t key;
    uint32_t label; /* number in the labels of the model */
    int64_t time_ns;
    uint8_t kind;            /* synfix_observation_kind_t */
    uint8_t match_kind;      /* synfix_match_kind_t */
    uint8_t quality;         /* of the family, 0 to 100 */
    uint8_t version_quality; /* of the whole label, 0 to 100 */
    uint8_t distance;        /* routers */
    uint8_t initial_ttl;
    bool random_ttl;
    bool tool;     /* by the match */
    bool repeated; /* a retransmission */
    bool excess_distance;
    uint16_t link_mtu; /* bytes; 0 unknown */
    uint32_t link;     /* number of its name in the labels of the model */
    uint16_t source_port;
    uint16_t destination_port;
    uint16_t ip_id;     /* IPv4 identification; 0 none */
    uint32_t timestamp; /* own value of the timestamp option; 0 none */
    uint32_t peer;      /* hash of the destination address */
    union {
        synfix_signature_t signature; /* SYN and SYN+ACK */
        synfix_uptime_t uptime;       /* uptime */
    } facts;
} host_sighting_t;

/**
 * Fills in all fields except label and link, which are HOST_LABEL_UNKNOWN. False: the kind of observation
 * does not describe a host.
 */
bool host_sighting_read(host_sighting_t *sighting, const synfix_observation_t *observation);

#endif
