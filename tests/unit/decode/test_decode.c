/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "decode/decoder.h"
#include <stdlib.h>
#include <string.h>
#include <synfix/decode.h>

/* Ethernet, IPv4 192.0.2.1 > 198.51.100.2, TCP 40000 > 443 SYN with MSS 1460, SACK permitted, payload "abc".
 */
static const uint8_t ipv4_syn[] = {
    0x02, 0,    0,    0,    0,    1,    0x02, 0,    0,    0,    0, 2, 0x08, 0x00,             /* */
    0x45, 0xB9, 0x00, 0x35, 0x12, 0x34, 0x40, 0x00, 0x3F, 0x06, 0, 0, 192,  0,    2,    1,    /* IPv4 */
    198,  51,   100,  2,                                                                      /* */
    0x9C, 0x40, 0x01, 0xBB, 1,    2,    3,    4,    0,    0,    0, 5, 0x81, 0xC2, 0xFA, 0xF0, /* TCP */
    0,    0,    0x00, 0x07, 2,    4,    0x05, 0xB4, 4,    2,    1, 1, 1,    1,    1,    1,    /* */
    'a',  'b',  'c',  0,    0,    0,                                                          /* padding */
};

static const uint8_t ipv6_syn_ack[] = {
    0x02, 0,    0,    0,    0, 1,  0x02, 0,  0,    0,    0,    2,    0x86, 0xDD,             /* */
    0x6B, 0x91, 0x23, 0x45, 0, 20, 6,    64, 0x20, 0x01, 0x0D, 0xB8, 0,    0,    0,    0,    /* IPv6 */
    0,    0,    0,    0,    0, 0,  0,    1,  0x20, 0x01, 0x0D, 0xB8, 0,    0,    0,    0,    /* */
    0,    0,    0,    0,    0, 0,  0,    2,                                                  /* */
    0x01, 0xBB, 0x9C, 0x40, 1, 2,  3,    4,  9,    0,    0,    5,    0x50, 0x12, 0xFA, 0xF0, /* TCP */
    0,    0,    0x00, 0x00,                                                                  /* */
};

static synfix_packet_t packet_of(const uint8_t *data, size_t length)
{
    return (synfix_packet_t){.data = data,
                             .captured_length = (uint32_t)length,
                             .original_length = (uint32_t)length,
                             .link_type = 1};
}

static void test_fields_ipv4(void **state)
{
    (void)state;
    const synfix_packet_t packet = packet_of(ipv4_syn, sizeof ipv4_syn);
    synfix_headers_t h;

    assert_int_equal(synfix_decode(&packet, &h), SYNFIX_VERDICT_SYN);
    assert_int_equal(h.ip_version, 4);
    assert_memory_equal(h.source.bytes, ((uint8_t[16]){192, 0, 2, 1}), 16);
    assert_memory_equal(h.destination.bytes, ((uint8_t[16]){198, 51, 100, 2}), 16);
    assert_int_equal(h.source_port, 40000);
    assert_int_equal(h.destination_port, 443);
    assert_int_equal(h.ttl, 63);
    assert_int_equal(h.traffic_class, 0xB9);
    assert_int_equal(h.ip_flags, SYNFIX_IP_DF);
    assert_int_equal(h.ip_options_length, 0);
    assert_int_equal(h.ip_header_length, 20);
    assert_int_equal(h.ip_total_length, 53);
    assert_int_equal(h.fragment_id, 0x1234);
    assert_int_equal(h.sequence, 0x01020304);
    assert_int_equal(h.acknowledgement, 5);
    assert_int_equal(h.tcp_flags, SYNFIX_TCP_SYN | SYNFIX_TCP_ECE | SYNFIX_TCP_CWR | SYNFIX_TCP_AE);
    assert_int_equal(h.window, 64240);
    assert_int_equal(h.urgent_pointer, 7);
    assert_int_equal(h.tcp_header_length, 32);
    assert_int_equal(h.payload_length, 1); /* Ethernet's padding is none */
    assert_int_equal(h.options_length, 12);
    assert_int_equal(h.options_captured, 12);
    assert_ptr_equal(h.options, ipv4_syn + 54);
    assert_false(h.truncated);
    assert_false(h.first_fragment);
    assert_int_equal(h.encapsulation.kind, SYNFIX_ENCAPSULATION_NONE);
    assert_int_equal(h.encapsulation.vlan_count, 0);
}

static void test_fields_ipv6(void **state)
{
    (void)state;
    const synfix_packet_t packet = packet_of(ipv6_syn_ack, sizeof ipv6_syn_ack);
    synfix_headers_t h;

    assert_int_equal(synfix_decode(&packet, &h), SYNFIX_VERDICT_SYN_ACK);
    assert_int_equal(h.ip_version, 6);
    assert_memory_equal(h.source.bytes, ipv6_syn_ack + 22, 16);
    assert_memory_equal(h.destination.bytes, ipv6_syn_ack + 38, 16);
    assert_int_equal(h.traffic_class, 0xB9);
    assert_int_equal(h.flow_label, 0x12345);
    assert_int_equal(h.ttl, 64);
    assert_int_equal(h.ip_options_length, 0);
    assert_int_equal(h.ip_header_length, 40);
    assert_int_equal(h.ip_total_length, 60);
    assert_int_equal(h.payload_length, 0);
    assert_int_equal(h.options_length, 0);
}

typedef struct patch_case {
    const char *name;
    size_t at;
    uint8_t value;
    size_t captured; /* 0: all */
    synfix_verdict_t expected;
} patch_case_t;

