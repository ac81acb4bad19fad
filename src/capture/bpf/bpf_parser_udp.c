/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Tunnels in UDP, by their ports; the numbers are those of src/decode. BPF_PARSER_AT is the UDP header. */
#include "capture/bpf/bpf_parser_internal.h"
#include "decode/udp_tunnel_ports.h"

#define UDP 8u /* bytes of its header */

#define GTP_EXTENSIONS_MAX 3u

typedef void tunnel_fn(const bpf_parser_t *parser, const bpf_level_t *inner);

static void bpf_vxlan(const bpf_parser_t *parser, const bpf_level_t *inner)
{
    bpf_load(parser, BPF_B, UDP);
    assembler_go_unless(parser->assembler, BPF_JSET, 8, parser->nothing);
    bpf_advance(parser, UDP + 8);
    assembler_go(parser->assembler, inner->ethernet);
}

/* The next protocol after GPE's header; without flag P it is Ethernet. */
static void bpf_vxlan_gpe(const bpf_parser_t *parser, const bpf_level_t *inner)
{
    assembler_t *a = parser->assembler;
    const label_t ethernet = assembler_label(a);
    bpf_load(parser, BPF_W, UDP);
    bpf_store(parser, BPF_PARSER_SPARE);
    bpf_operate(parser, BPF_AND, 0x38000000);
    assembler_go_unless(a, BPF_JEQ, 0x08000000, parser->nothing);
    bpf_advance(parser, UDP + 8);
    bpf_fetch(parser, BPF_PARSER_SPARE);
    assembler_go_unless(a, BPF_JSET, 0x04000000, ethernet);
    bpf_operate(parser, BPF_AND, 0xFF);
    assembler_go_if(a, BPF_JEQ, 1, inner->ip);
    assembler_go_if(a, BPF_JEQ, 2, inner->ip);
    assembler_go_if(a, BPF_JEQ, 3, ethernet);
    assembler_go_if(a, BPF_JEQ, 4, bpf_if_selected(parser, SYNFIX_ENCAPSULATION_NSH, parser->unsure));
    assembler_branch(a, BPF_JEQ, 5, inner->mpls, parser->nothing);
    assembler_bind(a, ethernet);
    assembler_go(a, inner->ethernet);
}

static void bpf_geneve(const bpf_parser_t *parser, const bpf_level_t *inner)
{
    assembler_t *a = parser->assembler;
    bpf_load(parser, BPF_H, UDP + 2);
    bpf_store(parser, BPF_PARSER_TYPE);
    assembler_go_unless(a, BPF_JGE, ETHERTYPE_MIN, parser->nothing);
    bpf_load(parser, BPF_B, UDP);
    assembler_go_if(a, BPF_JSET, 0xC0, parser->nothing);
    bpf_operate(parser, BPF_LSH, 2);
    bpf_operate(parser, BPF_ADD, UDP + 8);
    bpf_advance_by_result(parser);
    bpf_go_by_type(parser, inner);
}

/* After the twelve bytes: a chain, each with its length in words, and what follows in its last byte. */
static void bpf_gtp_extensions(const bpf_parser_t *parser, label_t payload)
{
    assembler_t *a = parser->assembler;
    for (unsigned i = 0; i < GTP_EXTENSIONS_MAX; i++) {
        bpf_load(parser, BPF_B, 0);
        assembler_go_if(a, BPF_JEQ, 0, parser->nothing);
        bpf_operate(parser, BPF_SUB, 1);
        bpf_operate(parser, BPF_LSH, 2);
        bpf_advance_by_result(parser);
        bpf_load(parser, BPF_B, 3);
        bpf_store(parser, BPF_PARSER_TYPE);
        bpf_advance(parser, 4);
        bpf_fetch(parser, BPF_PARSER_TYPE);
        assembler_go_if(a, BPF_JEQ, 0, payload);
    }
    assembler_go(a, parser->unsure);
}

