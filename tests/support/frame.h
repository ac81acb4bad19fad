/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file frame.h
 * Packets for tests, written as words: `E0800 I6 T` is Ethernet, IPv4, TCP. Lengths fill themselves in.
 *
 *   E<type>   Ethernet header with this ethertype, in hexadecimal
 *   I<proto>  IPv4 header, protocol in decimal; the n-th one goes from 192.0.2.n to 198.51.100.n
 *   S<next>   IPv6 header; the n-th one from 2001:db8::n
 *   U<port>   UDP header with this destination port, in decimal
 *   T         TCP header: SYN from port 40000 to 443 without options
 *   hex       bytes, small letters
 */
#ifndef UNIT_FRAME_H
#define UNIT_FRAME_H

#include "base/byte_order.h"
#include <stdlib.h>
#include <string.h>
#include <synfix/decode.h>
#include <sys/mman.h>
#include <unistd.h>

#define FRAME_SIZE 1024u

typedef struct frame {
    uint8_t data[FRAME_SIZE];
    size_t length;
    struct {
        char kind;
        size_t at;
    } open[16]; /* headers with a length field */
    size_t open_count;
} frame_t;

static inline uint8_t *frame_room(frame_t *frame, size_t length, char kind)
{
    uint8_t *at = frame->data + frame->length;
    if (frame->length + length > FRAME_SIZE || frame->open_count == 16) {
        abort();
    }
    memset(at, 0, length);
    if (kind != 0) {
        frame->open[frame->open_count].kind = kind;
        frame->open[frame->open_count++].at = frame->length;
    }
    frame->length += length;
    return at;
}

static inline uint8_t frame_nth(const frame_t *frame, char kind)
{
    uint8_t count = 1;
    for (size_t i = 0; i < frame->open_count; i++) {
        count = (uint8_t)(count + (frame->open[i].kind == kind));
    }
    return count;
}

static inline void frame_word(frame_t *frame, const char *word, size_t length)
{
    static const uint8_t mac[12] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2};
    uint8_t n;
    uint8_t *at;

    switch (word[0]) {
    case 'E':
        at = frame_room(frame, 14, 0);
        memcpy(at, mac, sizeof mac);
        write_be16(at + 12, (uint16_t)strtoul(word + 1, NULL, 16));
        break;
    case 'I':
        n = frame_nth(frame, 'I');
        at = frame_room(frame, 20, 'I');
        memcpy(at, (uint8_t[20]){0x45, 0, 0, 0, 0, 1, 0x40, 0, 64, 0, 0, 0, 192, 0, 2, n, 198, 51, 100, n},
               20);
        at[9] = (uint8_t)strtoul(word + 1, NULL, 10);
        break;
    case 'S':
        n = frame_nth(frame, 'S');
        at = frame_room(frame, 40, 'S');
        memcpy(at, (uint8_t[12]){0x60, 0, 0, 0, 0, 0, 0, 64, 0x20, 1, 0x0d, 0xb8}, 12);
        at[6] = (uint8_t)strtoul(word + 1, NULL, 10);
        at[23] = n;
        at[39] = 0xFF;
        break;
    case 'U':
        at = frame_room(frame, 8, 'U');
        write_be16(at, 50000);
        write_be16(at + 2, (uint16_t)strtoul(word + 1, NULL, 10));
        break;
    case 'T':
        at = frame_room(frame, 20, 0);
        memcpy(at, (uint8_t[16]){0x9C, 0x40, 0x01, 0xBB, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 2, 0xFA, 0xF0}, 16);
        break;
    default:
        for (size_t i = 0; i + 1 < length; i += 2) {
            *frame_room(frame, 1, 0) = (uint8_t)strtoul((char[3]){word[i], word[i + 1], 0}, NULL, 16);
        }
    }
}

static inline void frame_build(frame_t *frame, const char *words)
{
    frame->length = 0;
    frame->open_count = 0;
    while (*words != '\0') {
        const size_t length = strcspn(words, " ");
        if (length > 0) {
            frame_word(frame, words, length);
        }
        words += length + (words[length] == ' ');
    }
    for (size_t i = 0; i < frame->open_count; i++) {
        uint8_t *at = frame->data + frame->open[i].at;
        const uint16_t length = (uint16_t)(frame->length - frame->open[i].at);
        if (frame->open[i].kind == 'I') {
            write_be16(at + 2, length);
        } else {
            write_be16(at + 4, frame->open[i].kind == 'S' ? (uint16_t)(length - 40) : length);
        }
    }
}

