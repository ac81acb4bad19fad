/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Tunnels that are protocols of IP: IP in IP, GRE, ERSPAN and others. The numbers are those of src/decode. */
#include "capture/bpf/bpf_parser_internal.h"

/* IP directly in IP: the version of the outer header selects the encapsulation. */
static void bpf_ip_in_ip(const bpf_parser_t *parser, unsigned in_ipv4, unsigned in_ipv6,
                         const bpf_level_t *inner)
{
    assembler_t *a = parser->assembler;
    const label_t at_first = bpf_if_selected(parser, in_ipv4, inner->ip);
    const label_t at_other = bpf_if_selected(parser, in_ipv6, inner->ip);
    if (at_first != at_other) {
        bpf_fetch(parser, BPF_PARSER_VERSION);
        assembler_branch(a, BPF_JEQ, 4, at_first, at_other);
    } else {
        assembler_go(a, at_first);
    }
}

static void bpf_etherip(const bpf_parser_t *parser, const bpf_level_t *inner)
{
    bpf_load(parser, BPF_B, 0);
    bpf_operate(parser, BPF_RSH, 4);
    assembler_go_unless(parser->assembler, BPF_JEQ, 3, parser->nothing);
    bpf_advance(parser, 2);
    assembler_go(parser->assembler, inner->ethernet);
}

/* Instead of the key: length and tunnel. */
static void bpf_eoip(const bpf_parser_t *parser, const bpf_level_t *inner)
{
    bpf_advance(parser, 8);
    assembler_go(parser->assembler, inner->ethernet);
}

/* After GRE's header: type I has none of its own, and no sequence number in GRE's. */
static void bpf_erspan(const bpf_parser_t *parser, const bpf_level_t *inner)
{
    assembler_t *a = parser->assembler;
    const label_t without = assembler_label(a);
    bpf_fetch(parser, BPF_PARSER_SPARE);
    assembler_go_unless(a, BPF_JSET, 0x1000, without);
    bpf_advance(parser, 8);
    assembler_bind(a, without);
    assembler_go(a, inner->ethernet);
}

static void bpf_erspan_iii(const bpf_parser_t *parser, const bpf_level_t *inner)
{
    assembler_t *a = parser->assembler;
    const label_t short_one = assembler_label(a);
    const label_t ip = assembler_label(a);
    bpf_load(parser, BPF_H, 10);
    bpf_store(parser, BPF_PARSER_SPARE);
    assembler_go_unless(a, BPF_JSET, 1, short_one);
    bpf_advance(parser, 8);
    assembler_bind(a, short_one);
    bpf_advance(parser, 12);
    bpf_fetch(parser, BPF_PARSER_SPARE);
    bpf_operate(parser, BPF_AND, 0x7C00);
    assembler_go_if(a, BPF_JEQ, 2u << 10, ip);
    assembler_go(a, inner->ethernet);
    assembler_bind(a, ip);
    assembler_go(a, inner->ip);
}

/* Past the four bytes and those fields that are there: a checksum, a key, a sequence number, an
 * acknowledgement (only version 1 has that bit). Routes are not followed. */
static void skip_gre_header(const bpf_parser_t *parser)
{
    static const uint16_t optional[] = {0x8000, 0x2000, 0x1000};
    assembler_t *a = parser->assembler;
    bpf_advance(parser, 4);
    for (size_t i = 0; i < sizeof optional / sizeof *optional; i++) {
        const label_t absent = assembler_label(a);
        bpf_fetch(parser, BPF_PARSER_SPARE);
        assembler_go_unless(a, BPF_JSET, optional[i], absent);
        bpf_advance(parser, 4);
        assembler_bind(a, absent);
    }
    const label_t version_0 = assembler_label(a);
    bpf_fetch(parser, BPF_PARSER_SPARE);
    assembler_go_unless(a, BPF_JSET, 1, version_0);
    assembler_go_unless(a, BPF_JSET, 0x80, version_0);
    bpf_advance(parser, 4);
    assembler_bind(a, version_0);
}

/* Leaves the type, which is in BPF_PARSER_TYPE, in the accumulator. */
static void go_by_gre_kind(const bpf_parser_t *parser, label_t erspan, label_t erspan_iii, label_t plain)
{
    assembler_t *a = parser->assembler;
    bpf_fetch(parser, BPF_PARSER_TYPE);
    assembler_go_if(a, BPF_JEQ, 0x88BE, bpf_if_selected(parser, SYNFIX_ENCAPSULATION_ERSPAN, erspan));
    assembler_go_if(a, BPF_JEQ, 0x22EB, bpf_if_selected(parser, SYNFIX_ENCAPSULATION_ERSPAN, erspan_iii));
    assembler_go(a, bpf_if_selected(parser, SYNFIX_ENCAPSULATION_GRE, plain));
}

/* By the type; BPF_PARSER_SPARE: the flags. */
static void bpf_gre_payload(const bpf_parser_t *parser, const bpf_level_t *inner)
{
    assembler_t *a = parser->assembler;
    const label_t erspan = assembler_label(a);
    const label_t erspan_iii = assembler_label(a);
    const label_t plain = assembler_label(a);
    go_by_gre_kind(parser, erspan, erspan_iii, plain);
    assembler_bind(a, erspan);
    bpf_erspan(parser, inner);
    assembler_bind(a, erspan_iii);
    bpf_erspan_iii(parser, inner);
    assembler_bind(a, plain);
    assembler_go_unless(a, BPF_JGE, ETHERTYPE_MIN, parser->nothing);
    bpf_operate(parser, BPF_AND, 0xFE00); /* 8200 to 83FF: frames of 802.11 */
    assembler_go_if(a, BPF_JEQ, 0x8200, parser->unsure);
    bpf_go_by_type(parser, inner);
}

