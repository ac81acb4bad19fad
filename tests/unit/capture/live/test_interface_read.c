/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Packets read in place and through libpcap are the same: the captures of tests/data, sent into the loopback
 * of a network namespace of its own. The kernel takes the tags of VLANs out of the frames. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "capture/file/pcap.h"
#include "capture/live/interface_internal.h"
#include "module/module_options.h"
#include "support/own_network.h"
#include "support/skip.h"
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

enum { CAPTURED = 256, PACKETS_MAX = 4096 };

/* One way of reading, and all that it gave. */
typedef struct reading {
    void *instance;
    size_t count;
    struct {
        uint32_t captured;
        uint32_t original;
        uint32_t interface_id;
        uint64_t number;
        uint8_t bytes[CAPTURED];
    } packets[PACKETS_MAX];
} reading_t;

static reading_t *open_reading(bool by_libpcap, const char *settings)
{
    synfix_options_t *options = NULL;
    const live_member_t member = {.count = 1,
                                  .analysis = LIVE_EVERYTHING,
                                  .encapsulations = SYNFIX_ENCAPSULATIONS_ALL,
                                  .by_libpcap = by_libpcap};
    reading_t *reading = calloc(1, sizeof *reading);
    assert_non_null(reading);
    assert_int_equal(module_options_make(&capture_live_module, "lo", settings, &options, NULL), SYNFIX_OK);
    assert_int_equal(live_open_member(options, &member, &reading->instance, NULL), SYNFIX_OK);
    module_options_free(options);
    assert_int_equal(live_is_in_place(reading->instance), !by_libpcap);
    return reading;
}

static void close_reading(reading_t *reading)
{
    live_end(reading->instance, true);
    capture_live_module.source->close(reading->instance);
    free(reading);
}

/* Reads until as many packets are there as the other way gave; at least one without that. */
static void read_on(reading_t *reading, size_t wanted)
{
    while (reading->count < wanted) {
        synfix_packet_t packets[16];
        size_t count = 0;
        assert_true(capture_live_module.source->read(reading->instance, packets, 16, &count, NULL) >= 0);
        for (size_t i = 0; i < count; i++) {
            assert_true(reading->count < PACKETS_MAX && packets[i].captured_length <= CAPTURED);
            assert_int_equal(packets[i].link_type, 1);
            const size_t at = reading->count++;
            reading->packets[at].captured = packets[i].captured_length;
            reading->packets[at].original = packets[i].original_length;
            reading->packets[at].interface_id = packets[i].interface_id;
            reading->packets[at].number = packets[i].number;
            memcpy(reading->packets[at].bytes, packets[i].data, packets[i].captured_length);
        }
    }
}

/* Sends the frames of a capture; their number. */
static size_t send_file(const char *name)
{
    char path[256];
    pcap_format_t format = {0};
    synfix_packet_t packet;
    size_t count = 0;
    size_t sent = 0;
    const struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_ifindex = (int)if_nametoindex("lo")};
    const int fd = socket(AF_PACKET, SOCK_RAW, 0);
    (void)snprintf(path, sizeof path, "%s/%s.pcap", SYNFIX_TEST_DATA, name);
    assert_int_equal(buffered_input_open(&format.input, path, NULL), SYNFIX_OK);
    assert_int_equal(pcap_format_begin(&format, NULL), SYNFIX_OK);
    while (sent < 300 && pcap_format_read(&format, &packet, 1, &count, NULL) == SYNFIX_OK) {
        assert_int_equal(packet.link_type, 1);
        assert_int_equal(sendto(fd, packet.data, packet.captured_length, 0, (const struct sockaddr *)&address,
                                sizeof address),
                         packet.captured_length);
        sent++;
    }
    pcap_format_free(&format);
    (void)close(fd);
    return sent;
}

