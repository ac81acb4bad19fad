/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Packets by chance, in every wrapping, whole and damaged: none that is observed may be dropped by the
 * filter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/filter_equivalence.h"
#include "support/frame.h"
#include "unit/capture/bpf/random_packets.h"
#include <stdio.h>
#include <string.h>

#define PACKETS 150000u

static void nothing_observed_is_dropped(void **state)
{
    (void)state;
    static const struct {
        int dlt;
        uint32_t link_type;
    } links[] = {{DLT_EN10MB, 1}, {DLT_RAW, 101}};
    for (live_analysis_t analysis = LIVE_SYN; analysis <= LIVE_SEGMENTS; analysis++) {
        for (size_t link = 0; link < sizeof links / sizeof *links; link++) {
            maker_t maker = {.state = UINT64_C(0x53594e464958)};
            size_t answers[3] = {0};
            filter_comparison_t comparison;
            comparison_open(&comparison, analysis, MAX_IP_HEADERS, SYNFIX_ENCAPSULATIONS_ALL);
            for (uint64_t number = 1; number <= PACKETS; number++) {
                make(&maker, links[link].dlt);
                const synfix_packet_t packet = {.data = maker.bytes,
                                                .captured_length = (uint32_t)maker.length,
                                                .original_length = (uint32_t)maker.length,
                                                .time_ns = (int64_t)number * 1000000,
                                                .number = number,
                                                .link_type = links[link].link_type};
                const packet_fate_t answer = comparison_push(&comparison, links[link].dlt, &packet);
                if (answer == FATE_LOST) {
                    fail_msg("analysis %d, link %d: packet %zu is dropped", (int)analysis, links[link].dlt,
                             (size_t)number);
                }
                answers[answer]++;
            }
            print_message("%zu observed of %u; %zu dropped\n", comparison.all.count, PACKETS,
                          answers[FATE_DROPPED]);
            assert_true(comparison.all.count > PACKETS / 10);
            assert_true(answers[FATE_DROPPED] > PACKETS / 20);
            comparison_close(&comparison);
        }
    }
}

#define BIT(kind) SYNFIX_ENCAPSULATION_BIT(SYNFIX_ENCAPSULATION_##kind)

