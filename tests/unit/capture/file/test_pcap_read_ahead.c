/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A file that is large enough to be read ahead, with records of all sizes, gives what libpcap gives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "capture/file/pcap.h"
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BATCH       64u
#define RECORD_MAX  262144u
#define FILE_OCTETS (8u << 20)

static uint32_t seed = 1;

static uint32_t chance(uint32_t below)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % below;
}

/* Mostly ordinary lengths; some that no room in front of a chunk holds. */
static uint32_t record_length(void)
{
    switch (chance(100)) {
    case 0:
        return RECORD_MAX - chance(1000);
    case 1:
        return 65536 - 100 + chance(200);
    default:
        return chance(1600);
    }
}

static char *make_file(size_t cut)
{
    static uint8_t bytes[RECORD_MAX];
    char *path = strdup("/tmp/synfix-test-XXXXXX");
    const int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    pcap_t *dead = pcap_open_dead_with_tstamp_precision(1, RECORD_MAX, PCAP_TSTAMP_PRECISION_NANO);
    pcap_dumper_t *dumper = pcap_dump_fopen(dead, fdopen(descriptor, "w"));
    size_t written = 0;
    for (uint32_t number = 0; written < FILE_OCTETS; number++) {
        const uint32_t length = record_length();
        const struct pcap_pkthdr header = {
            .ts = {.tv_sec = (time_t)number, .tv_usec = (suseconds_t)(number % 1000000000)},
            .caplen = length,
            .len = length + 4};
        for (uint32_t i = 0; i < length; i += 61) {
            bytes[i] = (uint8_t)chance(256);
        }
        pcap_dump((u_char *)dumper, &header, bytes);
        written += length + 16;
    }
    pcap_dump_close(dumper);
    pcap_close(dead);
    assert_int_equal(truncate(path, (off_t)(written + 24 - cut)), 0);
    return path;
}

static void expect_same(pcap_t *pcap, const synfix_packet_t *packet)
{
    struct pcap_pkthdr *header;
    const u_char *data;
    assert_int_equal(pcap_next_ex(pcap, &header, &data), 1);
    assert_int_equal(packet->captured_length, header->caplen);
    assert_int_equal(packet->original_length, header->len);
    assert_int_equal(packet->time_ns, header->ts.tv_sec * INT64_C(1000000000) + header->ts.tv_usec);
    assert_memory_equal(packet->data, data, header->caplen);
}

static synfix_status_t read_beside_libpcap(const char *path, size_t *packets)
{
    char reason[PCAP_ERRBUF_SIZE];
    pcap_t *pcap = pcap_open_offline_with_tstamp_precision(path, PCAP_TSTAMP_PRECISION_NANO, reason);
    assert_non_null(pcap);
    pcap_format_t format = {.pcapng = false};
    synfix_error_t error;
    assert_int_equal(buffered_input_open(&format.input, path, &error), SYNFIX_OK);
    assert_int_equal(pcap_format_begin(&format, &error), SYNFIX_OK);
    synfix_status_t status = SYNFIX_OK;
    *packets = 0;
    while (status == SYNFIX_OK || status == SYNFIX_AGAIN) {
        synfix_packet_t batch[BATCH];
        size_t count = 0;
        status = pcap_format_read(&format, batch, BATCH, &count, &error);
        for (size_t i = 0; i < count; i++) {
            expect_same(pcap, &batch[i]);
        }
        *packets += count;
    }
    assert_non_null(format.input.ahead); /* else this tests nothing */
    struct pcap_pkthdr *header;
    const u_char *data;
    assert_true(pcap_next_ex(pcap, &header, &data) < 0);
    pcap_format_free(&format);
    pcap_close(pcap);
    return status;
}

static void test_whole(void **state)
{
    (void)state;
    char *path = make_file(0);
    size_t packets;
    assert_int_equal(read_beside_libpcap(path, &packets), SYNFIX_END);
    assert_true(packets > 1000);
    (void)unlink(path);
    free(path);
}

static void test_cut(void **state)
{
    (void)state;
    for (size_t cut = 1; cut < 24; cut += 7) {
        char *path = make_file(cut);
        size_t packets;
        assert_int_equal(read_beside_libpcap(path, &packets), SYNFIX_TRUNCATED);
        (void)unlink(path);
        free(path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_whole), cmocka_unit_test(test_cut)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