static const patch_case_t patch_cases[] = {
    {"ack", 47, 0x10, 0, SYNFIX_VERDICT_SEGMENT},
    {"syn ack", 47, 0x12, 0, SYNFIX_VERDICT_SYN_ACK},
    {"syn fin", 47, 0x03, 0, SYNFIX_VERDICT_BAD_FLAGS},
    {"syn rst ack", 47, 0x16, 0, SYNFIX_VERDICT_BAD_FLAGS},
    {"udp", 23, 17, 0, SYNFIX_VERDICT_NOT_TCP},
    {"esp", 23, 50, 0, SYNFIX_VERDICT_ENCRYPTED},
    {"arp", 13, 6, 0, SYNFIX_VERDICT_NOT_IP},
    {"version 5", 14, 0x55, 0, SYNFIX_VERDICT_BAD_IP},
    {"header length 16", 14, 0x44, 0, SYNFIX_VERDICT_BAD_IP},
    {"header longer than packet", 14, 0x4F, 0, SYNFIX_VERDICT_BAD_IP},
    {"no room for TCP", 17, 39, 0, SYNFIX_VERDICT_BAD_TCP},
    {"options past the packet", 17, 51, 0, SYNFIX_VERDICT_BAD_TCP},
    {"data offset 16", 46, 0x40, 0, SYNFIX_VERDICT_BAD_TCP},
    {"data offset 60", 46, 0xF0, 0, SYNFIX_VERDICT_BAD_TCP},
    {"later fragment", 21, 1, 0, SYNFIX_VERDICT_LATER_FRAGMENT},
    {"first fragment", 20, 0x20, 0, SYNFIX_VERDICT_SYN},
    {"cut in Ethernet", 0, 2, 13, SYNFIX_VERDICT_CUT},
    {"cut in IP", 0, 2, 33, SYNFIX_VERDICT_CUT},
    {"cut in TCP", 0, 2, 53, SYNFIX_VERDICT_CUT},
    {"cut in options", 0, 2, 60, SYNFIX_VERDICT_SYN},
    {"cut in payload", 0, 2, 66, SYNFIX_VERDICT_SYN},
};

static void test_verdicts(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof patch_cases / sizeof *patch_cases; i++) {
        const patch_case_t *c = &patch_cases[i];
        uint8_t frame[sizeof ipv4_syn];
        synfix_headers_t h;

        memcpy(frame, ipv4_syn, sizeof frame);
        frame[c->at] = c->value;
        synfix_packet_t packet = packet_of(frame, sizeof frame);
        if (c->captured != 0) {
            packet.captured_length = (uint32_t)c->captured;
        }
        const synfix_verdict_t verdict = synfix_decode(&packet, &h);
        if (verdict != c->expected) {
            fail_msg("%s: %s", c->name, synfix_verdict_name(verdict));
        }
        if (verdict == SYNFIX_VERDICT_SYN && c->captured != 0) {
            assert_true(h.truncated);
            assert_int_equal(h.payload_length, 1);
            assert_int_equal(h.options_captured, c->captured < 66 ? c->captured - 54 : 12);
        }
        if (verdict == SYNFIX_VERDICT_SYN) {
            assert_int_equal(h.first_fragment, c->at == 20);
        }
    }
}

static void test_fragment_without_all_options(void **state)
{
    (void)state;
    uint8_t frame[sizeof ipv4_syn];
    synfix_headers_t h;

    memcpy(frame, ipv4_syn, sizeof frame);
    frame[20] = 0x20;
    const synfix_packet_t packet = packet_of(frame, sizeof frame);
    for (uint8_t length = 20; length < 52; length++) {
        frame[17] = length;
        assert_int_equal(synfix_decode(&packet, &h), SYNFIX_VERDICT_FRAGMENT_SHORT);
    }
    frame[17] = 52;
    assert_int_equal(synfix_decode(&packet, &h), SYNFIX_VERDICT_SYN);
}

static bool has_headers(synfix_verdict_t verdict)
{
    return verdict <= SYNFIX_VERDICT_BAD_FLAGS;
}

/* With any two bytes changed, and a capture of any length, the fast path and the general parser give the same
 * headers. */
static void test_fast_path_is_the_decoder(void **state)
{
    (void)state;
    const struct {
        const uint8_t *data;
        size_t length;
    } frames[] = {{ipv4_syn, sizeof ipv4_syn}, {ipv6_syn_ack, sizeof ipv6_syn_ack}};
    unsigned observed = 0;

    srand(1);
    for (unsigned round = 0; round < 200000; round++) {
        const size_t which = round & 1;
        uint8_t frame[128];
        memcpy(frame, frames[which].data, frames[which].length);
        for (unsigned change = 0; change < 2; change++) {
            frame[12 + (size_t)rand() % (frames[which].length - 12)] = (uint8_t)rand();
        }
        synfix_packet_t packet = packet_of(frame, frames[which].length);
        if ((round & 2) != 0) {
            packet.captured_length = (uint32_t)((size_t)rand() % frames[which].length);
        }

        synfix_headers_t a;
        synfix_headers_t b;
        memset(&a, 0, sizeof a);
        memset(&b, 0, sizeof b);
        const synfix_verdict_t verdict = synfix_decode(&packet, &a);
        assert_int_equal(verdict, decoder_decode(&packet, &b, SYNFIX_ENCAPSULATIONS_ALL));
        if (!has_headers(verdict)) {
            continue;
        }
        observed++;
        if (memcmp(&a, &b, sizeof a) != 0) {
            fail_msg("round %u: headers differ", round);
        }
    }
    assert_true(observed > 20000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields_ipv4),
        cmocka_unit_test(test_fields_ipv6),
        cmocka_unit_test(test_verdicts),
        cmocka_unit_test(test_fragment_without_all_options),
        cmocka_unit_test(test_fast_path_is_the_decoder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
