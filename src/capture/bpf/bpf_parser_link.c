/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Ethernet, tags, PPP and MPLS; the numbers are those of src/decode. */
#include "capture/bpf/bpf_parser_internal.h"

#define TAGS_MAX        3u
#define MPLS_LABELS_MAX 5u

typedef struct shim {
    uint16_t type;
    uint8_t kind; /* SYNFIX_ENCAPSULATION_NONE: permitted by every list */
} shim_t;

static const uint16_t vlan_types[] = {ETHERTYPE_VLAN,      ETHERTYPE_SERVICE_VLAN, ETHERTYPE_QINQ_9100,
                                      ETHERTYPE_QINQ_9200, ETHERTYPE_QINQ_9300,    ETHERTYPE_QINQ_9500};

/* Types that may contain IP, but are not parsed. */
static const shim_t shims[] = {
    {ETHERTYPE_JUMBO_LLC, SYNFIX_ENCAPSULATION_NONE},  {ETHERTYPE_PBB, SYNFIX_ENCAPSULATION_PBB},
    {ETHERTYPE_MACSEC, SYNFIX_ENCAPSULATION_MACSEC},   {ETHERTYPE_NSH, SYNFIX_ENCAPSULATION_NSH},
    {ETHERTYPE_TRILL, SYNFIX_ENCAPSULATION_FABRIC},    {ETHERTYPE_FABRICPATH, SYNFIX_ENCAPSULATION_FABRIC},
    {ETHERTYPE_METADATA, SYNFIX_ENCAPSULATION_FABRIC}, {ETHERTYPE_VNTAG, SYNFIX_ENCAPSULATION_FABRIC},
    {ETHERTYPE_HSR, SYNFIX_ENCAPSULATION_FABRIC},      {ETHERTYPE_ETAG, SYNFIX_ENCAPSULATION_FABRIC},
    {ETHERTYPE_RTAG, SYNFIX_ENCAPSULATION_FABRIC},
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

void bpf_go_if_tag(const bpf_parser_t *parser, label_t label)
{
    for (size_t i = 0; i < COUNT(vlan_types); i++) {
        assembler_go_if(parser->assembler, BPF_JEQ, vlan_types[i], label);
    }
}

/* Tags, until IP or a type that is no tag, which leads to @p other. One tag is VLAN, each further one makes
 * it QinQ. */
static void bpf_tags(const bpf_parser_t *parser, const bpf_level_t *here, label_t other)
{
    assembler_t *a = parser->assembler;
    for (unsigned i = 0; i <= TAGS_MAX; i++) {
        const label_t tag = assembler_label(a);
        const unsigned kind = i == 0 ? SYNFIX_ENCAPSULATION_VLAN : SYNFIX_ENCAPSULATION_QINQ;
        const label_t follow = i == TAGS_MAX ? parser->unsure : tag;
        bpf_fetch(parser, BPF_PARSER_TYPE);
        assembler_go_if(a, BPF_JEQ, ETHERTYPE_IPV4, here->ip);
        assembler_go_if(a, BPF_JEQ, ETHERTYPE_IPV6, here->ip);
        bpf_go_if_tag(parser, bpf_if_selected(parser, kind, follow));
        assembler_go(a, other);
        assembler_bind(a, tag);
        if (i == TAGS_MAX || bpf_if_selected(parser, kind, follow) == parser->unwanted) {
            return;
        }
        bpf_load(parser, BPF_H, 2);
        bpf_store(parser, BPF_PARSER_TYPE);
        bpf_advance(parser, 4);
    }
}

/* 802.2: SNAP, IP by its own service access point, ISO's identifiers. */
static void bpf_llc(const bpf_parser_t *parser)
{
    static const uint8_t services[] = {0xAA, 0x06, 0xFE};
    bpf_load(parser, BPF_B, 0);
    for (size_t i = 0; i < COUNT(services); i++) {
        assembler_go_if(parser->assembler, BPF_JEQ, services[i], parser->unsure);
    }
    assembler_go(parser->assembler, parser->nothing);
}

static void bpf_pppoe(const bpf_parser_t *parser)
{
    bpf_load(parser, BPF_H, 0);
    assembler_go_unless(parser->assembler, BPF_JEQ, 0x1100, parser->nothing);
    bpf_advance(parser, 6);
}

/* A protocol of one byte is odd; it is in the upper byte of the accumulator. */
static void bpf_short_ppp_protocol(const bpf_parser_t *parser, const bpf_level_t *here)
{
    assembler_t *a = parser->assembler;
    bpf_operate(parser, BPF_RSH, 8);
    assembler_go_if(a, BPF_JEQ, 0x0053, parser->nothing);
    assembler_go_if(a, BPF_JEQ, 0x0021, LABEL_NEXT);
    assembler_go(a, parser->unsure);
    bpf_advance(parser, 1);
    assembler_go(a, here->ip);
}

/* By the protocol in the accumulator; @p one: it has one byte. */
static void go_by_ppp_protocol(const bpf_parser_t *parser, label_t ip, label_t mpls, label_t one)
{
    static const uint16_t unsure[] = {0x0031, 0x003D, 0x0F00, 0x8F00};
    assembler_t *a = parser->assembler;
    assembler_go_if(a, BPF_JEQ, 0x0021, ip);
    assembler_go_if(a, BPF_JEQ, 0x0057, ip);
    for (size_t i = 0; i < COUNT(unsure); i++) {
        assembler_go_if(a, BPF_JEQ, unsure[i], parser->unsure);
    }
    assembler_go_if(a, BPF_JSET, 0x0100, one);
    assembler_go_if(a, BPF_JEQ, 0x4021, ip);
    assembler_go_if(a, BPF_JEQ, 0x0281, mpls);
    assembler_go_if(a, BPF_JEQ, 0x0283, mpls);
    assembler_go(a, parser->nothing);
}

/* With HDLC's address and control or without them. */
static void bpf_ppp(const bpf_parser_t *parser, const bpf_level_t *here)
{
    assembler_t *a = parser->assembler;
    const label_t bare = assembler_label(a);
    const label_t one = assembler_label(a);
    const label_t ip = assembler_label(a);
    const label_t mpls = assembler_label(a);
    bpf_load(parser, BPF_H, 0);
    assembler_go_unless(a, BPF_JEQ, 0xFF03, bare);
    bpf_advance(parser, 2);
    bpf_load(parser, BPF_H, 0);
    assembler_bind(a, bare);
    go_by_ppp_protocol(parser, ip, mpls, one);
    assembler_bind(a, one);
    bpf_short_ppp_protocol(parser, here);
    assembler_bind(a, ip);
    bpf_advance(parser, 2);
    assembler_go(a, here->ip);
    assembler_bind(a, mpls);
    bpf_advance(parser, 2);
}

/* A pseudowire certainly begins with a control word if a known Ethernet type stands where a frame after a
 * control word has its type. */
static void bpf_pseudowire(const bpf_parser_t *parser, const bpf_level_t *inner)
{
    static const uint16_t types[] = {ETHERTYPE_IPV4,         ETHERTYPE_IPV6, ETHERTYPE_VLAN,
                                     ETHERTYPE_SERVICE_VLAN, ETHERTYPE_MPLS, ETHERTYPE_PPPOE_SESSION};
    assembler_t *a = parser->assembler;
    const label_t certain = assembler_label(a);
    bpf_load(parser, BPF_H, 16);
    for (size_t i = 0; i < COUNT(types); i++) {
        assembler_go_if(a, BPF_JEQ, types[i], certain);
    }
    assembler_go(a, parser->unsure);
    assembler_bind(a, certain);
    bpf_advance(parser, 4);
    assembler_go(a, inner->ethernet);
}

/* The first four bits after the last label are the IP version. */
static void bpf_mpls(const bpf_parser_t *parser, const bpf_level_t *here, const bpf_level_t *inner)
{
    assembler_t *a = parser->assembler;
    const label_t bottom = assembler_label(a);
    const label_t pseudowire = assembler_label(a);
    if (bpf_if_selected(parser, SYNFIX_ENCAPSULATION_MPLS, bottom) == parser->unwanted) {
        assembler_go(a, parser->unwanted);
    }
    for (unsigned i = 0; i < MPLS_LABELS_MAX; i++) {
        bpf_load(parser, BPF_B, 2);
        bpf_store(parser, BPF_PARSER_SPARE);
        bpf_advance(parser, 4);
        bpf_fetch(parser, BPF_PARSER_SPARE);
        assembler_go_if(a, BPF_JSET, 1, bottom);
    }
    assembler_go(a, parser->unsure);
    assembler_bind(a, bottom);
    bpf_load(parser, BPF_B, 0);
    bpf_operate(parser, BPF_RSH, 4);
    assembler_go_if(a, BPF_JEQ, 4, here->ip);
    assembler_go_if(a, BPF_JEQ, 6, here->ip);
    assembler_go_if(a, BPF_JEQ, 1, parser->nothing);
    assembler_go_if(a, BPF_JEQ, 0, pseudowire);
    assembler_go(a, inner->ethernet);
    assembler_bind(a, pseudowire);
    bpf_pseudowire(parser, inner);
}

void bpf_link(const bpf_parser_t *parser, const bpf_level_t *here, const bpf_level_t *inner)
{
    assembler_t *a = parser->assembler;
    const label_t other = assembler_label(a);
    const label_t pppoe = assembler_label(a);
    const label_t llc = assembler_label(a);
    assembler_bind(a, here->ethernet);
    bpf_load(parser, BPF_H, 12);
    bpf_store(parser, BPF_PARSER_TYPE);
    bpf_advance(parser, 14);
    assembler_bind(a, here->type);
    bpf_tags(parser, here, other);
    assembler_bind(a, other);
    assembler_go_if(a, BPF_JEQ, ETHERTYPE_MPLS, here->mpls);
    assembler_go_if(a, BPF_JEQ, ETHERTYPE_MPLS_UPSTREAM, here->mpls);
    assembler_go_if(a, BPF_JEQ, ETHERTYPE_PPPOE_SESSION,
                    bpf_if_selected(parser, SYNFIX_ENCAPSULATION_PPPOE, pppoe));
    assembler_go_if(a, BPF_JEQ, ETHERTYPE_PPP, here->ppp);
    assembler_go_if(a, BPF_JEQ, ETHERTYPE_BRIDGED, inner->ethernet);
    for (size_t i = 0; i < COUNT(shims); i++) {
        assembler_go_if(a, BPF_JEQ, shims[i].type, bpf_if_selected(parser, shims[i].kind, parser->unsure));
    }
    assembler_branch(a, BPF_JGT, ETHERTYPE_LENGTH_MAX, parser->nothing, llc);
    assembler_bind(a, llc);
    bpf_llc(parser);
    assembler_bind(a, pppoe);
    bpf_pppoe(parser);
    assembler_bind(a, here->ppp);
    bpf_ppp(parser, here);
    assembler_bind(a, here->mpls);
    bpf_mpls(parser, here, inner);
}
