/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/frame.h"

#define VXLAN  SYNFIX_ENCAPSULATION_VXLAN
#define GPE    SYNFIX_ENCAPSULATION_VXLAN_GPE
#define GENEVE SYNFIX_ENCAPSULATION_GENEVE
#define GTP    SYNFIX_ENCAPSULATION_GTP_U
#define TEREDO SYNFIX_ENCAPSULATION_TEREDO

static const frame_case_t cases[] = {
    {"VXLAN", "E0800 I17 U4789 08000000 00007b00 E0800 I6 T", 1, SYNFIX_VERDICT_SYN, VXLAN, 1, 123},
    {"VXLAN on Linux's port", "E0800 I17 U8472 08000000 00007b00 E0800 I6 T", 1, SYNFIX_VERDICT_SYN, VXLAN, 1,
     123},
    {"VXLAN over IPv6", "E86dd S17 U4789 08000000 00007b00 E86dd S6 T", 1, SYNFIX_VERDICT_SYN, VXLAN, 1, 123},
    {"VXLAN without identifier", "E0800 I17 U4789 00000000 00007b00 E0800 I6 T", 1, SYNFIX_VERDICT_NOT_TCP, 0,
     0, 0},
    {"VXLAN-GPE, IP", "E0800 I17 U4790 0c000001 00000100 I6 T", 1, SYNFIX_VERDICT_SYN, GPE, 1, 1},
    {"VXLAN-GPE, Ethernet", "E0800 I17 U4790 0c000003 00000100 E0800 I6 T", 1, SYNFIX_VERDICT_SYN, GPE, 1, 1},
    {"VXLAN-GPE, NSH, Ethernet", "E0800 I17 U4790 0c000004 00000100 0fc20203 000001ff E0800 I6 T", 1,
     SYNFIX_VERDICT_SYN, GPE, 1, 1},
    {"VXLAN-GPE, NSH too short", "E0800 I17 U4790 0c000004 00000100 0fc10203 000001ff E0800 I6 T", 1,
     SYNFIX_VERDICT_BAD_LINK, 0, 0, 0},
    {"Geneve, Ethernet", "E0800 I17 U6081 00006558 00000900 E0800 I6 T", 1, SYNFIX_VERDICT_SYN, GENEVE, 1, 9},
    {"Geneve with options, IP", "E0800 I17 U6081 02000800 00000900 0102030011223344 I6 T", 1,
     SYNFIX_VERDICT_SYN, GENEVE, 1, 9},
    {"Geneve version 1", "E0800 I17 U6081 40006558 00000900 E0800 I6 T", 1, SYNFIX_VERDICT_NOT_TCP, 0, 0, 0},
    {"GTP-U", "E0800 I17 U2152 30ff0028 0000abcd I6 T", 1, SYNFIX_VERDICT_SYN, GTP, 1, 0xabcd},
    {"GTP-U with sequence", "E0800 I17 U2152 32ff002c 0000abcd 00010000 I6 T", 1, SYNFIX_VERDICT_SYN, GTP, 1,
     0xabcd},
    {"GTP-U with extensions", "E0800 I17 U2152 34ff0030 00000001 00000085 01100985 01100900 S6 T", 1,
     SYNFIX_VERDICT_SYN, GTP, 1, 1},
    {"GTP-U extension of length 0", "E0800 I17 U2152 34ff0030 00000001 00000085 00000000 I6 T", 1,
     SYNFIX_VERDICT_NOT_TCP, 0, 0, 0},
    {"GTP-U echo", "E0800 I17 U2152 32010004 00000000 00010000", 1, SYNFIX_VERDICT_NOT_TCP, 0, 0, 0},
    {"Teredo", "E0800 I17 U3544 S6 T", 1, SYNFIX_VERDICT_SYN, TEREDO, 1, 0},
    {"Teredo with authentication and origin",
     "E0800 I17 U3544 00010000 0000000000000000 00 0000 1234 c0000201 S6 T", 1, SYNFIX_VERDICT_SYN, TEREDO, 1,
     0},
    {"Teredo, not", "E0800 I17 U3544 I6 T T T", 1, SYNFIX_VERDICT_NOT_TCP, 0, 0, 0},
    {"GRE in UDP", "E0800 I17 U4754 00000800 I6 T", 1, SYNFIX_VERDICT_SYN, SYNFIX_ENCAPSULATION_GRE, 1, 0},
    {"MPLS in UDP", "E0800 I17 U6635 00010140 I6 T", 1, SYNFIX_VERDICT_SYN, SYNFIX_ENCAPSULATION_MPLS_IN_IP,
     1, 0},
    {"DNS", "E0800 I17 U53 0000000000000000 I6 T", 1, SYNFIX_VERDICT_NOT_TCP, 0, 0, 0},
    {"ESP in UDP", "E0800 I17 U4500 00000001 00000001 00", 1, SYNFIX_VERDICT_ENCRYPTED, 0, 0, 0},
    {"IKE", "E0800 I17 U4500 00000000 00000001 00", 1, SYNFIX_VERDICT_NOT_TCP, 0, 0, 0},
    {"ESP's keep-alive", "E0800 I17 U4500 ff", 1, SYNFIX_VERDICT_NOT_TCP, 0, 0, 0},
    {"NSH in NSH, MPLS", "E894f 0fc20204 000001ff 0fc20205 000001ff 00010140 I6 T", 1, SYNFIX_VERDICT_SYN, 0,
     0, 0},
};