/* Packets that end in TCP, with what they are in; some can't be looked into. */
static const struct {
    const char *words;
    synfix_encapsulations_t in;
    bool passes; /* also without SYN */
} cases[] = {
    {"E0800 I6 T", 0, false},
    {"E86dd S6 T", 0, false},
    {"E0800 S6 T", 0, false},
    {"E86dd S0 2b00010400000000 3c02000000000000 0000000000000000 0000000000000000 0600010400000000 T", 0,
     true},
    {"E86dd S0 2b00010400000000 0600010400000000 T", 0, false},
    {"E86dd S44 0600000000000001 T", 0, false},
    {"E86dd S51 0604000000000001 00000001 000000000000000000000000 T", BIT(AH), false},
    {"E0800 I51 0604000000000001 00000001 000000000000000000000000 T", BIT(AH), false},
    {"E8100 00640800 I6 T", BIT(VLAN), false},
    {"E88a8 00648100 000586dd S6 T", BIT(VLAN) | BIT(QINQ), false},
    {"E9100 00648100 00058100 00060800 I6 T", BIT(VLAN) | BIT(QINQ), false},
    {"E9200 00649300 00059500 00068100 00010800 I6 T", BIT(VLAN) | BIT(QINQ), true},
    {"E0030 aaaa030000000800 I6 T", 0, true},
    {"E002b 060603 I6 T", 0, true},
    {"E8870 aaaa030000000800 I6 T", 0, true},
    {"E8847 00010140 I6 T", BIT(MPLS), false},
    {"E8847 00010040 00020040 00020040 00020040 00020140 S6 T", BIT(MPLS), false},
    {"E8847 00010040 00020040 00020040 00020040 00020040 00020140 S6 T", BIT(MPLS), true},
    {"E8100 00648848 00010140 I6 T", BIT(VLAN) | BIT(MPLS), false},
    {"E8847 00010140 00000000 E0800 I6 T", BIT(MPLS), false},
    {"E8847 00010140 00000000 E8100 00640800 I6 T", BIT(MPLS) | BIT(VLAN), false},
    {"E8847 00010140 E0800 I6 T", BIT(MPLS), true},
    {"E8847 00010140 fe0000000001020000000002 0800 I6 T", BIT(MPLS), false},
    {"E8864 11000001002a 0021 I6 T", BIT(PPPOE), false},
    {"E8864 110000010029 21 I6 T", BIT(PPPOE), false},
    {"E8864 11000001003e 0057 S6 T", BIT(PPPOE), false},
    {"E8864 11000001002c ff030021 I6 T", BIT(PPPOE), false},
    {"E8864 11000001002e 0281 00010140 I6 T", BIT(PPPOE) | BIT(MPLS), false},
    {"E8100 00648864 11000001002a 0021 I6 T", BIT(VLAN) | BIT(PPPOE), false},
    {"E88e7 00001234 E0800 I6 T", BIT(PBB), true},
    {"E88e5 0000 00000001 0800 I6 T", BIT(MACSEC), true},
    {"E8926 00000000 0800 I6 T", BIT(FABRIC), true},
    {"E894f 0fc20203 000001ff E0800 I6 T", BIT(NSH), true},
    {"E6558 E0800 I6 T", 0, false},
    {"E880b 0021 I6 T", 0, false},
    {"E0800 I4 I6 T", BIT(IP_IN_IP), false},
    {"E86dd S41 S6 T", BIT(IP_IN_IP), false},
    {"E0800 I41 S6 T", BIT(6IN4), false},
    {"E86dd S4 I6 T", BIT(4IN6), false},
    {"E0800 I4 I4 I6 T", BIT(IP_IN_IP), false},
    {"E0800 I4 I4 I4 I6 T", BIT(IP_IN_IP), true},
    {"E0800 I47 00000800 I6 T", BIT(GRE), false},
    {"E0800 I47 b0000800 00000000 00000007 00000001 I6 T", BIT(GRE), false},
    {"E0800 I47 40000800 00000000 00000000 I6 T", BIT(GRE), true},
    {"E0800 I47 20006558 00000007 E86dd S6 T", BIT(GRE), false},
    {"E0800 I47 00008847 00010140 I6 T", BIT(GRE) | BIT(MPLS), false},
    {"E0800 I47 3081880b 00280001 00000001 00000002 0021 I6 T", BIT(GRE), false},
    {"E0800 I47 20016400 00360007 E0800 I6 T", BIT(GRE), false},
    {"E0800 I47 000088be E0800 I6 T", BIT(ERSPAN), false},
    {"E0800 I47 100088be 00000001 1000000100000000 E8100 00640800 I6 T", BIT(ERSPAN) | BIT(VLAN), false},
    {"E0800 I47 100022eb 00000001 200000010000000000000000 E0800 I6 T", BIT(ERSPAN), false},
    {"E0800 I47 100022eb 00000001 200000010000000000000801 0000000000000000 I6 T", BIT(ERSPAN), false},
    {"E0800 I97 3000 E0800 I6 T", BIT(ETHERNET_IN_IP), false},
    {"E0800 I143 E0800 I6 T", BIT(ETHERNET_IN_IP), false},
    {"E0800 I137 00010140 I6 T", BIT(MPLS_IN_IP) | BIT(MPLS), false},
    {"E0800 I115 00000001 E0800 I6 T", BIT(L2TP), true},
    {"E0800 I17 U4789 08000000 00007b00 E0800 I6 T", BIT(VXLAN), false},
    {"E8100 00640800 I17 U8472 08000000 00007b00 E8100 00640800 I6 T", BIT(VLAN) | BIT(VXLAN), false},
    {"E86dd S17 U4789 08000000 00007b00 E86dd S6 T", BIT(VXLAN), false},
    {"E0800 I17 U4790 0c000001 00000100 I6 T", BIT(VXLAN_GPE), false},
    {"E0800 I17 U4790 0c000003 00000100 E0800 I6 T", BIT(VXLAN_GPE), false},
    {"E0800 I17 U4790 08000000 00000100 E0800 I6 T", BIT(VXLAN_GPE), false},
    {"E0800 I17 U4790 0c000004 00000100 0fc20203 000001ff E0800 I6 T", BIT(VXLAN_GPE) | BIT(NSH), true},
    {"E0800 I17 U4790 0c000005 00000100 00010140 I6 T", BIT(VXLAN_GPE) | BIT(MPLS), false},
    {"E0800 I17 U6081 00006558 00000900 E0800 I6 T", BIT(GENEVE), false},
    {"E0800 I17 U6081 02000800 00000900 0102030011223344 I6 T", BIT(GENEVE), false},
    {"E0800 I17 U2152 30ff0028 0000abcd I6 T", BIT(GTP_U), false},
    {"E0800 I17 U2152 32ff002c 0000abcd 00010000 I6 T", BIT(GTP_U), false},
    {"E0800 I17 U2152 34ff0030 00000001 00000085 01100985 01100900 S6 T", BIT(GTP_U), false},
    {"E0800 I17 U3544 S6 T", BIT(TEREDO), false},
    {"E0800 I17 U3544 00010000 0000000000000000 00 0000 1234 c0000201 S6 T", BIT(TEREDO), false},
    {"E0800 I17 U4341 08000000 00000700 I6 T", BIT(LISP), false},
    {"E0800 I17 U1701 4002 0030 0001 0002 ff03 0021 I6 T", BIT(L2TP), false},
    {"E0800 I17 U1701 0a02 0001 0002 00010000 0002 ffff 0021 I6 T", BIT(L2TP), false},
    {"E0800 I17 U5247 00100200 00000000 E0800 I6 T", BIT(CAPWAP), false},
    {"E0800 I17 U4754 00000800 I6 T", BIT(GRE), false},
    {"E0800 I17 U6635 00010140 I6 T", BIT(MPLS_IN_IP) | BIT(MPLS), false},
    {"E0800 I17 U37008 01000001 01 E0800 I6 T", BIT(TZSP), true},
    {"E0800 I17 U2152 30ff0028 0000abcd I17 U4789 08000000 00007b00 E0800 I6 T", BIT(GTP_U) | BIT(VXLAN),
     false},
};

