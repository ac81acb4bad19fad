/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file bpf_parser.h
 * A walk through the headers of a packet as a program of classic BPF: tags, label stacks, PPPoE and tunnels,
 * down to the innermost TCP. It follows the decoder (src/decode), and whatever it can't follow it leaves to
 * its user as unsure. Both the kernel's filter and the fanout group's program are made of it.
 *
 * A level is what is between two IP headers: the header of a frame, tags, then IP and what it carries.
 * Programs have no loops, so each level is written anew. A load beyond the packet ends the program with 0.
 */
#ifndef CAPTURE_BPF_BPF_PARSER_H
#define CAPTURE_BPF_BPF_PARSER_H

#include "capture/bpf/bpf_assembler.h"
#include <stdbool.h>
#include <synfix/headers.h>

/** Levels that a walk has at most: the packet itself and tunnels inside. */
#define MAX_IP_HEADERS 3u

/** Scratch words of the walk. */
enum {
    BPF_PARSER_AT,       /* offset of the header that is looked at, from `base` */
    BPF_PARSER_TYPE,     /* Ethernet type */
    BPF_PARSER_PROTOCOL, /* of IP */
    BPF_PARSER_VERSION,  /* of IP; only where it matters */
    BPF_PARSER_SPARE,
    BPF_PARSER_FREE, /* the first one that the walk does not use */
};

typedef struct bpf_parser bpf_parser_t;

struct bpf_parser {
    assembler_t *assembler;
    uint32_t base;     /* what offsets count from */
    unsigned levels;   /* 1 to MAX_IP_HEADERS */
    uint64_t wanted;   /* SYNFIX_ENCAPSULATION_BIT of what may be gone through */
    bool no_fragments; /* first fragments are nothing too */

    /* where the walk leads: made by the caller, and bound behind the walk */
    label_t tcp;      /* BPF_PARSER_AT is a TCP header, BPF_PARSER_PROTOCOL what announced it */
    label_t unsure;   /* it can't be followed */
    label_t nothing;  /* certainly no start of a TCP header */
    label_t unwanted; /* in something that is not in `wanted` */

    /* called at each IP header, before anything is read from it; NULL: nothing to do. The accumulator is
     * theirs */
    void (*on_ip)(bpf_parser_t *walk, uint32_t addresses, uint32_t end);
};

/** Where a walk begins. */
typedef struct bpf_entry {
    label_t ethernet; /* BPF_PARSER_AT: a frame */
    label_t type;     /* BPF_PARSER_AT: behind an Ethernet type, which is in BPF_PARSER_TYPE */
    label_t ip;       /* BPF_PARSER_AT: an IP header */
} bpf_entry_t;

/** Labels to be jumped to before bpf_build. */
bpf_entry_t bpf_enter(bpf_parser_t *walk);

/** Writes the walk; behind it nothing is executed by falling through. */
void bpf_build(bpf_parser_t *walk, const bpf_entry_t *entry);

/** Goes to @p label if the accumulator is the type of a VLAN tag. */
void bpf_go_if_tag(const bpf_parser_t *walk, label_t label);

/* Words of such programs, for whoever uses a walk too. */

/** Loads BPF_B, BPF_H or BPF_W from the header that is looked at. */
void bpf_load(const bpf_parser_t *walk, unsigned size, uint32_t offset);
void bpf_store(const bpf_parser_t *walk, uint32_t word);
void bpf_fetch(const bpf_parser_t *walk, uint32_t word);
/** BPF_ADD, BPF_AND and so on with a constant. */
void bpf_operate(const bpf_parser_t *walk, unsigned operation, uint32_t value);
/** Moves on by a constant, or by what the accumulator says. */
void bpf_advance(const bpf_parser_t *walk, uint32_t bytes);
void bpf_advance_by_result(const bpf_parser_t *walk);

#endif
