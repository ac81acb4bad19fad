/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capture/fanout/fanout_program.h"
#include "capture/bpf/bpf_parser.h"
#include <stdlib.h>

/* Scratch word with the mixed value. A load beyond the packet ends the program with 0, equally in both
 * directions. */
enum { MIX = BPF_PARSER_FREE };

static void mix_in(const bpf_parser_t *parser)
{
    assembler_step(parser->assembler, BPF_LDX | BPF_MEM, MIX);
    assembler_step(parser->assembler, BPF_ALU | BPF_XOR | BPF_X, 0);
    bpf_store(parser, MIX);
}

/* The innermost of several nested headers counts. */
static void mix_addresses(bpf_parser_t *parser, uint32_t addresses, uint32_t end)
{
    assembler_step(parser->assembler, BPF_LD | BPF_IMM, 0);
    bpf_store(parser, MIX);
    for (uint32_t offset = addresses; offset < end; offset += 4) {
        bpf_load(parser, BPF_W, offset);
        mix_in(parser);
    }
}

static void mix_ports(const bpf_parser_t *parser)
{
    for (uint32_t offset = 0; offset < 4; offset += 2) {
        bpf_load(parser, BPF_H, offset);
        mix_in(parser);
    }
}

static void build(assembler_t *a, int base)
{
    const label_t end = assembler_label(a);
    bpf_parser_t parser = {.assembler = a,
                           .base = (uint32_t)base,
                           .max_ip_headers = FANOUT_MAX_IP_HEADERS,
                           .wanted = SYNFIX_ENCAPSULATIONS_ALL,
                           .no_fragments = true,
                           .tcp = assembler_label(a),
                           .unsure = end,
                           .nothing = end,
                           .unwanted = end,
                           .on_ip = mix_addresses};
    const bpf_entry_t entry = bpf_enter(&parser);
    assembler_step(a, BPF_LD | BPF_IMM, 0);
    bpf_store(&parser, BPF_PARSER_AT);
    bpf_store(&parser, MIX);
    assembler_step(a, BPF_LD | BPF_H | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_PROTOCOL));
    bpf_store(&parser, BPF_PARSER_TYPE);
    assembler_go(a, entry.type);
    bpf_build(&parser, &entry);
    assembler_bind(a, parser.tcp);
    mix_ports(&parser);
    assembler_bind(a, end);
    /* adjacent addresses differ in few bits, and the group uses the remainder */
    bpf_fetch(&parser, MIX);
    bpf_operate(&parser, BPF_MUL, UINT32_C(0x9e3779b1));
    bpf_operate(&parser, BPF_RSH, 15);
    assembler_step(a, BPF_RET | BPF_A, 0);
}

bool fanout_build(fanout_program_t *program, int base)
{
    assembler_t *assembler = calloc(1, sizeof *assembler);
    if (assembler == NULL) {
        return false;
    }
    build(assembler, base);
    program->count = (unsigned short)assembler_finish(assembler, program->steps, FANOUT_PROGRAM_MAX);
    free(assembler);
    return program->count > 0;
}
