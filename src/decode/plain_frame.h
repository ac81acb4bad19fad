/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file plain_frame.h
 * The plain frame, the shape of nearly all packets of a link: TCP in IPv4 without options or fragments,
 * directly in Ethernet. Its headers are at fixed offsets. A few bytes give the verdict, and the headers are
 * decoded only when a caller needs them. The results are those of synfix_decode (decode.c).
 */
#ifndef DECODE_PLAIN_FRAME_H
#define DECODE_PLAIN_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <synfix/packet.h>
#include <synfix/plain_observation.h>

#include "decode/ethertypes.h"
#include "decode/header_fields.h"

#define PLAIN_LINK_LENGTH 14u /* of Ethernet */
#define PLAIN_CAPTURE_MIN (PLAIN_LINK_LENGTH + FILL_IPV4_MIN + FILL_TCP_MIN)

/* Options of a segment with timestamps, as every stack in use writes them: two NOPs, timestamps. */
#define PLAIN_STAMPED_OPTIONS 12u /* bytes */
#define PLAIN_STAMPED_VALUES  4u  /* offset of value and echo */
#define PLAIN_STAMPED         (FILL_IPV4_MIN + FILL_TCP_MIN + PLAIN_STAMPED_OPTIONS) /* both headers */

_Static_assert(PLAIN_CAPTURE_MIN == SYNFIX_PLAIN_HEADERS, "the headers of a plain observation");

/* Bytes 12 to 15 of such a frame: ethertype, version and header length; any type of service. Bytes 6 to 9 of
 * its IPv4 header: no fragment, any TTL, TCP. */
#define PLAIN_TYPE          ((uint32_t)ETHERTYPE_IPV4 << 16 | 0x4500u)
#define PLAIN_TYPE_MASK     0xFFFFFF00u
#define PLAIN_FRAGMENT      0x00000006u
#define PLAIN_FRAGMENT_MASK ((FILL_IPV4_OFFSET | FILL_IPV4_MF) << 16 | 0xFFu)

/** LINKTYPE_ number of the link layer, and one that no packet has. */
#define PLAIN_LINK_TYPE 1u
#define PLAIN_NO_LINK   UINT32_MAX

/** The IPv4 header of @p packet when it has this shape, and the fixed headers were captured; else NULL. @p
 * link_type: PLAIN_LINK_TYPE; PLAIN_NO_LINK: NULL for every packet. */
static inline const uint8_t *plain_ipv4(const synfix_packet_t *packet, uint32_t link_type)
{
    if (packet->link_type != link_type || packet->captured_length < PLAIN_CAPTURE_MIN) {
        return NULL;
    }
    const uint8_t *ip = packet->data + PLAIN_LINK_LENGTH;
    const bool fits = masked_be32_equals(ip - 2, PLAIN_TYPE_MASK, PLAIN_TYPE) &&
                      masked_be32_equals(ip + 6, PLAIN_FRAGMENT_MASK, PLAIN_FRAGMENT) &&
                      read_be16(ip + 2) >= FILL_IPV4_MIN + FILL_TCP_MIN;
    return fits ? ip : NULL;
}

/** Length of the TCP header, from its data offset. */
static inline uint32_t plain_tcp_length(const uint8_t *ip)
{
    return (ip[FILL_IPV4_MIN + 12] >> 4) * 4u;
}

/** All headers at @p ip (of plain_ipv4), of which @p captured bytes were captured, as synfix_decode. */
static inline synfix_verdict_t plain_read_headers(synfix_headers_t *headers, const uint8_t *ip,
                                                  size_t captured)
{
    const uint32_t total = read_be16(ip + 2);
    const size_t inside = captured < total ? captured : total;
    headers->encapsulation = (synfix_encapsulation_t){0};
    fill_ipv4(headers, ip, FILL_IPV4_MIN, total, captured, true);
    return set_tcp_fields(headers, ip + FILL_IPV4_MIN, inside - FILL_IPV4_MIN, total - FILL_IPV4_MIN);
}

static inline bool plain_has_syn(const uint8_t *ip)
{
    return (ip[FILL_IPV4_MIN + 13] & SYNFIX_TCP_SYN) != 0;
}

/** plain_read_headers of headers whose lengths are right: those of a SYN or SYN+ACK of plain_handshake, or of
 * plain_is_stamped_segment. All options were captured. */
static inline __attribute__((always_inline)) void plain_read_right(synfix_headers_t *headers,
                                                                   const uint8_t *ip)
{
    const uint32_t total = read_be16(ip + 2);
    headers->encapsulation = (synfix_encapsulation_t){0};
    fill_ipv4(headers, ip, FILL_IPV4_MIN, total, SIZE_MAX, true);
    fill_tcp_fields(headers, ip + FILL_IPV4_MIN, plain_tcp_length(ip), SIZE_MAX, total - FILL_IPV4_MIN);
}

/** The verdict of synfix_decode at @p ip (of plain_ipv4), which has SYN and states @p total bytes. @p
 * lengths: of the IP and TCP header. */
static inline synfix_verdict_t plain_handshake(const uint8_t *ip, uint32_t total, uint32_t lengths)
{
    if (lengths < FILL_IPV4_MIN + FILL_TCP_MIN || lengths > total) {
        return SYNFIX_VERDICT_BAD_TCP;
    }
    return verdict_of_flags(ip[FILL_IPV4_MIN + 13]);
}

/** Whether synfix_decode would answer SEGMENT at @p ip (of plain_ipv4), and it has no more options than
 * timestamps. */
static inline bool plain_is_segment(const uint8_t *ip)
{
    const uint32_t header = plain_tcp_length(ip);
    /* in one comparison: the unsigned difference is large if the header is too short */
    const bool usual = header - FILL_TCP_MIN <= PLAIN_STAMPED_OPTIONS;
    return !plain_has_syn(ip) && usual && header + FILL_IPV4_MIN <= read_be16(ip + 2);
}

/** Whether the first bytes of the options are two NOPs and the head of timestamps. */
static inline bool plain_options_are_stamped(const uint8_t *options)
{
    static const uint8_t begin[PLAIN_STAMPED_VALUES] = {1, 1, 8, 10};
    return memcmp(options, begin, sizeof begin) == 0;
}

/** Whether the same holds and the options are two NOPs and timestamps, all captured: the shape of nearly all
 * segments. */
static inline bool plain_is_stamped_segment(const synfix_packet_t *packet, const uint8_t *ip)
{
    const uint8_t *tcp = ip + FILL_IPV4_MIN;
    /* data offset 8 (words of the header), without SYN, in one comparison */
    const unsigned offset_and_flags = read_be16(tcp + 12) & (0xF000u | SYNFIX_TCP_SYN);
    return offset_and_flags == 0x8000u && packet->captured_length >= PLAIN_LINK_LENGTH + PLAIN_STAMPED &&
           read_be16(ip + 2) >= PLAIN_STAMPED && plain_options_are_stamped(tcp + FILL_TCP_MIN);
}

#endif
