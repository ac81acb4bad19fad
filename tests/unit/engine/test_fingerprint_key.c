/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/simd.h"
#include "decode/plain_frame.h"
#include "engine/fingerprint_key_build.h"
#include <string.h>
#include <synfix/tcp_options.h>

#define OPTIONS_MAX 40u

static uint32_t seed = 1;

static uint32_t chance(uint32_t below)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % below;
}

/* Options in front of which a key may read, and headers that point at them. */
typedef struct packet {
    uint8_t bytes[2 * OPTIONS_MAX];
    synfix_headers_t headers;
} packet_t;

static void point_at(packet_t *packet, unsigned length)
{
    packet->headers.options = packet->bytes + OPTIONS_MAX;
    packet->headers.options_length = packet->headers.options_captured = (uint8_t)length;
}

static uint8_t *options_of(packet_t *packet)
{
    return packet->bytes + OPTIONS_MAX;
}

static void test_pairs(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 20000; round++) {
        uint8_t bytes[40];
        uint32_t expected = 0;
        for (unsigned i = 0; i < sizeof bytes; i++) {
            bytes[i] = (uint8_t)(chance(3) == 0 ? 8 : chance(2) == 0 ? 10 : chance(256));
        }
        for (unsigned i = 0; i < 31; i++) {
            expected |= (uint32_t)(bytes[i] == 8 && bytes[i + 1] == 10) << i;
        }
        assert_true(match32_pairs(bytes, 8, 10) == expected);
    }
}

/* NOPs with one timestamp option among them. */
static unsigned make_stamped(packet_t *packet, unsigned *values)
{
    memset(packet, 0, sizeof *packet);
    const unsigned length = 12 + 4 * chance(8);
    uint8_t *options = options_of(packet);
    memset(options, SYNFIX_OPTION_NOP, length);
    *values = 2 + chance(length - 9);
    options[*values - 2] = SYNFIX_OPTION_TS;
    options[*values - 1] = 10;
    for (unsigned i = 0; i < 8; i++) {
        options[*values + i] = (uint8_t)(1 + chance(255));
    }
    for (unsigned i = 0; i < OPTIONS_MAX; i++) {
        packet->bytes[i] = (uint8_t)chance(256);
    }
    point_at(packet, length);
    return length;
}

static void test_values_do_not_matter(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 20000; round++) {
        packet_t one;
        unsigned values;
        const unsigned length = make_stamped(&one, &values);
        fingerprint_key_t key, other;
        uint32_t hash, other_hash;
        const uint8_t place = fingerprint_key_make(&one.headers, &key, &hash);
        assert_memory_equal(fingerprint_key_options(&key, length), one.headers.options, length);
        /* bytes of the values may look like another option: such a guess is reported to be wrong */
        if (!fingerprint_key_is_right(&key, place)) {
            continue;
        }
        assert_int_equal(place, FINGERPRINT_OPTIONS_MAX - length + values);
        assert_memory_equal(fingerprint_key_at(&key, place), one.headers.options + values, 8);
        packet_t two = one;
        point_at(&two, length);
        for (unsigned i = 0; i < OPTIONS_MAX; i++) {
            two.bytes[i] = (uint8_t)chance(256); /* in front of the options: not of the key */
        }
        options_of(&two)[values] ^= 0x40;
        options_of(&two)[values + 5] ^= 0x40;
        if (fingerprint_key_make(&two.headers, &other, &other_hash) != place) {
            continue;
        }
        assert_true(fingerprint_key_equal(&key, &other, place));
        assert_int_equal(hash, other_hash);
        /* without the guess they do */
        fingerprint_key_t whole = key, other_whole = other;
        assert_int_not_equal(fingerprint_key_make_whole(&whole), fingerprint_key_make_whole(&other_whole));
        assert_false(fingerprint_key_equal(&whole, &other_whole, FINGERPRINT_OPTIONS_MAX));
        /* any other byte does matter */
        const unsigned at = chance(length);
        if (at >= values - 2 && at < values + 8) {
            continue;
        }
        options_of(&two)[at] ^= 0x81;
        (void)fingerprint_key_make(&two.headers, &other, &other_hash);
        assert_false(fingerprint_key_equal(&key, &other, place));
    }
}

