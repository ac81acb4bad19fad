/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/frame.h"

#define SYN SYNFIX_VERDICT_SYN

static const frame_case_t cases[] = {
    {"netANALYZER", "00000000 E0800 I6 T", 240, SYN, 0, 0, 0},
    {"netANALYZER, transparent", "00000000 55555555555555d5 E0800 I6 T", 241, SYN, 0, 0, 0},
    {"preamble", "55555555555555d5 E0800 I6 T", 274, SYN, 0, 0, 0},
    {"switch tag", "020000000001020000000002 00000000 0800 I6 T", 281, SYN, 0, 0, 0},
    {"switch tag before", "00000000 E0800 I6 T", 282, SYN, 0, 0, 0},
    {"switch tag, long", "020000000001020000000002 dada000000000000 0800 I6 T", 285, SYN, 0, 0, 0},
    {"Symantec",
     "000000000000 0800 0000000000000000 00000000000000000000 000000000000000000000000000000000000 I6 T", 99,
     SYN, 0, 0, 0},
    {"Juniper, Ethernet", "4d474380 0004 00000000 E0800 I6 T", 178, SYN, 0, 0, 0},
    {"Juniper, PPPoE", "4d474380 0004 00000000 E8864 11000001002a 0021 I6 T", 167, SYN, 0, 0, 0},
    {"Juniper, no link header", "4d474382 0004 00000000 02000000 I6 T", 178, SYN, 0, 0, 0},
    {"Juniper, not", "4d474480 0004 00000000 E0800 I6 T", 178, SYNFIX_VERDICT_BAD_LINK, 0, 0, 0},
    {"Juniper, PPP", "4d474380 0004 00000000 ff030021 I6 T", 179, SYN, 0, 0, 0},
    {"Juniper, Frame Relay", "4d474380 0004 00000000 1841 03cc I6 T", 180, SYN, 0, 0, 0},
    {"Juniper, HDLC", "4d474301 0f000800 I6 T", 181, SYN, 0, 0, 0},
    {"Juniper, ATM 1", "4d474380 0000 00000021 aaaa030000000800 I6 T", 137, SYN, 0, 0, 0},
    {"Juniper, ATM 2", "4d474380 0000 0000002100000000 aaaa030000000800 I6 T", 135, SYN, 0, 0, 0},
    {"Juniper, services", "4d474380 0000 00000021 I6 T", 136, SYNFIX_VERDICT_NOT_IP, 0, 0, 0},
    {"Juniper, ISO", "4d474302 0a000000 I6 T", 136, SYNFIX_VERDICT_NOT_IP, 0, 0, 0},
    {"cable", "00000000 1234 E0800 I6 T", 143, SYN, 0, 0, 0},
    {"cable, extended header", "01040000 11223344 1234 E0800 I6 T", 143, SYN, 0, 0, 0},
    {"cable, management", "c2000000 1234 E0800 I6 T", 143, SYNFIX_VERDICT_NOT_IP, 0, 0, 0},
    {"ERF, Ethernet", "0000000000000000 02040000 00000000 0000 E0800 I6 T", 197, SYN, 0, 0, 0},
    {"ERF, two extensions",
     "0000000000000000 82040000 00000000 8300000000000000 0300000000000000 0000 E0800 I6 T", 197, SYN, 0, 0,
     0},
    {"ERF, HDLC", "0000000000000000 01040000 00000000 0f000800 I6 T", 197, SYN, 0, 0, 0},
    {"ERF, IPv4", "0000000000000000 16040000 00000000 I6 T", 197, SYN, 0, 0, 0},
    {"ERF, padding", "0000000000000000 30040000 00000000 I6 T", 197, SYNFIX_VERDICT_NOT_IP, 0, 0, 0},
};

FRAME_TESTS(cases, )
