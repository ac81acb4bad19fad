/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capture/bpf/bpf_parser_internal.h"
#include <assert.h>

void bpf_load(const bpf_parser_t *parser, unsigned size, uint32_t offset)
{
    assembler_step(parser->assembler, BPF_LDX | BPF_MEM, BPF_PARSER_AT);
    assembler_step(parser->assembler, BPF_LD | size | BPF_IND, parser->base + offset);
}

void bpf_store(const bpf_parser_t *parser, uint32_t word)
{
    assembler_step(parser->assembler, BPF_ST, word);
}

void bpf_fetch(const bpf_parser_t *parser, uint32_t word)
{
    assembler_step(parser->assembler, BPF_LD | BPF_MEM, word);
}

void bpf_operate(const bpf_parser_t *parser, unsigned operation, uint32_t value)
{
    assembler_step(parser->assembler, BPF_ALU | operation | BPF_K, value);
}

void bpf_advance_by_result(const bpf_parser_t *parser)
{
    assembler_step(parser->assembler, BPF_LDX | BPF_MEM, BPF_PARSER_AT);
    assembler_step(parser->assembler, BPF_ALU | BPF_ADD | BPF_X, 0);
    bpf_store(parser, BPF_PARSER_AT);
}

void bpf_advance(const bpf_parser_t *parser, uint32_t bytes)
{
    bpf_fetch(parser, BPF_PARSER_AT);
    bpf_operate(parser, BPF_ADD, bytes);
    bpf_store(parser, BPF_PARSER_AT);
}

bpf_entry_t bpf_enter(bpf_parser_t *parser)
{
    return (bpf_entry_t){.ethernet = assembler_label(parser->assembler),
                         .type = assembler_label(parser->assembler),
                         .ip = assembler_label(parser->assembler)};
}

static bpf_level_t new_level(const bpf_parser_t *parser)
{
    return (bpf_level_t){.ethernet = assembler_label(parser->assembler),
                         .type = assembler_label(parser->assembler),
                         .ppp = assembler_label(parser->assembler),
                         .mpls = assembler_label(parser->assembler),
                         .ip = assembler_label(parser->assembler)};
}

void bpf_build(bpf_parser_t *parser, const bpf_entry_t *entry)
{
    assert(parser->max_ip_headers >= 1 && parser->max_ip_headers <= MAX_IP_HEADERS);
    parser->wanted |= SYNFIX_ENCAPSULATION_BIT(SYNFIX_ENCAPSULATION_NONE);
    bpf_level_t here = {.ethernet = entry->ethernet,
                        .type = entry->type,
                        .ppp = assembler_label(parser->assembler),
                        .mpls = assembler_label(parser->assembler),
                        .ip = entry->ip};
    for (unsigned level = 1; level <= parser->max_ip_headers; level++) {
        /* the content of the last level is not parsed */
        bpf_level_t inner = {.ethernet = parser->unsure,
                             .type = parser->unsure,
                             .ppp = parser->unsure,
                             .mpls = parser->unsure,
                             .ip = parser->unsure};
        if (level < parser->max_ip_headers) {
            inner = new_level(parser);
        }
        bpf_link(parser, &here, &inner);
        bpf_ip(parser, &here, &inner);
        here = inner;
    }
}
