/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capture/fanout.h"
#include <assert.h>
#include <stdint.h>

/* Scratch memory. A load beyond the packet ends the program with 0 in both directions alike. */
enum {
    AT,       /* offset of the header that is looked at, from the network header */
    TYPE,     /* Ethernet type */
    MIX,      /* what is mixed so far */
    PROTOCOL, /* of IP */
    SPARE,
};

/* A jump of classic BPF goes forward only; conditional ones reach 255 steps. Hence labels are bound after
 * their use, and a condition is always followed by an unconditional jump. */
#define LABEL_USES 48u
typedef struct label {
    unsigned short uses[LABEL_USES];
    unsigned count;
} label_t;

typedef struct builder {
    fanout_program_t *program;
    uint32_t base;
    label_t end;
} builder_t;

static void step(builder_t *b, unsigned code, uint32_t k)
{
    assert(b->program->count < FANOUT_PROGRAM_MAX);
    b->program->steps[b->program->count++] = (struct sock_filter){.code = (uint16_t)code, .k = k};
}

static void go(builder_t *b, label_t *label)
{
    assert(label->count < LABEL_USES);
    label->uses[label->count++] = b->program->count;
    step(b, BPF_JMP | BPF_JA, 0);
}

static void bind(builder_t *b, const label_t *label)
{
    for (unsigned i = 0; i < label->count; i++)
        b->program->steps[label->uses[i]].k = b->program->count - label->uses[i] - 1u;
}

/* Jumps if the accumulator is @p value (BPF_JEQ) or has one of its bits (BPF_JSET). */
static void go_if(builder_t *b, unsigned test, uint32_t value, label_t *label)
{
    step(b, BPF_JMP | test | BPF_K, value);
    b->program->steps[b->program->count - 1].jf = 1;
    go(b, label);
}

static void go_unless(builder_t *b, unsigned test, uint32_t value, label_t *label)
{
    step(b, BPF_JMP | test | BPF_K, value);
    b->program->steps[b->program->count - 1].jt = 1;
    go(b, label);
}

/* Loads from the header that is looked at. */
static void load(builder_t *b, unsigned size, uint32_t offset)
{
    step(b, BPF_LDX | BPF_MEM, AT);
    step(b, BPF_LD | size | BPF_IND, b->base + offset);
}

static void store(builder_t *b, uint32_t where)
{
    step(b, BPF_ST, where);
}

static void fetch(builder_t *b, uint32_t where)
{
    step(b, BPF_LD | BPF_MEM, where);
}

static void operate(builder_t *b, unsigned operation, uint32_t value)
{
    step(b, BPF_ALU | operation | BPF_K, value);
}

/* Goes on by what the accumulator says. */
static void advance_by_result(builder_t *b)
{
    step(b, BPF_LDX | BPF_MEM, AT);
    step(b, BPF_ALU | BPF_ADD | BPF_X, 0);
    store(b, AT);
}

static void advance(builder_t *b, uint32_t octets)
{
    step(b, BPF_LD | BPF_IMM, octets);
    advance_by_result(b);
}

static void mix_in(builder_t *b)
{
    step(b, BPF_LDX | BPF_MEM, MIX);
    step(b, BPF_ALU | BPF_XOR | BPF_X, 0);
    store(b, MIX);
}

/* Up to two tags; the type of what follows in TYPE and in the accumulator. */
static void skip_tags(builder_t *b)
{
    for (int i = 0; i < 2; i++) {
        label_t tag = {.count = 0};
        label_t done = {.count = 0};
        fetch(b, TYPE);
        go_if(b, BPF_JEQ, 0x8100, &tag);
        go_if(b, BPF_JEQ, 0x88a8, &tag);
        go_if(b, BPF_JEQ, 0x9100, &tag);
        go(b, &done);
        bind(b, &tag);
        load(b, BPF_H, 2);
        store(b, TYPE);
        advance(b, 4);
        bind(b, &done);
    }
    fetch(b, TYPE);
}

