/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/frame.h"

static const frame_case_t cases[] = {
    {"unknown link type", "I6 T", 147, SYNFIX_VERDICT_UNKNOWN_LINK, 0, 0, 0},
    {"beyond the table", "I6 T", 100000, SYNFIX_VERDICT_UNKNOWN_LINK, 0, 0, 0},
    {"nothing", "", 1, SYNFIX_VERDICT_BAD_LINK, 0, 0, 0},
};

static void append(char *words, size_t size, const char *more, unsigned times)
{
    for (unsigned i = 0; i < times; i++) {
        strncat(words, more, size - strlen(words) - 1);
    }
}

/* Ethernet, IPv4, its payload and TCP are four of the headers that may nest. */
static void test_nesting(void **state)
{
    (void)state;
    for (unsigned tags = 0; tags < 60; tags++) {
        char words[1024] = "E8100 ";
        frame_t frame;
        synfix_headers_t headers;

        append(words, sizeof words, "00018100 ", tags);
        append(words, sizeof words, "00010800 I6 T", 1);
        frame_build(&frame, words);
        const synfix_packet_t packet = frame_packet(&frame, 1);
        const synfix_verdict_t verdict = synfix_decode(&packet, &headers);
        if (tags + 1 + 5 <= SYNFIX_NESTING_MAX) {
            assert_int_equal(verdict, SYNFIX_VERDICT_SYN);
            assert_int_equal(headers.encapsulation.vlan_count, tags + 1);
        } else {
            assert_int_equal(verdict, SYNFIX_VERDICT_NESTED);
        }
    }
}

FRAME_TESTS(cases, cmocka_unit_test(test_nesting))
