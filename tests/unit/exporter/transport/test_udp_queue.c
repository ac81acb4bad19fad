/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporter/transport/udp_queue.h"
#include "support/skip.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define DATAGRAMS 600
#define SIZE      1400

static struct sockaddr_storage at(const char *text, uint16_t port)
{
    struct sockaddr_storage room = {.ss_family = AF_INET6};
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    if (inet_pton(AF_INET, text, &four.sin_addr) == 1) {
        memcpy(&room, &four, sizeof four);
    } else {
        assert_int_equal(inet_pton(AF_INET6, text, &six.sin6_addr), 1);
        memcpy(&room, &six, sizeof six);
    }
    return room;
}

/* The kernel's form of @p text, in the byte order of the machine. */
static const char *hex(const char *text)
{
    static char out[33];
    uint8_t bytes[16];
    const int words = inet_pton(AF_INET, text, bytes) == 1    ? 1
                      : inet_pton(AF_INET6, text, bytes) == 1 ? 4
                                                              : 0;
    assert_int_not_equal(words, 0);
    for (int i = 0; i < words; i++) {
        uint32_t word;
        memcpy(&word, bytes + 4 * i, sizeof word);
        (void)snprintf(out + (ptrdiff_t)8 * i, 9, "%08X", word);
    }
    return out;
}

/* Which sockets receive what is sent to an address, and which do not. */
static void test_table(void **state)
{
    (void)state;
    static const struct {
        const char *socket;
        unsigned port;
        const char *peer;
        uint64_t bytes;
    } cases[] = {{"127.0.0.1", 4739, "127.0.0.1", 0x1a2b},
                 {"0.0.0.0", 4739, "127.0.0.1", 0x1a2b},
                 {"127.0.0.2", 4739, "127.0.0.1", 0},
                 {"127.0.0.1", 4740, "127.0.0.1", 0},
                 {"::", 4739, "127.0.0.1", 0x1a2b},
                 {"::ffff:127.0.0.1", 4739, "127.0.0.1", 0x1a2b},
                 {"::1", 4739, "127.0.0.1", 0},
                 {"127.0.0.1", 4739, "::ffff:127.0.0.1", 0x1a2b},
                 {"0.0.0.0", 4739, "::ffff:127.0.0.1", 0x1a2b},
                 {"::", 4739, "::ffff:127.0.0.1", 0x1a2b},
                 {"::ffff:127.0.0.1", 4739, "::ffff:127.0.0.1", 0x1a2b},
                 {"127.0.0.1", 4739, "::ffff:127.0.0.2", 0},
                 {"::1", 4739, "::1", 0x1a2b},
                 {"2001:db8::1", 4739, "2001:db8::1", 0x1a2b},
                 {"2001:db8::2", 4739, "2001:db8::1", 0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[512];
        (void)snprintf(
            text, sizeof text,
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n"
            " 2451: %s:%04X 00000000:0000 07 00000009:00001A2B 00:00000000 00000000     0        0 1 2 3 0\n"
            "12451: %s:%04X 00000000:0000 07 00000000:00000001 00:00000000 00000000     0        0 1 2 3 0\n",
            hex(cases[i].socket), cases[i].port, hex(cases[i].socket), cases[i].port);
        FILE *const table = fmemopen(text, strlen(text), "r");
        assert_non_null(table);
        const struct sockaddr_storage peer = at(cases[i].peer, 4739);
        assert_int_equal(udp_queue_read(table, (const struct sockaddr *)&peer), cases[i].bytes);
        (void)fclose(table);
    }
}

static void test_broken_table(void **state)
{
    (void)state;
    char text[] = "\n1\n 1: 0100007F:1283\n 1: 0100007F:1283 00000000:0000 07 1\n: : : : :\n";
    FILE *const table = fmemopen(text, strlen(text), "r");
    assert_non_null(table);
    const struct sockaddr_storage peer = at("127.0.0.1", 4739);
    assert_int_equal(udp_queue_read(table, (const struct sockaddr *)&peer), 0);
    (void)fclose(table);
}

typedef struct link {
    int sender;
    int receiver;
    atomic_bool sent;
    unsigned received;
} link_t;

/* The address of @p socket, of either family, in the form of IPv6. */
static struct sockaddr_in6 mapped(const struct sockaddr_storage *socket)
{
    struct sockaddr_in four;
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};
    memcpy(&four, socket, sizeof four);
    six.sin6_port = four.sin_port;
    six.sin6_addr.s6_addr[10] = six.sin6_addr.s6_addr[11] = 0xff;
    memcpy(six.sin6_addr.s6_addr + 12, &four.sin_addr, sizeof four.sin_addr);
    return six;
}

