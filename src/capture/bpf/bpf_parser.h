/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file bpf_parser.h
 * A header parser as a classic BPF program: tags, label stacks, PPPoE and tunnels, down to the innermost
 * TCP header. It follows the decoder (src/decode); packets that it cannot follow lead to the label
 * `unsure`. The kernel filter and the fanout program are both made of it.
 *
 * A level is everything between two IP headers: frame header, tags, then IP and its payload. BPF has no
 * loops, so each level is generated separately. A load beyond the packet ends the program with 0.
 */
#ifndef CAPTURE_BPF_BPF_PARSER_H
#define CAPTURE_BPF_BPF_PARSER_H

#include "capture/bpf/bpf_assembler.h"
#include <stdbool.h>
#include <synfix/headers.h>

/** Maximum number of levels: the outer packet and nested tunnels. */
#define MAX_IP_HEADERS 3u

/** Scratch words of the parser. */
enum {
    BPF_PARSER_AT,       /* offset of the current header, relative to `base` */
    BPF_PARSER_TYPE,     /* Ethernet type */
    BPF_PARSER_PROTOCOL, /* of IP */
    BPF_PARSER_VERSION,  /* of IP; only where it matters */
    BPF_PARSER_SPARE,
    BPF_PARSER_FREE, /* the first scratch word that the parser does not use */
};

typedef struct bpf_parser bpf_parser_t;

struct bpf_parser {
    assembler_t *assembler;
    uint32_t base;           /* origin of all offsets */
    unsigned max_ip_headers; /* 1 to MAX_IP_HEADERS */
    uint64_t wanted;         /* SYNFIX_ENCAPSULATION_BIT of permitted encapsulations */
    bool no_fragments;       /* first fragments lead to `nothing` */

    /* results of the parser: labels created by the caller and bound after the parser */
    label_t tcp;      /* BPF_PARSER_AT is a TCP header, BPF_PARSER_PROTOCOL the protocol of its IP header */
    label_t unsure;   /* the parser cannot follow the packet */
    label_t nothing;  /* the packet cannot contain the start of a TCP header */
    label_t unwanted; /* the packet is in an encapsulation outside of `wanted` */

    /* called at each IP header before the header is read, may change the accumulator; NULL: no call */
    void (*on_ip)(bpf_parser_t *parser, uint32_t addresses, uint32_t end);
};

/** Entry points. */
typedef struct bpf_entry {
    label_t ethernet; /* BPF_PARSER_AT: a frame */
    label_t type;     /* BPF_PARSER_AT: after an Ethernet type, which is in BPF_PARSER_TYPE */
    label_t ip;       /* BPF_PARSER_AT: an IP header */
} bpf_entry_t;

/** Creates the entry labels; call before bpf_build. */
bpf_entry_t bpf_enter(bpf_parser_t *parser);

/** Generates the parser. Execution never falls through to the next instruction. */
void bpf_build(bpf_parser_t *parser, const bpf_entry_t *entry);

/** Jumps to @p label if the accumulator is the type of a VLAN tag. */
void bpf_go_if_tag(const bpf_parser_t *parser, label_t label);

/* Building blocks for programs that use the parser. */

/** Loads BPF_B, BPF_H or BPF_W from the current header. */
void bpf_load(const bpf_parser_t *parser, unsigned size, uint32_t offset);
void bpf_store(const bpf_parser_t *parser, uint32_t word);
void bpf_fetch(const bpf_parser_t *parser, uint32_t word);
/** Arithmetic (BPF_ADD, BPF_AND ...) with a constant. */
void bpf_operate(const bpf_parser_t *parser, unsigned operation, uint32_t value);
/** Advances by a constant, or by the accumulator. */
void bpf_advance(const bpf_parser_t *parser, uint32_t bytes);
void bpf_advance_by_result(const bpf_parser_t *parser);

#endif