static bool observed(const synfix_packet_t *packet, synfix_encapsulations_t wanted)
{
    synfix_headers_t headers;
    return synfix_decode_wanted(packet, &headers, wanted) == SYNFIX_VERDICT_SYN;
}

static bool passes(const struct bpf_program *program, const synfix_packet_t *packet)
{
    return bpf_filter(program->bf_insns, packet->data, packet->original_length, packet->captured_length) != 0;
}

static struct bpf_program program_for(synfix_encapsulations_t wanted, unsigned max_ip_headers)
{
    const socket_filter_t filter = {
        .analysis = LIVE_SYN, .encapsulations = wanted, .max_ip_headers = max_ip_headers};
    return compiled_filter(&filter, DLT_EN10MB);
}

/* A SYN passes wherever it is cut so long as the decoder sees it, a segment does not. */
static void check_whole(size_t i, frame_t *frame, const struct bpf_program *program)
{
    synfix_packet_t packet = frame_packet(frame, 1);
    if (!observed(&packet, SYNFIX_ENCAPSULATIONS_ALL)) {
        fail_msg("%s: no SYN", cases[i].words);
    }
    for (; packet.captured_length > 0; packet.captured_length--) {
        if (observed(&packet, SYNFIX_ENCAPSULATIONS_ALL) && !passes(program, &packet)) {
            fail_msg("%s: dropped when cut at %u", cases[i].words, packet.captured_length);
        }
    }
    packet = frame_packet(frame, 1);
    frame->data[frame->length - 7] = SYNFIX_TCP_ACK;
    if (passes(program, &packet) != cases[i].passes) {
        fail_msg("%s: a segment %s", cases[i].words, cases[i].passes ? "is dropped" : "passes");
    }
    frame->data[frame->length - 7] = SYNFIX_TCP_SYN;
}

/* With just what it is in, it is observed and passes; without any one of these neither. */
static void check_wanted(size_t i, const frame_t *frame)
{
    const synfix_packet_t packet = frame_packet(frame, 1);
    struct bpf_program program = program_for(cases[i].in, MAX_IP_HEADERS);
    if (!observed(&packet, cases[i].in) || !passes(&program, &packet)) {
        fail_msg("%s: not observed, or dropped, with what it is in", cases[i].words);
    }
    pcap_freecode(&program);
    for (unsigned kind = 1; kind < 64; kind++) {
        if ((cases[i].in >> kind & 1) == 0) {
            continue;
        }
        const synfix_encapsulations_t wanted = ~SYNFIX_ENCAPSULATION_BIT(kind);
        synfix_headers_t headers;
        program = program_for(wanted, MAX_IP_HEADERS);
        if (synfix_decode_wanted(&packet, &headers, wanted) != SYNFIX_VERDICT_ENCAPSULATION) {
            fail_msg("%s: observed without %s", cases[i].words, synfix_encapsulation_name(kind));
        }
        if (passes(&program, &packet)) {
            fail_msg("%s: passes without %s", cases[i].words, synfix_encapsulation_name(kind));
        }
        pcap_freecode(&program);
    }
}

