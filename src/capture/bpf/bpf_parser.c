/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capture/bpf/bpf_parser_internal.h"
#include <assert.h>

void walk_load(const bpf_walk_t *walk, unsigned size, uint32_t offset)
{
    assembler_step(walk->assembler, BPF_LDX | BPF_MEM, WALK_AT);
    assembler_step(walk->assembler, BPF_LD | size | BPF_IND, walk->base + offset);
}

void walk_store(const bpf_walk_t *walk, uint32_t word)
{
    assembler_step(walk->assembler, BPF_ST, word);
}

void walk_fetch(const bpf_walk_t *walk, uint32_t word)
{
    assembler_step(walk->assembler, BPF_LD | BPF_MEM, word);
}

void walk_operate(const bpf_walk_t *walk, unsigned operation, uint32_t value)
{
    assembler_step(walk->assembler, BPF_ALU | operation | BPF_K, value);
}

void walk_advance_by_result(const bpf_walk_t *walk)
{
    assembler_step(walk->assembler, BPF_LDX | BPF_MEM, WALK_AT);
    assembler_step(walk->assembler, BPF_ALU | BPF_ADD | BPF_X, 0);
    walk_store(walk, WALK_AT);
}

void walk_advance(const bpf_walk_t *walk, uint32_t octets)
{
    walk_fetch(walk, WALK_AT);
    walk_operate(walk, BPF_ADD, octets);
    walk_store(walk, WALK_AT);
}

walk_entry_t walk_enter(bpf_walk_t *walk)
{
    return (walk_entry_t){.ethernet = assembler_label(walk->assembler),
                          .type = assembler_label(walk->assembler),
                          .ip = assembler_label(walk->assembler)};
}

static walk_level_t new_level(const bpf_walk_t *walk)
{
    return (walk_level_t){.ethernet = assembler_label(walk->assembler),
                          .type = assembler_label(walk->assembler),
                          .ppp = assembler_label(walk->assembler),
                          .mpls = assembler_label(walk->assembler),
                          .ip = assembler_label(walk->assembler)};
}

void walk_build(bpf_walk_t *walk, const walk_entry_t *entry)
{
    assert(walk->levels >= 1 && walk->levels <= WALK_LEVELS_MAX);
    walk->wanted |= SYNFIX_ENCAPSULATION_BIT(SYNFIX_ENCAPSULATION_NONE);
    walk_level_t here = {.ethernet = entry->ethernet,
                         .type = entry->type,
                         .ppp = assembler_label(walk->assembler),
                         .mpls = assembler_label(walk->assembler),
                         .ip = entry->ip};
    for (unsigned level = 1; level <= walk->levels; level++) {
        /* what is in the last one is not looked at */
        walk_level_t inner = {.ethernet = walk->unsure,
                              .type = walk->unsure,
                              .ppp = walk->unsure,
                              .mpls = walk->unsure,
                              .ip = walk->unsure};
        if (level < walk->levels)
            inner = new_level(walk);
        walk_link(walk, &here, &inner);
        walk_ip(walk, &here, &inner);
        here = inner;
    }
}
