/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "decode/sflow.h"
#include "support/frame.h"

#define OUTER  "E0800 I17 U6343 "
#define AGENT  "00000005 00000001 0a090807 00000000 00000001 000003e8 "
#define AGENT6 "00000005 00000002 20010db8000000000000000000000001 00000000 00000001 000003e8 "
/* sequence, source, rate 512, pool, drops, interfaces 11 and 12, one record */
#define FLOW "00000001 00000007 00000200 00000000 00000000 0000000b 0000000c 00000001 "
/* the same, expanded */
#define EXPANDED                                                                                             \
    "00000001 00000000 00000007 00000200 00000000 00000000 00000000 0000000b 00000000 0000000c 00000001 "
#define COUNTERS "00000002 0000000c 00000001 00000007 00000000 "
#define ETHERNET "00000001 00000046 00000001 0000003a 00000004 00000036 E0800 I6 T"
#define TAGGED   "00000001 0000004a 00000001 0000003e 00000004 0000003a E8100 00050800 I6 T"
#define IPV4     "00000001 00000038 0000000b 00000028 00000000 00000028 I6 T"
#define IPV6     "00000001 0000004c 0000000c 0000003c 00000000 0000003c S6 T"

static void build(frame_t *frame, const char *words, synfix_packet_t *packet)
{
    frame_build(frame, words);
    *packet = frame_packet(frame, 1);
    packet->number = 77;
    packet->time_ns = 5;
}

typedef struct datagram {
    frame_t frame;
    synfix_packet_t packet;
    sflow_reader_t reader;
    sflow_sample_t sample;
    synfix_headers_t headers;
} datagram_t;

static void read_first_sample(datagram_t *datagram)
{
    assert_true(sflow_begin(&datagram->reader, &datagram->packet));
    assert_true(sflow_next(&datagram->reader, &datagram->sample));
}

static synfix_verdict_t decode_sample(datagram_t *datagram)
{
    return sflow_decode(&datagram->reader, &datagram->sample, SYNFIX_ENCAPSULATIONS_ALL, &datagram->headers);
}

/* The only sample of a datagram, and its headers. */
static const datagram_t *one_sample(const char *words)
{
    static datagram_t datagram;
    synfix_headers_t outer;
    build(&datagram.frame, words, &datagram.packet);
    assert_int_equal(synfix_decode(&datagram.packet, &outer), SYNFIX_VERDICT_SFLOW);
    read_first_sample(&datagram);
    assert_int_equal(decode_sample(&datagram), SYNFIX_VERDICT_SYN);
    assert_false(sflow_next(&datagram.reader, &datagram.sample));
    assert_int_equal(sflow_rest(&datagram.reader), SYNFIX_VERDICT_SFLOW);
    assert_int_equal(decode_sample(&datagram), SYNFIX_VERDICT_SYN);
    return &datagram;
}

static void samples_of_each_form(void **state)
{
    static const struct {
        const char *words;
        uint32_t link_type;
        uint8_t ip_version;
    } cases[] = {
        {OUTER AGENT "00000001 00000001 0000006e " FLOW ETHERNET, 1, 4},
        {OUTER AGENT6 "00000001 00000001 0000006e " FLOW ETHERNET, 1, 4},
        {OUTER AGENT "00000001 00000003 0000007a " EXPANDED ETHERNET, 1, 4},
        {OUTER AGENT "00000002 " COUNTERS "00000001 0000006e " FLOW ETHERNET, 1, 4},
        {OUTER AGENT "00000001 00000001 00000060 " FLOW IPV4, 228, 4},
        {OUTER AGENT "00000001 00000003 00000080 " EXPANDED IPV6, 229, 6},
        {"E86dd S17 U6343 " AGENT "00000001 00000001 0000006e " FLOW ETHERNET, 1, 4},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const datagram_t *const datagram = one_sample(cases[i].words);
        const sflow_sample_t *const sample = &datagram->sample;
        const synfix_headers_t *const headers = &datagram->headers;
        assert_int_equal(sample->packet.link_type, cases[i].link_type);
        assert_int_equal(sample->packet.number, 77);
        assert_int_equal(sample->packet.time_ns, 5);
        assert_int_equal(sample->packet.interface_id, 11);
        assert_int_equal(sample->output_interface, 12);
        assert_int_equal(sample->sampling_rate, 512);
        assert_int_equal(headers->ip_version, cases[i].ip_version);
        assert_int_equal(headers->encapsulation.kind, SYNFIX_ENCAPSULATION_SFLOW);
        assert_int_equal(headers->encapsulation.depth, 1);
        assert_int_equal(headers->encapsulation.outer_version, cases[i].words[1] == '0' ? 4 : 6);
        assert_int_equal(headers->encapsulation.details, SYNFIX_DETAIL_SAMPLING);
        assert_int_equal(headers->details.sampling_rate, 512);
        assert_false(headers->truncated);
    }
}

/* The tags are those of the sampled frame. */
static void tags_of_the_sample(void **state)
{
    (void)state;
    const synfix_encapsulation_t *const tags =
        &one_sample("E8100 00630800 I17 U6343 " AGENT "00000001 00000001 00000072 " FLOW TAGGED)
             ->headers.encapsulation;
    assert_int_equal(tags->vlan_count, 1);
    assert_int_equal(tags->vlan_id, 5);
}

