/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A ring as the kernel fills it, in ordinary memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "capture/live/packet_ring.h"
#include <linux/if_packet.h>
#include <string.h>

#define BLOCK    4096u
#define BLOCKS   3u
#define FIRST    48u /* offset of the first packet in a block */
#define MAC      86u /* offset of the packet in its frame */
#define FRAME    256u
#define LOOPBACK 1

static _Alignas(64) uint8_t memory[BLOCKS * BLOCK];
static packet_ring_t ring;
static synfix_packet_t packets[64];

static int clear(void **state)
{
    (void)state;
    memset(memory, 0, sizeof memory);
    ring = (packet_ring_t){.memory = memory, .block_size = BLOCK, .blocks = BLOCKS};
    ring.view = (packet_ring_view_t){.link_type = 1, .interface_id = 7, .snaplen = 128};
    return 0;
}

static struct tpacket_hdr_v1 *block(unsigned position)
{
    return &((struct tpacket_block_desc *)(void *)(memory + position * BLOCK))->hdr.bh1;
}

static struct tpacket3_hdr *frame(unsigned position, unsigned index)
{
    return (struct tpacket3_hdr *)(void *)(memory + position * BLOCK + FIRST + index * FRAME);
}

static struct sockaddr_ll *address(unsigned position, unsigned index)
{
    return (struct sockaddr_ll *)(void *)(frame(position, index) + 1);
}

/* The kernel passes a block with @p count packets of 60 bytes, whose first byte counts from @p first. */
static void fill(unsigned position, unsigned count, uint8_t first)
{
    *block(position) = (struct tpacket_hdr_v1){
        .block_status = TP_STATUS_USER, .num_pkts = count, .offset_to_first_pkt = FIRST};
    for (unsigned i = 0; i < count; i++) {
        struct tpacket3_hdr *header = frame(position, i);
        *header = (struct tpacket3_hdr){.tp_next_offset = i + 1 < count ? FRAME : 0,
                                        .tp_sec = 5,
                                        .tp_nsec = first + i,
                                        .tp_snaplen = 60,
                                        .tp_len = 1000,
                                        .tp_mac = MAC,
                                        .tp_net = MAC + 14};
        memset((uint8_t *)header + MAC, 0, 60);
        for (uint8_t byte = 0; byte < 60; byte++) {
            ((uint8_t *)header + MAC)[byte] = (uint8_t)(first + i + byte);
        }
    }
}

static bool kernel_has(unsigned position)
{
    return block(position)->block_status == TP_STATUS_KERNEL;
}

/* Each packet once and in order, in place; a block returns when the next one is read. */
static void blocks_in_turn(void **state)
{
    (void)state;
    unsigned expected = 0;
    assert_int_equal(packet_ring_read(&ring, packets, 64), 0);
    for (unsigned round = 0; round < 7; round++) {
        const unsigned position = round % BLOCKS;
        fill(position, 5, (uint8_t)(round * 5));
        for (size_t left = 5; left > 0;) {
            const size_t count = packet_ring_read(&ring, packets, 2);
            assert_int_equal(count, left < 2 ? left : 2);
            for (size_t i = 0; i < count; i++, expected++) {
                assert_int_equal(packets[i].data[0], (uint8_t)expected);
                assert_int_equal(packets[i].number, expected + 1);
                assert_int_equal(packets[i].time_ns, 5000000000 + expected);
                assert_ptr_equal(packets[i].data,
                                 memory + position * BLOCK + FIRST + expected % 5 * FRAME + MAC);
            }
            left -= count;
        }
        assert_false(kernel_has(position));
        assert_true(kernel_has((position + 1) % BLOCKS));
    }
    assert_int_equal(packet_ring_read(&ring, packets, 64), 0);
    assert_true(kernel_has(0));
    assert_int_equal(ring.walked, 35);
}

static void fields(void **state)
{
    (void)state;
    fill(0, 2, 1);
    frame(0, 1)->tp_snaplen = 150;
    frame(0, 1)->tp_len = 10; /* shorter than what was captured: no kernel says so */
    assert_int_equal(packet_ring_read(&ring, packets, 64), 2);
    assert_int_equal(packets[0].captured_length, 60);
    assert_int_equal(packets[0].original_length, 1000);
    assert_int_equal(packets[0].link_type, 1);
    assert_int_equal(packets[0].interface_id, 7);
    assert_null(packets[0].user);
    assert_int_equal(packets[1].captured_length, 128); /* the snapshot length */
    assert_int_equal(packets[1].original_length, 150);
}

static void tags_come_back(void **state)
{
    (void)state;
    static const uint8_t expected[][18] = {
        {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0x88, 0xA8, 0x61, 0x23, 12, 13},
        {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0x81, 0x00, 0x00, 0x05, 13, 14},
        {2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 0x81, 0x00, 0x00, 0x00, 14, 15},
    };
    fill(0, 4, 0);
    frame(0, 0)->tp_status = TP_STATUS_VLAN_VALID | TP_STATUS_VLAN_TPID_VALID;
    frame(0, 0)->hv1.tp_vlan_tci = 0x6123;
    frame(0, 0)->hv1.tp_vlan_tpid = 0x88A8;
    frame(0, 1)->hv1.tp_vlan_tci = 5; /* kernels before 3.0 set no flag */
    frame(0, 2)->tp_status = TP_STATUS_VLAN_VALID;
    frame(0, 3)->tp_status = TP_STATUS_VLAN_VALID;
    frame(0, 3)->tp_snaplen = 11; /* cut within the addresses */
    assert_int_equal(packet_ring_read(&ring, packets, 64), 4);
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(packets[i].captured_length, 64);
        assert_int_equal(packets[i].original_length, 1004);
        assert_memory_equal(packets[i].data, expected[i], sizeof expected[i]);
    }
    assert_int_equal(packets[3].captured_length, 11);
    assert_int_equal(packets[3].data[0], 3);
}

