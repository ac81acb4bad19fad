/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/byte_order.h"
#include "capture/file/pcap.h"
#include "decode/udp_tunnel_ports.h"
#include "support/filter_equivalence.h"
#include <dirent.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct counters {
    size_t packets;
    size_t passed;
} tally_t;

/* Link types that interfaces have. */
static int interface_dlt(uint32_t link_type)
{
    switch (link_type) {
    case 1:
    case 113:
    case 276:
        return (int)link_type;
    case 101:
        return DLT_RAW;
    default:
        return -1;
    }
}

static void check_file(const char *path, const socket_filter_t *filter, tally_t *counters)
{
    pcap_format_t format = {0};
    synfix_packet_t packet = {0};
    size_t count = 0;
    if (buffered_input_open(&format.input, path, NULL) != SYNFIX_OK) {
        return;
    }
    filter_comparison_t comparison;
    comparison_open(&comparison, filter->analysis, filter->max_ip_headers, filter->encapsulations);
    synfix_status_t status = pcap_format_begin(&format, NULL);
    while (status == SYNFIX_OK &&
           (status = pcap_format_read(&format, &packet, 1, &count, NULL)) == SYNFIX_OK) {
        const int dlt = interface_dlt(packet.link_type);
        if (dlt < 0) {
            break;
        }
        const packet_fate_t answer = comparison_push(&comparison, dlt, &packet);
        if (answer == FATE_LOST) {
            fail_msg("%s: packet %zu is dropped", path, (size_t)packet.number);
        }
        counters->packets++;
        counters->passed += answer == FATE_PASSED;
    }
    comparison_close(&comparison);
    pcap_format_free(&format);
}

static void check_directory(const char *path, const socket_filter_t *filter, tally_t *counters)
{
    DIR *directory = opendir(path);
    const struct dirent *entry;
    while (directory != NULL && (entry = readdir(directory)) != NULL) {
        char inner[1024];
        (void)snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
        if (entry->d_type == DT_DIR && entry->d_name[0] != '.') {
            check_directory(inner, filter, counters);
        } else if (strstr(entry->d_name, "cap") != NULL) {
            check_file(inner, filter, counters);
        }
    }
    if (directory != NULL) {
        (void)closedir(directory);
    }
}

#define FILTER(analysis_, wanted, levels_)                                                                   \
    {                                                                                                        \
        .analysis = (analysis_), .encapsulations = (wanted), .max_ip_headers = (levels_)                     \
    }

static void nothing_needed_is_dropped(void **state)
{
    (void)state;
    static const socket_filter_t filters[] = {
        FILTER(LIVE_SYN, SYNFIX_ENCAPSULATIONS_ALL, MAX_IP_HEADERS),
        FILTER(LIVE_UPTIME, SYNFIX_ENCAPSULATIONS_ALL, MAX_IP_HEADERS),
        FILTER(LIVE_SYN, SYNFIX_ENCAPSULATIONS_ALL, 1),
        FILTER(LIVE_SYN, SYNFIX_ENCAPSULATION_BIT(SYNFIX_ENCAPSULATION_VLAN), MAX_IP_HEADERS),
        FILTER(LIVE_SYN, ~SYNFIX_ENCAPSULATION_BIT(SYNFIX_ENCAPSULATION_QINQ), MAX_IP_HEADERS),
    };
    const char *more = getenv("SYNFIX_CAPTURES");
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
        tally_t counters = {0};
        check_directory(SYNFIX_TEST_DATA, &filters[i], &counters);
        if (more != NULL) {
            check_directory(more, &filters[i], &counters);
        }
        print_message("%zu of %zu packets pass\n", counters.passed, counters.packets);
        assert_true(counters.packets == 0 || counters.passed < counters.packets);
    }
}

static const socket_filter_t uptime_filter = FILTER(LIVE_UPTIME, SYNFIX_ENCAPSULATIONS_ALL, MAX_IP_HEADERS);

