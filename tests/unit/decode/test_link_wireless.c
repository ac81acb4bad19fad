/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/frame.h"

#define SYN  SYNFIX_VERDICT_SYN
#define DATA "08010000 000000000001000000000002000000000003 0000 "
#define SNAP "aaaa030000000800 I6 T"

static const frame_case_t cases[] = {
    {"802.11", DATA SNAP, 105, SYN, 0, 0, 0},
    {"802.11, QoS", "88020000 000000000001000000000002000000000003 0000 0000 " SNAP, 105, SYN, 0, 0, 0},
    {"802.11, QoS and HT control", "88820000 000000000001000000000002000000000003 0000 0000 00000000 " SNAP,
     105, SYN, 0, 0, 0},
    {"802.11, four addresses", "08030000 000000000001000000000002000000000003 0000 000000000004 " SNAP, 105,
     SYN, 0, 0, 0},
    {"802.11, protected", "08410000 000000000001000000000002000000000003 0000 00000020 " SNAP, 105,
     SYNFIX_VERDICT_ENCRYPTED, 0, 0, 0},
    {"802.11, later fragment", "08010000 000000000001000000000002000000000003 0100 " SNAP, 105,
     SYNFIX_VERDICT_LATER_FRAGMENT, 0, 0, 0},
    {"802.11, beacon", "80000000 ffffffffffff000000000002000000000003 0000 00", 105, SYNFIX_VERDICT_NOT_IP, 0,
     0, 0},
    {"802.11, no data", "48010000 000000000001000000000002000000000003 0000", 105, SYNFIX_VERDICT_NOT_IP, 0,
     0, 0},
    {"802.11, version 1", "09010000 000000000001000000000002000000000003 0000 " SNAP, 105,
     SYNFIX_VERDICT_BAD_LINK, 0, 0, 0},
    {"radiotap", "0000 0800 00000000 " DATA SNAP, 127, SYN, 0, 0, 0},
    {"radiotap, padded header",
     "0000 0900 02000000 20 88020000 000000000001000000000002000000000003 0000 0000 0000 " SNAP, 127, SYN, 0,
     0, 0},
    {"radiotap, padded, with time",
     "0000 1100 03000000 0000000000000000 20 88020000 000000000001000000000002000000000003 0000 0000 "
     "0000 " SNAP,
     127, SYN, 0, 0, 0},
    {"radiotap, two present words, not padded", "0000 0d00 02000080 00000000 10 " DATA SNAP, 127, SYN, 0, 0,
     0},
    {"radiotap longer than the packet", "0000 4300 60080000", 127, SYNFIX_VERDICT_BAD_LINK, 0, 0, 0},
    {"radiotap of length 7", "0000 0700 00000000 " DATA SNAP, 127, SYNFIX_VERDICT_BAD_LINK, 0, 0, 0},
    {"AVS", "80211001 0000000c 00000000 " DATA SNAP, 163, SYN, 0, 0, 0},
    {"AVS under Prism's number", "80211001 0000000c 00000000 " DATA SNAP, 119, SYN, 0, 0, 0},
    {"AVS of length 0", "80211001 00000000 00000000 " DATA SNAP, 163, SYNFIX_VERDICT_BAD_LINK, 0, 0, 0},
    {"PPI, 802.11", "0000 0800 69000000 " DATA SNAP, 192, SYN, 0, 0, 0},
    {"PPI, Ethernet", "0000 0c00 01000000 00000000 E0800 I6 T", 192, SYN, 0, 0, 0},
    {"PPI of length 7", "0000 0700 69000000 " DATA SNAP, 192, SYNFIX_VERDICT_BAD_LINK, 0, 0, 0},
    {"PPI, unknown", "0000 0800 ff000000 " DATA SNAP, 192, SYNFIX_VERDICT_UNKNOWN_LINK, 0, 0, 0},
    {"802.11, aggregate",
     "88020000 000000000001000000000002000000000003 0000 8000 000000000001000000000002 0030 " SNAP, 105, SYN,
     0, 0, 0},
};

static void test_prism(void **state)
{
    (void)state;
    frame_t frame;
    frame_t inner;
    synfix_headers_t headers;

    frame_build(&inner, DATA SNAP);
    memset(&frame, 0, sizeof frame);
    frame.data[3] = 0x44;
    memcpy(frame.data + 144, inner.data, inner.length);
    frame.length = 144 + inner.length;
    const synfix_packet_t packet = frame_packet(&frame, 119);
    assert_int_equal(synfix_decode(&packet, &headers), SYN);
}

FRAME_TESTS(cases, cmocka_unit_test(test_prism))
