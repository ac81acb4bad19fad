/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file bpf_parser_internal.h
 * Declarations shared by the files of the parser; private to src/capture/bpf.
 */
#ifndef CAPTURE_BPF_BPF_PARSER_INTERNAL_H
#define CAPTURE_BPF_BPF_PARSER_INTERNAL_H

#include "capture/bpf/bpf_parser.h"
#include "decode/ethertypes.h"
#include "decode/ip_protocols.h"

/** Entry points of a level. */
typedef struct bpf_level {
    label_t ethernet;
    label_t type;
    label_t ppp;
    label_t mpls;
    label_t ip;
} bpf_level_t;

/** @p label if @p kind is permitted, else the label for other packets. */
static inline label_t bpf_if_selected(const bpf_parser_t *parser, unsigned kind, label_t label)
{
    return (parser->wanted & SYNFIX_ENCAPSULATION_BIT(kind)) != 0 ? label : parser->unwanted;
}

/** True if the content of this level is not parsed. */
static inline bool bpf_is_last(const bpf_parser_t *parser, const bpf_level_t *inner)
{
    return inner->ip == parser->unsure;
}

/** Jumps by BPF_PARSER_TYPE, which is not a length. A nested frame comes before the types of its level. */
static inline void bpf_go_by_type(const bpf_parser_t *parser, const bpf_level_t *inner)
{
    bpf_fetch(parser, BPF_PARSER_TYPE);
    assembler_branch(parser->assembler, BPF_JEQ, 0x6558, inner->ethernet, inner->type);
}

/** A frame, its type, tags, PPP and labels, up to IP. */
void bpf_link(const bpf_parser_t *parser, const bpf_level_t *here, const bpf_level_t *inner);

/** IP, extension headers, and what they carry. */
void bpf_ip(bpf_parser_t *parser, const bpf_level_t *here, const bpf_level_t *inner);

/** With the protocol in the accumulator: tunnels that are protocols of IP, and UDP. */
void bpf_tunnels(const bpf_parser_t *parser, const bpf_level_t *inner);

/** UDP: the ports of tunnels, and the headers after them. */
void bpf_udp(const bpf_parser_t *parser, const bpf_level_t *inner);

/** GRE and what it carries. */
void bpf_gre(const bpf_parser_t *parser, const bpf_level_t *inner);

#endif