/* The headers as received lead to the key of the decoded headers. */
static void test_plain(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 20000; round++) {
        uint8_t frame[PLAIN_LINK_LENGTH + 60 + 40] = {0};
        uint8_t *ip = frame + PLAIN_LINK_LENGTH;
        for (unsigned i = 0; i < 80; i++) {
            ip[i] = (uint8_t)(chance(3) == 0 ? 0 : chance(256));
        }
        const uint32_t lengths = FILL_IPV4_MIN + FILL_TCP_MIN + 4 * chance(11);
        const uint32_t total = lengths + chance(2);
        write_be16(ip + 2, (uint16_t)total);
        ip[0] = 0x45;
        ip[FILL_IPV4_MIN + 12] = (uint8_t)((lengths - FILL_IPV4_MIN) << 2 | chance(16));
        synfix_headers_t headers;
        (void)plain_read_headers(&headers, ip, 60 + 40);
        fingerprint_key_t decoded, plain;
        uint32_t decoded_hash, plain_hash;
        const uint8_t place = fingerprint_key_make(&headers, &decoded, &decoded_hash);
        assert_int_equal(fingerprint_key_make_plain(ip, lengths, total - lengths, &plain, &plain_hash),
                         place);
        assert_memory_equal(&plain, &decoded, sizeof plain);
        assert_int_equal(plain_hash, decoded_hash);
        assert_int_equal(fingerprint_key_options_length(&plain), headers.options_length);
    }
}

/* Each field that a signature depends on changes the key. */
static void test_fields_matter(void **state)
{
    (void)state;
    packet_t packet = {.bytes = {0}};
    point_at(&packet, 8);
    packet.headers.ip_version = 4;
    packet.headers.acknowledgement = packet.headers.sequence = packet.headers.fragment_id = 7;
    synfix_headers_t changed[14];
    for (unsigned i = 0; i < 14; i++) {
        changed[i] = packet.headers;
    }
    changed[1].ip_version = 6;
    changed[2].ttl = 1;
    changed[3].traffic_class = 1;
    changed[4].ip_flags = SYNFIX_IP_DF;
    changed[5].ip_options_length = 4;
    changed[6].fragment_id = 0;
    changed[7].sequence = 0;
    changed[8].acknowledgement = 0;
    changed[9].tcp_flags = SYNFIX_TCP_SYN;
    changed[10].window = 1;
    changed[11].urgent_pointer = 1;
    changed[12].payload_length = 1;
    changed[13].options_length = changed[13].options_captured = 7;
    fingerprint_key_t keys[14];
    for (unsigned i = 0; i < 14; i++) {
        uint32_t hash;
        (void)fingerprint_key_make(&changed[i], &keys[i], &hash);
        for (unsigned j = 0; j < i; j++) {
            assert_false(fingerprint_key_equal(&keys[i], &keys[j], FINGERPRINT_OPTIONS_MAX));
        }
    }
}

/* The same bytes with another length are other options. */
static void test_length_matters(void **state)
{
    (void)state;
    packet_t packet = {.bytes = {0}};
    fingerprint_key_t keys[11];
    for (unsigned i = 0; i <= 10; i++) {
        point_at(&packet, i * 4);
        uint32_t hash;
        assert_int_equal(fingerprint_key_make(&packet.headers, &keys[i], &hash), FINGERPRINT_NO_TIMESTAMPS);
        for (unsigned j = 0; j < i; j++) {
            assert_false(fingerprint_key_equal(&keys[i], &keys[j], FINGERPRINT_OPTIONS_MAX));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_pairs),
                                       cmocka_unit_test(test_values_do_not_matter),
                                       cmocka_unit_test(test_length_matters), cmocka_unit_test(test_plain),
                                       cmocka_unit_test(test_fields_matter)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