static void bpf_gtp(const bpf_parser_t *parser, const bpf_level_t *inner)
{
    assembler_t *a = parser->assembler;
    const label_t payload = assembler_label(a);
    bpf_load(parser, BPF_H, UDP);
    bpf_store(parser, BPF_PARSER_SPARE);
    bpf_operate(parser, BPF_AND, 0xF0FF);
    assembler_go_unless(a, BPF_JEQ, 0x30FF, parser->nothing);
    bpf_advance(parser, UDP + 8);
    bpf_fetch(parser, BPF_PARSER_SPARE);
    assembler_go_unless(a, BPF_JSET, 0x0700, payload);
    bpf_load(parser, BPF_B, 3);
    bpf_store(parser, BPF_PARSER_TYPE); /* of the first extension */
    bpf_advance(parser, 4);
    bpf_fetch(parser, BPF_PARSER_SPARE);
    assembler_go_unless(a, BPF_JSET, 0x0400, payload);
    bpf_fetch(parser, BPF_PARSER_TYPE);
    assembler_go_if(a, BPF_JEQ, 0, payload);
    bpf_gtp_extensions(parser, payload);
    assembler_bind(a, payload);
    assembler_go(a, inner->ip);
}

/* Indications of authentication and of origin may come first. */
static void bpf_teredo(const bpf_parser_t *parser, const bpf_level_t *inner)
{
    assembler_t *a = parser->assembler;
    const label_t no_authentication = assembler_label(a);
    const label_t no_origin = assembler_label(a);
    bpf_advance(parser, UDP);
    bpf_load(parser, BPF_H, 0);
    assembler_go_unless(a, BPF_JEQ, 1, no_authentication);
    bpf_load(parser, BPF_B, 2);
    bpf_store(parser, BPF_PARSER_SPARE);
    bpf_load(parser, BPF_B, 3);
    assembler_step(a, BPF_LDX | BPF_MEM, BPF_PARSER_SPARE);
    assembler_step(a, BPF_ALU | BPF_ADD | BPF_X, 0);
    bpf_operate(parser, BPF_ADD, 13);
    bpf_advance_by_result(parser);
    bpf_load(parser, BPF_H, 0);
    assembler_bind(a, no_authentication);
    assembler_go_unless(a, BPF_JEQ, 0, no_origin);
    bpf_advance(parser, 8);
    assembler_bind(a, no_origin);
    assembler_go(a, inner->ip);
}

static void bpf_lisp(const bpf_parser_t *parser, const bpf_level_t *inner)
{
    bpf_advance(parser, UDP + 8);
    assembler_go(parser->assembler, inner->ip);
}

/* Version 2. The header of version 3 does not state its payload. */
static void bpf_l2tp(const bpf_parser_t *parser, const bpf_level_t *inner)
{
    static const struct {
        uint16_t flag;
        uint8_t length;
    } optional[] = {{0x4000, 2}, {0x0800, 4}};
    assembler_t *a = parser->assembler;
    const label_t no_offset = assembler_label(a);
    bpf_load(parser, BPF_H, UDP);
    assembler_go_if(a, BPF_JEQ, 3, parser->unsure);
    bpf_store(parser, BPF_PARSER_SPARE);
    bpf_operate(parser, BPF_AND, 0x800F);
    assembler_go_unless(a, BPF_JEQ, 2, parser->nothing);
    bpf_advance(parser, UDP + 6);
    for (size_t i = 0; i < sizeof optional / sizeof *optional; i++) {
        const label_t absent = assembler_label(a);
        bpf_fetch(parser, BPF_PARSER_SPARE);
        assembler_go_unless(a, BPF_JSET, optional[i].flag, absent);
        bpf_advance(parser, optional[i].length);
        assembler_bind(a, absent);
    }
    bpf_fetch(parser, BPF_PARSER_SPARE);
    assembler_go_unless(a, BPF_JSET, 0x0200, no_offset);
    bpf_load(parser, BPF_H, 0);
    bpf_operate(parser, BPF_ADD, 2);
    bpf_advance_by_result(parser);
    assembler_bind(a, no_offset);
    assembler_go(a, inner->ppp);
}

/* Ethernet, unless the frame is the access point's own. */
static void bpf_capwap(const bpf_parser_t *parser, const bpf_level_t *inner)
{
    assembler_t *a = parser->assembler;
    bpf_load(parser, BPF_B, UDP + 2);
    assembler_go_if(a, BPF_JSET, 1, parser->unsure);
    bpf_load(parser, BPF_B, UDP + 1);
    bpf_operate(parser, BPF_AND, 0xF8);
    bpf_operate(parser, BPF_RSH, 1);
    bpf_operate(parser, BPF_ADD, UDP);
    bpf_advance_by_result(parser);
    assembler_go(a, inner->ethernet);
}

