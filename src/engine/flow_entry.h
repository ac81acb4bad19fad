/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file flow_entry.h
 * The entry of a connection in the handshake table.
 */
#ifndef ENGINE_FLOW_ENTRY_H
#define ENGINE_FLOW_ENTRY_H

#include <stdint.h>

#include "engine/flow_tuple.h"

/* Bits of flow_t.state. */
#define FLOW_SYN       0x00FFFFFFu /* the client's SYN, as fingerprint_slot_t.as_syn */
#define FLOW_SYN_SEEN  0x01000000u
#define FLOW_ANSWERED  0x02000000u /* by a SYN+ACK of the server */
#define FLOW_P0F_ALIVE 0x04000000u /* p0f still follows it */
#define FLOW_P0F_DONE  0x08000000u /* shifted by the direction: uptime was reported, or is not credible */
#define FLOW_IPV6      0x80000000u

/** One connection. The client sent the SYN, or received the first SYN+ACK. */
typedef struct flow {
    flow_tuple_t tuple; /* of the packets of the client */
    uint32_t state;
    uint32_t sampled_ms[2];    /* by direction, [0] of the client: time of the next sample */
    uint32_t next_sequence[2]; /* by direction; after SYN: initial + 1 */
    uint32_t opened_ms;
} flow_t;

/** The other bytes of the addresses of an IPv6 flow; memory that IPv4 never touches. */
typedef struct flow_ipv6 {
    uint8_t client[12];
    uint8_t server[12];
} flow_ipv6_t;

_Static_assert(sizeof(flow_t) == 36 && sizeof(flow_ipv6_t) == 24, "memory of a flow, as documented");

#endif
