/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file plain_observation.h
 * A SYN or SYN+ACK of the shape that most packets have, with the headers as received: an encoder that copies
 * their bytes needs no decoded headers.
 */
#ifndef SYNFIX_PLAIN_OBSERVATION_H
#define SYNFIX_PLAIN_OBSERVATION_H

#include <stdint.h>
#include <synfix/observation.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes of the headers: Ethernet without tags (14), IPv4 without options (20), TCP without its options (20).
 */
#define SYNFIX_PLAIN_HEADERS 54u

/**
 * An observation of kind SYN or SYN_ACK of a packet without tags, tunnels and fragments. The fields have the
 * meaning and the units of those of synfix_observation_t. All pointers are valid only until the function
 * returns.
 */
typedef struct synfix_plain_observation {
    uint8_t headers[SYNFIX_PLAIN_HEADERS]; /* as in the frame, in network byte order */
    uint8_t kind;                          /* SYNFIX_OBSERVATION_SYN or _SYN_ACK */
    int64_t time_ns;
    uint64_t packet_number;
    uint64_t flow_id;
    uint32_t interface_id;
    uint32_t flags; /* SYNFIX_FLAG_*; TRUNCATED: fewer bytes were captured than the IP header states */
    void *user;
    const synfix_fingerprint_t *fingerprint; /* never NULL */
    const synfix_tcp_options_t *options;     /* the timestamps in it are undefined */
    uint32_t timestamp_value;
    uint32_t timestamp_echo;
} synfix_plain_observation_t;

#ifdef __cplusplus
}
#endif

#endif
