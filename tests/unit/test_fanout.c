/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "capture/fanout.h"
#include <pcap/pcap.h>
#include <stdbool.h>
#include <string.h>

typedef struct frame {
    uint8_t bytes[256];
    size_t length;
} frame_t;

static void add(frame_t *frame, const void *octets, size_t length)
{
    memcpy(frame->bytes + frame->length, octets, length);
    frame->length += length;
}

#define ADD(frame, ...) add(frame, (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

static void add_ip4(frame_t *frame, uint8_t protocol, uint8_t from, uint8_t to, uint8_t fragment)
{
    ADD(frame, 0x45, 0, 0, 99, 0, 1, fragment, 0, 64, protocol, 0, 0, 10, 0, 0, from, 10, 0, 0, to);
}

static void add_tcp(frame_t *frame, bool back, uint8_t flow)
{
    if (back)
        ADD(frame, 0, 80, 200, flow, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 18, 1, 1, 0, 0, 0, 0);
    else
        ADD(frame, 200, flow, 0, 80, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 2, 1, 1, 0, 0, 0, 0);
}

static void add_udp(frame_t *frame, uint16_t port, uint8_t entropy)
{
    ADD(frame, 0xC0, entropy, (uint8_t)(port >> 8), (uint8_t)port, 0, 60, 0, 0);
}

static void ethernet(frame_t *frame, uint16_t type)
{
    ADD(frame, 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, (uint8_t)(type >> 8), (uint8_t)type);
}

typedef enum kind {
    PLAIN,
    QINQ,
    SIX,
    MPLS,
    PPPOE,
    GRE,
    IP_IN_IP,
    VXLAN,
    GENEVE,
    GTP_U,
    FRAGMENT,
    KINDS
} kind_t;

static void build(frame_t *frame, kind_t kind, bool back, uint8_t flow)
{
    static const uint16_t types[KINDS] = {[QINQ] = 0x88A8, [SIX] = 0x86DD, [MPLS] = 0x8847, [PPPOE] = 0x8864};
    /* outer sources and ports differ by direction, as those of tunnels do */
    const uint8_t outer = back ? 77 : 99;
    frame->length = 0;
    ethernet(frame, types[kind] != 0 ? types[kind] : 0x0800);
    if (kind == QINQ)
        ADD(frame, 0, 5, 0x81, 0, 0, 6, 8, 0);
    if (kind == MPLS)
        ADD(frame, 0, outer, 0x10, 64, 0, 2, 0x11, 64);
    if (kind == PPPOE)
        ADD(frame, 0x11, 0, 0, outer, 0, 42, 0, 0x21);
    if (kind == GRE) {
        add_ip4(frame, 47, outer, 1, 0);
        ADD(frame, 0x20, 0, 8, 0, 0, 0, 0, outer);
    }
    if (kind == IP_IN_IP)
        add_ip4(frame, 4, outer, 1, 0);
    if (kind == VXLAN || kind == GENEVE || kind == GTP_U) {
        add_ip4(frame, 17, outer, 1, 0);
        add_udp(frame, kind == VXLAN ? 4789 : kind == GENEVE ? 6081 : 2152, (uint8_t)(outer + flow));
    }
    if (kind == VXLAN)
        ADD(frame, 8, 0, 0, 0, 0, 0, 7, 0);
    if (kind == GENEVE)
        ADD(frame, 1, 0, 0x65, 0x58, 0, 0, 7, 0, 1, 2, 3, 0);
    if (kind == VXLAN || kind == GENEVE)
        ethernet(frame, 0x0800);
    if (kind == GTP_U)
        ADD(frame, 0x34, 0xFF, 0, 50, 0, 0, 0, outer, 0, 0, 0, 0x85, 1, 0x10, outer, 0);
    if (kind == SIX) {
        ADD(frame, 0x60, 0, 0, 0, 0, 20, 6, 64);
        ADD(frame, 0x20, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, back ? 8 : 9);
        ADD(frame, 0x20, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, back ? 9 : 8);
    } else {
        add_ip4(frame, 6, back ? 2 : (uint8_t)3, back ? 3 : (uint8_t)2, kind == FRAGMENT ? 0x20 : 0);
    }
    add_tcp(frame, back, flow);
}

static uint32_t member(const frame_t *frame)
{
    static struct bpf_insn instructions[FANOUT_PROGRAM_MAX];
    fanout_program_t program;
    fanout_build(&program, 14);
    const size_t count = program.count;
    for (size_t i = 0; i < count; i++) {
        const struct sock_filter *step = &program.steps[i];
        instructions[i] = (struct bpf_insn){step->code, step->jt, step->jf, step->k};
        /* only the kernel knows the protocol by itself */
        if (step->k == (uint32_t)(SKF_AD_OFF + SKF_AD_PROTOCOL))
            instructions[i] = (struct bpf_insn)BPF_STMT(BPF_LD | BPF_ABS | BPF_H, 12);
    }
    assert_true(bpf_validate(instructions, (int)count));
    return bpf_filter(instructions, frame->bytes, (u_int)frame->length, (u_int)frame->length);
}

static void both_directions_meet(void **state)
{
    (void)state;
    for (kind_t kind = 0; kind < KINDS; kind++) {
        unsigned at_first = 0;
        for (unsigned flow = 0; flow < 64; flow++) {
            frame_t there;
            frame_t back;
            build(&there, kind, false, (uint8_t)flow);
            build(&back, kind, true, (uint8_t)flow);
            const uint32_t number = member(&there);
            assert_int_not_equal(number, 0);
            if (number != member(&back))
                fail_msg("kind %d, flow %u: directions part", (int)kind, flow);
            at_first += number % 2;
        }
        if (kind != FRAGMENT) /* the flows of one pair of hosts are shared out */
            assert_in_range(at_first, 16, 48);
    }
}

static void short_frames_are_survived(void **state)
{
    (void)state;
    frame_t frame;
    for (kind_t kind = 0; kind < KINDS; kind++) {
        build(&frame, kind, false, 1);
        for (size_t length = frame.length; length > 0; length--) {
            frame.length = length - 1;
            (void)member(&frame);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(both_directions_meet),
                                       cmocka_unit_test(short_frames_are_survived)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
