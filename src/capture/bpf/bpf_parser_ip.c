/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* IPv4, IPv6 and extension headers. */
#include "capture/bpf/bpf_parser_internal.h"

#define EXTENSIONS_MAX 2u

#define IPV4_OFFSET        0x1FFFu
#define IPV4_OFFSET_AND_MF 0x3FFFu
#define IPV6_OFFSET        0xFFF8u
#define IPV6_OFFSET_AND_MF 0xFFF9u

/* Extension headers with a length in words of eight bytes. */
static const uint8_t extensions[] = {
    PROTOCOL_HOP_BY_HOP, PROTOCOL_ROUTING, PROTOCOL_DESTINATION,
    PROTOCOL_MOBILITY,   PROTOCOL_HIP,     PROTOCOL_SHIM6,
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Whether PROTOCOL_IPV4 and PROTOCOL_IPV6 are wanted or not depends on the enclosing protocol. */
static bool version_matters(const bpf_parser_t *parser)
{
    const uint64_t all = SYNFIX_ENCAPSULATION_BIT(SYNFIX_ENCAPSULATION_IP_IN_IP) |
                         SYNFIX_ENCAPSULATION_BIT(SYNFIX_ENCAPSULATION_6IN4) |
                         SYNFIX_ENCAPSULATION_BIT(SYNFIX_ENCAPSULATION_4IN6);
    return (parser->wanted & all) != 0 && (parser->wanted & all) != all;
}

static void note_version(const bpf_parser_t *parser, uint32_t version)
{
    if (!version_matters(parser)) {
        return;
    }
    assembler_step(parser->assembler, BPF_LD | BPF_IMM, version);
    bpf_store(parser, BPF_PARSER_VERSION);
}

static void bpf_ipv4(bpf_parser_t *parser)
{
    note_version(parser, 4);
    if (parser->on_ip != NULL) {
        parser->on_ip(parser, 12, 20);
    }
    bpf_load(parser, BPF_B, 9);
    bpf_store(parser, BPF_PARSER_PROTOCOL);
    bpf_load(parser, BPF_H, 6);
    assembler_go_if(parser->assembler, BPF_JSET, parser->no_fragments ? IPV4_OFFSET_AND_MF : IPV4_OFFSET,
                    parser->nothing);
    bpf_load(parser, BPF_B, 0);
    bpf_operate(parser, BPF_AND, 15);
    bpf_operate(parser, BPF_LSH, 2);
    bpf_advance_by_result(parser);
}

static void bpf_ipv6(bpf_parser_t *parser)
{
    note_version(parser, 6);
    if (parser->on_ip != NULL) {
        parser->on_ip(parser, 8, 40);
    }
    bpf_load(parser, BPF_B, 6);
    bpf_store(parser, BPF_PARSER_PROTOCOL);
    bpf_advance(parser, 40);
}

/* With the protocol in the accumulator. */
static void go_if_extension(const bpf_parser_t *parser, label_t fragment, label_t authentication,
                            label_t extension)
{
    assembler_t *a = parser->assembler;
    assembler_go_if(a, BPF_JEQ, PROTOCOL_FRAGMENT, fragment);
    assembler_go_if(a, BPF_JEQ, PROTOCOL_AH,
                    bpf_if_selected(parser, SYNFIX_ENCAPSULATION_AH, authentication));
    for (size_t i = 0; i < COUNT(extensions); i++) {
        assembler_go_if(a, BPF_JEQ, extensions[i], extension);
    }
}

/* Leaves the length of a fragment header, 8, in the accumulator. */
static void measure_fragment(const bpf_parser_t *parser)
{
    bpf_load(parser, BPF_H, 2);
    assembler_go_if(parser->assembler, BPF_JSET, parser->no_fragments ? IPV6_OFFSET_AND_MF : IPV6_OFFSET,
                    parser->nothing);
    assembler_step(parser->assembler, BPF_LD | BPF_IMM, 8);
}

/* Leaves the length of an extension header in the accumulator: its second byte and @p more, in units of
 * 2^@p shift bytes. */
static void measure_extension(const bpf_parser_t *parser, uint32_t more, uint32_t shift)
{
    bpf_load(parser, BPF_B, 1);
    bpf_operate(parser, BPF_ADD, more);
    bpf_operate(parser, BPF_LSH, shift);
}

/* Moves past a header whose length is in the accumulator. */
static void skip_extension(const bpf_parser_t *parser)
{
    bpf_store(parser, BPF_PARSER_SPARE);
    bpf_load(parser, BPF_B, 0);
    bpf_store(parser, BPF_PARSER_PROTOCOL);
    bpf_fetch(parser, BPF_PARSER_SPARE);
    bpf_advance_by_result(parser);
}

/* One header, or @p done. */
static void bpf_extension(const bpf_parser_t *parser, label_t done)
{
    assembler_t *a = parser->assembler;
    const label_t fragment = assembler_label(a);
    const label_t authentication = assembler_label(a);
    const label_t extension = assembler_label(a);
    const label_t length = assembler_label(a);
    bpf_fetch(parser, BPF_PARSER_PROTOCOL);
    go_if_extension(parser, fragment, authentication, extension);
    assembler_go(a, done);
    assembler_bind(a, fragment);
    measure_fragment(parser);
    assembler_go(a, length);
    assembler_bind(a, authentication);
    measure_extension(parser, 2, 2);
    assembler_go(a, length);
    assembler_bind(a, extension);
    measure_extension(parser, 1, 3);
    assembler_bind(a, length);
    skip_extension(parser);
}

void bpf_ip(bpf_parser_t *parser, const bpf_level_t *here, const bpf_level_t *inner)
{
    assembler_t *a = parser->assembler;
    const label_t ipv6 = assembler_label(a);
    const label_t transport = assembler_label(a);
    const label_t udp = assembler_label(a);
    const label_t upper = assembler_label(a);
    assembler_bind(a, here->ip);
    bpf_load(parser, BPF_B, 0);
    bpf_operate(parser, BPF_RSH, 4);
    assembler_go_if(a, BPF_JEQ, 6, ipv6);
    assembler_go_unless(a, BPF_JEQ, 4, parser->nothing);
    bpf_ipv4(parser);
    assembler_go(a, transport);
    assembler_bind(a, ipv6);
    bpf_ipv6(parser);
    assembler_bind(a, transport);
    bpf_fetch(parser, BPF_PARSER_PROTOCOL);
    assembler_go_if(a, BPF_JEQ, PROTOCOL_TCP, parser->tcp);
    assembler_go_if(a, BPF_JEQ, PROTOCOL_UDP, udp);
    for (unsigned i = 0; i < EXTENSIONS_MAX; i++) {
        bpf_extension(parser, upper);
    }
    bpf_fetch(parser, BPF_PARSER_PROTOCOL);
    go_if_extension(parser, parser->unsure, parser->unsure, parser->unsure);
    assembler_bind(a, upper);
    assembler_go_if(a, BPF_JEQ, PROTOCOL_TCP, parser->tcp);
    assembler_go_if(a, BPF_JEQ, PROTOCOL_UDP, udp);
    bpf_tunnels(parser, inner);
    assembler_bind(a, udp);
    bpf_udp(parser, inner);
}
