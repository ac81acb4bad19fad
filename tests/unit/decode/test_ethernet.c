/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/frame.h"

static const frame_case_t cases[] = {
    {"IPv4", "E0800 I6 T", 1, SYNFIX_VERDICT_SYN, 0, 0, 0},
    {"802.1Q", "E8100 00640800 I6 T", 1, SYNFIX_VERDICT_SYN, 0, 0, 0},
    {"QinQ 9100", "E9100 00648100 00c80800 I6 T", 1, SYNFIX_VERDICT_SYN, 0, 0, 0},
    {"QinQ 9200", "E9200 00640800 I6 T", 1, SYNFIX_VERDICT_SYN, 0, 0, 0},
    {"802.3, SNAP", "E0030 aaaa030000000800 I6 T", 1, SYNFIX_VERDICT_SYN, 0, 0, 0},
    {"802.3, IP's own service access point", "E002b 060603 I6 T", 1, SYNFIX_VERDICT_SYN, 0, 0, 0},
    {"802.3, spanning tree", "E0026 424203 0000000000", 1, SYNFIX_VERDICT_NOT_IP, 0, 0, 0},
    {"SNAP, bridged Ethernet", "E8870 aaaa030080c20007 0000 E0800 I6 T", 1, SYNFIX_VERDICT_SYN, 0, 0, 0},
    {"MPLS", "E8847 00010140 I6 T", 1, SYNFIX_VERDICT_SYN, 0, 0, 0},
    {"MPLS alone", "00010040 00020140 I6 T", 219, SYNFIX_VERDICT_SYN, 0, 0, 0},
    {"MPLS, two labels, IPv6", "E8847 00010040 00020140 S6 T", 1, SYNFIX_VERDICT_SYN, 0, 0, 0},
    {"MPLS, pseudowire with control word", "E8847 00010140 00000000 E0800 I6 T", 1, SYNFIX_VERDICT_SYN, 0, 0,
     0},
    {"MPLS, pseudowire without control word", "E8847 00010140 E0800 I6 T", 1, SYNFIX_VERDICT_SYN, 0, 0, 0},
    {"MPLS, pseudowire, addresses that begin with another nibble",
     "E8847 00010140 fe0000000001020000000002 0800 I6 T", 1, SYNFIX_VERDICT_SYN, 0, 0, 0},
    {"MPLS, associated channel", "E8847 00010140 10000007 I6 T", 1, SYNFIX_VERDICT_NOT_IP, 0, 0, 0},
    {"MPLS without last label", "E8847 00010040", 1, SYNFIX_VERDICT_BAD_LINK, 0, 0, 0},
    {"PPPoE", "E8864 11000001002a 0021 I6 T", 1, SYNFIX_VERDICT_SYN, 0, 0, 0},
    {"PPPoE discovery", "E8863 110900000000", 1, SYNFIX_VERDICT_NOT_IP, 0, 0, 0},
    {"PPPoE echo", "E8864 11000001000a c021 09010008 00000000", 1, SYNFIX_VERDICT_NOT_IP, 0, 0, 0},
    {"PBB", "E88e7 00001234 E0800 I6 T", 1, SYNFIX_VERDICT_SYN, 0, 0, 0},
    {"MACsec, only signed", "E88e5 0000 00000001 0800 I6 T", 1, SYNFIX_VERDICT_SYN, 0, 0, 0},
    {"MACsec with channel", "E88e5 2000 00000001 0000000000000000 0800 I6 T", 1, SYNFIX_VERDICT_SYN, 0, 0, 0},
    {"MACsec, encrypted", "E88e5 0c00 00000001 0800 I6 T", 1, SYNFIX_VERDICT_ENCRYPTED, 0, 0, 0},
    {"VN-tag", "E8926 00000000 0800 I6 T", 1, SYNFIX_VERDICT_SYN, 0, 0, 0},
    {"E-tag", "E893f 000000000000 0800 I6 T", 1, SYNFIX_VERDICT_SYN, 0, 0, 0},
    {"security group tag", "E8909 0101 00010002 0800 I6 T", 1, SYNFIX_VERDICT_SYN, 0, 0, 0},
    {"FabricPath", "E8903 0000 E0800 I6 T", 1, SYNFIX_VERDICT_SYN, 0, 0, 0},
    {"TRILL", "E22f3 000000010002 E0800 I6 T", 1, SYNFIX_VERDICT_SYN, 0, 0, 0},
    {"IPv6 under IPv4's ethertype", "E0800 S6 T", 1, SYNFIX_VERDICT_SYN, 0, 0, 0},
    {"type 1501", "E05dd I6 T", 1, SYNFIX_VERDICT_NOT_IP, 0, 0, 0},
    {"ARP", "E0806 0001080006040001", 1, SYNFIX_VERDICT_NOT_IP, 0, 0, 0},
    {"runt", "020000", 1, SYNFIX_VERDICT_BAD_LINK, 0, 0, 0},
    {"HSR", "E892f 003400010800 I6 T", 1, SYNFIX_VERDICT_SYN, 0, 0, 0},
    {"802.1CB", "Ef1c1 000000010800 I6 T", 1, SYNFIX_VERDICT_SYN, 0, 0, 0},
    {"NSH", "E894f 0fc20203 000001ff E0800 I6 T", 1, SYNFIX_VERDICT_SYN, 0, 0, 0},
};

typedef struct tag_case {
    const char *words;
    uint8_t vlan_count;
    uint16_t vlan_id;
    uint16_t customer_vlan_id;
    uint8_t mpls_count;
    uint32_t mpls_label;
} tag_case_t;

/* Tags and labels are those of the outermost frame, and 802.1p bits are no part of an id. */
static const tag_case_t tag_cases[] = {
    {"E0800 I6 T", 0, 0, 0, 0, 0},
    {"E8100 e0640800 I6 T", 1, 100, 0, 0, 0},
    {"E88a8 00648100 00c80800 I6 T", 2, 100, 200, 0, 0},
    {"E88a8 00648100 00c88100 012c0800 I6 T", 3, 100, 200, 0, 0},
    {"E8100 00640800 I17 U4789 0800000000000100 E8100 00c80800 I6 T", 1, 100, 0, 0, 0},
    {"E0800 I17 U4789 0800000000000100 E8100 00c80800 I6 T", 0, 0, 0, 0, 0},
    {"E88a8 0064 88e7 00001234 E8100 00c80800 I6 T", 1, 100, 0, 0, 0},
    {"E8100 00648847 00064040 000c8140 I6 T", 1, 100, 0, 2, 100},
    {"E8847 00064140 00000000 E8100 00c80800 I6 T", 0, 0, 0, 1, 100},
};

static void test_tags(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof tag_cases / sizeof *tag_cases; i++) {
        const tag_case_t *c = &tag_cases[i];
        frame_t frame;
        synfix_headers_t headers;

        frame_build(&frame, c->words);
        const synfix_packet_t packet = frame_packet(&frame, 1);
        assert_int_equal(synfix_decode(&packet, &headers), SYNFIX_VERDICT_SYN);
        const synfix_encapsulation_t *e = &headers.encapsulation;
        if (e->vlan_count != c->vlan_count || e->vlan_id != c->vlan_id ||
            e->customer_vlan_id != c->customer_vlan_id || e->mpls_count != c->mpls_count ||
            e->mpls_label != c->mpls_label) {
            fail_msg("%s: %u tags %u %u, %u labels %u", c->words, e->vlan_count, e->vlan_id,
                     e->customer_vlan_id, e->mpls_count, e->mpls_label);
        }
    }
}

FRAME_TESTS(cases, cmocka_unit_test(test_tags))
