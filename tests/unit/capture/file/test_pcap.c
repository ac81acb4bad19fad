/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "capture/file/pcap.h"
#include "support/skip.h"
#include <arpa/inet.h>
#include <dirent.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char directory[] = "/tmp/synfix-format-XXXXXX";

typedef struct result {
    synfix_status_t status;
    size_t count;
    synfix_packet_t last;
    synfix_error_t error;
} result_t;

static result_t read_bytes(const void *bytes, size_t length)
{
    char path[64];
    result_t result = {.status = SYNFIX_OK};
    synfix_packet_t packets[4];
    size_t count = 0;
    pcap_format_t format = {0};
    (void)snprintf(path, sizeof path, "%s/capture", directory);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    (void)fclose(file);
    assert_int_equal(buffered_input_open(&format.input, path, NULL), SYNFIX_OK);
    result.status = pcap_format_begin(&format, &result.error);
    while (result.status == SYNFIX_OK) {
        result.status = pcap_format_read(&format, packets, 4, &count, &result.error);
        result.count += count;
        if (count > 0) {
            result.last = packets[count - 1];
        }
    }
    pcap_format_free(&format);
    (void)unlink(path);
    return result;
}

/* A classic file with two packets of 4 bytes, in either byte order. */
static size_t classic(uint8_t *out, uint32_t magic, bool swapped, size_t extra)
{
    /* Two numbers of 16 bits: in which half of the word the first one is depends on the processor. */
    const bool little = htons(1) != 1;
    const uint32_t header[6] = {magic, swapped == little ? 0x00020004 : 0x00040002, 0, 0, 65535, 101};
    size_t used = 0;
    uint32_t words[6 + 2 * (6 + 1)];
    for (size_t i = 0; i < 6; i++) {
        words[used++] = header[i];
    }
    for (uint32_t packet = 0; packet < 2; packet++) {
        const uint32_t record[4] = {7 + packet, 5, 4, 60};
        for (size_t i = 0; i < 4; i++) {
            words[used++] = record[i];
        }
        for (size_t i = 0; i < extra / 4; i++) {
            words[used++] = 0;
        }
        words[used++] = 0x45454545;
    }
    for (size_t i = 0; i < used; i++) {
        words[i] = swapped ? __builtin_bswap32(words[i]) : words[i];
    }
    memcpy(out, words, used * 4);
    return used * 4;
}

static void all_magics(void **state)
{
    (void)state;
    static const struct {
        uint32_t magic;
        size_t extra;
        int64_t fraction_ns;
    } table[] = {{0xA1B2C3D4, 0, 5000}, {0xA1B23C4D, 0, 5}, {0xA1B2CD34, 8, 5000}};
    uint8_t bytes[128];
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        for (int swapped = 0; swapped < 2; swapped++) {
            const size_t length = classic(bytes, table[i].magic, swapped != 0, table[i].extra);
            const result_t result = read_bytes(bytes, length);
            assert_int_equal(result.status, SYNFIX_END);
            assert_int_equal(result.count, 2);
            assert_int_equal(result.last.time_ns, 8000000000 + table[i].fraction_ns);
            assert_int_equal(result.last.captured_length, 4);
            assert_int_equal(result.last.original_length, 60);
            assert_int_equal(result.last.link_type, 101);
            assert_int_equal(result.last.number, 2);
        }
    }
}

static void whole_packets_before_truncation(void **state)
{
    (void)state;
    uint8_t bytes[128];
    const size_t length = classic(bytes, 0xA1B2C3D4, false, 0);
    for (size_t cut = 1; cut < length; cut++) {
        const result_t result = read_bytes(bytes, cut);
        const bool first_whole = cut >= 24 + 20;
        assert_int_equal(result.count, first_whole ? 1 : 0);
        if (cut == 24 || cut == 44) {
            assert_int_equal(result.status, SYNFIX_END);
        } else {
            assert_true(result.status == SYNFIX_TRUNCATED || (cut < 4 && result.status == SYNFIX_INVALID));
        }
    }
    assert_int_equal(read_bytes(bytes, 0).status, SYNFIX_TRUNCATED);
    assert_int_equal(read_bytes("no capture file", 15).status, SYNFIX_INVALID);
}

