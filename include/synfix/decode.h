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
 * Decodes @p packet down to its innermost TCP header.
 *
 * Returns SYN or SYN_ACK for a TCP header with SYN and without FIN or RST; SEGMENT for a TCP header without
 * SYN; BAD_FLAGS for SYN together with FIN or RST. For these four verdicts @p headers is filled in; options
 * are not validated (options_captured states how many bytes are present). For all other verdicts the
 * content of @p headers is undefined. SFLOW: a datagram of sFlow, whose samples the engine processes.
 */
SYNFIX_API synfix_verdict_t synfix_decode(const synfix_packet_t *packet, synfix_headers_t *headers);

/**
 * Decodes a packet whose tunnels and tags must all be in @p wanted. Any other packet gets the verdict
 * ENCAPSULATION, regardless of its other properties.
 */
SYNFIX_API synfix_verdict_t synfix_decode_wanted(const synfix_packet_t *packet, synfix_headers_t *headers,
                                                 synfix_encapsulations_t wanted);

/** True if packets of the LINKTYPE_ number @p link_type can be decoded. */
SYNFIX_API bool synfix_link_type_known(uint32_t link_type);

/** libpcap's name of a link type (`EN10MB`), or NULL if it is unknown. */
SYNFIX_API const char *synfix_link_type_name(uint32_t link_type);

#ifdef __cplusplus
}
#endif

#endif