/* Tags, PPPoE and up to four labels of MPLS. */
static void skip_link(builder_t *b)
{
    label_t pppoe = {.count = 0};
    label_t mpls = {.count = 0};
    label_t done = {.count = 0};
    skip_tags(b);
    go_if(b, BPF_JEQ, 0x8864, &pppoe);
    go_if(b, BPF_JEQ, 0x8847, &mpls);
    go_if(b, BPF_JEQ, 0x8848, &mpls);
    go(b, &done);
    bind(b, &pppoe);
    advance(b, 8);
    go(b, &done);
    bind(b, &mpls);
    for (int i = 0; i < 4; i++) {
        load(b, BPF_B, 2);
        store(b, SPARE);
        advance(b, 4);
        fetch(b, SPARE);
        go_if(b, BPF_JSET, 1, &done);
    }
    bind(b, &done);
}

static void skip_ethernet(builder_t *b)
{
    load(b, BPF_H, 12);
    store(b, TYPE);
    advance(b, 14);
    skip_tags(b);
}

static void mix_ipv4(builder_t *b, label_t *transport)
{
    step(b, BPF_LD | BPF_IMM, 0);
    store(b, MIX);
    for (uint32_t offset = 12; offset < 20; offset += 4) {
        load(b, BPF_W, offset);
        mix_in(b);
    }
    load(b, BPF_B, 9);
    store(b, PROTOCOL);
    load(b, BPF_H, 6);
    go_if(b, BPF_JSET, 0x3fff, &b->end);
    load(b, BPF_B, 0);
    operate(b, BPF_AND, 15);
    operate(b, BPF_LSH, 2);
    advance_by_result(b);
    go(b, transport);
}

/* One extension header: options, routing, or a fragment that is whole. */
static void skip_extension(builder_t *b)
{
    label_t options = {.count = 0};
    label_t fragment = {.count = 0};
    label_t done = {.count = 0};
    fetch(b, PROTOCOL);
    go_if(b, BPF_JEQ, 0, &options);
    go_if(b, BPF_JEQ, 43, &options);
    go_if(b, BPF_JEQ, 60, &options);
    go_if(b, BPF_JEQ, 44, &fragment);
    go(b, &done);
    bind(b, &fragment);
    load(b, BPF_H, 2);
    go_if(b, BPF_JSET, 0xfff9, &b->end);
    load(b, BPF_B, 0);
    store(b, PROTOCOL);
    advance(b, 8);
    go(b, &done);
    bind(b, &options);
    load(b, BPF_B, 0);
    store(b, PROTOCOL);
    load(b, BPF_B, 1);
    operate(b, BPF_ADD, 1);
    operate(b, BPF_LSH, 3);
    advance_by_result(b);
    bind(b, &done);
}

static void mix_ipv6(builder_t *b)
{
    step(b, BPF_LD | BPF_IMM, 0);
    store(b, MIX);
    for (uint32_t offset = 8; offset < 40; offset += 4) {
        load(b, BPF_W, offset);
        mix_in(b);
    }
    load(b, BPF_B, 6);
    store(b, PROTOCOL);
    advance(b, 40);
    for (int i = 0; i < 2; i++)
        skip_extension(b);
}

static void mix_ports(builder_t *b)
{
    load(b, BPF_H, 0);
    mix_in(b);
    load(b, BPF_H, 2);
    mix_in(b);
    go(b, &b->end);
}

/* GTP-U: sequence number and the like, and one extension header. */
static void skip_gtp(builder_t *b, label_t *inside)
{
    label_t plain = {.count = 0};
    label_t last = {.count = 0};
    load(b, BPF_B, 8);
    go_unless(b, BPF_JSET, 7, &plain);
    go_unless(b, BPF_JSET, 4, &last);
    load(b, BPF_B, 19);
    go_if(b, BPF_JEQ, 0, &last);
    load(b, BPF_B, 20);
    operate(b, BPF_LSH, 2);
    advance_by_result(b);
    bind(b, &last);
    advance(b, 4);
    bind(b, &plain);
    advance(b, 16);
    go(b, inside);
}