static void hostile_lengths(void **state)
{
    (void)state;
    uint8_t bytes[128];
    const size_t length = classic(bytes, 0xA1B2C3D4, false, 0);
    memset(bytes + 24 + 8, 0xFF, 4);
    const result_t result = read_bytes(bytes, length);
    assert_int_equal(result.status, SYNFIX_INVALID);
    assert_non_null(strstr(result.error.text, "packet 1"));
}

/* The file system had the length of the file, but not its end, when the power failed. */
static void zeros_are_no_packets(void **state)
{
    (void)state;
    uint8_t bytes[512] = {0};
    for (size_t extra = 0; extra <= 8; extra += 8) {
        const size_t length = classic(bytes, extra > 0 ? 0xA1B2CD34 : 0xA1B2C3D4, false, extra);
        memset(bytes + length, 0, sizeof bytes - length);
        const result_t result = read_bytes(bytes, length + 16 + extra);
        assert_int_equal(result.status, SYNFIX_INVALID);
        assert_int_equal(result.count, 2);
        assert_non_null(strstr(result.error.text, "packet 3: zeros instead of a packet"));
        assert_int_equal(read_bytes(bytes, sizeof bytes).count, 2);
        assert_int_equal(read_bytes(bytes, length + 15).status, SYNFIX_TRUNCATED);
    }
}

/* Packets of length 0 have a time: each one counts, and zeros after them do not. */
static void empty_packets_are_packets(void **state)
{
    (void)state;
    uint8_t bytes[512] = {0};
    const size_t length = classic(bytes, 0xA1B2C3D4, false, 0);
    memset(bytes + length, 0, sizeof bytes - length);
    for (size_t i = 0; i < 3; i++) {
        bytes[length + 16 * i] = 9;
    }
    assert_int_equal(read_bytes(bytes, length + 48).status, SYNFIX_END);
    assert_int_equal(read_bytes(bytes, length + 48).count, 5);
    const result_t result = read_bytes(bytes, sizeof bytes);
    assert_int_equal(result.status, SYNFIX_INVALID);
    assert_int_equal(result.count, 5);
}

/* Two numbers of 16 bits, and a byte with three of padding, as a word of this processor. */
#define IS_LITTLE           (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
#define PAIR(first, second) (IS_LITTLE ? (second)*0x10000u + (first) : (first)*0x10000u + (second))
#define FIRST_BYTE(value)   (IS_LITTLE ? (value) : (value)*0x1000000u)

static void interfaces_of_their_own(void **state)
{
    (void)state;
    const uint32_t words[] = {
        0x0A0D0D0A,
        28,
        0x1A2B3C4D,
        PAIR(1, 0),
        0xFFFFFFFF,
        0xFFFFFFFF,
        28, /* section */
        1,
        20,
        PAIR(1, 0),
        0,
        20, /* Ethernet, microseconds */
        1,
        32,
        PAIR(101, 0),
        0,
        PAIR(9, 1),
        FIRST_BYTE(9),
        0,
        32, /* raw, nanoseconds */
        1,
        32,
        PAIR(113, 0),
        0,
        PAIR(9, 1),
        FIRST_BYTE(0x81),
        0,
        32, /* cooked, half seconds */
        6,
        36,
        0,
        0,
        3,
        4,
        4,
        0x45454545,
        36,
        6,
        36,
        1,
        0,
        3,
        4,
        9,
        0x45454545,
        36,
        4,
        12,
        12, /* names: skipped
             */
        6,
        36,
        2,
        0,
        3,
        4,
        4,
        0x45454545,
        36,
    };
    static const struct {
        size_t words;
        int64_t time_ns;
        uint32_t link_type;
    } table[] = {{37, 3000, 1}, {46, 3, 101}, {58, 1500000000, 113}};
    for (size_t i = 0; i < 3; i++) {
        const result_t result = read_bytes(words, table[i].words * 4);
        assert_int_equal(result.status, SYNFIX_END);
        assert_int_equal(result.count, i + 1);
        assert_int_equal(result.last.time_ns, table[i].time_ns);
        assert_int_equal(result.last.link_type, table[i].link_type);
        assert_int_equal(result.last.interface_id, i);
    }
    assert_int_equal(read_bytes(words, 57 * 4).status, SYNFIX_TRUNCATED);
    uint32_t bad[58];
    memcpy(bad, words, sizeof bad);
    bad[57] = 40;
    assert_int_equal(read_bytes(bad, sizeof bad).status, SYNFIX_INVALID);
}

