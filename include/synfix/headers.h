/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file headers.h
 * The headers of one packet in host byte order: the innermost IP and TCP headers, and their encapsulation.
 */
#ifndef SYNFIX_HEADERS_H
#define SYNFIX_HEADERS_H

#include <stdbool.h>
#include <stdint.h>
#include <synfix/address.h>
#include <synfix/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/** X(identifier, number, name). Numbers of the element encapsulationKind: they never change, new ones are
 * appended. */
#define SYNFIX_ENCAPSULATIONS(X)                                                                             \
    X(NONE, 0, "none")                                                                                       \
    X(GRE, 1, "gre")                        /* RFC 2784, 2890 */                                             \
    X(IP_IN_IP, 2, "ip-in-ip")              /* RFC 2003; 6-in-6 too */                                       \
    X(6IN4, 3, "6in4")                      /* RFC 4213 */                                                   \
    X(4IN6, 4, "4in6")                      /* RFC 2473 */                                                   \
    X(VXLAN, 5, "vxlan")                    /* RFC 7348 */                                                   \
    X(VXLAN_GPE, 6, "vxlan-gpe")            /* draft-ietf-nvo3-vxlan-gpe */                                  \
    X(GENEVE, 7, "geneve")                  /* RFC 8926 */                                                   \
    X(GTP_U, 8, "gtp-u")                    /* 3GPP TS 29.281 */                                             \
    X(TEREDO, 9, "teredo")                  /* RFC 4380 */                                                   \
    X(ERSPAN, 10, "erspan")                 /* types I to III */                                             \
    X(AH, 11, "ah")                         /* RFC 4302; depth stays 0 without a tunnel */                   \
    X(CAPWAP, 12, "capwap")                 /* RFC 5415, data channel */                                     \
    X(L2TP, 13, "l2tp")                     /* RFC 2661, 3931 */                                             \
    X(LISP, 14, "lisp")                     /* RFC 9300 */                                                   \
    X(ETHERNET_IN_IP, 15, "ethernet-in-ip") /* RFC 3378, RFC 8986 */                                         \
    X(MPLS_IN_IP, 16, "mpls-in-ip")         /* RFC 4023, RFC 7510 */                                         \
    X(TZSP, 17, "tzsp")                     /* mirrored frames of access points and routers */               \
    X(AYIYA, 18, "ayiya")                   /* draft-massar-v6ops-ayiya */                                   \
    X(SFLOW, 19, "sflow")                   /* sampled headers of sFlow version 5 */

/** Numbers of SYNFIX_ENCAPSULATIONS: the innermost tunnel. */
typedef enum synfix_encapsulation_kind {
#define SYNFIX_ENCAPSULATION_ENUM(identifier, number, name) SYNFIX_ENCAPSULATION_##identifier = number,
    SYNFIX_ENCAPSULATIONS(SYNFIX_ENCAPSULATION_ENUM)
#undef SYNFIX_ENCAPSULATION_ENUM
        SYNFIX_ENCAPSULATION_COUNT
} synfix_encapsulation_kind_t;

/** X(identifier, number, name): headers between the frame's addresses and IP that are not tunnels. The
 * numbers start above those of all tunnels, so one bit set holds both. */
#define SYNFIX_TAGS(X)                                                                                       \
    X(VLAN, 32, "vlan")     /* 802.1Q, 802.1ad and older types: one tag */                                   \
    X(QINQ, 33, "qinq")     /* a tag directly after a tag */                                                 \
    X(MPLS, 34, "mpls")     /* RFC 3032 */                                                                   \
    X(PPPOE, 35, "pppoe")   /* RFC 2516 */                                                                   \
    X(PBB, 36, "pbb")       /* 802.1ah */                                                                    \
    X(MACSEC, 37, "macsec") /* 802.1AE */                                                                    \
    X(NSH, 38, "nsh")       /* RFC 8300 */                                                                   \
    X(FABRIC, 39, "fabric") /* headers that switches insert: VN-tag, E-tag, security group tags, HSR,        \
                               802.1CB, FabricPath, TRILL */

/** Numbers of SYNFIX_TAGS. */
typedef enum synfix_tag {
#define SYNFIX_TAG_ENUM(identifier, number, name) SYNFIX_ENCAPSULATION_##identifier = number,
    SYNFIX_TAGS(SYNFIX_TAG_ENUM)
#undef SYNFIX_TAG_ENUM
        SYNFIX_TAG_END
} synfix_tag_t;

/**
 * A set of tunnels and tags, one bit for each, at most 64. Encapsulations without a number are in every
 * set.
 */
typedef uint64_t synfix_encapsulations_t;
#define SYNFIX_ENCAPSULATION_BIT(number) (UINT64_C(1) << (number))
#define SYNFIX_ENCAPSULATIONS_ALL        UINT64_MAX

/**
 * Name of a tunnel or tag. Any thread.
 * @param kind  synfix_encapsulation_kind_t or synfix_tag_t
 * @return constant text (`gre`, `vxlan-gpe`, `vlan`), never NULL; `unknown` for any other number
 */
