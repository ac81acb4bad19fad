/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/frame.h"

#define IPIP SYNFIX_ENCAPSULATION_IP_IN_IP

static const frame_case_t cases[] = {
    {"IP in IP", "E0800 I4 I6 T", 1, SYNFIX_VERDICT_SYN, IPIP, 1, 0},
    {"6in4", "E0800 I41 S6 T", 1, SYNFIX_VERDICT_SYN, SYNFIX_ENCAPSULATION_6IN4, 1, 0},
    {"4in6", "E86dd S4 I6 T", 1, SYNFIX_VERDICT_SYN, SYNFIX_ENCAPSULATION_4IN6, 1, 0},
    {"6in6", "E86dd S41 S6 T", 1, SYNFIX_VERDICT_SYN, IPIP, 1, 0},
    {"AH", "E0800 I51 0604000000000001 00000001 000000000000000000000000 T", 1, SYNFIX_VERDICT_SYN,
     SYNFIX_ENCAPSULATION_AH, 0, 0},
    {"AH, IPv6 in it", "E0800 I51 2904000000000001 00000001 000000000000000000000000 S6 T", 1,
     SYNFIX_VERDICT_SYN, SYNFIX_ENCAPSULATION_6IN4, 1, 0},
    {"AH too short", "E0800 I51 0600000000000001 00000001 T", 1, SYNFIX_VERDICT_BAD_IP, 0, 0, 0},
    {"ESP", "E86dd S50 0000000100000001 00", 1, SYNFIX_VERDICT_ENCRYPTED, 0, 0, 0},
    {"Ethernet in IPv6", "E86dd S143 E0800 I6 T", 1, SYNFIX_VERDICT_SYN, SYNFIX_ENCAPSULATION_ETHERNET_IN_IP,
     1, 0},
    {"IPv6, hop by hop, destination, routing",
     "E86dd S0 3c00050200000000 2b00010400000000 0600000000000000 T", 1, SYNFIX_VERDICT_SYN, 0, 0, 0},
    {"IPv6, no next header", "E86dd S59", 1, SYNFIX_VERDICT_NOT_TCP, 0, 0, 0},
    {"IPv6, extension past the end", "E86dd S0 0603050200000000 T", 1, SYNFIX_VERDICT_BAD_IP, 0, 0, 0},
    {"IPv6, first fragment", "E86dd S44 0600000100000007 T", 1, SYNFIX_VERDICT_SYN, 0, 0, 0},
    {"IPv6, later fragment", "E86dd S44 0600000800000007 T", 1, SYNFIX_VERDICT_LATER_FRAGMENT, 0, 0, 0},
    {"IPv6, short fragment", "E86dd S44 0600000100000007 9c4001bb", 1, SYNFIX_VERDICT_FRAGMENT_SHORT, 0, 0,
     0},
    {"SCTP", "E0800 I132 00", 1, SYNFIX_VERDICT_NOT_TCP, 0, 0, 0},
    {"IPv6 extension header in IPv4", "E0800 I60 0600000000000000 T", 1, SYNFIX_VERDICT_NOT_TCP, 0, 0, 0},
    {"echo", "E0800 I1 0800000000000000", 1, SYNFIX_VERDICT_NOT_TCP, 0, 0, 0},
    {"unreachable", "E0800 I1 0301000000000000 I6 T", 1, SYNFIX_VERDICT_ICMP_ERROR, 0, 0, 0},
    {"time exceeded", "E0800 I1 0b00000000000000 I6 T", 1, SYNFIX_VERDICT_ICMP_ERROR, 0, 0, 0},
    {"packet too big", "E86dd S58 0200000000000500 S6 T", 1, SYNFIX_VERDICT_ICMP_ERROR, 0, 0, 0},
    {"neighbour solicitation", "E86dd S58 8700000000000000", 1, SYNFIX_VERDICT_NOT_TCP, 0, 0, 0},
    {"IP with total length 0", "E0800 45000000000040000006 0000 c0000201 c6336401 T", 1, SYNFIX_VERDICT_SYN,
     0, 0, 0},
    {"IP with total length 1", "E0800 45000001000040000006 0000 c0000201 c6336401 T", 1,
     SYNFIX_VERDICT_BAD_IP, 0, 0, 0},
    {"first fragment of a tunnel", "E86dd S44 2f00000100000007 00000800 I6 T", 1, SYNFIX_VERDICT_SYN,
     SYNFIX_ENCAPSULATION_GRE, 1, 0},
    {"first fragment of a tunnel, short", "E86dd S44 2f00000100000007 00000800 I6 9c4001bb", 1,
     SYNFIX_VERDICT_FRAGMENT_SHORT, 0, 0, 0},
};

typedef struct olen_case {
    const char *words;
    uint16_t options_length;
    uint32_t total_length;
    uint32_t payload_length;
    bool first_fragment;
    uint32_t fragment_id;
} olen_case_t;

