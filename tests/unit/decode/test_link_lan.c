/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/frame.h"

#define SYN SYNFIX_VERDICT_SYN

static const frame_case_t cases[] = {
    {"token ring", "1040 020000000001 020000000002 aaaa030000000800 I6 T", 6, SYN, 0, 0, 0},
    {"token ring with route", "1040 020000000001 820000000002 0630 0011 0020 aaaa030000000800 I6 T", 6, SYN,
     0, 0, 0},
    {"token ring, management", "1000 020000000001 020000000002 aaaa030000000800 I6 T", 6,
     SYNFIX_VERDICT_NOT_IP, 0, 0, 0},
    {"FDDI", "50 020000000001 020000000002 aaaa030000000800 I6 T", 10, SYN, 0, 0, 0},
    {"FDDI, management", "41 020000000001 020000000002 aaaa030000000800 I6 T", 10, SYNFIX_VERDICT_NOT_IP, 0,
     0, 0},
    {"ARCNET, RFC 1051", "0102 f0 I6 T", 7, SYN, 0, 0, 0},
    {"ARCNET, RFC 1201", "0102 d4 00 0001 I6 T", 7, SYN, 0, 0, 0},
    {"ARCNET, exception frame", "0102 d4 ff ffff d4 00 0001 I6 T", 7, SYN, 0, 0, 0},
    {"ARCNET, later fragment", "0102 d4 02 0001 I6 T", 7, SYNFIX_VERDICT_LATER_FRAGMENT, 0, 0, 0},
    {"ARCNET, ARP", "0102 d5 00 0001 0000", 7, SYNFIX_VERDICT_NOT_IP, 0, 0, 0},
    {"ARCNET of Linux", "0102 0000 d4 00 0001 I6 T", 129, SYN, 0, 0, 0},
    {"IP over InfiniBand",
     "00000000000000000000 00000000000000000000 00000000000000000000 00000000000000000000 0800 0000 I6 T",
     242, SYN, 0, 0, 0},
    {"IEEE 1394", "0000000000000001 0000000000000002 86dd S6 T", 138, SYN, 0, 0, 0},
    {"IP over Fibre Channel", "0000000000000001 0000000000000002 aaaa030000000800 I6 T", 122, SYN, 0, 0, 0},
    {"ATM", "aaaa030000000800 I6 T", 100, SYN, 0, 0, 0},
    {"ATM, DLT", "aaaa030000000800 I6 T", 11, SYN, 0, 0, 0},
    {"ATM, one protocol a circuit", "I6 T", 106, SYN, 0, 0, 0},
    {"ATM, routed by ISO identifier", "fefe03cc I6 T", 100, SYN, 0, 0, 0},
    {"SunATM, LLC", "02 00 0021 aaaa030000000800 I6 T", 123, SYN, 0, 0, 0},
    {"SunATM, LANE", "01 00 0021 0001 E0800 I6 T", 123, SYN, 0, 0, 0},
    {"SunATM, signalling", "06 00 0005 0000 I6 T", 123, SYNFIX_VERDICT_NOT_IP, 0, 0, 0},
};

FRAME_TESTS(cases, )