static void compare(const char *name, const char *settings)
{
    reading_t *in_place = open_reading(false, settings);
    reading_t *by_libpcap = open_reading(true, settings);
    const size_t sent = send_file(name);
    assert_true(sent > 0);
    send_syn(9); /* the last packets are its RST and it */
    read_on(in_place, sent + 2);
    read_on(by_libpcap, in_place->count);
    read_on(in_place, by_libpcap->count);
    assert_int_equal(in_place->count, by_libpcap->count);
    for (size_t i = 0; i < in_place->count; i++) {
        if (memcmp(&in_place->packets[i], &by_libpcap->packets[i], sizeof in_place->packets[i]) != 0) {
            fail_msg("%s: packet %zu differs", name, i);
        }
    }
    close_reading(in_place);
    close_reading(by_libpcap);
}

static void same_packets(void **state)
{
    (void)state;
    static const char *const names[] = {"vlan", "qinq",     "web",   "mixed",
                                        "gre",  "ipv6-ftp", "vxlan", "ipv6-extension"};
    if (!isolated) {
        SKIP("no network namespace of its own; run as root, or allow user namespaces");
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        compare(names[i], "timeout=20ms&buffer=4M&kernel-filter=no");
        compare(names[i], "timeout=20ms&buffer=4M&kernel-filter=no&snaplen=96");
    }
}

/* The same counts of packets that had no room. */
static void drops_are_counted(void **state)
{
    (void)state;
    if (!isolated) {
        SKIP("no network namespace of its own; run as root, or allow user namespaces");
    }
    reading_t *reading = open_reading(false, "timeout=20ms&buffer=64k&kernel-filter=no");
    size_t sent = 0;
    for (unsigned i = 0; i < 10; i++) {
        sent += send_file("web");
    }
    synfix_source_stats_t stats = {0};
    synfix_packet_t packets[16];
    size_t count = 0;
    live_close_intake(reading->instance);
    for (unsigned idle = 0; idle < 3;) {
        idle = capture_live_module.source->read(reading->instance, packets, 16, &count, NULL) == SYNFIX_AGAIN
                   ? idle + 1
                   : 0;
        if (idle > 0) {
            (void)poll(&(struct pollfd){.fd = live_descriptor(reading->instance), .events = POLLIN}, 1, 100);
        }
    }
    live_end(reading->instance, true);
    capture_live_module.source->stats(reading->instance, &stats);
    assert_true(stats.received > 0 && stats.dropped_kernel > 0);
    assert_true(stats.received + stats.dropped_kernel >= sent); /* and what the kernel answers */
    capture_live_module.source->close(reading->instance);
    free(reading);
}

static unsigned read_idle(reading_t *reading)
{
    synfix_packet_t packets[16];
    size_t count = 0;
    unsigned read = 0;
    for (unsigned idle = 0; idle < 3; idle += count == 0) {
        assert_true(capture_live_module.source->read(reading->instance, packets, 16, &count, NULL) >= 0);
        read += (unsigned)count;
        if (count == 0) {
            (void)poll(&(struct pollfd){.fd = live_descriptor(reading->instance), .events = POLLIN}, 1, 100);
        }
    }
    return read;
}

/* Packets of before the start are discarded by their time. A clock that is set back later makes all packets
 * older than the start. */
static void clock_set_back(void **state)
{
    (void)state;
    if (!isolated) {
        SKIP("no network namespace of its own; run as root, or allow user namespaces");
    }
    for (unsigned by_libpcap = 0; by_libpcap < 2; by_libpcap++) {
        reading_t *reading = open_reading(by_libpcap, "timeout=20ms&kernel-filter=no");
        live_t *live = reading->instance;
        live_discard_before(live, INT64_MAX);
        assert_true(live->settled_ns > 0);
        send_syn(9);
        assert_int_equal(read_idle(reading), 0);
        live->settled_ns = 0; /* the time has passed */
        send_syn(9);
        read_on(reading, 2);
        close_reading(reading);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(same_packets), cmocka_unit_test(drops_are_counted),
                                       cmocka_unit_test(clock_set_back)};
    return tests_exit_code(cmocka_run_group_tests(tests, enter_namespace, NULL));
}