static inline synfix_packet_t frame_packet(const frame_t *frame, uint32_t link_type)
{
    return (synfix_packet_t){.data = frame->data,
                             .captured_length = (uint32_t)frame->length,
                             .original_length = (uint32_t)frame->length,
                             .link_type = link_type};
}

/* A copy of the first @p length bytes before a page without access: a read past them ends the test. Valid
 * until the next call. */
static inline const uint8_t *frame_before_guard(const frame_t *frame, size_t length)
{
    static uint8_t *end;
    if (end == NULL) {
        const size_t page = (size_t)sysconf(_SC_PAGESIZE);
        const size_t room = (sizeof frame->data + page - 1) / page * page;
        uint8_t *const pages =
            mmap(NULL, room + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        assert_ptr_not_equal(pages, MAP_FAILED);
        assert_int_equal(mprotect(pages + room, page, PROT_NONE), 0);
        end = pages + room;
    }
    return memcpy(end - length, frame->data, length);
}

/* One line of a test's table. */
typedef struct frame_case {
    const char *name;
    const char *words;
    uint32_t link_type;
    synfix_verdict_t expected;
    uint8_t kind; /* of the encapsulation */
    uint8_t depth;
    uint32_t id;
} frame_case_t;

/* Cut anywhere, the bytes after the cut are not read, and a frame that holds a SYN answers CUT before the TCP
 * header. */
static inline void frame_check_cuts(const frame_case_t *c, const frame_t *frame)
{
    synfix_packet_t packet = frame_packet(frame, c->link_type);
    for (uint32_t cut = 0; cut < packet.original_length; cut++) {
        synfix_headers_t headers;
        packet.captured_length = cut;
        packet.data = frame_before_guard(frame, cut);
        const synfix_verdict_t verdict = synfix_decode(&packet, &headers);
        if (c->expected == SYNFIX_VERDICT_SYN && verdict != SYNFIX_VERDICT_CUT &&
            cut < packet.original_length - 20) {
            fail_msg("%s: %s when cut at %u", c->name, synfix_verdict_name(verdict), cut);
        }
    }
}

/* Checks a table, each frame whole and cut. */
static inline void frame_check(const frame_case_t *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const frame_case_t *c = &cases[i];
        frame_t frame;
        synfix_headers_t headers;

        frame_build(&frame, c->words);
        frame_check_cuts(c, &frame);
        const synfix_packet_t packet = frame_packet(&frame, c->link_type);
        const synfix_verdict_t verdict = synfix_decode(&packet, &headers);
        if (verdict != c->expected) {
            fail_msg("%s: %s instead of %s", c->name, synfix_verdict_name(verdict),
                     synfix_verdict_name(c->expected));
        }
        if (verdict != SYNFIX_VERDICT_SYN) {
            continue;
        }
        const synfix_encapsulation_t *e = &headers.encapsulation;
        if (e->kind != c->kind || e->depth != c->depth || e->id != c->id) {
            fail_msg("%s: kind %u depth %u id %u", c->name, e->kind, e->depth, e->id);
        }
        if (headers.source_port != 40000 || headers.destination_port != 443) {
            fail_msg("%s: wrong TCP header", c->name);
        }
    }
}

/* The main function of a test program: the table of cases, and further tests (cmocka_unit_test). */
#define FRAME_TESTS(cases, ...)                                                                              \
    static void test_table(void **state)                                                                     \
    {                                                                                                        \
        (void)state;                                                                                         \
        frame_check((cases), sizeof(cases) / sizeof *(cases));                                               \
    }                                                                                                        \
                                                                                                             \
    int main(void)                                                                                           \
    {                                                                                                        \
        const struct CMUnitTest tests[] = {cmocka_unit_test(test_table), __VA_ARGS__};                       \
        return cmocka_run_group_tests(tests, NULL, NULL);                                                    \
    }

#endif
