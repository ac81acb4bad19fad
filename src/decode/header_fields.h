/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file header_fields.h
 * Copies header fields into synfix_headers_t. Fast path and general parser share these functions, so that
 * both yield the same values.
 */
#ifndef DECODE_HEADER_FIELDS_H
#define DECODE_HEADER_FIELDS_H

#include "base/byte_order.h"
#include "base/simd.h"
#include <synfix/headers.h>
#include <synfix/verdict.h>

/** Minimum sizes of the headers in bytes. */
#define FILL_IPV4_MIN 20u
#define FILL_IPV6_MIN 40u
#define FILL_TCP_MIN  20u

/** Bytes 6 and 7 of IPv4: flags and offset. */
#define FILL_IPV4_OFFSET 0x1FFFu
#define FILL_IPV4_MF     0x2000u

/* In one store, as the address is loaded later: smaller stores defeat store-to-load forwarding. */
static inline void fill_ipv4_address(synfix_address_t *address, const uint8_t *at)
{
    copy4_of_16(address->bytes, at);
}

/** @p header_length and @p total_length have been checked; @p captured: bytes available at @p ip. @p whole:
 * known not to be a fragment. */
static inline __attribute__((always_inline)) void fill_ipv4(synfix_headers_t *headers, const uint8_t *ip,
                                                            uint16_t header_length, uint32_t total_length,
                                                            size_t captured, bool whole)
{
    const uint16_t fragment = read_be16(ip + 6);
    fill_ipv4_address(&headers->source, ip + 12);
    fill_ipv4_address(&headers->destination, ip + 16);
    headers->ip_version = 4;
    headers->ttl = ip[8];
    headers->traffic_class = ip[1];
    headers->ip_flags = (uint8_t)(fragment >> 13);
    headers->ip_options_length = (uint16_t)(header_length - FILL_IPV4_MIN);
    headers->ip_header_length = header_length;
    headers->ip_total_length = total_length;
    headers->fragment_id = read_be16(ip + 4);
    headers->flow_label = 0;
    headers->truncated = captured < total_length;
    headers->first_fragment = !whole && (fragment & (FILL_IPV4_OFFSET | FILL_IPV4_MF)) == FILL_IPV4_MF;
}

/** The fixed IPv6 header; the caller adds extension headers. */
static inline void fill_ipv6(synfix_headers_t *headers, const uint8_t *ip, uint32_t total_length,
                             size_t captured)
{
    const uint32_t first = read_be32(ip);
    memcpy(headers->source.bytes, ip + 8, 16);
    memcpy(headers->destination.bytes, ip + 24, 16);
    headers->ip_version = 6;
    headers->ttl = ip[7];
    headers->traffic_class = (uint8_t)(first >> 20);
    headers->ip_flags = 0;
    headers->ip_options_length = 0;
    headers->ip_header_length = FILL_IPV6_MIN;
    headers->ip_total_length = total_length;
    headers->fragment_id = 0;
    headers->flow_label = first & 0xFFFFFu;
    headers->truncated = captured < total_length;
    headers->first_fragment = false;
}

/** The verdict that the flags of a complete TCP header lead to. */
static inline synfix_verdict_t verdict_of_flags(unsigned flags)
{
    if ((flags & SYNFIX_TCP_SYN) == 0) {
        return SYNFIX_VERDICT_SEGMENT;
    }
    if ((flags & (SYNFIX_TCP_FIN | SYNFIX_TCP_RST)) != 0) {
        return SYNFIX_VERDICT_BAD_FLAGS;
    }
    return (flags & SYNFIX_TCP_ACK) != 0 ? SYNFIX_VERDICT_SYN_ACK : SYNFIX_VERDICT_SYN;
}

/** The fields of a TCP header of @p header_length bytes. The others: see set_tcp_fields. */
static inline void fill_tcp_fields(synfix_headers_t *headers, const uint8_t *tcp, unsigned header_length,
                                   size_t captured, uint32_t length)
{
    const unsigned options = header_length - FILL_TCP_MIN;
    headers->source_port = read_be16(tcp);
    headers->destination_port = read_be16(tcp + 2);
    headers->sequence = read_be32(tcp + 4);
    headers->acknowledgement = read_be32(tcp + 8);
    headers->tcp_flags = read_be16(tcp + 12) & 0x1FFu;
    headers->window = read_be16(tcp + 14);
    headers->urgent_pointer = read_be16(tcp + 18);
    headers->tcp_header_length = (uint16_t)header_length;
    headers->payload_length = length - header_length;
    headers->options = tcp + FILL_TCP_MIN;
    headers->options_length = (uint8_t)options;
    headers->options_captured = (uint8_t)options;
    if (__builtin_expect(captured < header_length, 0)) {
        headers->options_captured = (uint8_t)(captured - FILL_TCP_MIN);
    }
}

/**
 * The TCP header at @p tcp: at least FILL_TCP_MIN and in total @p captured bytes are available; @p length
 * is the length according to the IP header.
 */
static inline synfix_verdict_t set_tcp_fields(synfix_headers_t *headers, const uint8_t *tcp, size_t captured,
                                              uint32_t length)
{
    const unsigned header_length = (tcp[12] >> 4) * 4u;
    if (header_length < FILL_TCP_MIN) {
        return SYNFIX_VERDICT_BAD_TCP;
    }
    if (header_length > length) {
        return headers->first_fragment ? SYNFIX_VERDICT_FRAGMENT_SHORT : SYNFIX_VERDICT_BAD_TCP;
    }
    fill_tcp_fields(headers, tcp, header_length, captured, length);
    return verdict_of_flags(tcp[13]);
}

#endif
