/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include "base/byte_order.h"
#include "exporter/transport/udp_sink.h"
#include "module/module_options.h"
#include "support/observations.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct exporter {
    synfix_module_context_t host;
    GString *log;
    void *instance;
    uint8_t data[1500];
    synfix_block_t block;
} exporter_t;

static void log_line(void *user, int level, const char *text)
{
    (void)level;
    g_string_append_printf(user, "%s\n", text);
}

static int listen_at(const char *address, uint16_t *port)
{
    const int fd = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(*port)};
    socklen_t size = sizeof at;
    assert_true(fd >= 0);
    assert_int_equal(inet_pton(AF_INET, address, &at.sin_addr), 1);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, size), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &size), 0);
    *port = ntohs(at.sin_port);
    return fd;
}

/* A port of 127.0.0.1 where nobody listens. */
static uint16_t free_port(void)
{
    uint16_t port = 0;
    close(listen_at("127.0.0.1", &port));
    return port;
}

static synfix_status_t exporter_open(exporter_t *exporter, bool live, const char *format, uint16_t port,
                                     synfix_error_t *error)
{
    g_autofree char *text = g_strdup_printf(format, (unsigned)port);
    synfix_options_t *options = NULL;
    *exporter = (exporter_t){.log = g_string_new(NULL)};
    exporter->host = (synfix_module_context_t){.struct_size = sizeof exporter->host,
                                               .user = exporter->log,
                                               .observation_domain = 1,
                                               .log = log_line,
                                               .live = live};
    assert_int_equal(options_parse(&udp_module, text, &options, error), SYNFIX_OK);
    const synfix_status_t status =
        udp_module.sink->open(&exporter->host, options, &exporter->instance, error);
    options_free(options);
    return status;
}

static void exporter_close(exporter_t *exporter)
{
    if (exporter->instance) {
        udp_module.sink->close(exporter->instance);
    }
    g_string_free(exporter->log, TRUE);
}

/* One message with one record. */
static void send_record(exporter_t *exporter)
{
    const void *settings;
    const char *key;
    void *encoder = NULL;
    synfix_error_t error;
    random_observation_t random;
    uint32_t seed = 1;
    const synfix_encoding_t *const encoding = udp_module.sink->encoding(exporter->instance, &settings, &key);
    exporter->block = (synfix_block_t){.data = exporter->data, .capacity = encoding->size(settings)};
    assert_int_equal(encoding->create(settings, 0, &encoder, &error), SYNFIX_OK);
    random_observation(&seed, &random);
    assert_int_equal(encoding->encode(encoder, &random.observation, &exporter->block), SYNFIX_OK);
    encoding->seal(encoder, &exporter->block);
    encoding->destroy(encoder);
    assert_int_equal(udp_module.sink->write(exporter->instance, &exporter->block, &error), SYNFIX_OK);
}

/* Datagrams with a template set that arrive until @p wanted came or @p timeout_ms passed, while the sink's
 * timer runs. */
static unsigned templates_within(exporter_t *exporter, int fd, unsigned wanted, int64_t timeout_ms)
{
    const int64_t until_us = g_get_monotonic_time() + timeout_ms * 1000;
    unsigned count = 0;
    synfix_error_t error;
    while (g_get_monotonic_time() < until_us && count < wanted) {
        assert_int_equal(udp_module.sink->tick(exporter->instance, g_get_real_time() * 1000, &error),
                         SYNFIX_OK);
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

static uint64_t unheard(const exporter_t *exporter)
{
    synfix_sink_stats_t stats;
    udp_module.sink->stats(exporter->instance, &stats);
    return stats.unheard;
}

static void a_collector_that_starts_late_gets_templates(void **state)
{
    (void)state;
    exporter_t exporter;
    synfix_error_t error;
    uint16_t port = free_port();
    assert_int_equal(exporter_open(&exporter, true, "udp://127.0.0.1:%u", port, &error), SYNFIX_OK);
    for (int i = 0; i < 3; i++) {
        send_record(&exporter);
        usleep(1000);
    }
    assert_int_equal(unheard(&exporter), 3);
    assert_non_null(strstr(exporter.log->str, "nobody listens there"));
    const int fd = listen_at("127.0.0.1", &port);
    assert_true(templates_within(&exporter, fd, 1, 5000) > 0);
    /* and the log says when somebody listens again, once the refusals have ceased */
    for (int i = 0; i < 100 && !strstr(exporter.log->str, "somebody listens again"); i++) {
        (void)templates_within(&exporter, fd, 1, 50);
    }
    assert_non_null(strstr(exporter.log->str, "3 records were sent while nobody listened"));
    send_record(&exporter);
    assert_int_equal(unheard(&exporter), 3);
    close(fd);
    exporter_close(&exporter);
}

static void templates_come_again_soon_after_the_start(void **state)
{
    (void)state;
    exporter_t exporter;
    synfix_error_t error;
    uint16_t port = 0;
    const int fd = listen_at("127.0.0.1", &port);
    assert_int_equal(exporter_open(&exporter, true, "udp://127.0.0.1:%u", port, &error), SYNFIX_OK);
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
    const int fd = listen_at("127.0.0.1", &port);
    assert_int_equal(exporter_open(&exporter, true, "udp://127.0.0.1:%u?source=127.0.0.9", port, &error),
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
    assert_int_equal(exporter_open(&exporter, true, "udp://127.0.0.1:%u?source=eth0", 4739, &error),
                     SYNFIX_INVALID);
    assert_non_null(strstr(error.text, "source='eth0' is not an IP address"));
    exporter_close(&exporter);
}

static void a_file_fails_where_nobody_listens(void **state)
{
    (void)state;
    exporter_t exporter;
    synfix_error_t error;
    assert_int_equal(exporter_open(&exporter, false, "udp://127.0.0.1:%u", free_port(), &error),
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
    const int fd = listen_at("127.0.0.1", &port);
    assert_int_equal(exporter_open(&exporter, false, "udp://localhost:%u", port, &error), SYNFIX_OK);
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
