/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file headers.h
 * The headers of one packet, decoded to host byte order: the innermost IP and TCP, and what they were wrapped
 * in.
 */
#ifndef SYNFIX_HEADERS_H
#define SYNFIX_HEADERS_H

#include <stdbool.h>
#include <stdint.h>
#include <synfix/address.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Innermost tunnel. The numbers are those of the information element encapsulationKind and never change. */
typedef enum synfix_encapsulation_kind {
    SYNFIX_ENCAPSULATION_NONE = 0,
    SYNFIX_ENCAPSULATION_GRE = 1,             /* RFC 2784, 2890 */
    SYNFIX_ENCAPSULATION_IP_IN_IP = 2,        /* RFC 2003 */
    SYNFIX_ENCAPSULATION_6IN4 = 3,            /* RFC 4213 */
    SYNFIX_ENCAPSULATION_4IN6 = 4,            /* RFC 2473 */
    SYNFIX_ENCAPSULATION_VXLAN = 5,           /* RFC 7348 */
    SYNFIX_ENCAPSULATION_VXLAN_GPE = 6,       /* draft-ietf-nvo3-vxlan-gpe */
    SYNFIX_ENCAPSULATION_GENEVE = 7,          /* RFC 8926 */
    SYNFIX_ENCAPSULATION_GTP_U = 8,           /* 3GPP TS 29.281 */
    SYNFIX_ENCAPSULATION_TEREDO = 9,          /* RFC 4380 */
    SYNFIX_ENCAPSULATION_ERSPAN = 10,         /* types I to III */
    SYNFIX_ENCAPSULATION_AH = 11,             /* RFC 4302; also without a tunnel (depth 0) */
    SYNFIX_ENCAPSULATION_CAPWAP = 12,         /* RFC 5415, data channel */
    SYNFIX_ENCAPSULATION_L2TP = 13,           /* RFC 2661 */
    SYNFIX_ENCAPSULATION_LISP = 14,           /* RFC 9300 */
    SYNFIX_ENCAPSULATION_ETHERNET_IN_IP = 15, /* RFC 3378, RFC 8986 */
    SYNFIX_ENCAPSULATION_MPLS_IN_IP = 16,     /* RFC 4023, RFC 7510 */
} synfix_encapsulation_kind_t;

/** What the innermost IP was wrapped in. All 0 when in nothing. */
typedef struct synfix_encapsulation {
    uint8_t kind;              /* synfix_encapsulation_kind_t, the innermost one */
    uint8_t depth;             /* tunnels around the innermost IP (VLAN tags and MPLS labels do not count) */
    uint8_t vlan_count;        /* tags of the outermost Ethernet frame */
    uint8_t outer_version;     /* 4 or 6 with depth > 0 and an outer IP, else 0 */
    uint16_t vlan_id;          /* outermost tag's id, 0 to 4095; meaningful with vlan_count >= 1 */
    uint16_t customer_vlan_id; /* second tag's id; meaningful with vlan_count >= 2 */
    uint32_t id;               /* VNI, GRE key, TEID, ERSPAN session of the tunnel in kind; 0 none */
    uint32_t mpls_label;       /* outermost label; meaningful with mpls_count > 0 */
    uint8_t mpls_count;
    synfix_address_t outer_source; /* of the outermost IP, with depth > 0 */
    synfix_address_t outer_destination;
} synfix_encapsulation_t;

/** Bits of synfix_headers_t.ip_flags, as they stand in the IPv4 header (RFC 791), shifted to the right. */
#define SYNFIX_IP_RESERVED 0x4u
#define SYNFIX_IP_DF       0x2u
#define SYNFIX_IP_MF       0x1u

/** Bits of synfix_headers_t.tcp_flags (RFC 9293, RFC 8311 for AE/NS). */
#define SYNFIX_TCP_FIN 0x001u
#define SYNFIX_TCP_SYN 0x002u
#define SYNFIX_TCP_RST 0x004u
#define SYNFIX_TCP_PSH 0x008u
#define SYNFIX_TCP_ACK 0x010u
#define SYNFIX_TCP_URG 0x020u
#define SYNFIX_TCP_ECE 0x040u
#define SYNFIX_TCP_CWR 0x080u
#define SYNFIX_TCP_AE  0x100u

/** Decoded headers. Numbers are in host byte order; lengths in octets. */
typedef struct synfix_headers {
    synfix_address_t source;
    synfix_address_t destination;
    uint16_t source_port;
    uint16_t destination_port;
    uint8_t ip_version;         /* 4 or 6 */
    uint8_t ttl;                /* TTL or hop limit */
    uint8_t traffic_class;      /* TOS octet or IPv6 traffic class: DSCP << 2 | ECN */
    uint8_t ip_flags;           /* SYNFIX_IP_*; IPv6: 0, MF set for a first fragment */
    uint16_t ip_options_length; /* IPv4 options, or IPv6 extension headers (D2) */
    uint16_t ip_header_length;  /* fixed header + ip_options_length */
    uint32_t ip_total_length; /* as the IP header says (IPv6: 40 + payload length); never what was captured */
    uint32_t fragment_id;     /* IPv4 identification; IPv6: of the fragment header, else 0 */
    uint32_t flow_label;      /* IPv6, 20 bits */
    uint32_t sequence;
    uint32_t acknowledgement;
    uint16_t tcp_flags; /* SYNFIX_TCP_*, 9 bits */
    uint16_t window;    /* unscaled */
    uint16_t urgent_pointer;
    uint16_t tcp_header_length; /* 20 to 60 */
    uint32_t payload_length;    /* by ip_total_length, not by what was captured (D3) */
    const uint8_t *options;     /* TCP options inside the packet's bytes; same lifetime as they */
    uint8_t options_length;     /* 0 to 40, as the TCP header says */
    uint8_t options_captured;   /* how many of them were captured; less: cut by the snap length */
    bool truncated;             /* less captured than the IP header says */
    bool first_fragment;        /* offset 0 with MF set (D10); an IPv6 atomic fragment is none */
    synfix_encapsulation_t encapsulation;
} synfix_headers_t;

#ifdef __cplusplus
}
#endif

#endif
