/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/frame.h"

#define SYN SYNFIX_VERDICT_SYN

static const frame_case_t cases[] = {
    {"null, little endian", "02000000 I6 T", 0, SYN, 0, 0, 0},
    {"null, big endian", "00000002 I6 T", 0, SYN, 0, 0, 0},
    {"null, FreeBSD's IPv6", "1c000000 S6 T", 0, SYN, 0, 0, 0},
    {"null, Darwin's IPv6", "1e000000 S6 T", 0, SYN, 0, 0, 0},
    {"null, Windows' IPv6", "17000000 S6 T", 0, SYN, 0, 0, 0},
    {"null, OpenBSD's IPv6", "00000018 S6 T", 0, SYN, 0, 0, 0},
    {"null, AppleTalk", "10000000 I6 T", 0, SYNFIX_VERDICT_NOT_IP, 0, 0, 0},
    {"null, an ethertype as family", "00000800 I6 T", 0, SYN, 0, 0, 0},
    {"null, an ethertype as family, IPv6", "dd860000 S6 T", 0, SYN, 0, 0, 0},
    {"loop", "00000002 I6 T", 108, SYN, 0, 0, 0},
    {"raw", "I6 T", 101, SYN, 0, 0, 0},
    {"raw, DLT", "S6 T", 12, SYN, 0, 0, 0},
    {"raw, OpenBSD", "S6 T", 14, SYN, 0, 0, 0},
    {"raw, neither version", "50 I6 T", 101, SYNFIX_VERDICT_BAD_IP, 0, 0, 0},
    {"IPv4", "I6 T", 228, SYN, 0, 0, 0},
    {"IPv6 under IPv4's link type", "S6 T", 228, SYNFIX_VERDICT_BAD_IP, 0, 0, 0},
    {"IPv6", "S6 T", 229, SYN, 0, 0, 0},
    {"cooked", "0000 0001 0006 0200000000010000 0800 I6 T", 113, SYN, 0, 0, 0},
    {"cooked, VLAN", "0000 0001 0006 0200000000010000 8100 00640800 I6 T", 113, SYN, 0, 0, 0},
    {"cooked, 802.2", "0000 0001 0006 0200000000010000 0004 aaaa030000000800 I6 T", 113, SYN, 0, 0, 0},
    {"cooked, CAN", "0000 0118 0000 0000000000000000 000c 00", 113, SYNFIX_VERDICT_NOT_IP, 0, 0, 0},
    {"cooked 2", "86dd 0000 00000002 0001 00 06 0200000000010000 S6 T", 276, SYN, 0, 0, 0},
    {"enc, little endian", "02000000 00000001 00000000 I6 T", 109, SYN, 0, 0, 0},
    {"enc, big endian", "00000002 00000001 00000000 I6 T", 109, SYN, 0, 0, 0},
    {"pflog, length 61",
     "3d020000 0000000000000000000000000000000000000000 "
     "0000000000000000000000000000000000000000 "
     "0000000000000000000000000000000000000000 I6 T",
     117, SYN, 0, 0, 0},
    {"pflog of length 0", "00020000 I6 T", 117, SYNFIX_VERDICT_BAD_LINK, 0, 0, 0},
    {"nflog", "02000000 08000100 08000300 0500 0a00 61000000 2c00 0900 I6 T", 239, SYN, 0, 0, 0},
    {"nflog, big endian", "02000000 0008 0001 08000300 002c 0009 I6 T", 239, SYN, 0, 0, 0},
    {"nflog of a bridge", "07000000 08000100 86dd0300 4000 0900 S6 T", 239, SYN, 0, 0, 0},
    {"nflog of a device", "05000000 08000100 08000300 2c00 0900 I6 T", 239, SYN, 0, 0, 0},
    {"nflog of a bridge, ARP", "07000000 08000100 08060300 2c00 0900 00010800", 239, SYNFIX_VERDICT_NOT_IP, 0,
     0, 0},
    {"nflog of another version", "02010000 08000100 08000300 2c00 0900 I6 T", 239, SYNFIX_VERDICT_BAD_LINK, 0,
     0, 0},
    {"nflog without packet", "02000000 08000100 08000300", 239, SYNFIX_VERDICT_BAD_LINK, 0, 0, 0},
    {"nflog attribute of length 0", "02000000 00000100 I6 T", 239, SYNFIX_VERDICT_BAD_LINK, 0, 0, 0},
    {"ipnet", "01020000 00000000 0000000000000000 0000000000000000 I6 T", 226, SYN, 0, 0, 0},
    {"ipnet, IPv6", "011a0000 00000000 0000000000000000 0000000000000000 S6 T", 226, SYN, 0, 0, 0},
    {"pktap, Ethernet", "10000000 01000000 01000000 00000000 E0800 I6 T", 258, SYN, 0, 0, 0},
    {"pktap, raw", "10000000 01000000 0c000000 00000000 I6 T", 258, SYN, 0, 0, 0},
    {"pktap, unknown", "10000000 01000000 ff000000 00000000 I6 T", 258, SYNFIX_VERDICT_UNKNOWN_LINK, 0, 0, 0},
    {"pktap in pktap of no length", "00000000 01000000 02010000 I6 T", 258, SYNFIX_VERDICT_BAD_LINK, 0, 0, 0},
};

FRAME_TESTS(cases, )
