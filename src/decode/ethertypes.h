/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file ethertypes.h
 * The ethertypes that the decoder supports, and other numbers of protocols that several link layers share.
 * Source: IEEE 802 numbers (IANA); the comment names the owner where it is not IEEE.
 */
#ifndef DECODE_ETHERTYPES_H
#define DECODE_ETHERTYPES_H

enum {
    ETHERTYPE_LENGTH_MAX = 1500, /* a value up to this one is a length, and LLC follows */
    ETHERTYPE_MIN = 0x0600,
    ETHERTYPE_IPV4 = 0x0800,
    ETHERTYPE_TRILL = 0x22F3,
    ETHERTYPE_BRIDGED = 0x6558, /* RFC 1701 */
    ETHERTYPE_VLAN = 0x8100,
    ETHERTYPE_IPV6 = 0x86DD,
    ETHERTYPE_PPP = 0x880B,
    ETHERTYPE_MPLS = 0x8847,
    ETHERTYPE_MPLS_UPSTREAM = 0x8848,
    ETHERTYPE_PPPOE_SESSION = 0x8864,
    ETHERTYPE_JUMBO_LLC = 0x8870,
    ETHERTYPE_SERVICE_VLAN = 0x88A8,
    ETHERTYPE_MACSEC = 0x88E5,
    ETHERTYPE_PBB = 0x88E7,
    ETHERTYPE_FABRICPATH = 0x8903, /* Cisco */
    ETHERTYPE_METADATA = 0x8909,   /* Cisco: security group tag */
    ETHERTYPE_VNTAG = 0x8926,      /* Cisco */
    ETHERTYPE_HSR = 0x892F,        /* IEC 62439-3 */
    ETHERTYPE_ETAG = 0x893F,
    ETHERTYPE_NSH = 0x894F,
    ETHERTYPE_QINQ_9100 = 0x9100, /* used by several vendors before 802.1ad */
    ETHERTYPE_QINQ_9200 = 0x9200,
    ETHERTYPE_QINQ_9300 = 0x9300,
    ETHERTYPE_QINQ_9500 = 0x9500,
    ETHERTYPE_RTAG = 0xF1C1,
};

/* Network layer protocol identifiers of ISO/IEC TR 9577 (RFC 2427, RFC 2684). */
enum {
    NLPID_SNAP = 0x80,
    NLPID_IPV6 = 0x8E,
    NLPID_IPV4 = 0xCC,
    NLPID_PPP = 0xCF,
};

#endif