static const olen_case_t olen_cases[] = {
    {"E86dd S6 T", 0, 60, 0, false, 0},
    {"E86dd S6 T 616263", 0, 63, 3, false, 0},
    {"E86dd S0 0600050200000000 T 61", 8, 69, 1, false, 0},
    {"E86dd S60 0601010c000000000000000000000000 T", 16, 76, 0, false, 0},
    {"E86dd S44 0600000000000007 T", 8, 68, 0, false, 7},     /* atomic */
    {"E86dd S44 0600000100000007 T 6162", 8, 70, 2, true, 7}, /* first */
    {"E0800 4600002c0001400040060000c0000201c633640101010100 T", 4, 44, 0, false, 1},
    {"E0800 I51 0602000000000001 00000001 00000000 T 61", 0, 57, 1, false, 1},
    {"E0800 45000000000140000006 0000 c0000201 c6336401 T 616263", 0, 43, 3, false, 1},
    {"E86dd 6000000000000640 20010db8000000000000000000000001 20010db8000000000000000000000002 T 61", 0, 61,
     1, false, 0},
    /* a jumbogram (RFC 2675) */
    {"E86dd 6000000000000040 20010db8000000000000000000000001 20010db8000000000000000000000002 "
     "0600c20400010000 T 61",
     8, 69, 1, false, 0},
    {"E0800 I4 45000000000140000006 0000 c0000201 c6336401 T 61", 0, 41, 1, false, 1},
    {"E86dd S51 0602000000000001 00000001 00000000 T 61", 16, 77, 1, false, 0},
};

static void test_lengths(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof olen_cases / sizeof *olen_cases; i++) {
        const olen_case_t *c = &olen_cases[i];
        frame_t frame;
        synfix_headers_t h;

        frame_build(&frame, c->words);
        const synfix_packet_t packet = frame_packet(&frame, 1);
        assert_int_equal(synfix_decode(&packet, &h), SYNFIX_VERDICT_SYN);
        if (h.ip_options_length != c->options_length || h.ip_total_length != c->total_length ||
            h.payload_length != c->payload_length || h.first_fragment != c->first_fragment ||
            h.fragment_id != c->fragment_id) {
            fail_msg("%s: olen %u total %u payload %u fragment %d id %u", c->words, h.ip_options_length,
                     h.ip_total_length, h.payload_length, h.first_fragment, h.fragment_id);
        }
        assert_int_equal(h.ip_header_length, (h.ip_version == 4 ? 20 : 40) + c->options_length);
        assert_int_equal(h.ip_flags, h.ip_version == 4 ? SYNFIX_IP_DF : c->first_fragment ? SYNFIX_IP_MF : 0);
    }
}

/* RFC 9740, bits of the registry "IPv6 Extension Headers Bits". */
static void test_extension_headers(void **state)
{
    (void)state;
    static const struct {
        const char *words;
        uint16_t bits;
    } extension_cases[] = {
        {"E86dd S6 T", 0},
        {"E86dd S60 0601010c000000000000000000000000 T", 1u << 0},
        {"E86dd S0 0600050200000000 T", 1u << 1},
        {"E86dd S44 0600000100000007 T 6162", 1u << 4},
        {"E86dd S51 0602000000000001 00000001 00000000 T 61", 1u << 9},
        {"E86dd S0 3c00050200000000 0600050200000000 T", 1u << 1 | 1u << 0},
        {"E86dd S60 2900010400000000 S6 T", 0}, /* of the outer header */
        {"E0800 I6 T", 0},
    };
    for (size_t i = 0; i < sizeof extension_cases / sizeof *extension_cases; i++) {
        frame_t frame;
        synfix_headers_t h;
        frame_build(&frame, extension_cases[i].words);
        const synfix_packet_t packet = frame_packet(&frame, 1);
        assert_int_equal(synfix_decode(&packet, &h), SYNFIX_VERDICT_SYN);
        assert_int_equal(h.encapsulation.extension_headers, extension_cases[i].bits);
    }
}

/* The inner addresses are the packet's, those of the outermost IP stand apart. */
static void test_outer_addresses(void **state)
{
    (void)state;
    frame_t frame;
    synfix_headers_t h;

    frame_build(&frame, "E0800 I4 I41 S6 T");
    const synfix_packet_t packet = frame_packet(&frame, 1);
    assert_int_equal(synfix_decode(&packet, &h), SYNFIX_VERDICT_SYN);
    assert_int_equal(h.ip_version, 6);
    assert_int_equal(h.source.bytes[0], 0x20);
    assert_int_equal(h.encapsulation.depth, 2);
    assert_int_equal(h.encapsulation.kind, SYNFIX_ENCAPSULATION_6IN4);
    assert_int_equal(h.encapsulation.outer_version, 4);
    assert_memory_equal(h.encapsulation.outer_source.bytes, ((uint8_t[16]){192, 0, 2, 1}), 16);
    assert_memory_equal(h.encapsulation.outer_destination.bytes, ((uint8_t[16]){198, 51, 100, 1}), 16);
}

FRAME_TESTS(cases, cmocka_unit_test(test_lengths), cmocka_unit_test(test_extension_headers),
            cmocka_unit_test(test_outer_addresses))
