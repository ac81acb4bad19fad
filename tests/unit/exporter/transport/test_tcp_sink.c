/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The sink tcp against collectors of the test itself, which accept, read, close and come back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/transport/tcp_sink.h"
#include "exporter/transport/transport_modules.h"
#include "support/exporter.h"
#include "support/temporary_directory.h"
#include <glib/gstdio.h>
#include <poll.h>
#include <string.h>

/* A collector that counts the records of the data sets that it receives. */
typedef struct collector {
    int listener;
    int peer; /* -1: not accepted yet */
    uint16_t port;
    GByteArray *bytes;
} collector_t;

static void collector_open(collector_t *collector, uint16_t port)
{
    *collector = (collector_t){.peer = -1, .port = port, .bytes = g_byte_array_new()};
    collector->listener = bound_socket(SOCK_STREAM, "127.0.0.1", &collector->port);
    assert_int_equal(listen(collector->listener, 4), 0);
}

static void collector_drop(collector_t *collector)
{
    if (collector->peer >= 0) {
        close(collector->peer);
        collector->peer = -1;
    }
}

static void collector_close(collector_t *collector)
{
    collector_drop(collector);
    if (collector->listener >= 0) {
        close(collector->listener);
    }
    g_byte_array_unref(collector->bytes);
}

/* Ends the connection and the listening socket: connections are refused from now on. */
static void collector_stop(collector_t *collector)
{
    collector_drop(collector);
    close(collector->listener);
    collector->listener = -1;
    g_byte_array_set_size(collector->bytes, 0);
}

static bool is_readable(int fd)
{
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    return poll(&wait, 1, 20) > 0;
}

static void collector_read(collector_t *collector)
{
    uint8_t bytes[65536];
    if (collector->peer < 0 && is_readable(collector->listener)) {
        collector->peer = accept(collector->listener, NULL, NULL);
    }
    while (collector->peer >= 0 && is_readable(collector->peer)) {
        const ssize_t length = recv(collector->peer, bytes, sizeof bytes, 0);
        if (length <= 0) {
            collector_drop(collector);
            return;
        }
        g_byte_array_append(collector->bytes, bytes, (guint)length);
    }
}

static unsigned be16(const uint8_t *at)
{
    return (unsigned)(at[0] << 8 | at[1]);
}

/* Messages that begin with a data set of observations: ids of data templates are far above 256. */
static unsigned collector_messages(const collector_t *collector)
{
    unsigned count = 0;
    for (guint at = 0; at + 20 <= collector->bytes->len; at += be16(collector->bytes->data + at + 2)) {
        assert_int_equal(be16(collector->bytes->data + at), 10);
        count += be16(collector->bytes->data + at + 16) >= 1024;
    }
    return count;
}

/* Lets sink and collector run until @p wanted messages arrived. False: not within ten seconds. */
static bool arrives(exporter_t *exporter, collector_t *collector, unsigned wanted)
{
    const int64_t until_us = g_get_monotonic_time() + 10000000;
    synfix_error_t error;
    while (collector_messages(collector) < wanted && g_get_monotonic_time() < until_us) {
        assert_int_equal(exporter_tick(exporter, &error), SYNFIX_OK);
        collector_read(collector);
    }
    return collector_messages(collector) == wanted;
}

/* Until the log has @p text, while the timer of the sink runs. */
static bool logs(exporter_t *exporter, const char *text)
{
    const int64_t until_us = g_get_monotonic_time() + 10000000;
    synfix_error_t error;
    while (strstr(exporter->log->str, text) == NULL && g_get_monotonic_time() < until_us) {
        assert_int_equal(exporter_tick(exporter, &error), SYNFIX_OK);
        g_usleep(2000);
    }
    return strstr(exporter->log->str, text) != NULL;
}

static synfix_status_t open_tcp(exporter_t *exporter, bool live, uint16_t port, const char *options,
                                synfix_error_t *error)
{
    g_autofree char *target = g_strdup_printf("tcp://127.0.0.1:%u%s", (unsigned)port, options);
    const synfix_status_t status = exporter_open(exporter, &tcp_module, live, target, error);
    if (status == SYNFIX_OK) {
        assert_int_equal(tcp_module.sink->start(exporter->instance, error), SYNFIX_OK);
    }
    return status;
}

