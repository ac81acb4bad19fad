/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "decode/plain_frame.h"
#include <string.h>
#include <synfix/decode.h>

#define FRAME_LENGTH 96u

static uint32_t seed = 1;

static uint32_t chance(uint32_t below)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % below;
}

/* A segment with timestamps, of which a few bytes that decide about its shape may be anything. */
static synfix_packet_t random_segment(uint8_t frame[FRAME_LENGTH])
{
    static const uint8_t start[] = {
        0x02, 0, 0,    0,    0, 1,    0x02, 0,  0,  0, 0, 2, 8,   0, /* Ethernet */
        0x45, 0, 0,    82,   0, 7,    0x40, 0,  64, 6, 0, 0, 192, 0, 2,    1,    198, 51,
        100,  1, 0x9c, 0x40, 1, 0xbb, 0,    0,  0,  1, 0, 0, 0,   2, 0x80, 0x10, 1,   0xf6,
        0,    0, 0,    0,    1, 1,    8,    10, 0,  0, 0, 3, 0,   0, 0,    4};
    static const uint8_t deciding[] = {12, 13, 14, 16, 17, 20, 21, 23, 46, 47, 54, 57};
    memset(frame, 0x5a, FRAME_LENGTH);
    memcpy(frame, start, sizeof start);
    for (unsigned i = chance(3); i > 0; i--) {
        frame[deciding[chance(sizeof deciding)]] = (uint8_t)(chance(2) == 0 ? chance(256) : chance(16) << 4);
    }
    const uint32_t captured = chance(3) == 0 ? chance(FRAME_LENGTH) : FRAME_LENGTH;
    return (synfix_packet_t){
        .data = frame, .captured_length = captured, .original_length = FRAME_LENGTH, .link_type = 1};
}

static void assert_same_headers(const synfix_headers_t *a, const synfix_headers_t *b)
{
    assert_memory_equal(&a->source, &b->source, sizeof a->source);
    assert_memory_equal(&a->destination, &b->destination, sizeof a->destination);
    assert_int_equal(a->source_port, b->source_port);
    assert_int_equal(a->destination_port, b->destination_port);
    assert_int_equal(a->ip_version, b->ip_version);
    assert_int_equal(a->ip_total_length, b->ip_total_length);
    assert_int_equal(a->payload_length, b->payload_length);
    assert_int_equal(a->tcp_flags, b->tcp_flags);
    assert_int_equal(a->options_captured, b->options_captured);
    assert_int_equal(a->truncated, b->truncated);
    assert_int_equal(a->encapsulation.depth, b->encapsulation.depth);
}

/* The short cut and the decoder agree, and what it calls a segment is one. */
static void test_agrees_with_decoder(void **state)
{
    (void)state;
    unsigned seen = 0;
    unsigned others = 0;
    for (unsigned round = 0; round < 100000; round++) {
        uint8_t frame[FRAME_LENGTH];
        const synfix_packet_t packet = random_segment(frame);
        synfix_headers_t decoded, viewed;
        const synfix_verdict_t verdict = synfix_decode(&packet, &decoded);
        const uint8_t *ip = plain_ipv4(&packet, PLAIN_LINK_TYPE);
        if (ip == NULL) {
            others++;
            continue;
        }
        assert_null(plain_ipv4(&packet, PLAIN_NO_LINK));
        assert_int_equal(plain_read_headers(&viewed, ip, packet.captured_length - PLAIN_LINK_LENGTH),
                         verdict);
        if (!plain_is_segment(ip)) {
            continue;
        }
        seen++;
        assert_int_equal(verdict, SYNFIX_VERDICT_SEGMENT);
        assert_same_headers(&viewed, &decoded);
        const bool stamped = decoded.options_captured == 12 && memcmp(decoded.options, "\1\1\10\12", 4) == 0;
        assert_int_equal(plain_is_stamped_segment(&packet, ip), stamped);
    }
    assert_true(seen > 10000 && others > 10000);
}

/* The same for SYNs, whose headers are read without a check when the lengths are right. */
static void test_handshakes(void **state)
{
    (void)state;
    unsigned verdicts[SYNFIX_VERDICT_COUNT] = {0};
    for (unsigned round = 0; round < 100000; round++) {
        uint8_t frame[FRAME_LENGTH];
        const synfix_packet_t packet = random_segment(frame);
        frame[46] = (uint8_t)(chance(12) << 4 | chance(2));
        frame[47] = (uint8_t)(SYNFIX_TCP_SYN | (chance(2) == 0 ? SYNFIX_TCP_ACK : chance(256)));
        synfix_headers_t decoded, viewed;
        const uint8_t *ip = plain_ipv4(&packet, PLAIN_LINK_TYPE);
        if (ip == NULL) {
            continue;
        }
        const uint32_t lengths = FILL_IPV4_MIN + plain_tcp_length(ip);
        const synfix_verdict_t verdict = plain_handshake(ip, read_be16(ip + 2), lengths);
        assert_int_equal(verdict, synfix_decode(&packet, &decoded));
        verdicts[verdict]++;
        if (verdict > SYNFIX_VERDICT_SYN_ACK || packet.captured_length < PLAIN_LINK_LENGTH + lengths) {
            continue;
        }
        plain_read_right(&viewed, ip);
        viewed.truncated = decoded.truncated;
        assert_same_headers(&viewed, &decoded);
    }
    assert_true(verdicts[SYNFIX_VERDICT_SYN] > 1000 && verdicts[SYNFIX_VERDICT_SYN_ACK] > 1000);
    assert_true(verdicts[SYNFIX_VERDICT_BAD_TCP] > 1000 && verdicts[SYNFIX_VERDICT_BAD_FLAGS] > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_agrees_with_decoder),
        cmocka_unit_test(test_handshakes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