/* libpcap reads the seconds as a signed number and scales a fraction of more than a second in 32 bits: such
 * times (of mutated files) are not compared. */
static bool same_time(int64_t time_ns, const struct timeval *time)
{
    return time_ns / 1000000000 != time->tv_sec || time_ns % 1000000000 == time->tv_usec;
}

/* Packet by packet the same as libpcap, as far as libpcap goes. */
static size_t same_as_libpcap(const char *path)
{
    char reason[PCAP_ERRBUF_SIZE];
    pcap_format_t format = {0};
    pcap_t *pcap = pcap_open_offline_with_tstamp_precision(path, PCAP_TSTAMP_PRECISION_NANO, reason);
    if (pcap == NULL) {
        return 0;
    }
    assert_int_equal(buffered_input_open(&format.input, path, NULL), SYNFIX_OK);
    assert_int_equal(pcap_format_begin(&format, NULL), SYNFIX_OK);
    struct pcap_pkthdr *header;
    const u_char *data;
    size_t compared = 0;
    while (pcap_next_ex(pcap, &header, &data) == 1) {
        synfix_packet_t packet = {0};
        size_t count = 0;
        const synfix_status_t status = pcap_format_read(&format, &packet, 1, &count, NULL);
        if (status < 0 || count != 1 || packet.captured_length != header->caplen ||
            memcmp(packet.data, data, header->caplen) != 0 || !same_time(packet.time_ns, &header->ts) ||
            packet.original_length != (header->len > header->caplen ? header->len : header->caplen)) {
            fail_msg("%s: packet %zu differs: status %d, count %zu, captured %u, not %u, original %u, not %u",
                     path, compared + 1, (int)status, count, packet.captured_length, header->caplen,
                     packet.original_length, header->len);
        }
        compared++;
    }
    pcap_close(pcap);
    pcap_format_free(&format);
    return compared;
}

static size_t compare_directory(const char *path)
{
    size_t compared = 0;
    DIR *stream = opendir(path);
    const struct dirent *entry;
    while (stream != NULL && (entry = readdir(stream)) != NULL) {
        char inner[1024];
        (void)snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
        if (entry->d_name[0] == '.') {
            continue;
        }
        if (entry->d_type == DT_DIR) {
            compared += compare_directory(inner);
        } else if (strstr(entry->d_name, "cap") != NULL) {
            compared += same_as_libpcap(inner);
        }
    }
    if (stream != NULL) {
        (void)closedir(stream);
    }
    return compared;
}

static void equal_to_libpcap(void **state)
{
    (void)state;
    const char *more = getenv("SYNFIX_CAPTURES"); /* a directory with any number of captures */
    size_t compared = compare_directory(SYNFIX_TEST_DATA);
    if (more != NULL) {
        compared += compare_directory(more);
    }
    if (compared == 0) {
        SKIP("no capture to compare; run from a whole source tree");
    }
    print_message("%zu packets compared\n", compared);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_magics),
        cmocka_unit_test(whole_packets_before_truncation),
        cmocka_unit_test(hostile_lengths),
        cmocka_unit_test(zeros_are_no_packets),
        cmocka_unit_test(empty_packets_are_packets),
        cmocka_unit_test(interfaces_of_their_own),
        cmocka_unit_test(equal_to_libpcap),
    };
    if (mkdtemp(directory) == NULL) {
        return 1;
    }
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    (void)rmdir(directory);
    return tests_exit_code(failed);
}