static void bpf_mpls_in_udp(const bpf_parser_t *parser, const bpf_level_t *inner)
{
    bpf_advance(parser, UDP);
    assembler_go(parser->assembler, inner->mpls);
}

static void bpf_gre_in_udp(const bpf_parser_t *parser, const bpf_level_t *inner)
{
    bpf_advance(parser, UDP);
    bpf_gre(parser, inner);
}

static const struct {
    uint8_t kind;
    tunnel_fn *parse;
} tunnels[] = {
    {SYNFIX_ENCAPSULATION_VXLAN, bpf_vxlan},    {SYNFIX_ENCAPSULATION_VXLAN_GPE, bpf_vxlan_gpe},
    {SYNFIX_ENCAPSULATION_GENEVE, bpf_geneve},  {SYNFIX_ENCAPSULATION_GTP_U, bpf_gtp},
    {SYNFIX_ENCAPSULATION_TEREDO, bpf_teredo},  {SYNFIX_ENCAPSULATION_LISP, bpf_lisp},
    {SYNFIX_ENCAPSULATION_L2TP, bpf_l2tp},      {SYNFIX_ENCAPSULATION_CAPWAP, bpf_capwap},
    {SYNFIX_ENCAPSULATION_GRE, bpf_gre_in_udp}, {SYNFIX_ENCAPSULATION_MPLS_IN_IP, bpf_mpls_in_udp},
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct {
    uint16_t port;
    uint8_t kind;
} ports[] = {
#define PORT(number, step, kind_) {number, SYNFIX_ENCAPSULATION_##kind_},
    UDP_TUNNELS(PORT)
#undef PORT
};

/* GRE may carry further encapsulations, so GRE in UDP is always parsed. Kinds that the parser does not
 * follow pass. */
static label_t label_of(const bpf_parser_t *parser, uint8_t kind, const label_t labels[COUNT(tunnels)])
{
    label_t label = parser->unsure;
    for (size_t i = 0; i < COUNT(tunnels); i++) {
        if (tunnels[i].kind == kind) {
            label = labels[i];
        }
    }
    return kind == SYNFIX_ENCAPSULATION_GRE ? label : bpf_if_selected(parser, kind, label);
}

/* Most packets have one port below all of these and one above nearly all of them: no comparison with each
 * port is needed. */
static void go_by_port(const bpf_parser_t *parser, uint32_t offset, const label_t labels[COUNT(tunnels)])
{
    assembler_t *a = parser->assembler;
    const size_t last = COUNT(ports) - 1; /* in ascending order */
    const label_t above = assembler_label(a);
    const label_t none = assembler_label(a);
    bpf_load(parser, BPF_H, offset);
    assembler_go_unless(a, BPF_JGE, ports[0].port, none);
    assembler_go_if(a, BPF_JGT, ports[last - 1].port, above);
    for (size_t i = 0; i < last; i++) {
        assembler_go_if(a, BPF_JEQ, ports[i].port, label_of(parser, ports[i].kind, labels));
    }
    assembler_bind(a, above);
    assembler_go_if(a, BPF_JEQ, ports[last].port, label_of(parser, ports[last].kind, labels));
    assembler_bind(a, none);
}

/* The destination port decides before the source port. The content of the last level is not parsed. */
void bpf_udp(const bpf_parser_t *parser, const bpf_level_t *inner)
{
    assembler_t *a = parser->assembler;
    const bool last = bpf_is_last(parser, inner);
    label_t labels[COUNT(tunnels)];
    for (size_t i = 0; i < COUNT(tunnels); i++) {
        labels[i] = last ? parser->unsure : assembler_label(a);
    }
    go_by_port(parser, 2, labels);
    go_by_port(parser, 0, labels);
    assembler_go(a, parser->nothing);
    for (size_t i = 0; i < COUNT(tunnels) && !last; i++) {
        assembler_bind(a, labels[i]);
        tunnels[i].parse(parser, inner);
    }
}