/* AWS Gateway Load Balancer: the endpoint behind another option; the outer tunnel around an inner one. */
static void test_details(void **state)
{
    frame_t frame;
    synfix_headers_t headers;
    synfix_packet_t packet;

    (void)state;
    frame_build(&frame, "E0800 I17 U6081 05000800 00000900 0102030111223344 01080102 0123456789abcdef I6 T");
    packet = frame_packet(&frame, 1);
    assert_int_equal(synfix_decode(&packet, &headers), SYNFIX_VERDICT_SYN);
    assert_int_equal(headers.encapsulation.details, SYNFIX_DETAIL_ENDPOINT);
    assert_true(headers.details.endpoint_id == UINT64_C(0x0123456789abcdef));

    frame_build(&frame,
                "E0800 I17 U6081 02000800 00000900 01080102 00000000 I6 T"); /* too short for its length */
    packet = frame_packet(&frame, 1);
    assert_int_equal(synfix_decode(&packet, &headers), SYNFIX_VERDICT_SYN);
    assert_int_equal(headers.encapsulation.details, 0);

    frame_build(&frame, "E0800 I17 U4789 08000000 00007b00 E0800 I47 20000800 0000002a I6 T");
    packet = frame_packet(&frame, 1);
    assert_int_equal(synfix_decode(&packet, &headers), SYNFIX_VERDICT_SYN);
    assert_int_equal(headers.encapsulation.details, SYNFIX_DETAIL_OUTER);
    assert_int_equal(headers.encapsulation.id, 42);
    assert_int_equal(headers.details.outer_kind, VXLAN);
    assert_int_equal(headers.details.outer_id, 123);
}

/* Answers come from the port; what lies behind the datagram's end is not in it. */
static void test_ports_and_length(void **state)
{
    (void)state;
    frame_t frame;
    synfix_headers_t headers;

    frame_build(&frame, "E0800 I17 U4789 08000000 00007b00 E0800 I6 T");
    const synfix_packet_t packet = frame_packet(&frame, 1);
    memcpy(frame.data + 34, (uint8_t[4]){0x12, 0xB5, 0xC3, 0x50}, 4);
    assert_int_equal(synfix_decode(&packet, &headers), SYNFIX_VERDICT_SYN);
    assert_int_equal(headers.encapsulation.outer_version, 4);
    assert_int_equal(headers.encapsulation.outer_source.bytes[3], 1);
    assert_int_equal(headers.source.bytes[3], 2);
    write_be16(frame.data + 38, 40);
    assert_int_equal(synfix_decode(&packet, &headers), SYNFIX_VERDICT_BAD_IP);
    write_be16(frame.data + 38, 7);
    assert_int_equal(synfix_decode(&packet, &headers), SYNFIX_VERDICT_NOT_TCP);
}

FRAME_TESTS(cases, cmocka_unit_test(test_details), cmocka_unit_test(test_ports_and_length))
