/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file ip_protocols.h
 * The protocols of IP that the decoder supports (IANA protocol numbers). Those of the IPv6 extension headers
 * are among them (RFC 8200, section 4).
 */
#ifndef DECODE_IP_PROTOCOLS_H
#define DECODE_IP_PROTOCOLS_H

enum {
    PROTOCOL_HOP_BY_HOP = 0,
    PROTOCOL_ICMP = 1,
    PROTOCOL_IPV4 = 4,
    PROTOCOL_TCP = 6,
    PROTOCOL_UDP = 17,
    PROTOCOL_IPV6 = 41,
    PROTOCOL_ROUTING = 43,
    PROTOCOL_FRAGMENT = 44,
    PROTOCOL_GRE = 47,
    PROTOCOL_ESP = 50,
    PROTOCOL_AH = 51,
    PROTOCOL_ICMPV6 = 58,
    PROTOCOL_DESTINATION = 60,
    PROTOCOL_ETHERIP = 97,
    PROTOCOL_L2TP = 115,
    PROTOCOL_MOBILITY = 135,
    PROTOCOL_MPLS = 137,
    PROTOCOL_HIP = 139,
    PROTOCOL_SHIM6 = 140,
    PROTOCOL_ETHERNET = 143, /* RFC 8986 */
};

#endif