/* @p address: where the collector listens. @p sends_as: the family of the sender's socket. */
static link_t open_link(const char *address, sa_family_t sends_as)
{
    struct sockaddr_storage place = at(address, 0);
    socklen_t size = place.ss_family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
    link_t link = {.sender = socket(sends_as, SOCK_DGRAM | SOCK_CLOEXEC, 0),
                   .receiver = socket(place.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    const int buffer = 106496; /* the kernel doubles it: the default of Linux */
    assert_true(link.sender >= 0 && link.receiver >= 0);
    assert_int_equal(setsockopt(link.receiver, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer), 0);
    assert_int_equal(bind(link.receiver, (const struct sockaddr *)&place, size), 0);
    assert_int_equal(getsockname(link.receiver, (struct sockaddr *)&place, &size), 0);
    if (sends_as != place.ss_family) {
        const struct sockaddr_in6 six = mapped(&place);
        memcpy(&place, &six, sizeof six);
        size = sizeof six;
    }
    assert_int_equal(connect(link.sender, (const struct sockaddr *)&place, size), 0);
    return link;
}

static void close_link(const link_t *link)
{
    (void)close(link->sender);
    (void)close(link->receiver);
}

static bool read_one(link_t *link)
{
    char room[SIZE];
    const bool got = recv(link->receiver, room, sizeof room, MSG_DONTWAIT) == SIZE;
    link->received += got ? 1 : 0;
    return got;
}

static void test_bytes(void **state)
{
    (void)state;
    static const char datagram[SIZE];
    static const struct {
        const char *address;
        sa_family_t sends_as;
    } cases[] = {{"127.0.0.1", AF_INET},
                 {"127.1.2.3", AF_INET},
                 {"127.0.0.1", AF_INET6},
                 {"127.1.2.3", AF_INET6},
                 {"::1", AF_INET6}};
    if (access("/proc/net/udp", R_OK) != 0) {
        SKIP("/proc/net/udp cannot be read; mount /proc");
    }
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        link_t link = open_link(cases[i].address, cases[i].sends_as);
        assert_int_equal(udp_queue_bytes(link.sender), 0);
        assert_int_equal(send(link.sender, datagram, sizeof datagram, 0), SIZE);
        assert_in_range(udp_queue_bytes(link.sender), SIZE, 10 * SIZE);
        assert_true(read_one(&link));
        assert_int_equal(udp_queue_bytes(link.sender), 0);
        close_link(&link);
    }
    assert_int_equal(udp_queue_bytes(-1), 0);
}

/* A collector that reads only when much waits for it. */
static void *read_late(void *user)
{
    link_t *const link = user;
    while (!atomic_load(&link->sent)) {
        if (udp_queue_bytes(link->sender) > UDP_QUEUE_LONG) {
            while (read_one(link)) {
            }
        }
    }
    while (read_one(link)) {
    }
    return NULL;
}

/* Nothing is lost, although far more is sent than the buffer holds. */
static void test_wait(void **state)
{
    (void)state;
    static const char datagram[SIZE];
    link_t link = open_link("127.0.0.1", AF_INET);
    udp_queue_t queue = {.unchecked = 0};
    pthread_t reader;
    assert_int_equal(pthread_create(&reader, NULL, read_late, &link), 0);
    for (int i = 0; i < DATAGRAMS; i++) {
        udp_queue_wait(&queue, link.sender, sizeof datagram);
        assert_int_equal(send(link.sender, datagram, sizeof datagram, 0), SIZE);
    }
    atomic_store(&link.sent, true);
    assert_int_equal(pthread_join(reader, NULL), 0);
    assert_int_equal(link.received, DATAGRAMS);
    udp_queue_drain(&queue, link.sender);
    close_link(&link);
}

/* A collector that never reads is not waited for each time. */
static void test_dead_collector(void **state)
{
    (void)state;
    static const char datagram[SIZE];
    link_t link = open_link("127.0.0.1", AF_INET);
    udp_queue_t queue = {.unchecked = 0};
    for (int i = 0; i < DATAGRAMS; i++) {
        udp_queue_wait(&queue, link.sender, sizeof datagram);
        assert_int_equal(send(link.sender, datagram, sizeof datagram, 0), SIZE);
    }
    assert_true(queue.ignored_until_ns > 0);
    close_link(&link);
}

/* After a stop nothing is waited for: the collector counts as one that is behind only after a wait. */
static void test_stop(void **state)
{
    (void)state;
    static const char datagram[SIZE];
    link_t link = open_link("127.0.0.1", AF_INET);
    const atomic_bool stopping = true;
    udp_queue_t queue = {.stopping = &stopping};
    for (int i = 0; i < DATAGRAMS; i++) {
        udp_queue_wait(&queue, link.sender, sizeof datagram);
        assert_int_equal(send(link.sender, datagram, sizeof datagram, 0), SIZE);
    }
    udp_queue_drain(&queue, link.sender);
    assert_int_equal(queue.ignored_until_ns, 0);
    close_link(&link);
}

typedef struct stopped_wait {
    link_t link;
    udp_queue_t queue;
    atomic_bool stopping;
} stopped_wait_t;

static void *wait_for_turn(void *user)
{
    stopped_wait_t *const wait = user;
    udp_queue_wait(&wait->queue, wait->link.sender, UDP_QUEUE_CHECK_BYTES);
    return NULL;
}

/* A stop ends a wait that has begun, while the collector has read nothing. */
static void test_stop_during_wait(void **state)
{
    (void)state;
    static const char datagram[SIZE];
    stopped_wait_t wait = {.link = open_link("127.0.0.1", AF_INET)};
    pthread_t waiter;
    wait.queue.stopping = &wait.stopping;
    for (int i = 0; i < DATAGRAMS; i++) {
        assert_int_equal(send(wait.link.sender, datagram, sizeof datagram, 0), SIZE);
    }
    assert_int_equal(pthread_create(&waiter, NULL, wait_for_turn, &wait), 0);
    atomic_store(&wait.stopping, true);
    assert_int_equal(pthread_join(waiter, NULL), 0);
    assert_int_equal(wait.queue.ignored_until_ns, 0);
    close_link(&wait.link);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),           cmocka_unit_test(test_broken_table),
        cmocka_unit_test(test_bytes),           cmocka_unit_test(test_wait),
        cmocka_unit_test(test_dead_collector),  cmocka_unit_test(test_stop),
        cmocka_unit_test(test_stop_during_wait)};
    return tests_exit_code(cmocka_run_group_tests(tests, NULL, NULL));
}
