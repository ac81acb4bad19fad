/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Connections of the UDP sink over time. The linker puts functions of this file in the place of the clock and
 * of the name service (tests/unit/CMakeLists.txt). */
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

#define SECOND_US INT64_C(1000000)

static int64_t passed_us; /* added to the clock */
static bool moved;        /* the name of the collector has another address */
static bool unreachable;  /* no route to the collector */
static unsigned connected;
static unsigned addresses; /* of the name of the collector */

gint64 __real_g_get_monotonic_time(void);
/* The libraries call this function as well, so they must see the replacement. */
__attribute__((visibility("default"))) gint64 __wrap_g_get_monotonic_time(void);
bool __wrap_transport_peer_moved(ipfix_sink_t *transport, int fd);
synfix_status_t __real_transport_connect_datagram(ipfix_sink_t *transport, unsigned *choice, int *fd,
                                                  synfix_error_t *error);
synfix_status_t __wrap_transport_connect_datagram(ipfix_sink_t *transport, unsigned *choice, int *fd,
                                                  synfix_error_t *error);

gint64 __wrap_g_get_monotonic_time(void)
{
    return __real_g_get_monotonic_time() + passed_us;
}

bool __wrap_transport_peer_moved(ipfix_sink_t *transport, int fd)
{
    (void)transport, (void)fd;
    return moved;
}

synfix_status_t __wrap_transport_connect_datagram(ipfix_sink_t *transport, unsigned *choice, int *fd,
                                                  synfix_error_t *error)
{
    if (unreachable) {
        return synfix_fail(error, SYNFIX_DISCONNECTED, "127.0.0.1: no route on purpose");
    }
    connected++;
    const synfix_status_t status = __real_transport_connect_datagram(transport, choice, fd, error);
    transport->address_count = addresses;
    return status;
}

typedef struct fixture {
    exporter_t exporter;
    synfix_error_t error;
    uint16_t port;
    int collector;
} fixture_t;

static int set_up(void **state)
{
    static fixture_t fixture;
    fixture = (fixture_t){.port = 0};
    passed_us = 0;
    moved = unreachable = false;
    connected = 0;
    addresses = 1;
    fixture.collector = bound_socket(SOCK_DGRAM, "127.0.0.1", &fixture.port);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    fixture_t *fixture = *state;
    exporter_close(&fixture->exporter);
    close(fixture->collector);
    return 0;
}

static synfix_status_t open_sink(fixture_t *fixture, const synfix_module_t *module, bool live,
                                 const char *format)
{
    g_autofree char *target = g_strdup_printf(format, (unsigned)fixture->port);
    return exporter_open(&fixture->exporter, module, live, target, &fixture->error);
}

static void tick_after(fixture_t *fixture, int64_t us)
{
    passed_us += us;
    assert_int_equal(exporter_tick(&fixture->exporter, &fixture->error), SYNFIX_OK);
}

static bool is_logged(const fixture_t *fixture, const char *text)
{
    return strstr(fixture->exporter.log->str, text) != NULL;
}

/* Reads all datagrams that have arrived. Returns how many have templates. */
static unsigned read_templates(const fixture_t *fixture)
{
    uint8_t bytes[2048];
    unsigned count = 0;
    while (recv(fixture->collector, bytes, sizeof bytes, MSG_DONTWAIT) > 20) {
        count += read_be16(bytes + 16) == 2;
    }
    return count;
}

/* A live capture starts without a route, and tries once a second. */
static void without_a_route_each_second_is_an_attempt(void **state)
{
    fixture_t *fixture = *state;
    unreachable = true;
    assert_int_equal(open_sink(fixture, &udp_module, true, "udp://127.0.0.1:%u"), SYNFIX_OK);
    assert_true(is_logged(fixture, "no route on purpose"));
    const uint64_t errors = exporter_stats(&fixture->exporter).errors;
    tick_after(fixture, 0);
    assert_int_equal(exporter_stats(&fixture->exporter).errors, errors);
    tick_after(fixture, 2 * SECOND_US);
    assert_int_equal(exporter_stats(&fixture->exporter).errors, errors + 1);
    unreachable = false;
    tick_after(fixture, 2 * SECOND_US);
    assert_true(is_logged(fixture, "connected again"));
    assert_int_equal(exporter_stats(&fixture->exporter).reconnects, 1);
    assert_true(read_templates(fixture) >= 3); /* single datagrams may be lost */
}

static void a_file_does_not_start_without_a_route(void **state)
{
    fixture_t *fixture = *state;
    unreachable = true;
    assert_int_equal(open_sink(fixture, &udp_module, false, "udp://127.0.0.1:%u"), SYNFIX_DISCONNECTED);
    assert_non_null(strstr(fixture->error.text, "no route on purpose"));
}

/* The name is looked up at each refresh of the templates. Another address is a new session. */
static void a_name_that_moves_is_followed(void **state)
{
    fixture_t *fixture = *state;
    assert_int_equal(open_sink(fixture, &udp_module, true, "udp://127.0.0.1:%u?refresh=60s"), SYNFIX_OK);
    (void)read_templates(fixture);
    moved = true;
    tick_after(fixture, 30 * SECOND_US);
    assert_int_equal(connected, 1);
    tick_after(fixture, 31 * SECOND_US);
    assert_int_equal(connected, 2);
    assert_true(is_logged(fixture, "the name has another address now: connected to the new one"));
    assert_true(read_templates(fixture) >= 3);
    unreachable = true;
    tick_after(fixture, 61 * SECOND_US);
    assert_true(is_logged(fixture, "no route on purpose"));
}

/* DTLS: no process answers the handshake. */
static void a_handshake_is_tried_again(void **state)
{
    fixture_t *fixture = *state;
    close(fixture->collector);
    assert_int_equal(open_sink(fixture, &dtls_module, true, "dtls://127.0.0.1:%u?anonymous=yes"), SYNFIX_OK);
    assert_int_equal(connected, 1);
    tick_after(fixture, 0);
    assert_int_equal(connected, 1);
    tick_after(fixture, 2 * SECOND_US);
    assert_int_equal(connected, 2);
    assert_int_equal(exporter_stats(&fixture->exporter).reconnects, 0);
    fixture->collector = bound_socket(SOCK_DGRAM, "127.0.0.1", &fixture->port);
}

static void a_file_does_not_start_without_a_handshake(void **state)
{
    fixture_t *fixture = *state;
    close(fixture->collector);
    assert_int_equal(open_sink(fixture, &dtls_module, false, "dtls://127.0.0.1:%u?anonymous=yes"),
                     SYNFIX_DISCONNECTED);
    assert_int_equal(connected, 1);
    exporter_close(&fixture->exporter);
    addresses = 3; /* each is tried */
    assert_int_equal(open_sink(fixture, &dtls_module, false, "dtls://127.0.0.1:%u?anonymous=yes"),
                     SYNFIX_DISCONNECTED);
    assert_int_equal(connected, 4);
    fixture->collector = bound_socket(SOCK_DGRAM, "127.0.0.1", &fixture->port);
}

#define WITH_COLLECTOR(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_COLLECTOR(without_a_route_each_second_is_an_attempt),
        WITH_COLLECTOR(a_file_does_not_start_without_a_route),
        WITH_COLLECTOR(a_name_that_moves_is_followed),
        WITH_COLLECTOR(a_handshake_is_tried_again),
        WITH_COLLECTOR(a_file_does_not_start_without_a_handshake),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
