/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/udp_tunnels.h"
#include "capture/format.h"
#include "capture/live.h"
#include "support/twin.h"
#include <dirent.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct tally {
    size_t packets;
    size_t passed;
} tally_t;

/* Link types that interfaces have. */
static int interface_dlt(uint32_t link_type)
{
    switch (link_type) {
    case 0:
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

static void check_file(const char *path, live_analysis_t analysis, tally_t *tally)
{
    format_t format = {0};
    synfix_packet_t packet = {0};
    size_t count = 0;
    if (input_open(&format.input, path, NULL) != SYNFIX_OK)
        return;
    twin_t twin;
    twin_open(&twin, analysis);
    synfix_status_t status = format_begin(&format, NULL);
    while (status == SYNFIX_OK && (status = format_read(&format, &packet, 1, &count, NULL)) == SYNFIX_OK) {
        const int dlt = interface_dlt(packet.link_type);
        if (dlt < 0)
            break;
        const twin_answer_t answer = twin_take(&twin, dlt, &packet);
        if (answer == TWIN_LOST)
            fail_msg("%s: packet %zu is dropped", path, (size_t)packet.number);
        tally->packets++;
        tally->passed += answer == TWIN_PASSED;
    }
    twin_close(&twin);
    format_free(&format);
}

static void check_folder(const char *path, live_analysis_t analysis, tally_t *tally)
{
    DIR *folder = opendir(path);
    const struct dirent *entry;
    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        char inner[1024];
        (void)snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
        if (entry->d_type == DT_DIR && entry->d_name[0] != '.')
            check_folder(inner, analysis, tally);
        else if (strstr(entry->d_name, "cap") != NULL)
            check_file(inner, analysis, tally);
    }
    if (folder != NULL)
        (void)closedir(folder);
}

static void nothing_needed_is_dropped(void **state)
{
    (void)state;
    const char *more = getenv("SYNFIX_CAPTURES");
    for (live_analysis_t analysis = LIVE_SYN; analysis <= LIVE_UPTIME; analysis++) {
        tally_t tally = {0};
        check_folder(SYNFIX_TEST_DATA, analysis, &tally);
        if (more != NULL)
            check_folder(more, analysis, &tally);
        print_message("%zu of %zu packets pass\n", tally.passed, tally.packets);
        assert_true(tally.packets == 0 || tally.passed < tally.packets);
    }
}

/* One in eight, whatever the clock does, in both directions; and every FIN. */
static void share_of_segments(void **state)
{
    (void)state;
    uint8_t frame[52] = {0x45, 0, 0, 52, 0, 1, 0x40, 0, 64, 6, 0, 0, 10, 0, 0, 1, 192, 0, 2, 1, 0, 80, 0, 81};
    static const uint8_t timestamps[] = {1, 1, 8, 10};
    char text[LIVE_FILTER_SIZE];
    struct bpf_program program;
    pcap_t *dead = pcap_open_dead(DLT_RAW, 262144);
    assert_int_equal(live_filter(LIVE_UPTIME, NULL, text, NULL), SYNFIX_OK);
    assert_int_equal(pcap_compile(dead, &program, text, 1, PCAP_NETMASK_UNKNOWN), 0);
    pcap_close(dead);
    frame[32] = 0x80;
    memcpy(frame + 40, timestamps, sizeof timestamps);
    unsigned passed[2] = {0};
    for (unsigned flags = 0; flags < 2; flags++)
        for (unsigned i = 0; i < 4096; i++) {
            frame[27] = (uint8_t)(i * 3); /* sequence number; the clock stands */
            frame[33] = (uint8_t)(0x10 | flags);
            passed[flags] += bpf_filter(program.bf_insns, frame, sizeof frame, sizeof frame) != 0;
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
#define PASSES(number, step) {number, true},
        UDP_TUNNELS(PASSES)
#undef PASSES
            {53, false},
        {443, false},
        {4500, false},
    };
    char text[LIVE_FILTER_SIZE];
    struct bpf_program program;
    assert_int_equal(live_filter(LIVE_UPTIME, NULL, text, NULL), SYNFIX_OK);
    pcap_t *dead = pcap_open_dead(DLT_RAW, 262144);
    assert_int_equal(pcap_compile(dead, &program, text, 1, PCAP_NETMASK_UNKNOWN), 0);
    pcap_close(dead);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (unsigned side = 0; side < 2; side++) {
            uint8_t frame[48] = {0x45, 0, 0, 48, 0,   1, 0, 0, 64,  17, 0,   0,
                                 10,   0, 0, 1,  192, 0, 2, 1, 200, 1,  200, 1};
            write_be16(frame + 20 + 2 * side, cases[i].port);
            assert_int_equal(bpf_filter(program.bf_insns, frame, sizeof frame, sizeof frame) != 0,
                             cases[i].passes);
        }
    pcap_freecode(&program);
}

static void expressions(void **state)
{
    (void)state;
    char text[LIVE_FILTER_SIZE];
    char large[LIVE_FILTER_SIZE + 1];
    assert_int_equal(live_filter(LIVE_EVERYTHING, NULL, text, NULL), SYNFIX_OK);
    assert_string_equal(text, "");
    assert_int_equal(live_filter(LIVE_EVERYTHING, "port 80", text, NULL), SYNFIX_OK);
    assert_string_equal(text, "(port 80)");
    assert_int_equal(live_filter(LIVE_SYN, "vlan", text, NULL), SYNFIX_OK);
    assert_string_equal(text + strlen(text) - 11, " and (vlan)");
    memset(large, 'x', sizeof large - 1);
    large[sizeof large - 1] = '\0';
    assert_int_equal(live_filter(LIVE_SYN, large, text, NULL), SYNFIX_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_needed_is_dropped),
                                       cmocka_unit_test(share_of_segments),
                                       cmocka_unit_test(ports_of_tunnels), cmocka_unit_test(expressions)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
