/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/syslog/syslog_sink.h"
#include "support/exporter.h"
#include "support/module_specs.h"
#include <netdb.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#define RECORDS 3u

/* The addresses of the name `two.test`. The linker puts these functions in the place of the name service
 * (tests/unit/CMakeLists.txt). */
static struct sockaddr_in two_places[2];
static struct addrinfo two_addresses[2];

int __real_getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
                       struct addrinfo **list);
int __wrap_getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
                       struct addrinfo **list);
void __real_freeaddrinfo(struct addrinfo *list);
void __wrap_freeaddrinfo(struct addrinfo *list);

int __wrap_getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
                       struct addrinfo **list)
{
    if (strcmp(name, "two.test") != 0) {
        return __real_getaddrinfo(name, service, hints, list);
    }
    *list = two_addresses;
    return 0;
}

void __wrap_freeaddrinfo(struct addrinfo *list)
{
    if (list != two_addresses) {
        __real_freeaddrinfo(list);
    }
}

static void set_addresses(uint16_t first, uint16_t second)
{
    const uint16_t ports[] = {first, second};
    for (unsigned i = 0; i < 2; i++) {
        two_places[i] = (struct sockaddr_in){
            .sin_family = AF_INET, .sin_port = htons(ports[i]), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        two_addresses[i] = (struct addrinfo){.ai_family = AF_INET,
                                             .ai_socktype = SOCK_DGRAM,
                                             .ai_addr = (struct sockaddr *)&two_places[i],
                                             .ai_addrlen = sizeof two_places[i],
                                             .ai_next = i == 0 ? &two_addresses[1] : NULL};
    }
}

static size_t receive(int fd, char *text, size_t size)
{
    struct pollfd waited = {.fd = fd, .events = POLLIN};
    assert_int_equal(poll(&waited, 1, 5000), 1);
    const ssize_t got = recv(fd, text, size - 1, 0);
    assert_true(got >= 0);
    text[got] = '\0';
    return (size_t)got;
}

/* Removes the frames of RFC 6587 at the start of @p text, and returns their number. The rest stays. */
static unsigned take_frames(GString *text)
{
    unsigned frames = 0;
    for (;;) {
        char *end = NULL;
        const unsigned long length = strtoul(text->str, &end, 10);
        const size_t head = (size_t)(end - text->str) + 1;
        if (end == text->str || *end != ' ' || text->len < head + length) {
            return frames;
        }
        assert_int_equal(text->str[head], '<');
        assert_int_equal(text->str[head + length - 1], '}');
        (void)g_string_erase(text, 0, (gssize)(head + length));
        frames++;
    }
}

static void receive_frames(int fd, unsigned wanted)
{
    g_autoptr(GString) text = g_string_new(NULL);
    char piece[4096];
    for (unsigned frames = 0; frames < wanted; frames += take_frames(text)) {
        (void)receive(fd, piece, sizeof piece);
        (void)g_string_append(text, piece);
    }
    assert_int_equal(text->len, 0);
}

static void udp(void **state)
{
    (void)state;
    static exporter_t exporter;
    uint16_t port = 0;
    synfix_error_t error;
    char text[8192];
    const int fd = bound_socket(SOCK_DGRAM, "127.0.0.1", &port);
    g_autofree char *target = g_strdup_printf("syslog://127.0.0.1:%u", port);
    assert_int_equal(exporter_open(&exporter, &syslog_module, false, target, &error), SYNFIX_OK);
    assert_int_equal(exporter_write(&exporter, RECORDS, &error), SYNFIX_OK);
    for (unsigned i = 0; i < RECORDS; i++) {
        (void)receive(fd, text, sizeof text);
        assert_true(g_str_has_prefix(text, "<30>1 "));
        assert_true(g_str_has_suffix(text, "}"));
    }
    assert_int_equal(exporter_stats(&exporter).delivered, RECORDS);
    exporter_close(&exporter);
    close(fd);
}

/* Live, each record is refused and counts as unheard, the first and the last one as well. The log has one
 * line. */
static void udp_without_a_listener(void **state)
{
    (void)state;
    static exporter_t exporter;
    synfix_error_t error;
    set_addresses(unused_port(SOCK_DGRAM), unused_port(SOCK_DGRAM));
    for (unsigned records = 1; records <= RECORDS; records++) {
        assert_int_equal(exporter_open(&exporter, &syslog_module, true, "syslog://two.test", &error),
                         SYNFIX_OK);
        assert_int_equal(exporter_write(&exporter, records, &error), SYNFIX_OK);
        assert_int_equal(exporter.module->sink->finish(exporter.instance, &error), SYNFIX_OK);
        assert_int_equal(exporter_stats(&exporter).unheard, records);
        assert_int_equal(exporter_stats(&exporter).delivered, records);
        assert_string_equal(
            exporter.log->str,
            "syslog: two.test:514: Connection refused: messages are lost while no process listens\n");
        exporter_close(&exporter);
    }
}

/* Opens a sink to `two.test`. The receiver reads one record and ends. */
static void open_to_ended_receiver(exporter_t *exporter, bool live)
{
    synfix_error_t error;
    uint16_t port = 0;
    char text[8192];
    const int fd = bound_socket(SOCK_DGRAM, "127.0.0.1", &port);
    set_addresses(port, port);
    assert_int_equal(exporter_open(exporter, &syslog_module, live, "syslog://two.test", &error), SYNFIX_OK);
    assert_int_equal(exporter_write(exporter, 1, &error), SYNFIX_OK);
    (void)receive(fd, text, sizeof text);
    close(fd);
}

/* From a file, the first message decides. A receiver that ends later costs records, but not the sink. */
static void udp_of_a_file(void **state)
{
    (void)state;
    static exporter_t exporter;
    synfix_error_t error;
    set_addresses(unused_port(SOCK_DGRAM), unused_port(SOCK_DGRAM));
    assert_int_equal(exporter_open(&exporter, &syslog_module, false, "syslog://two.test", &error), SYNFIX_OK);
    assert_int_equal(exporter_write(&exporter, RECORDS, &error), SYNFIX_NOT_FOUND);
    assert_string_equal(error.text, "syslog: two.test:514: Connection refused");
    assert_int_equal(exporter_stats(&exporter).produced, 0); /* the pipeline counts the block */
    exporter_close(&exporter);
    open_to_ended_receiver(&exporter, false);
    assert_int_equal(exporter_write(&exporter, RECORDS, &error), SYNFIX_OK);
    assert_int_equal(exporter.module->sink->finish(exporter.instance, &error), SYNFIX_OK);
    assert_int_equal(exporter_stats(&exporter).unheard, RECORDS);
    exporter_close(&exporter);
}

/* A live sink that sends nothing more finds the refusal at its next tick. */
static void udp_refusal_is_found_without_another_record(void **state)
{
    (void)state;
    static exporter_t exporter;
    synfix_error_t error;
    open_to_ended_receiver(&exporter, true);
    assert_int_equal(exporter_write(&exporter, 1, &error), SYNFIX_OK);
    assert_int_equal(exporter_stats(&exporter).unheard, 0);
    assert_int_equal(exporter_tick(&exporter, &error), SYNFIX_OK);
    assert_int_equal(exporter_stats(&exporter).unheard, 1);
    exporter_close(&exporter);
}

/* One of two addresses refuses: the other one receives all records, whichever is first. */
static void udp_with_two_addresses(void **state)
{
    (void)state;
    static exporter_t exporter;
    synfix_error_t error;
    char text[8192];
    for (unsigned first = 0; first < 2; first++) {
        uint16_t port = 0;
        const int fd = bound_socket(SOCK_DGRAM, "127.0.0.1", &port);
        const uint16_t refuses = unused_port(SOCK_DGRAM);
        set_addresses(first == 0 ? port : refuses, first == 0 ? refuses : port);
        assert_int_equal(exporter_open(&exporter, &syslog_module, false, "syslog://two.test", &error),
                         SYNFIX_OK);
        assert_int_equal(exporter_write(&exporter, RECORDS, &error), SYNFIX_OK);
        for (unsigned i = 0; i < RECORDS; i++) {
            (void)receive(fd, text, sizeof text);
        }
        assert_int_equal(exporter.module->sink->finish(exporter.instance, &error), SYNFIX_OK);
        assert_int_equal(exporter_stats(&exporter).unheard, 0);
        assert_int_equal(exporter.log->len, 0);
        exporter_close(&exporter);
        close(fd);
    }
}

/* A sink over TCP. Returns the listener; @p fd is its connection. */
static int open_tcp(exporter_t *exporter, int *fd)
{
    uint16_t port = 0;
    synfix_error_t error;
    const int listener = bound_socket(SOCK_STREAM, "127.0.0.1", &port);
    assert_int_equal(listen(listener, 4), 0);
    g_autofree char *target = g_strdup_printf("syslog://127.0.0.1:%u?transport=tcp", port);
    assert_int_equal(exporter_open(exporter, &syslog_module, false, target, &error), SYNFIX_OK);
    *fd = accept(listener, NULL, NULL);
    return listener;
}

static void tcp_counts_octets(void **state)
{
    (void)state;
    static exporter_t exporter;
    synfix_error_t error;
    int fd = -1;
    const int listener = open_tcp(&exporter, &fd);
    assert_int_equal(exporter_write(&exporter, RECORDS, &error), SYNFIX_OK);
    receive_frames(fd, RECORDS);
    assert_int_equal(exporter.module->sink->finish(exporter.instance, &error), SYNFIX_OK);
    exporter_close(&exporter);
    close(fd);
    close(listener);
}

/* The receiver closes the connection: the next block arrives whole on a new one. */
static void tcp_connects_again(void **state)
{
    (void)state;
    static exporter_t exporter;
    synfix_error_t error;
    int first = -1;
    const int listener = open_tcp(&exporter, &first);
    assert_int_equal(exporter_write(&exporter, RECORDS, &error), SYNFIX_OK);
    receive_frames(first, RECORDS);
    close(first);
    struct pollfd none = {.fd = -1};
    (void)poll(&none, 1, 50); /* the end of the connection arrives */
    assert_int_equal(exporter_write(&exporter, RECORDS, &error), SYNFIX_OK);
    const int second = accept(listener, NULL, NULL);
    receive_frames(second, RECORDS);
    const synfix_sink_stats_t stats = exporter_stats(&exporter);
    assert_int_equal(stats.delivered, 2 * RECORDS);
    assert_int_equal(stats.reconnects, 1);
    exporter_close(&exporter);
    close(second);
    close(listener);
}

/* @p type: a daemon of either kind at a path. */
static void unix_socket(int type)
{
    static exporter_t exporter;
    synfix_error_t error;
    char text[8192];
    g_autofree char *directory = g_dir_make_tmp("syslog-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(directory, "log", NULL);
    g_autofree char *target = g_strdup_printf("syslog:%s", path);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    (void)g_strlcpy(address.sun_path, path, sizeof address.sun_path);
    int fd = socket(AF_UNIX, type, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    if (type == SOCK_STREAM) {
        assert_int_equal(listen(fd, 1), 0);
    }
    assert_int_equal(exporter_open(&exporter, &syslog_module, false, target, &error), SYNFIX_OK);
    if (type == SOCK_STREAM) {
        const int listener = fd;
        fd = accept(listener, NULL, NULL);
        close(listener);
    }
    assert_int_equal(exporter_write(&exporter, 1, &error), SYNFIX_OK);
    const size_t got = receive(fd, text, sizeof text);
    g_autofree char *wanted = g_strdup_printf("<30>synfix[%ld]: {", (long)getpid());
    assert_true(g_str_has_prefix(text, wanted));
    assert_int_equal(text[got - 1], type == SOCK_STREAM ? '\0' : '}');
    exporter_close(&exporter);
    close(fd);
    (void)unlink(path);
    (void)rmdir(directory);
}

static void unix_datagrams(void **state)
{
    (void)state;
    unix_socket(SOCK_DGRAM);
}

static void unix_stream(void **state)
{
    (void)state;
    unix_socket(SOCK_STREAM);
}

static void live_starts_without_a_receiver(void **state)
{
    (void)state;
    static exporter_t exporter;
    synfix_error_t error;
    g_autofree char *target =
        g_strdup_printf("syslog://127.0.0.1:%u?transport=tcp", unused_port(SOCK_STREAM));
    assert_int_equal(exporter_open(&exporter, &syslog_module, true, target, &error), SYNFIX_OK);
    assert_non_null(strstr(exporter.log->str, "Connection refused"));
    exporter.module->sink->stop(exporter.instance);
    assert_int_equal(exporter_write(&exporter, RECORDS, &error), SYNFIX_OK); /* returns at once */
    assert_int_equal(exporter_stats(&exporter).lost, RECORDS);
    exporter_close(&exporter);
    assert_int_equal(exporter_open(&exporter, &syslog_module, false, target, &error), SYNFIX_DISCONNECTED);
    exporter_close(&exporter);
}

static void mistakes(void **state)
{
    (void)state;
    static const char *const wrong[][2] = {
        {"syslog://127.0.0.1:0", "port '0' is not a port"},
        {"syslog://[::1", "is not an address"},
        {"syslog://host:port", "port 'port' is not a port"},
        {"syslog:/dev/log?transport=tcp", "transport=tcp needs //HOST:PORT"},
        {"syslog://host?transport=unix", "transport=unix needs the path of a socket"},
        {"syslog://host?transport=sctp", "'sctp' is unknown; write udp, tcp, tls or unix"},
        {"syslog://host?severity=loud", "severity: 'loud' is unknown; write emerg, alert, "},
        {"syslog://host?app-name=a b&hostname=", "app-name: 'a b' has a byte"},
        {"syslog://host?app-name=a b&hostname=", "hostname: write 1 to"},
        {"syslog://host?transport=tls&ca=/nowhere", "/nowhere"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        g_autofree char *text = mistakes_of(&syslog_module, wrong[i][0]);
        assert_non_null(strstr(text, wrong[i][1]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(udp),
        cmocka_unit_test(udp_without_a_listener),
        cmocka_unit_test(udp_of_a_file),
        cmocka_unit_test(udp_refusal_is_found_without_another_record),
        cmocka_unit_test(udp_with_two_addresses),
        cmocka_unit_test(tcp_counts_octets),
        cmocka_unit_test(tcp_connects_again),
        cmocka_unit_test(unix_datagrams),
        cmocka_unit_test(unix_stream),
        cmocka_unit_test(live_starts_without_a_receiver),
        cmocka_unit_test(mistakes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