static void skip_gre(builder_t *b, label_t *inside)
{
    static const uint32_t optional[] = {0x8000, 0x2000, 0x1000};
    load(b, BPF_H, 0);
    store(b, SPARE);
    load(b, BPF_H, 2);
    store(b, TYPE);
    advance(b, 4);
    for (size_t i = 0; i < sizeof optional / sizeof optional[0]; i++) {
        label_t absent = {.count = 0};
        fetch(b, SPARE);
        go_unless(b, BPF_JSET, optional[i], &absent);
        advance(b, 4);
        bind(b, &absent);
    }
    fetch(b, TYPE);
    go_unless(b, BPF_JEQ, 0x6558, inside);
    skip_ethernet(b);
    go(b, inside);
}

static void enter_tunnel(builder_t *b, label_t *inside)
{
    label_t vxlan = {.count = 0};
    label_t geneve = {.count = 0};
    label_t gtp = {.count = 0};
    label_t gre = {.count = 0};
    go_if(b, BPF_JEQ, 4, inside);
    go_if(b, BPF_JEQ, 41, inside);
    go_if(b, BPF_JEQ, 47, &gre);
    go_unless(b, BPF_JEQ, 17, &b->end);
    load(b, BPF_H, 2);
    go_if(b, BPF_JEQ, 4789, &vxlan);
    go_if(b, BPF_JEQ, 8472, &vxlan);
    go_if(b, BPF_JEQ, 6081, &geneve);
    go_if(b, BPF_JEQ, 2152, &gtp);
    go(b, &b->end);
    bind(b, &geneve);
    load(b, BPF_B, 8);
    operate(b, BPF_AND, 63);
    operate(b, BPF_LSH, 2);
    advance_by_result(b);
    bind(b, &vxlan);
    advance(b, 16);
    skip_ethernet(b);
    go(b, inside);
    bind(b, &gtp);
    skip_gtp(b, inside);
    bind(b, &gre);
    skip_gre(b, inside);
}

/* One IP header and what it carries; @p last: tunnels are not entered. */
static void mix_ip(builder_t *b, int last)
{
    label_t ipv6 = {.count = 0};
    label_t transport = {.count = 0};
    label_t ports = {.count = 0};
    label_t inside = {.count = 0};
    load(b, BPF_B, 0);
    operate(b, BPF_RSH, 4);
    go_if(b, BPF_JEQ, 6, &ipv6);
    go_unless(b, BPF_JEQ, 4, &b->end);
    mix_ipv4(b, &transport);
    bind(b, &ipv6);
    mix_ipv6(b);
    bind(b, &transport);
    fetch(b, PROTOCOL);
    go_if(b, BPF_JEQ, 6, &ports);
    if (!last)
        enter_tunnel(b, &inside);
    go(b, &b->end);
    bind(b, &ports);
    mix_ports(b);
    bind(b, &inside);
}

void fanout_build(fanout_program_t *program, int base)
{
    builder_t builder = {.program = program, .base = (uint32_t)base};
    builder_t *b = &builder;
    program->count = 0;
    step(b, BPF_LD | BPF_IMM, 0);
    store(b, AT);
    store(b, MIX);
    step(b, BPF_LD | BPF_H | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_PROTOCOL));
    store(b, TYPE);
    skip_link(b);
    mix_ip(b, 0);
    mix_ip(b, 1);
    bind(b, &b->end);
    /* neighbouring addresses differ in few bits; the group takes the remainder */
    fetch(b, MIX);
    operate(b, BPF_MUL, UINT32_C(0x9e3779b1));
    operate(b, BPF_RSH, 15);
    step(b, BPF_RET | BPF_A, 0);
}
