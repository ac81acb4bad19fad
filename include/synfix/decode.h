/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file decode.h
 * From bytes to headers. Pure functions: no state, no allocation, any thread, any bytes.
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

/** Headers (link, shim, tunnel, IP, extension) that one packet may nest before it is given up as NESTED. */
#define SYNFIX_NESTING_MAX 32

/**
 * Decodes @p packet down to its innermost TCP header.
 *
 * Answers SYN or SYN_ACK for a TCP header with SYN and neither FIN nor RST (its options are not looked at
 * here: options_captured tells whether they are whole), SEGMENT for one without SYN, BAD_FLAGS for SYN with
 * FIN or RST; for these four @p headers is filled in. For any other verdict its contents are undefined.
 */
SYNFIX_API synfix_verdict_t synfix_decode(const synfix_packet_t *packet, synfix_headers_t *headers);

/**
 * The same for packets in nothing but the tunnels and tags of @p wanted: any other one, whatever else may be
 * said of it, is ENCAPSULATION.
 */
SYNFIX_API synfix_verdict_t synfix_decode_wanted(const synfix_packet_t *packet, synfix_headers_t *headers,
                                                 synfix_encapsulations_t wanted);

/** Whether packets of LINKTYPE_ number @p link_type can be decoded. */
SYNFIX_API bool synfix_link_type_known(uint32_t link_type);

/** Name of a link type in libpcap's manner (`EN10MB`), NULL when it is not known here. */
SYNFIX_API const char *synfix_link_type_name(uint32_t link_type);

#ifdef __cplusplus
}
#endif

#endif
