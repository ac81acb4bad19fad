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
#include "support/tls_peers.h"
#include <poll.h>
#include <stdio.h>
#include <string.h>

#define SECOND_US INT64_C(1000000)

static int64_t passed_us; /* added to the clock */
static bool moved;        /* the name of the collector has another address */
static bool unreachable;  /* no route to the collector */
static unsigned connected;
static unsigned addresses; /* of the name of the collector */
static uint16_t ports[2];  /* not 0: a port of its own for each address */

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
    endpoint_t *const endpoint = &transport->endpoints[0];
    const uint16_t port = ports[*choice % 2];
    if (port != 0) {
        (void)snprintf(endpoint->port, sizeof endpoint->port, "%u", (unsigned)port);
    }
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
    ports[0] = ports[1] = 0;
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
    assert_true(is_logged(fixture, "the name has another address now: connected to the new address"));
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

typedef struct dtls_collector {
    tls_context_t *context;
    int fd;
    int peer_fd;
    tls_session_t *session;
} dtls_collector_t;

/* Waits for an exporter, and performs the handshake. */
static void serve_handshake(dtls_collector_t *collector)
{
    uint8_t bytes[16384];
    synfix_error_t error;
    size_t got = 0;
    struct pollfd wait = {.fd = collector->fd, .events = POLLIN};
    while (collector->session == NULL && poll(&wait, 1, 10000) == 1) {
        (void)tls_session_listen(collector->context, collector->fd, &collector->peer_fd, &collector->session,
                                 &error);
    }
    wait.fd = collector->peer_fd;
    while (collector->session != NULL && !tls_session_is_open(collector->session) &&
           poll(&wait, 1, 10000) == 1) {
        (void)tls_session_read(collector->session, bytes, sizeof bytes, &got, &error);
    }
}

/* The kernel refuses later messages to this collector. */
static void end_collector(dtls_collector_t *collector)
{
    tls_session_close(collector->session);
    (void)close(collector->peer_fd);
    (void)close(collector->fd);
}

static void *serve_two(void *user)
{
    dtls_collector_t *const collectors = user;
    serve_handshake(&collectors[0]);
    end_collector(&collectors[0]);
    serve_handshake(&collectors[1]);
    return NULL;
}

static void a_refusal_after_the_handshake_leads_to_the_next_address(void **state)
{
    fixture_t *fixture = *state;
    const tls_files_t files = {.cert = "collector", .key = "collector.key", .anonymous = true};
    tls_context_t *context = NULL;
    dtls_collector_t collectors[2];
    pthread_t thread;
    uint8_t bytes[16384];
    size_t got = 0;
    NEED_CERTIFICATES();
    assert_int_equal(tls_context_new_server(&files, true, &context, &fixture->error), SYNFIX_OK);
    for (unsigned i = 0; i < 2; i++) {
        collectors[i] = (dtls_collector_t){
            .context = context, .fd = bound_socket(SOCK_DGRAM, "127.0.0.1", &ports[i]), .peer_fd = -1};
        assert_int_equal(fcntl(collectors[i].fd, F_SETFL, O_NONBLOCK), 0);
    }
    addresses = 2;
    assert_int_equal(pthread_create(&thread, NULL, serve_two, collectors), 0);
    const synfix_status_t status = open_sink(
        fixture, &dtls_module, false, "dtls://127.0.0.1:%u?ca=collector&anonymous=yes&name=host.example");
    (void)pthread_join(thread, NULL);
    assert_int_equal(status, SYNFIX_OK);
    assert_int_equal(connected, 2);
    assert_int_equal(tls_session_read(collectors[1].session, bytes, sizeof bytes, &got, &fixture->error),
                     SYNFIX_OK);
    assert_int_equal(read_be16(bytes), 10); /* an IPFIX message */
    end_collector(&collectors[1]);
    tls_context_free(context);
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
        WITH_COLLECTOR(a_refusal_after_the_handshake_leads_to_the_next_address),
    };
    return tests_exit_code(cmocka_run_group_tests(tests, begin, end));
}
