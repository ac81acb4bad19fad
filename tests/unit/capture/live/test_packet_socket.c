/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "capture/live/packet_socket.h"
#include "support/own_network.h"
#include "support/skip.h"

/* Several blocks wherever possible, each with room for a packet. */
static void block_sizes(void **state)
{
    (void)state;
    static const struct {
        size_t ring_size;
        uint32_t snaplen;
        size_t expected;
    } rows[] = {
        {16 << 20, 256, 1048576},     {65536, 256, 8192},          {65536, 96, 8192},
        {1 << 20, 256, 131072},       {65536, 16384, 32768},       {65536, 262144, 524288},
        {INT32_MAX, 262144, 1048576}, {INT32_MAX, 65535, 1048576},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(packet_socket_block_size(rows[i].ring_size, rows[i].snaplen), rows[i].expected);
    }
}

static void kinds_of_interfaces(void **state)
{
    (void)state;
    if (!isolated) {
        SKIP("no network namespace of its own; run as root, or allow user namespaces");
    }
    assert_true(packet_socket_suits("lo"));
    assert_false(packet_socket_suits("any"));
    assert_false(packet_socket_suits("no-such0"));
    assert_false(packet_socket_suits("a-name-longer-than-an-interface-has"));
}

/* Nothing arrives before the socket begins, and nothing at the other socket afterwards. */
static void begins(void **state)
{
    (void)state;
    packet_socket_t own;
    packet_socket_t other;
    synfix_packet_t packets[8];
    if (!isolated) {
        SKIP("no network namespace of its own; run as root, or allow user namespaces");
    }
    assert_true(packet_socket_open(&own, 65536, 256, 10));
    assert_true(packet_socket_open(&other, 65536, 256, 10));
    own.ring.view = (packet_ring_view_t){.link_type = 1, .snaplen = 256, .loopback = if_nametoindex("lo")};
    other.ring.view = own.ring.view;
    assert_int_equal(own.ring.block_size * own.ring.blocks, 65536);
    send_syn(9);
    assert_true(packet_socket_begin(&own, if_nametoindex("lo"), other.descriptor));
    send_syn(9);
    size_t count = 0;
    for (size_t more = 1; count == 0 || more > 0; count += more) {
        more = packet_ring_read(&own.ring, packets, 8);
    }
    assert_int_equal(count, 2); /* and its RST */
    assert_int_equal(packet_ring_read(&other.ring, packets, 8), 0);
    packet_socket_close(&own);
    packet_socket_close(&other);
    packet_socket_close(&other);
    assert_int_equal(own.descriptor, -1);
}

static void refusals(void **state)
{
    (void)state;
    packet_socket_t own;
    if (!isolated) {
        SKIP("no network namespace of its own; run as root, or allow user namespaces");
    }
    assert_true(packet_socket_open(&own, 65536, 256, 10));
    assert_false(packet_socket_begin(&own, 12345, own.descriptor)); /* no such interface */
    packet_socket_close(&own);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(block_sizes), cmocka_unit_test(kinds_of_interfaces),
                                       cmocka_unit_test(begins), cmocka_unit_test(refusals)};
    return tests_exit_code(cmocka_run_group_tests(tests, enter_namespace, NULL));
}
