/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "capture/sflow/sflow_source.h"
#include "support/exporter.h"
#include "support/parse_options.h"
#include <string.h>
#include <synfix/decode.h>

/* A datagram without samples. */
static const uint8_t datagram[] = {0, 0, 0, 5, 0, 0, 0, 1, 10, 9, 8, 7, 0, 0,
                                   0, 0, 0, 0, 0, 1, 0, 0, 0,  1, 0, 0, 0, 0};

static char logged[512];

static void log_line(void *user, int level, const char *text)
{
    (void)user, (void)level;
    if (strstr(text, "receive buffer") == NULL) {
        strncat(logged, text, sizeof logged - strlen(logged) - 1);
    }
}

static const synfix_module_context_t with_log = {.struct_size = sizeof with_log, .log = log_line};

static synfix_status_t open_source(const char *text, void **instance, synfix_error_t *error)
{
    synfix_options_t *options = NULL;
    logged[0] = '\0';
    assert_int_equal(parse_options(&capture_sflow_module, text, &options, error), SYNFIX_OK);
    const synfix_status_t status = capture_sflow_module.source->open(&with_log, options, instance, error);
    module_options_free(options);
    return status;
}

static void send_bytes(int family, const char *address, uint16_t port, const void *bytes, size_t length)
{
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    const int fd = socket(family, SOCK_DGRAM, 0);
    assert_int_equal(
        inet_pton(family, address, family == AF_INET ? (void *)&four.sin_addr : (void *)&six.sin6_addr), 1);
    const struct sockaddr *to =
        family == AF_INET ? (const struct sockaddr *)&four : (const struct sockaddr *)&six;
    const socklen_t size = family == AF_INET ? sizeof four : sizeof six;
    assert_int_equal(sendto(fd, bytes, length, 0, to, size), length);
    close(fd);
}

static void send_datagram(int family, const char *address, uint16_t port)
{
    send_bytes(family, address, port, datagram, sizeof datagram);
}

static size_t read_some(void *instance, synfix_packet_t *packets)
{
    synfix_error_t error;
    size_t count = 0;
    for (unsigned i = 0; i < 50 && count == 0; i++) {
        assert_true(capture_sflow_module.source->read(instance, packets, 8, &count, &error) >= 0);
    }
    return count;
}

/* A received datagram is decoded as a captured one, on any port. */
static void check_received(int family, const char *listen, const char *address, uint8_t version)
{
    uint16_t port = unused_port(SOCK_DGRAM);
    void *instance = NULL;
    synfix_error_t error;
    synfix_packet_t packets[8];
    synfix_headers_t headers;
    synfix_source_stats_t stats;
    g_autofree char *text = g_strdup_printf("sflow://%s:%u", listen, port);
    if (open_source(text, &instance, &error) != SYNFIX_OK && family == AF_INET6) {
        return; /* a host without IPv6 */
    }
    assert_non_null(instance);
    send_datagram(family, address, port);
    assert_int_equal(read_some(instance, packets), 1);
    assert_int_equal(packets[0].number, 1);
    assert_true(packets[0].time_ns > 0);
    assert_int_equal(synfix_decode(&packets[0], &headers), SYNFIX_VERDICT_SFLOW);
    assert_int_equal(headers.encapsulation.outer_version, version);
    capture_sflow_module.source->stats(instance, &stats);
    assert_int_equal(stats.received, 1);
    assert_string_equal(logged, "");
    capture_sflow_module.source->close(instance);
}

/* The first sender of another protocol is logged, once. */
static void another_protocol_is_logged(void **state)
{
    (void)state;
    const uint16_t port = unused_port(SOCK_DGRAM);
    void *instance = NULL;
    synfix_error_t error;
    synfix_packet_t packets[8];
    g_autofree char *text = g_strdup_printf("sflow://127.0.0.1:%u", port);
    assert_int_equal(open_source(text, &instance, &error), SYNFIX_OK);
    for (unsigned i = 0; i < 2; i++) {
        send_bytes(AF_INET, "127.0.0.1", port, "\0\x09\0\x01", 4);
        assert_int_equal(read_some(instance, packets), 1);
    }
    assert_string_equal(logged,
                        "sflow: 127.0.0.1 sends NetFlow version 9 instead of sFlow version 5; configure "
                        "sFlow version 5 on this sender");
    capture_sflow_module.source->close(instance);
}

static void received_over_ipv4(void **state)
{
    (void)state;
    check_received(AF_INET, "127.0.0.1", "127.0.0.1", 4);
}

static void received_over_ipv6(void **state)
{
    (void)state;
    check_received(AF_INET6, "[::1]", "::1", 6);
}

static void all_addresses(void **state)
{
    (void)state;
    check_received(AF_INET, "", "127.0.0.1", 4);
}

static void mistakes(void **state)
{
    (void)state;
    static const char *const wrong[][2] = {
        {"sflow://127.0.0.1:0", "port '0' is not a port"},
        {"sflow://127.0.0.1:65536", "port '65536' is not a port"},
        {"sflow://127.0.0.1: +5", "port ' +5' is not a port"},
        {"sflow://[::1", "is not an address; write sflow://ADDRESS:PORT or sflow://:PORT"},
        {"sflow://192.0.2.1:6343", "192.0.2.1 port 6343"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        void *instance = NULL;
        synfix_error_t error = {.text = ""};
        assert_true(open_source(wrong[i][0], &instance, &error) < 0);
        assert_non_null(strstr(error.text, wrong[i][1]));
        assert_null(instance);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(received_over_ipv4), cmocka_unit_test(received_over_ipv6),
        cmocka_unit_test(all_addresses),      cmocka_unit_test(another_protocol_is_logged),
        cmocka_unit_test(mistakes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