/* One in eight, with any clock, in both directions; and each FIN. */
static void share_of_segments(void **state)
{
    (void)state;
    uint8_t frame[52] = {0x45, 0, 0, 52, 0, 1, 0x40, 0, 64, 6, 0, 0, 10, 0, 0, 1, 192, 0, 2, 1, 0, 80, 0, 81};
    static const uint8_t timestamps[] = {1, 1, 8, 10};
    struct bpf_program program = compiled_filter(&uptime_filter, DLT_RAW);
    frame[32] = 0x80;
    memcpy(frame + 40, timestamps, sizeof timestamps);
    unsigned passed[2] = {0};
    for (unsigned flags = 0; flags < 2; flags++) {
        for (unsigned i = 0; i < 4096; i++) {
            frame[27] = (uint8_t)(i * 3); /* sequence number; the clock stands */
            frame[33] = (uint8_t)(0x10 | flags);
            passed[flags] += bpf_filter(program.bf_insns, frame, sizeof frame, sizeof frame) != 0;
        }
    }
    assert_int_equal(passed[0], 512);
    assert_int_equal(passed[1], 4096);
    pcap_freecode(&program);
}

/* A tunnel that the decoder looks into must get past the kernel, in either direction; other UDP must not. */
static void ports_of_tunnels(void **state)
{
    (void)state;
    static const struct {
        uint16_t port;
        bool passes;
    } cases[] = {
#define PASSES(number, step, kind) {number, true},
        UDP_TUNNELS(PASSES)
#undef PASSES
            {53, false},
        {443, false},
        {4500, false},
    };
    socket_filter_t filter = uptime_filter;
    filter.max_ip_headers = 1; /* nothing is looked into */
    struct bpf_program program = compiled_filter(&filter, DLT_RAW);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (unsigned side = 0; side < 2; side++) {
            uint8_t frame[48] = {0x45, 0, 0, 48, 0,   1, 0, 0, 64,  17, 0,   0,
                                 10,   0, 0, 1,  192, 0, 2, 1, 200, 1,  200, 1};
            write_be16(frame + 20 + 2 * side, cases[i].port);
            assert_int_equal(bpf_filter(program.bf_insns, frame, sizeof frame, sizeof frame) != 0,
                             cases[i].passes);
        }
    }
    pcap_freecode(&program);
}

static bool passes(const socket_filter_t *filter, const uint8_t *frame, size_t length)
{
    struct bpf_program program = compiled_filter(filter, DLT_EN10MB);
    const bool answer =
        program.bf_len == 0 || bpf_filter(program.bf_insns, frame, (u_int)length, (u_int)length) != 0;
    pcap_freecode(&program);
    return answer;
}

/* Ours and the user's: both must like a packet. */
static void expressions(void **state)
{
    (void)state;
    static uint8_t frame[54] = {
        [12] = 8, [14] = 0x45, [17] = 40, [23] = 6, [35] = 100, [37] = 80, [46] = 0x50};
    static const struct {
        live_analysis_t analysis;
        const char *expression;
        uint8_t flags;
        bool passes;
    } cases[] = {
        {LIVE_EVERYTHING, NULL, 16, true},
        {LIVE_EVERYTHING, "port 80", 16, true},
        {LIVE_EVERYTHING, "port 81", 16, false},
        {LIVE_SYN, "", 2, true},
        {LIVE_SYN, "port 80", 2, true},
        {LIVE_SYN, "port 80", 16, false},
        {LIVE_SYN, "port 81", 2, false},
        {LIVE_SYN, "port 80 and not vlan", 18, true},
        {LIVE_SYN, "vlan", 2, false},
        {LIVE_SEGMENTS, "tcp[13] = 16", 16, true},
        {LIVE_SEGMENTS, "tcp[13] = 17", 16, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const socket_filter_t filter = {.analysis = cases[i].analysis,
                                        .encapsulations = SYNFIX_ENCAPSULATIONS_ALL,
                                        .expression = cases[i].expression,
                                        .max_ip_headers = MAX_IP_HEADERS};
        frame[47] = cases[i].flags;
        if (passes(&filter, frame, sizeof frame) != cases[i].passes) {
            fail_msg("case %zu", i);
        }
    }
    synfix_error_t error;
    assert_int_equal(socket_filter_check(NULL, false, &error), SYNFIX_OK);
    assert_int_equal(socket_filter_check("port 80 or vlan 5", false, &error), SYNFIX_OK);
    assert_int_equal(socket_filter_check("port 80", true, &error), SYNFIX_OK);
    assert_int_equal(socket_filter_check("vlan 10", true, &error), SYNFIX_INVALID);
    assert_int_equal(socket_filter_check("port eighty", false, &error), SYNFIX_INVALID);
    assert_non_null(strstr(error.text, "filter: "));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_needed_is_dropped),
                                       cmocka_unit_test(share_of_segments),
                                       cmocka_unit_test(ports_of_tunnels), cmocka_unit_test(expressions)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