static void messages_are_sent_again_after_a_break(void **state)
{
    (void)state;
    exporter_t exporter;
    collector_t collector;
    synfix_error_t error;
    collector_open(&collector, 0);
    assert_int_equal(open_tcp(&exporter, true, collector.port, "", &error), SYNFIX_OK);
    assert_int_equal(exporter_write(&exporter, 3, &error), SYNFIX_OK);
    assert_true(arrives(&exporter, &collector, 1));
    const uint16_t port = collector.port;
    collector_stop(&collector);
    assert_true(logs(&exporter, "connection lost"));
    assert_int_equal(exporter_write(&exporter, 2, &error), SYNFIX_OK);
    assert_int_equal(exporter_stats(&exporter).pending, 2);
    collector_close(&collector);
    collector_open(&collector, port);
    assert_true(arrives(&exporter, &collector, 2)); /* the first one again, because TCP hides what was read */
    const synfix_sink_stats_t stats = exporter_stats(&exporter);
    assert_int_equal(stats.delivered, 5);
    assert_int_equal(stats.pending, 0);
    assert_int_equal(stats.lost, 0);
    assert_int_equal(stats.reconnects, 1);
    exporter_close(&exporter);
    collector_close(&collector);
}

static void memory_is_bounded_while_the_collector_is_away(void **state)
{
    (void)state;
    exporter_t exporter;
    synfix_error_t error;
    assert_int_equal(open_tcp(&exporter, true, unused_port(SOCK_STREAM), "?retain=65536&size=16384", &error),
                     SYNFIX_OK);
    for (unsigned i = 0; i < 40; i++) {
        assert_int_equal(exporter_write(&exporter, 20, &error), SYNFIX_OK);
    }
    const synfix_sink_stats_t stats = exporter_stats(&exporter);
    assert_int_equal(stats.produced, 800);
    assert_true(stats.lost > 0);
    assert_int_equal(stats.pending + stats.lost, 800);
    assert_non_null(strstr(exporter.log->str, "oldest records are lost"));
    exporter_close(&exporter);
}

/* A bound above the number that size_t can hold would wrap to a small one, here to none at all. */
static void the_greatest_memory_is_one_that_can_be_addressed(void **state)
{
    (void)state;
    exporter_t exporter;
    synfix_error_t error;
    synfix_options_t *options = NULL;
    const char *greatest = "?retain=4294967296";
    if (SIZE_MAX == UINT32_MAX) {
        assert_int_equal(parse_options(&tcp_module, "tcp://127.0.0.1:9?retain=4294967296", &options, &error),
                         SYNFIX_INVALID);
        assert_non_null(strstr(error.text, "1G"));
        greatest = "?retain=1073741824";
    }
    assert_int_equal(open_tcp(&exporter, true, unused_port(SOCK_STREAM), greatest, &error), SYNFIX_OK);
    for (unsigned i = 0; i < 40; i++) {
        assert_int_equal(exporter_write(&exporter, 20, &error), SYNFIX_OK);
    }
    assert_int_equal(exporter_stats(&exporter).lost, 0);
    assert_int_equal(exporter_stats(&exporter).pending, 800);
    exporter_close(&exporter);
}

static void the_spool_keeps_records_across_runs(void **state)
{
    (void)state;
    char *const directory = temporary_directory_new();
    g_autofree char *options = g_strdup_printf("?spool=%s", directory);
    const uint16_t port = unused_port(SOCK_STREAM);
    exporter_t exporter;
    collector_t collector;
    synfix_error_t error;
    assert_int_equal(open_tcp(&exporter, true, port, options, &error), SYNFIX_OK);
    assert_int_equal(exporter_write(&exporter, 4, &error), SYNFIX_OK);
    assert_int_equal(exporter_stats(&exporter).spooled, 4);
    exporter_close(&exporter);

    collector_open(&collector, port);
    assert_int_equal(open_tcp(&exporter, true, port, options, &error), SYNFIX_OK);
    assert_true(arrives(&exporter, &collector, 1));
    const synfix_sink_stats_t stats = exporter_stats(&exporter);
    assert_int_equal(stats.found, 4);
    assert_int_equal(stats.delivered, 4);
    exporter_close(&exporter);
    collector_close(&collector);
    assert_int_equal(temporary_directory_remove(directory), 0);
}

/* The reading end of the closing handshake runs beside finish(). */
static gpointer read_to_the_end(gpointer user)
{
    collector_t *const collector = user;
    for (int i = 0; i < 500; i++) {
        collector_read(collector);
        if (collector->peer < 0 && collector->bytes->len > 0) {
            break;
        }
    }
    return NULL;
}