SYNFIX_API const char *synfix_encapsulation_name(unsigned kind);

/** Encapsulation of the innermost IP header. All fields are 0 without encapsulation. */
typedef struct synfix_encapsulation {
    uint8_t kind;              /* synfix_encapsulation_kind_t, the innermost one */
    uint8_t depth;             /* tunnels around the innermost IP header, without VLAN tags and MPLS labels */
    uint8_t vlan_count;        /* tags of the outermost Ethernet frame */
    uint8_t outer_version;     /* 4 or 6 if depth > 0 and an outer IP header exists, else 0 */
    uint16_t vlan_id;          /* id of the outermost tag, 0 to 4095; valid if vlan_count >= 1 */
    uint16_t customer_vlan_id; /* id of the second tag; valid if vlan_count >= 2 */
    uint32_t id;               /* VNI, GRE key, TEID or ERSPAN session of the tunnel in kind; 0: none */
    uint32_t mpls_label;       /* outermost label; valid if mpls_count > 0 */
    uint8_t mpls_count;
    synfix_address_t outer_source; /* of the outermost IP header; valid if depth > 0 */
    synfix_address_t outer_destination;
    uint8_t details;            /* SYNFIX_DETAIL_*: the fields of synfix_headers_t.details that are set */
    uint16_t extension_headers; /* of the innermost IPv6 header: bits of the element ipv6ExtensionHeadersFull
                                   (RFC 9740) */
} synfix_encapsulation_t;

/** Bits of synfix_encapsulation_t.details. */
#define SYNFIX_DETAIL_SAMPLING 0x01u /* sampling_rate and output_interface */
#define SYNFIX_DETAIL_OUTER    0x02u /* outer_kind and outer_id */
#define SYNFIX_DETAIL_ENDPOINT 0x04u /* endpoint_id */
#define SYNFIX_DETAIL_LINK     0x08u /* link_addresses */

/** Details of few packets. A field is undefined unless its bit in encapsulation.details is set. */
typedef struct synfix_details {
    uint64_t endpoint_id;      /* VPC endpoint of AWS Gateway Load Balancer, from the options of Geneve */
    uint32_t sampling_rate;    /* sFlow: packets per sample; 0: unknown */
    uint32_t output_interface; /* sFlow: ifIndex on the agent; 0: unknown */
    uint32_t outer_id;         /* id of the outermost of several nested tunnels */
    uint8_t outer_kind;        /* kind of the outermost tunnel */
    /* MAC addresses of the outermost frame: destination, source. The engine sets them, for a SYN or SYN+ACK.
     */
    uint8_t link_addresses[12];
} synfix_details_t;

/** Bits of synfix_headers_t.ip_flags: the flags of the IPv4 header (RFC 791), shifted to the right. */
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

/** Decoded headers. Numbers are in host byte order; lengths in bytes. */
typedef struct synfix_headers {
    synfix_address_t source;
    synfix_address_t destination;
    uint16_t source_port;
    uint16_t destination_port;
    uint8_t ip_version;         /* 4 or 6 */
    uint8_t ttl;                /* TTL or hop limit */
    uint8_t traffic_class;      /* TOS byte or IPv6 traffic class: DSCP << 2 | ECN */
    uint8_t ip_flags;           /* SYNFIX_IP_*; IPv6: 0, MF set for a first fragment */
    uint16_t ip_options_length; /* IPv4 options, or IPv6 extension headers (D2) */
    uint16_t ip_header_length;  /* fixed header + ip_options_length */
    uint32_t ip_total_length;   /* as the IP header states (IPv6: 40 + payload length), independent of the
                                   captured length; if it is 0, the rest of the frame */
    uint32_t fragment_id;       /* IPv4 identification; IPv6: of the fragment header, else 0 */
    uint32_t flow_label;        /* IPv6, 20 bits */
    uint32_t sequence;
    uint32_t acknowledgement;
    uint16_t tcp_flags; /* SYNFIX_TCP_*, 9 bits */
    uint16_t window;    /* unscaled */
    uint16_t urgent_pointer;
    uint16_t tcp_header_length; /* 20 to 60 */
    uint32_t payload_length;    /* by ip_total_length, not by the captured length (D3) */
    const uint8_t *options;     /* TCP options inside the packet's bytes; valid as long as these bytes */
    uint8_t options_length;     /* 0 to 40, as the TCP header states */
    uint8_t options_captured; /* captured bytes of the options; fewer than options_length: cut by the snapshot
                                 length */
    bool truncated;           /* fewer bytes were captured than the IP header states */
    bool first_fragment;      /* offset 0 with MF set (D10); false for an IPv6 atomic fragment (RFC 6946) */
    synfix_encapsulation_t encapsulation;
    synfix_details_t details;
} synfix_headers_t;

#ifdef __cplusplus
}
#endif

#endif
