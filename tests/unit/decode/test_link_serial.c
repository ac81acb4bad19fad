/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/frame.h"

#define SYN SYNFIX_VERDICT_SYN

static const frame_case_t cases[] = {
    {"SLIP", "00 000000000000000000000000000000 I6 T", 8, SYN, 0, 0, 0},
    {"SLIP without pseudo header", "I6 T", 8, SYN, 0, 0, 0},
    {"SLIP of BSD/OS", "00 0000000000000000000000 000000000000000000000000 I6 T", 15, SYN, 0, 0, 0},
    {"PPP", "ff030021 I6 T", 9, SYN, 0, 0, 0},
    {"PPP without framing", "0057 S6 T", 9, SYN, 0, 0, 0},
    {"PPP, short protocol", "21 I6 T", 9, SYN, 0, 0, 0},
    {"PPP, MPLS", "ff030281 00010140 I6 T", 9, SYN, 0, 0, 0},
    {"PPP, bridged", "ff030031 0001 E0800 I6 T", 9, SYN, 0, 0, 0},
    {"PPP, LCP", "ff03c021 01010004", 9, SYNFIX_VERDICT_NOT_IP, 0, 0, 0},
    {"PPP, encrypted", "ff030053 00000000", 9, SYNFIX_VERDICT_ENCRYPTED, 0, 0, 0},
    {"PPP serial", "ff030021 I6 T", 50, SYN, 0, 0, 0},
    {"PPP serial, Cisco's HDLC", "0f000800 I6 T", 50, SYN, 0, 0, 0},
    {"PPP over Ethernet", "11000001002a 0021 I6 T", 51, SYN, 0, 0, 0},
    {"pppd", "0003 0021 I6 T", 166, SYN, 0, 0, 0},
    {"pppd, short header", "00 21 I6 T", 166, SYN, 0, 0, 0},
    {"PPP with direction", "01 ff030021 I6 T", 204, SYN, 0, 0, 0},
    {"HDLC", "0f000800 I6 T", 104, SYN, 0, 0, 0},
    {"HDLC, IPv6", "0f0086dd S6 T", 104, SYN, 0, 0, 0},
    {"HDLC, ISO with IP behind it", "0f00fefe 03cc I6 T", 104, SYN, 0, 0, 0},
    {"HDLC, a length instead of a type", "0f000010 0000", 104, SYNFIX_VERDICT_NOT_IP, 0, 0, 0},
    {"HDLC, SLARP", "0f008035 00000002", 104, SYNFIX_VERDICT_NOT_IP, 0, 0, 0},
    {"HDLC with direction", "01 0f000800 I6 T", 205, SYN, 0, 0, 0},
    {"Frame Relay", "1841 03cc I6 T", 107, SYN, 0, 0, 0},
    {"Frame Relay, IPv6", "1841 038e S6 T", 107, SYN, 0, 0, 0},
    {"Frame Relay, SNAP", "1841 0300 800000000800 I6 T", 107, SYN, 0, 0, 0},
    {"Frame Relay, bridged", "1841 0300 800080c20007 E0800 I6 T", 107, SYN, 0, 0, 0},
    {"Frame Relay, another organization", "1841 0300 8000000c2000 00", 107, SYNFIX_VERDICT_NOT_IP, 0, 0, 0},
    {"Frame Relay, neither identifier nor type", "1841 0400 00", 107, SYNFIX_VERDICT_NOT_IP, 0, 0, 0},
    {"Frame Relay, PPP", "1841 03cf 0021 I6 T", 107, SYN, 0, 0, 0},
    {"Frame Relay, Cisco", "1841 0800 I6 T", 107, SYN, 0, 0, 0},
    {"Frame Relay, four bytes of address", "18400001 03cc I6 T", 107, SYN, 0, 0, 0},
    {"Frame Relay, address without end", "184040404040 I6 T", 107, SYNFIX_VERDICT_BAD_LINK, 0, 0, 0},
    {"Frame Relay, management", "0001 0308 00750101", 107, SYNFIX_VERDICT_NOT_IP, 0, 0, 0},
    {"Frame Relay with direction", "01 1841 03cc I6 T", 206, SYN, 0, 0, 0},
    {"bundle of Frame Relay", "c101 1841 03cc I6 T", 182, SYN, 0, 0, 0},
    {"bundle of Frame Relay, part", "8101 1841 03cc I6 T", 182, SYNFIX_VERDICT_LATER_FRAGMENT, 0, 0, 0},
    {"bundle of Frame Relay, control", "e101 05 00", 182, SYNFIX_VERDICT_NOT_IP, 0, 0, 0},
    {"multilink PPP", "ff03003d c0000001 0021 I6 T", 9, SYN, 0, 0, 0},
    {"multilink PPP, part", "ff03003d 80000001 0021 I6 T", 9, SYNFIX_VERDICT_LATER_FRAGMENT, 0, 0, 0},
};

FRAME_TESTS(cases, )
