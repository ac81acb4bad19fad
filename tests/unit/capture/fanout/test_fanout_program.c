/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "capture/fanout/fanout_probe_frames.h"
#include "capture/fanout/fanout_program.h"
#include <pcap/pcap.h>
#include <stdbool.h>
#include <string.h>

#define FLOWS 100u

/* Kinds beyond the wrappings that a trial sends. */
enum { FRAGMENT = FANOUT_ENCAPSULATIONS, GTP_EXTENDED, KINDS };

static void build(fanout_frame_t *frame, unsigned kind, bool back, unsigned flow)
{
    static const uint8_t extended[] = {0x34, 0xFF, 0, 50, 0, 0, 0, 0, 0, 0, 0, 0x85, 1, 0x10, 0, 0};
    if (kind < FANOUT_ENCAPSULATIONS) {
        fanout_frame_build(frame, (fanout_encapsulation_t)kind, flow, back);
    } else if (kind == FRAGMENT) {
        fanout_frame_build(frame, FANOUT_IPV4, flow, back);
        frame->bytes[20] = 0x20;
    } else {
        fanout_frame_t inside;
        fanout_frame_build(frame, FANOUT_GTP_U, flow, back);
        fanout_frame_build(&inside, FANOUT_IPV4, flow, back);
        frame->length = 14 + 20 + 8;
        fanout_frame_add(frame, extended, sizeof extended);
        frame->bytes[frame->length - 2] = back; /* of the extension header */
        fanout_frame_add(frame, inside.bytes + 14, inside.length - 14);
    }
}

static uint32_t member(const fanout_frame_t *frame)
{
    static struct bpf_insn instructions[FANOUT_PROGRAM_MAX];
    fanout_program_t program;
    assert_true(fanout_build(&program, 14));
    const size_t count = program.count;
    for (size_t i = 0; i < count; i++) {
        const struct sock_filter *step = &program.steps[i];
        instructions[i] = (struct bpf_insn){step->code, step->jt, step->jf, step->k};
        /* only the kernel knows the protocol by itself */
        if (step->k == (uint32_t)(SKF_AD_OFF + SKF_AD_PROTOCOL)) {
            instructions[i] = (struct bpf_insn)BPF_STMT(BPF_LD | BPF_ABS | BPF_H, 12);
        }
    }
    assert_true(bpf_validate(instructions, (int)count));
    return bpf_filter(instructions, frame->bytes, (u_int)frame->length, (u_int)frame->length);
}

static void both_directions_meet(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < KINDS; kind++) {
        unsigned at_first = 0;
        for (unsigned flow = 0; flow < FLOWS; flow++) {
            fanout_frame_t there;
            fanout_frame_t back;
            build(&there, kind, false, flow);
            build(&back, kind, true, flow);
            const uint32_t number = member(&there);
            assert_int_not_equal(number, 0);
            if (number != member(&back)) {
                fail_msg("kind %u, flow %u: directions part", kind, flow);
            }
            at_first += number % 2;
        }
        if (kind != FRAGMENT) {
            assert_in_range(at_first, FLOWS / 4, FLOWS * 3 / 4);
        }
    }
}

static void short_frames_are_survived(void **state)
{
    (void)state;
    fanout_frame_t frame;
    for (unsigned kind = 0; kind < KINDS; kind++) {
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
