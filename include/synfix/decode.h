/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file decode.h
 * Decoder: packet bytes to headers. Pure functions: no state, no allocation, any thread, any input bytes.
 */
#ifndef SYNFIX_DECODE_H
#define SYNFIX_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <synfix/export.h>
#include <synfix/headers.h>
#include <synfix/packet.h>
#include <synfix/verdict.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Maximum number of nested headers (link, shim, tunnel, IP, extension) in one packet. A deeper packet gets
 * the verdict NESTED.
 */
#define SYNFIX_NESTING_MAX 32

/**
 * Decodes a packet down to its innermost TCP header.
 * @param packet   any bytes; not changed
 * @param headers  filled in for the verdicts SYN, SYN_ACK, SEGMENT and BAD_FLAGS, else undefined; its options
 *                 point into the bytes of the packet and are not validated (options_captured states how many
 *                 bytes are present)
 * @return SYN or SYN_ACK: a TCP header with SYN and without FIN or RST; SEGMENT: without SYN; BAD_FLAGS: SYN
 *         together with FIN or RST; SFLOW: a datagram of sFlow, whose samples the engine processes; else the
 *         reason why there is no TCP header
 */
SYNFIX_API synfix_verdict_t synfix_decode(const synfix_packet_t *packet, synfix_headers_t *headers);

/**
 * Decodes a packet whose tunnels and tags must all be in a set.
 * @param packet   as for synfix_decode()
 * @param headers  as for synfix_decode()
 * @param wanted   permitted tunnels and tags: SYNFIX_ENCAPSULATION_BIT(), or SYNFIX_ENCAPSULATIONS_ALL
 * @return as synfix_decode(); ENCAPSULATION: another tunnel or tag, regardless of all else
 */
SYNFIX_API synfix_verdict_t synfix_decode_wanted(const synfix_packet_t *packet, synfix_headers_t *headers,
                                                 synfix_encapsulations_t wanted);

/**
 * Whether packets of a link type can be decoded.
 * @param link_type  LINKTYPE_ number
 * @return false: synfix_decode() returns UNKNOWN_LINK
 */
SYNFIX_API bool synfix_link_type_known(uint32_t link_type);

/**
 * libpcap's name of a link type.
 * @param link_type  LINKTYPE_ number
 * @return constant text (`EN10MB`); NULL: the link type is unknown
 */
SYNFIX_API const char *synfix_link_type_name(uint32_t link_type);

#ifdef __cplusplus
}
#endif

#endif