static void the_next_collector_is_used_until_the_first_returns(void **state)
{
    (void)state;
    const uint16_t port = unused_port(SOCK_STREAM);
    exporter_t exporter;
    collector_t first;
    collector_t second;
    synfix_error_t error;
    collector_open(&second, 0);
    g_autofree char *options = g_strdup_printf("?failover=127.0.0.1:%u&failback=10ms", (unsigned)second.port);
    assert_int_equal(open_tcp(&exporter, true, port, options, &error), SYNFIX_OK);
    assert_non_null(strstr(exporter.log->str, "are unreachable"));
    assert_int_equal(exporter_write(&exporter, 1, &error), SYNFIX_OK);
    assert_true(arrives(&exporter, &second, 1));
    collector_open(&first, port);
    GThread *const reader = g_thread_new("reader", read_to_the_end, &second);
    g_autofree char *again = g_strdup_printf("connected to 127.0.0.1:%u again", (unsigned)port);
    assert_true(logs(&exporter, again));
    g_thread_join(reader);
    assert_int_equal(exporter_write(&exporter, 1, &error), SYNFIX_OK);
    assert_true(arrives(&exporter, &first, 1));
    exporter_close(&exporter);
    collector_close(&first);
    collector_close(&second);
}

static void a_file_fails_without_a_collector(void **state)
{
    (void)state;
    exporter_t exporter;
    collector_t collector;
    synfix_error_t error;
    assert_int_equal(open_tcp(&exporter, false, unused_port(SOCK_STREAM), "", &error), SYNFIX_DISCONNECTED);
    exporter_close(&exporter);

    /* a collector that goes away and does not return */
    collector_open(&collector, 0);
    assert_int_equal(open_tcp(&exporter, false, collector.port, "?sink-timeout=1ms", &error), SYNFIX_OK);
    collector_read(&collector);
    collector_stop(&collector);
    synfix_status_t status = SYNFIX_OK;
    for (unsigned i = 0; i < 10 && status == SYNFIX_OK; i++) {
        status = exporter_write(&exporter, 1, &error);
    }
    assert_int_equal(status, SYNFIX_DISCONNECTED);
    assert_non_null(strstr(error.text, "was unreachable for"));
    exporter_close(&exporter);
    collector_close(&collector);
}

static void a_file_goes_on_into_the_spool(void **state)
{
    (void)state;
    char *const directory = temporary_directory_new();
    g_autofree char *options = g_strdup_printf("?sink-timeout=1ms&spool=%s", directory);
    exporter_t exporter;
    synfix_error_t error;
    assert_int_equal(open_tcp(&exporter, false, unused_port(SOCK_STREAM), options, &error), SYNFIX_OK);
    assert_int_equal(exporter_write(&exporter, 2, &error), SYNFIX_OK);
    assert_int_equal(exporter_write(&exporter, 2, &error), SYNFIX_OK);
    assert_int_equal(tcp_module.sink->finish(exporter.instance, &error), SYNFIX_OK);
    assert_int_equal(exporter_stats(&exporter).spooled, 4);
    assert_non_null(strstr(exporter.log->str, "spool"));
    exporter_close(&exporter);
    assert_int_equal(temporary_directory_remove(directory), 0);
}

static void the_end_waits_for_the_collector(void **state)
{
    (void)state;
    exporter_t exporter;
    collector_t collector;
    synfix_error_t error;
    collector_open(&collector, 0);
    assert_int_equal(open_tcp(&exporter, false, collector.port, "", &error), SYNFIX_OK);
    assert_int_equal(exporter_write(&exporter, 7, &error), SYNFIX_OK);
    GThread *const reader = g_thread_new("reader", read_to_the_end, &collector);
    assert_int_equal(tcp_module.sink->finish(exporter.instance, &error), SYNFIX_OK);
    g_thread_join(reader);
    assert_int_equal(collector_messages(&collector), 1);
    assert_int_equal(exporter_stats(&exporter).delivered, 7);
    exporter_close(&exporter);
    collector_close(&collector);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_are_sent_again_after_a_break),
        cmocka_unit_test(memory_is_bounded_while_the_collector_is_away),
        cmocka_unit_test(the_greatest_memory_is_one_that_can_be_addressed),
        cmocka_unit_test(the_spool_keeps_records_across_runs),
        cmocka_unit_test(the_next_collector_is_used_until_the_first_returns),
        cmocka_unit_test(a_file_fails_without_a_collector),
        cmocka_unit_test(a_file_goes_on_into_the_spool),
        cmocka_unit_test(the_end_waits_for_the_collector),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