/* Verdicts of the datagram, and what the rest counts as. */
static void wrong_datagrams(void **state)
{
    static const struct {
        const char *words;
        synfix_verdict_t verdict;
        unsigned samples;
        synfix_verdict_t rest;
    } cases[] = {
        {OUTER "00000004 00000001 0a090807 00000000 00000001 000003e8 00000000", SYNFIX_VERDICT_NOT_TCP, 0,
         0},
        {OUTER "00000005 00000003 0a090807 00000000 00000001 000003e8 00000000", SYNFIX_VERDICT_NOT_TCP, 0,
         0},
        {OUTER "00000005 00000001 0a090807", SYNFIX_VERDICT_NOT_TCP, 0, 0},
        {OUTER AGENT "00000000", SYNFIX_VERDICT_SFLOW, 0, SYNFIX_VERDICT_SFLOW},
        {OUTER AGENT "ffffffff", SYNFIX_VERDICT_SFLOW, 0, SYNFIX_VERDICT_BAD_LINK},
        {OUTER AGENT "00000001 00000001 ffffffff " FLOW, SYNFIX_VERDICT_SFLOW, 0, SYNFIX_VERDICT_BAD_LINK},
        {OUTER AGENT "00000001 00000001 00000004 00000001", SYNFIX_VERDICT_SFLOW, 0, SYNFIX_VERDICT_BAD_LINK},
        {OUTER AGENT "00000002 00000001 0000006e " FLOW ETHERNET, SYNFIX_VERDICT_SFLOW, 1,
         SYNFIX_VERDICT_BAD_LINK},
        {OUTER AGENT "00000001 00000001 00000028 " FLOW "00000001 00000000", SYNFIX_VERDICT_SFLOW, 0,
         SYNFIX_VERDICT_BAD_LINK},
        {OUTER AGENT "00000001 00001001 00000008 0000000000000000", SYNFIX_VERDICT_SFLOW, 0,
         SYNFIX_VERDICT_SFLOW},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        static frame_t frame;
        synfix_packet_t packet;
        synfix_headers_t headers;
        sflow_reader_t reader;
        sflow_sample_t sample;
        unsigned samples = 0;
        build(&frame, cases[i].words, &packet);
        assert_int_equal(synfix_decode(&packet, &headers), cases[i].verdict);
        assert_int_equal(sflow_begin(&reader, &packet), cases[i].verdict == SYNFIX_VERDICT_SFLOW);
        while (cases[i].verdict == SYNFIX_VERDICT_SFLOW && sflow_next(&reader, &sample)) {
            assert_int_equal(sample.packet.number & SYNFIX_PACKET_NUMBER_MAX, 77);
            assert_int_equal(sample.packet.number >> SYNFIX_SAMPLE_SHIFT, samples);
            samples++;
        }
        assert_int_equal(samples, cases[i].samples);
        if (cases[i].verdict == SYNFIX_VERDICT_SFLOW) {
            assert_int_equal(sflow_rest(&reader), cases[i].rest);
        }
    }
}

/* A snapshot length inside the sampled header: what is there is read. */
static void cut_capture(void **state)
{
    static datagram_t cut;
    (void)state;
    build(&cut.frame, OUTER AGENT "00000001 00000001 0000006e " FLOW ETHERNET, &cut.packet);
    cut.packet.captured_length -= 4;
    read_first_sample(&cut);
    assert_int_equal(cut.sample.packet.captured_length, 50);
    assert_int_equal(decode_sample(&cut), SYNFIX_VERDICT_CUT);
    assert_false(sflow_next(&cut.reader, &cut.sample));
    cut.packet.captured_length = 14 + 20 + 8 + 28 + 8 + 10; /* inside the sample */
    assert_true(sflow_begin(&cut.reader, &cut.packet));
    assert_false(sflow_next(&cut.reader, &cut.sample));
    assert_int_equal(sflow_rest(&cut.reader), SYNFIX_VERDICT_CUT);
}

/* An agent's own datagram, sampled by it. */
static void sampled_sflow(void **state)
{
    static datagram_t outer;
    (void)state;
    build(&outer.frame,
          OUTER AGENT "00000001 00000001 00000080 " FLOW
                      "00000001 00000058 00000001 00000048 00000000 00000048 " OUTER AGENT
                      "00000000 00000000",
          &outer.packet);
    read_first_sample(&outer);
    assert_int_equal(decode_sample(&outer), SYNFIX_VERDICT_NOT_TCP);
}

static void excluded(void **state)
{
    static frame_t frame;
    synfix_packet_t packet;
    synfix_headers_t headers;
    (void)state;
    build(&frame, OUTER AGENT "00000001 00000001 0000006e " FLOW ETHERNET, &packet);
    assert_int_equal(
        synfix_decode_wanted(&packet, &headers, ~SYNFIX_ENCAPSULATION_BIT(SYNFIX_ENCAPSULATION_SFLOW)),
        SYNFIX_VERDICT_ENCAPSULATION);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_of_each_form), cmocka_unit_test(tags_of_the_sample),
        cmocka_unit_test(wrong_datagrams),      cmocka_unit_test(cut_capture),
        cmocka_unit_test(sampled_sflow),        cmocka_unit_test(excluded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