static void every_wrapping(void **state)
{
    (void)state;
    struct bpf_program program = program_for(SYNFIX_ENCAPSULATIONS_ALL, MAX_IP_HEADERS);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        frame_t frame;
        frame_build(&frame, cases[i].words);
        check_whole(i, &frame, &program);
        check_wanted(i, &frame);
    }
    pcap_freecode(&program);
}

/* Packets that are not TCP, or cannot contain a TCP header. */
static void nothing_else_passes(void **state)
{
    (void)state;
    static const char *const frames[] = {
        "E0806 0001080006040001",
        "E88cc 0207",
        "E0026 424203 0000000000",
        "E8863 110900000000",
        "E8864 11000001000a c021 09010008 00000000",
        "E0800 I1 0800000000000000",
        "E86dd S58 8700000000000000",
        "E0800 I17 U53 0000",
        "E0800 I17 U443 4000",
        "E0800 I50 0000000100000001",
        "E0800 I89 0000",
        "E8100 00640806 0001080006040001",
        "E8847 00010140 10000007 I6 T",
        "E0800 I17 U4789 08000000 00007b00 E0806 0001080006040001",
        "E0800 I17 U2152 32010004 00000000 00010000",
        "E0800 45000028 00010001 40060000 c0000201 c6336401 T", /* a later fragment */
    };
    struct bpf_program program = program_for(SYNFIX_ENCAPSULATIONS_ALL, MAX_IP_HEADERS);
    for (size_t i = 0; i < sizeof frames / sizeof *frames; i++) {
        frame_t frame;
        frame_build(&frame, frames[i]);
        const synfix_packet_t packet = frame_packet(&frame, 1);
        if (passes(&program, &packet)) {
            fail_msg("%s: passes", frames[i]);
        }
    }
    pcap_freecode(&program);
}

/* Any of the packets above behind any other's tunnel, damaged, with any selected set and any depth looked
 * into. */
static void damaged_by_chance(void **state)
{
    (void)state;
    maker_t maker = {.state = UINT64_C(0x53594e464958)};
    const size_t count = sizeof cases / sizeof *cases;
    size_t seen = 0;
    for (unsigned round = 0; round < 300; round++) {
        const synfix_encapsulations_t wanted =
            round % 3 == 0 ? SYNFIX_ENCAPSULATIONS_ALL
                           : ((uint64_t)chance(&maker, UINT32_MAX) << 32 | chance(&maker, UINT32_MAX));
        struct bpf_program program = program_for(wanted, 1 + chance(&maker, MAX_IP_HEADERS));
        for (unsigned i = 0; i < 1000; i++) {
            char words[512];
            frame_t frame;
            const char *outer = cases[chance(&maker, (uint32_t)count)].words;
            const char *inner = cases[chance(&maker, (uint32_t)count)].words;
            const char *end = strrchr(outer, 'E');
            if (end > outer && chance(&maker, 2) == 0) {
                (void)snprintf(words, sizeof words, "%.*s%s", (int)(end - outer), outer, inner);
            } else {
                (void)snprintf(words, sizeof words, "%s", inner);
            }
            frame_build(&frame, words);
            for (uint32_t damage = chance(&maker, 4); damage > 0; damage--) {
                frame.data[chance(&maker, (uint32_t)frame.length)] = (uint8_t)chance(&maker, 256);
            }
            synfix_packet_t packet = frame_packet(&frame, 1);
            packet.captured_length -= chance(&maker, 4) == 0 ? chance(&maker, packet.captured_length) : 0;
            if (!observed(&packet, wanted)) {
                continue;
            }
            seen++;
            if (!passes(&program, &packet)) {
                fail_msg("%s, round %u, packet %u: dropped", words, round, i);
            }
        }
        pcap_freecode(&program);
    }
    print_message("%zu of 300000 observed\n", seen);
    assert_true(seen > 50000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_wrapping), cmocka_unit_test(nothing_else_passes),
        cmocka_unit_test(damaged_by_chance), cmocka_unit_test(nothing_observed_is_dropped)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
