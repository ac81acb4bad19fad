/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/byte_order.h"
#include "exporter/transport/endpoint_list.h"
#include "exporter/transport/transport_modules.h"
#include "exporter/transport/udp_sink.h"
#include "support/exporter.h"
#include <poll.h>
#include <string.h>

static synfix_status_t open_udp(exporter_t *exporter, bool live, const char *format, uint16_t port,
                                synfix_error_t *error)
{
    g_autofree char *target = g_strdup_printf(format, (unsigned)port);
    return exporter_open(exporter, &udp_module, live, target, error);
}

static void send_record(exporter_t *exporter)
{
    synfix_error_t error;
    assert_int_equal(exporter_write(exporter, 1, &error), SYNFIX_OK);
}

/* Datagrams with a template set that arrive until @p wanted came or @p timeout_ms passed, while the sink's
 * timer runs. */
static unsigned templates_within(exporter_t *exporter, int fd, unsigned wanted, int64_t timeout_ms)
{
    const int64_t until_us = g_get_monotonic_time() + timeout_ms * 1000;
    unsigned count = 0;
    synfix_error_t error;
    while (g_get_monotonic_time() < until_us && count < wanted) {
        assert_int_equal(exporter_tick(exporter, &error), SYNFIX_OK);
        struct pollfd wait = {.fd = fd, .events = POLLIN};
        uint8_t bytes[2048];
        while (poll(&wait, 1, 50) > 0) {
            const ssize_t length = recv(fd, bytes, sizeof bytes, 0);
            assert_true(length > 20);
            count += read_be16(bytes + 16) == 2;
        }
    }
    return count;
}

static void a_collector_that_starts_late_gets_templates(void **state)
{
    (void)state;
    exporter_t exporter;
    synfix_error_t error;
    uint16_t port = unused_port(SOCK_DGRAM);
    assert_int_equal(open_udp(&exporter, true, "udp://127.0.0.1:%u", port, &error), SYNFIX_OK);
    for (int i = 0; i < 3; i++) {
        send_record(&exporter);
        usleep(1000);
    }
    assert_int_equal(exporter_stats(&exporter).unheard, 3);
    assert_non_null(strstr(exporter.log->str, "no process listens on the port"));
    const int fd = bound_socket(SOCK_DGRAM, "127.0.0.1", &port);
    assert_true(templates_within(&exporter, fd, 1, 5000) > 0);
    /* and the log says when a process listens again, once the refusals have ceased */
    for (int i = 0; i < 100 && !strstr(exporter.log->str, "a process listens again"); i++) {
        (void)templates_within(&exporter, fd, 1, 50);
    }
    assert_non_null(strstr(exporter.log->str, "3 records sent while no process listened"));
    send_record(&exporter);
    assert_int_equal(exporter_stats(&exporter).unheard, 3);
    close(fd);
    exporter_close(&exporter);
}

static void templates_come_again_soon_after_the_start(void **state)
{
    (void)state;
    exporter_t exporter;
    synfix_error_t error;
    uint16_t port = 0;
    const int fd = bound_socket(SOCK_DGRAM, "127.0.0.1", &port);
    assert_int_equal(open_udp(&exporter, true, "udp://127.0.0.1:%u", port, &error), SYNFIX_OK);
    uint8_t bytes[2048];
    while (recv(fd, bytes, sizeof bytes, MSG_DONTWAIT) > 0) {
    }
    assert_true(templates_within(&exporter, fd, 1, 5000) > 0);
    close(fd);
    exporter_close(&exporter);
}

static void sends_from_the_source_address(void **state)
{
    (void)state;
    exporter_t exporter;
    synfix_error_t error;
    uint16_t port = 0;
    const int fd = bound_socket(SOCK_DGRAM, "127.0.0.1", &port);
    assert_int_equal(open_udp(&exporter, true, "udp://127.0.0.1:%u?source=127.0.0.9", port, &error),
                     SYNFIX_OK);
    struct sockaddr_in from = {.sin_family = AF_INET};
    socklen_t size = sizeof from;
    uint8_t bytes[2048];
    assert_true(recvfrom(fd, bytes, sizeof bytes, 0, (struct sockaddr *)&from, &size) > 0);
    assert_int_equal(ntohl(from.sin_addr.s_addr), 0x7F000009);
    close(fd);
    exporter_close(&exporter);
}

static void a_source_must_be_an_address(void **state)
{
    (void)state;
    exporter_t exporter;
    synfix_error_t error;
    assert_int_equal(open_udp(&exporter, true, "udp://127.0.0.1:%u?source=eth0", 4739, &error),
                     SYNFIX_INVALID);
    assert_non_null(strstr(error.text, "source: 'eth0' is not an IP address"));
    exporter_close(&exporter);
}

static void a_file_fails_where_nobody_listens(void **state)
{
    (void)state;
    exporter_t exporter;
    synfix_error_t error;
    assert_int_equal(open_udp(&exporter, false, "udp://127.0.0.1:%u", unused_port(SOCK_DGRAM), &error),
                     SYNFIX_DISCONNECTED);
    assert_non_null(strstr(error.text, "refused"));
    exporter_close(&exporter);
}

/* `localhost` is ::1 and 127.0.0.1 on most hosts: one that listens only at the latter is found. */
static void all_addresses_of_a_name_are_tried(void **state)
{
    (void)state;
    exporter_t exporter;
    synfix_error_t error;
    uint16_t port = 0;
    const int fd = bound_socket(SOCK_DGRAM, "127.0.0.1", &port);
    assert_int_equal(open_udp(&exporter, false, "udp://localhost:%u", port, &error), SYNFIX_OK);
    uint8_t bytes[2048];
    assert_true(recv(fd, bytes, sizeof bytes, MSG_DONTWAIT) > 0);
    const udp_sink_t *const sink = exporter.instance;
    assert_false(transport_peer_moved((ipfix_sink_t *)exporter.instance, sink->fd));
    close(fd);
    exporter_close(&exporter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_collector_that_starts_late_gets_templates),
        cmocka_unit_test(templates_come_again_soon_after_the_start),
        cmocka_unit_test(sends_from_the_source_address),
        cmocka_unit_test(a_source_must_be_an_address),
        cmocka_unit_test(a_file_fails_where_nobody_listens),
        cmocka_unit_test(all_addresses_of_a_name_are_tried),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
