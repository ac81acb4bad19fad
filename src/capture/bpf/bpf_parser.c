/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capture/bpf/bpf_parser_internal.h"
#include <assert.h>

void bpf_load(const bpf_parser_t *walk, unsigned size, uint32_t offset)
{
    assembler_step(walk->assembler, BPF_LDX | BPF_MEM, BPF_PARSER_AT);
    assembler_step(walk->assembler, BPF_LD | size | BPF_IND, walk->base + offset);
}

void bpf_store(const bpf_parser_t *walk, uint32_t word)
{
    assembler_step(walk->assembler, BPF_ST, word);
}

void bpf_fetch(const bpf_parser_t *walk, uint32_t word)
{
    assembler_step(walk->assembler, BPF_LD | BPF_MEM, word);
}

void bpf_operate(const bpf_parser_t *walk, unsigned operation, uint32_t value)
{
    assembler_step(walk->assembler, BPF_ALU | operation | BPF_K, value);
}

void bpf_advance_by_result(const bpf_parser_t *walk)
{
    assembler_step(walk->assembler, BPF_LDX | BPF_MEM, BPF_PARSER_AT);
    assembler_step(walk->assembler, BPF_ALU | BPF_ADD | BPF_X, 0);
    bpf_store(walk, BPF_PARSER_AT);
}

void bpf_advance(const bpf_parser_t *walk, uint32_t bytes)
{
    bpf_fetch(walk, BPF_PARSER_AT);
    bpf_operate(walk, BPF_ADD, bytes);
    bpf_store(walk, BPF_PARSER_AT);
}

bpf_entry_t bpf_enter(bpf_parser_t *walk)
{
    return (bpf_entry_t){.ethernet = assembler_label(walk->assembler),
                         .type = assembler_label(walk->assembler),
                         .ip = assembler_label(walk->assembler)};
}

static bpf_level_t new_level(const bpf_parser_t *walk)
{
    return (bpf_level_t){.ethernet = assembler_label(walk->assembler),
                         .type = assembler_label(walk->assembler),
                         .ppp = assembler_label(walk->assembler),
                         .mpls = assembler_label(walk->assembler),
                         .ip = assembler_label(walk->assembler)};
}

void bpf_build(bpf_parser_t *walk, const bpf_entry_t *entry)
{
    assert(walk->levels >= 1 && walk->levels <= MAX_IP_HEADERS);
    walk->wanted |= SYNFIX_ENCAPSULATION_BIT(SYNFIX_ENCAPSULATION_NONE);
    bpf_level_t here = {.ethernet = entry->ethernet,
                        .type = entry->type,
                        .ppp = assembler_label(walk->assembler),
                        .mpls = assembler_label(walk->assembler),
                        .ip = entry->ip};
    for (unsigned level = 1; level <= walk->levels; level++) {
        /* the content of the last level is not parsed */
        bpf_level_t inner = {.ethernet = walk->unsure,
                             .type = walk->unsure,
                             .ppp = walk->unsure,
                             .mpls = walk->unsure,
                             .ip = walk->unsure};
        if (level < walk->levels) {
            inner = new_level(walk);
        }
        bpf_link(walk, &here, &inner);
        bpf_ip(walk, &here, &inner);
        here = inner;
    }
}