/* Copies of the loopback and packets from before the start are counted as walked, and not delivered. */
static void passed_over(void **state)
{
    (void)state;
    ring.view.loopback = LOOPBACK;
    ring.view.begin_ns = 5000000001;
    fill(0, 4, 0);
    for (unsigned i = 0; i < 4; i++) {
        *address(0, i) = (struct sockaddr_ll){.sll_pkttype = i == 3 ? PACKET_HOST : PACKET_OUTGOING,
                                              .sll_ifindex = i == 2 ? 2 : LOOPBACK};
    }
    assert_int_equal(packet_ring_read(&ring, packets, 64), 2);
    assert_int_equal(packets[0].data[0], 2); /* leaves another interface */
    assert_int_equal(packets[1].data[0], 3);
    assert_int_equal(packets[1].number, 2);
    assert_int_equal(ring.walked, 4);
    ring.view.loopback = 0;
    ring.view.begin_ns = 0;
    fill(1, 1, 9);
    address(1, 0)->sll_pkttype = PACKET_OUTGOING;
    assert_int_equal(packet_ring_read(&ring, packets, 64), 1);
}

/* Blocks without a packet to deliver do not end the reading. */
static void empty_blocks(void **state)
{
    (void)state;
    ring.view.begin_ns = 5000000003;
    fill(0, 0, 0);
    fill(1, 2, 0);
    fill(2, 1, 9);
    assert_int_equal(packet_ring_read(&ring, packets, 64), 1);
    assert_int_equal(packets[0].data[0], 9);
    assert_true(kernel_has(0) && kernel_has(1) && !kernel_has(2));
}

/* The second of three packets has a wrong value; EXPECTED packets are read before. */
#define DAMAGE(field_, value_, expected_)                                                                    \
    do {                                                                                                     \
        clear(NULL);                                                                                         \
        fill(0, 3, 0);                                                                                       \
        frame(0, 1)->field_ = (value_);                                                                      \
        assert_int_equal(packet_ring_read(&ring, packets, 64), expected_);                                   \
        assert_true(ring.damaged);                                                                           \
        assert_int_equal(packet_ring_read(&ring, packets, 64), 0);                                           \
    } while (0)

/* Offsets that lead out of the block or into a header end the reading. */
static void damage(void **state)
{
    (void)state;
    static const uint32_t firsts[] = {BLOCK, BLOCK - 60, 0xFFFFFFF8, FIRST + 4};
    DAMAGE(tp_mac, 0, 1);
    DAMAGE(tp_mac, 71, 1); /* no room for a tag */
    DAMAGE(tp_mac, 4000, 1);
    DAMAGE(tp_mac, 0xFFFF, 1);
    DAMAGE(tp_snaplen, BLOCK, 1);
    DAMAGE(tp_snaplen, 0xFFFFFFFF, 1);
    DAMAGE(tp_next_offset, 0, 1);
    DAMAGE(tp_next_offset, 64, 1);
    DAMAGE(tp_next_offset, FRAME + 4, 2);
    DAMAGE(tp_next_offset, BLOCK, 1);
    DAMAGE(tp_next_offset, 0xFFFFFFFF, 1);
    for (size_t i = 0; i < sizeof firsts / sizeof *firsts; i++) {
        clear(NULL);
        fill(0, 3, 0);
        block(0)->offset_to_first_pkt = firsts[i];
        assert_int_equal(packet_ring_read(&ring, packets, 64), 0);
        assert_true(ring.damaged);
    }
}

static uint32_t next_random(void)
{
    static uint32_t state = 1;
    state = state * 1664525u + 1013904223u;
    return state >> 16;
}

/* With any headers, each packet lies in its block, after its own header. */
static void random_headers(void **state)
{
    static const uint32_t offsets[] = {0,   48,  64,   68,   72,   76,     86,        96,
                                       104, 256, 4000, 4024, 4096, 0xFFFF, 0xFFFFFFFF};
    enum { OFFSETS = sizeof offsets / sizeof *offsets };
    (void)state;
    for (unsigned round = 0; round < 20000; round++) {
        clear(NULL);
        fill(0, 5, 0);
        for (unsigned i = 0; i < 5; i++) {
            struct tpacket3_hdr *header = frame(0, i);
            header->tp_next_offset = next_random() % 4 ? FRAME : offsets[next_random() % OFFSETS];
            header->tp_mac = next_random() % 4 ? MAC : (uint16_t)offsets[next_random() % OFFSETS];
            header->tp_snaplen = next_random() % 4 ? 60 : offsets[next_random() % OFFSETS];
            header->tp_status = next_random() % 2 ? TP_STATUS_VLAN_VALID : 0;
        }
        block(0)->num_pkts = next_random() % 8;
        const size_t count = packet_ring_read(&ring, packets, 64);
        for (size_t i = 0; i < count; i++) {
            assert_true(packets[i].data >= memory + FIRST + 68);
            assert_true(packets[i].captured_length <= (size_t)(memory + BLOCK - packets[i].data));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(blocks_in_turn, clear),
        cmocka_unit_test_setup(fields, clear),
        cmocka_unit_test_setup(tags_come_back, clear),
        cmocka_unit_test_setup(passed_over, clear),
        cmocka_unit_test_setup(empty_blocks, clear),
        cmocka_unit_test(damage),
        cmocka_unit_test(random_headers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