void bpf_gre(const bpf_parser_t *parser, const bpf_level_t *inner)
{
    assembler_t *a = parser->assembler;
    const label_t eoip = assembler_label(a);
    const label_t routed = assembler_label(a);
    const label_t version_0 = assembler_label(a);
    const label_t header = assembler_label(a);
    bpf_load(parser, BPF_H, 2);
    bpf_store(parser, BPF_PARSER_TYPE);
    bpf_load(parser, BPF_W, 0);
    assembler_go_if(a, BPF_JEQ, 0x20016400, bpf_if_selected(parser, SYNFIX_ENCAPSULATION_GRE, eoip));
    bpf_operate(parser, BPF_RSH, 16);
    bpf_store(parser, BPF_PARSER_SPARE);
    assembler_go_if(a, BPF_JSET, 0x4000, routed);
    assembler_go_if(a, BPF_JSET, 6, parser->nothing); /* versions above 1 */
    assembler_go_unless(a, BPF_JSET, 1, version_0);
    bpf_fetch(parser, BPF_PARSER_TYPE);
    assembler_branch(a, BPF_JEQ, ETHERTYPE_PPP, header, parser->nothing);
    assembler_bind(a, eoip);
    bpf_eoip(parser, inner);
    assembler_bind(a, routed);
    go_by_gre_kind(parser, parser->unsure, parser->unsure, parser->unsure);
    assembler_bind(a, version_0);
    assembler_bind(a, header);
    skip_gre_header(parser);
    bpf_gre_payload(parser, inner);
}

/* The encapsulation is GRE itself, or the one that GRE's protocol type names. */
static label_t gre_wanted(const bpf_parser_t *parser, label_t label)
{
    return bpf_if_selected(parser, SYNFIX_ENCAPSULATION_GRE, LABEL_NEXT) == LABEL_NEXT
               ? label
               : bpf_if_selected(parser, SYNFIX_ENCAPSULATION_ERSPAN, label);
}

typedef struct tunnel_labels {
    label_t ipv4;
    label_t ipv6;
    label_t gre;
    label_t etherip;
} tunnel_labels_t;

/* By the protocol in the accumulator. */
static void go_by_protocol(const bpf_parser_t *parser, const tunnel_labels_t *labels,
                           const bpf_level_t *inner)
{
    const struct {
        uint8_t protocol;
        uint8_t kind; /* SYNFIX_ENCAPSULATION_NONE: seen later */
        label_t label;
    } tunnels[] = {
        {PROTOCOL_IPV4, SYNFIX_ENCAPSULATION_NONE, labels->ipv4},
        {PROTOCOL_IPV6, SYNFIX_ENCAPSULATION_NONE, labels->ipv6},
        {PROTOCOL_GRE, SYNFIX_ENCAPSULATION_NONE, labels->gre},
        {PROTOCOL_ETHERIP, SYNFIX_ENCAPSULATION_ETHERNET_IN_IP, labels->etherip},
        {PROTOCOL_L2TP, SYNFIX_ENCAPSULATION_L2TP, parser->unsure},
        {PROTOCOL_MPLS, SYNFIX_ENCAPSULATION_MPLS_IN_IP, inner->mpls},
        {PROTOCOL_ETHERNET, SYNFIX_ENCAPSULATION_ETHERNET_IN_IP, inner->ethernet},
    };
    for (size_t i = 0; i < sizeof tunnels / sizeof *tunnels; i++) {
        assembler_go_if(parser->assembler, BPF_JEQ, tunnels[i].protocol,
                        bpf_if_selected(parser, tunnels[i].kind, tunnels[i].label));
    }
    assembler_go(parser->assembler, parser->nothing);
}

void bpf_tunnels(const bpf_parser_t *parser, const bpf_level_t *inner)
{
    assembler_t *a = parser->assembler;
    const bool last = bpf_is_last(parser, inner);
    const label_t gre = last ? gre_wanted(parser, parser->unsure) : assembler_label(a);
    const label_t etherip = last ? parser->unsure : assembler_label(a);
    const label_t ipv4 = assembler_label(a);
    const label_t ipv6 = assembler_label(a);
    go_by_protocol(parser, &(tunnel_labels_t){.ipv4 = ipv4, .ipv6 = ipv6, .gre = gre, .etherip = etherip},
                   inner);
    assembler_bind(a, ipv4);
    bpf_ip_in_ip(parser, SYNFIX_ENCAPSULATION_IP_IN_IP, SYNFIX_ENCAPSULATION_4IN6, inner);
    assembler_bind(a, ipv6);
    bpf_ip_in_ip(parser, SYNFIX_ENCAPSULATION_6IN4, SYNFIX_ENCAPSULATION_IP_IN_IP, inner);
    if (last) {
        return;
    }
    assembler_bind(a, etherip);
    bpf_etherip(parser, inner);
    assembler_bind(a, gre);
    bpf_gre(parser, inner);
}
