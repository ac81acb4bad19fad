/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* IPv4, IPv6 and extension headers; the numbers are those of src/decode. */
#include "capture/bpf/bpf_parser_internal.h"

#define EXTENSIONS_MAX 2u

#define IPV4_OFFSET        0x1FFFu
#define IPV4_OFFSET_AND_MF 0x3FFFu
#define IPV6_OFFSET        0xFFF8u
#define IPV6_OFFSET_AND_MF 0xFFF9u

enum { PROTOCOL_TCP = 6, PROTOCOL_UDP = 17, PROTOCOL_FRAGMENT = 44, PROTOCOL_AH = 51 };

/* Those with a length in words of eight bytes: options, routing, mobility, HIP, SHIM6. */
static const uint8_t extensions[] = {0, 43, 60, 135, 139, 140};

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Whether 4 and 41 are wanted or not depends on what carries them. */
static bool version_matters(const bpf_parser_t *walk)
{
    const uint64_t all = SYNFIX_ENCAPSULATION_BIT(SYNFIX_ENCAPSULATION_IP_IN_IP) |
                         SYNFIX_ENCAPSULATION_BIT(SYNFIX_ENCAPSULATION_6IN4) |
                         SYNFIX_ENCAPSULATION_BIT(SYNFIX_ENCAPSULATION_4IN6);
    return (walk->wanted & all) != 0 && (walk->wanted & all) != all;
}

static void note_version(const bpf_parser_t *walk, uint32_t version)
{
    if (!version_matters(walk)) {
        return;
    }
    assembler_step(walk->assembler, BPF_LD | BPF_IMM, version);
    bpf_store(walk, BPF_PARSER_VERSION);
}

static void bpf_ipv4(bpf_parser_t *walk)
{
    note_version(walk, 4);
    if (walk->on_ip != NULL) {
        walk->on_ip(walk, 12, 20);
    }
    bpf_load(walk, BPF_B, 9);
    bpf_store(walk, BPF_PARSER_PROTOCOL);
    bpf_load(walk, BPF_H, 6);
    assembler_go_if(walk->assembler, BPF_JSET, walk->no_fragments ? IPV4_OFFSET_AND_MF : IPV4_OFFSET,
                    walk->nothing);
    bpf_load(walk, BPF_B, 0);
    bpf_operate(walk, BPF_AND, 15);
    bpf_operate(walk, BPF_LSH, 2);
    bpf_advance_by_result(walk);
}

static void bpf_ipv6(bpf_parser_t *walk)
{
    note_version(walk, 6);
    if (walk->on_ip != NULL) {
        walk->on_ip(walk, 8, 40);
    }
    bpf_load(walk, BPF_B, 6);
    bpf_store(walk, BPF_PARSER_PROTOCOL);
    bpf_advance(walk, 40);
}

/* With the protocol in the accumulator. */
static void go_if_extension(const bpf_parser_t *walk, label_t fragment, label_t authentication,
                            label_t extension)
{
    assembler_t *a = walk->assembler;
    assembler_go_if(a, BPF_JEQ, PROTOCOL_FRAGMENT, fragment);
    assembler_go_if(a, BPF_JEQ, PROTOCOL_AH, bpf_if_selected(walk, SYNFIX_ENCAPSULATION_AH, authentication));
    for (size_t i = 0; i < COUNT(extensions); i++) {
        assembler_go_if(a, BPF_JEQ, extensions[i], extension);
    }
}

/* One header, or @p done. */
static void bpf_extension(const bpf_parser_t *walk, label_t done)
{
    assembler_t *a = walk->assembler;
    const label_t fragment = assembler_label(a);
    const label_t authentication = assembler_label(a);
    const label_t extension = assembler_label(a);
    const label_t length = assembler_label(a);
    bpf_fetch(walk, BPF_PARSER_PROTOCOL);
    go_if_extension(walk, fragment, authentication, extension);
    assembler_go(a, done);
    assembler_bind(a, fragment);
    bpf_load(walk, BPF_H, 2);
    assembler_go_if(a, BPF_JSET, walk->no_fragments ? IPV6_OFFSET_AND_MF : IPV6_OFFSET, walk->nothing);
    assembler_step(a, BPF_LD | BPF_IMM, 8);
    assembler_go(a, length);
    assembler_bind(a, authentication);
    bpf_load(walk, BPF_B, 1);
    bpf_operate(walk, BPF_ADD, 2);
    bpf_operate(walk, BPF_LSH, 2);
    assembler_go(a, length);
    assembler_bind(a, extension);
    bpf_load(walk, BPF_B, 1);
    bpf_operate(walk, BPF_ADD, 1);
    bpf_operate(walk, BPF_LSH, 3);
    assembler_bind(a, length);
    bpf_store(walk, BPF_PARSER_SPARE);
    bpf_load(walk, BPF_B, 0);
    bpf_store(walk, BPF_PARSER_PROTOCOL);
    bpf_fetch(walk, BPF_PARSER_SPARE);
    bpf_advance_by_result(walk);
}

void bpf_ip(bpf_parser_t *walk, const bpf_level_t *here, const bpf_level_t *inner)
{
    assembler_t *a = walk->assembler;
    const label_t ipv6 = assembler_label(a);
    const label_t transport = assembler_label(a);
    const label_t udp = assembler_label(a);
    const label_t upper = assembler_label(a);
    assembler_bind(a, here->ip);
    bpf_load(walk, BPF_B, 0);
    bpf_operate(walk, BPF_RSH, 4);
    assembler_go_if(a, BPF_JEQ, 6, ipv6);
    assembler_go_unless(a, BPF_JEQ, 4, walk->nothing);
    bpf_ipv4(walk);
    assembler_go(a, transport);
    assembler_bind(a, ipv6);
    bpf_ipv6(walk);
    assembler_bind(a, transport);
    bpf_fetch(walk, BPF_PARSER_PROTOCOL);
    assembler_go_if(a, BPF_JEQ, PROTOCOL_TCP, walk->tcp);
    assembler_go_if(a, BPF_JEQ, PROTOCOL_UDP, udp);
    for (unsigned i = 0; i < EXTENSIONS_MAX; i++) {
        bpf_extension(walk, upper);
    }
    bpf_fetch(walk, BPF_PARSER_PROTOCOL);
    go_if_extension(walk, walk->unsure, walk->unsure, walk->unsure);
    assembler_bind(a, upper);
    assembler_go_if(a, BPF_JEQ, PROTOCOL_TCP, walk->tcp);
    assembler_go_if(a, BPF_JEQ, PROTOCOL_UDP, udp);
    bpf_tunnels(walk, inner);
    assembler_bind(a, udp);
    bpf_udp(walk, inner);
}
