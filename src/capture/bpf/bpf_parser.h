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
#define WALK_LEVELS_MAX 3u

/** Scratch words of the walk. */
enum {
    WALK_AT,       /* offset of the header that is looked at, from `base` */
    WALK_TYPE,     /* Ethernet type */
    WALK_PROTOCOL, /* of IP */
    WALK_VERSION,  /* of IP; only where it matters */
    WALK_SPARE,
    WALK_FREE, /* the first one that the walk does not use */
};

typedef struct bpf_walk bpf_walk_t;

struct bpf_walk {
    assembler_t *assembler;
    uint32_t base;     /* what offsets count from */
    unsigned levels;   /* 1 to WALK_LEVELS_MAX */
    uint64_t wanted;   /* SYNFIX_ENCAPSULATION_BIT of what may be gone through */
    bool no_fragments; /* first fragments are nothing too */

    /* where the walk leads: made by the caller, and bound behind the walk */
    label_t tcp;      /* WALK_AT is a TCP header, WALK_PROTOCOL what announced it */
    label_t unsure;   /* it can't be followed */
    label_t nothing;  /* certainly no start of a TCP header */
    label_t unwanted; /* in something that is not in `wanted` */

    /* called at each IP header, before anything is read from it; NULL: nothing to do. The accumulator is
     * theirs */
    void (*on_ip)(bpf_walk_t *walk, uint32_t addresses, uint32_t end);
};

/** Where a walk begins. */
typedef struct walk_entry {
    label_t ethernet; /* WALK_AT: a frame */
    label_t type;     /* WALK_AT: behind an Ethernet type, which is in WALK_TYPE */
    label_t ip;       /* WALK_AT: an IP header */
} walk_entry_t;

/** Labels to be jumped to before walk_build. */
walk_entry_t walk_enter(bpf_walk_t *walk);

/** Writes the walk; behind it nothing is executed by falling through. */
void walk_build(bpf_walk_t *walk, const walk_entry_t *entry);

/** Goes to @p label if the accumulator is the type of a VLAN tag. */
void walk_go_if_tag(const bpf_walk_t *walk, label_t label);

/* Words of such programs, for whoever uses a walk too. */

/** Loads BPF_B, BPF_H or BPF_W from the header that is looked at. */
void walk_load(const bpf_walk_t *walk, unsigned size, uint32_t offset);
void walk_store(const bpf_walk_t *walk, uint32_t word);
void walk_fetch(const bpf_walk_t *walk, uint32_t word);
/** BPF_ADD, BPF_AND and so on with a constant. */
void walk_operate(const bpf_walk_t *walk, unsigned operation, uint32_t value);
/** Moves on by a constant, or by what the accumulator says. */
void walk_advance(const bpf_walk_t *walk, uint32_t octets);
void walk_advance_by_result(const bpf_walk_t *walk);

#endif
