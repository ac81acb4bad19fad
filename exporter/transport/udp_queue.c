/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/transport/udp_queue.h"
#include "base/clock.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LINES_MAX 1024u /* of a host with more sockets, the rest of the table is not read */
#define LINE_SIZE 256u
#define NAP_NS    5000000L

/* An address with its port, as the table shows it. */
typedef struct queue_place {
    char text[48];
} queue_place_t;

/* The kernel prints 32 bits at a time, in the byte order of the machine. */
static queue_place_t place_of(const uint8_t *address, size_t bytes, in_port_t port)
{
    queue_place_t place;
    size_t used = 0;
    for (size_t i = 0; i < bytes; i += sizeof(uint32_t)) {
        uint32_t word;
        memcpy(&word, address + i, sizeof word);
        used += (size_t)snprintf(place.text + used, sizeof place.text - used, "%08X", word);
    }
    (void)snprintf(place.text + used, sizeof place.text - used, ":%04X ", ntohs(port));
    return place;
}

static const char *field(const char *line, unsigned number)
{
    line += strspn(line, " ");
    for (; number > 0; number--) {
        line += strcspn(line, " ");
        line += strspn(line, " ");
    }
    return line;
}

static bool is_at(const char *line, const uint8_t *address, size_t bytes, in_port_t port)
{
    static const uint8_t any[sizeof(struct in6_addr)];
    const char *const local = field(line, 1);
    const queue_place_t exact = place_of(address, bytes, port);
    const queue_place_t wildcard = place_of(any, bytes, port);
    return strncmp(local, exact.text, strlen(exact.text)) == 0 ||
           strncmp(local, wildcard.text, strlen(wildcard.text)) == 0;
}

/* An IPv4 address in the form of IPv6 is that IPv4 address. */
static struct sockaddr_storage unmapped(const struct sockaddr *address)
{
    struct sockaddr_storage room = {.ss_family = address->sa_family};
    struct sockaddr_in four = {.sin_family = AF_INET};
    struct sockaddr_in6 six;
    if (address->sa_family != AF_INET6) {
        memcpy(&room, address, sizeof four);
        return room;
    }
    memcpy(&six, address, sizeof six);
    if (IN6_IS_ADDR_V4MAPPED(&six.sin6_addr)) {
        four.sin_port = six.sin6_port;
        memcpy(&four.sin_addr, six.sin6_addr.s6_addr + 12, sizeof four.sin_addr);
        memcpy(&room, &four, sizeof four);
    } else {
        memcpy(&room, &six, sizeof six);
    }
    return room;
}

/* A line of udp6 has addresses of 32 digits. A socket for IPv6 may receive IPv4 as well. */
static bool receives(const char *line, const struct sockaddr_storage *peer)
{
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};
    if (peer->ss_family == AF_INET6) {
        memcpy(&six, peer, sizeof six);
        return is_at(line, six.sin6_addr.s6_addr, sizeof six.sin6_addr, six.sin6_port);
    }
    struct sockaddr_in four;
    memcpy(&four, peer, sizeof four);
    six.sin6_addr.s6_addr[10] = six.sin6_addr.s6_addr[11] = 0xff;
    memcpy(six.sin6_addr.s6_addr + 12, &four.sin_addr, sizeof four.sin_addr);
    return is_at(line, (const uint8_t *)&four.sin_addr, sizeof four.sin_addr, four.sin_port) ||
           is_at(line, six.sin6_addr.s6_addr, sizeof six.sin6_addr, four.sin_port);
}

/* Field 4 is `SENT:RECEIVED`. */
static uint64_t received_bytes(const char *line)
{
    const char *const colon = strchr(field(line, 4), ':');
    return colon != NULL ? strtoull(colon + 1, NULL, 16) : 0;
}

uint64_t udp_queue_read(FILE *table, const struct sockaddr *peer)
{
    const struct sockaddr_storage place = unmapped(peer);
    char line[LINE_SIZE];
    uint64_t longest = 0;
    for (unsigned i = 0; i < LINES_MAX && fgets(line, sizeof line, table) != NULL; i++) {
        if (receives(line, &place)) {
            const uint64_t bytes = received_bytes(line);
            longest = bytes > longest ? bytes : longest;
        }
    }
    return longest;
}

/* Linux chooses the same address for both ends on one host, or one of the loopback network. */
static bool is_this_host(const struct sockaddr_storage *own, const struct sockaddr_storage *peer)
{
    if (own->ss_family != peer->ss_family) {
        return false;
    }
    if (peer->ss_family == AF_INET6) {
        struct sockaddr_in6 here, there;
        memcpy(&here, own, sizeof here);
        memcpy(&there, peer, sizeof there);
        return memcmp(&here.sin6_addr, &there.sin6_addr, sizeof here.sin6_addr) == 0;
    }
    struct sockaddr_in here, there;
    memcpy(&here, own, sizeof here);
    memcpy(&there, peer, sizeof there);
    return here.sin_addr.s_addr == there.sin_addr.s_addr ||
           ntohl(there.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
}

static uint64_t bytes_in(const char *path, const struct sockaddr_storage *peer)
{
    FILE *const table = fopen(path, "re");
    if (table == NULL) {
        return 0;
    }
    const uint64_t bytes = udp_queue_read(table, (const struct sockaddr *)peer);
    (void)fclose(table);
    return bytes;
}

uint64_t udp_queue_bytes(int fd)
{
    struct sockaddr_storage own;
    struct sockaddr_storage peer;
    socklen_t own_size = sizeof own;
    socklen_t peer_size = sizeof peer;
    if (getsockname(fd, (struct sockaddr *)&own, &own_size) != 0 ||
        getpeername(fd, (struct sockaddr *)&peer, &peer_size) != 0) {
        return 0;
    }
    own = unmapped((const struct sockaddr *)&own);
    peer = unmapped((const struct sockaddr *)&peer);
    if (!is_this_host(&own, &peer)) {
        return 0;
    }
    const uint64_t four = peer.ss_family == AF_INET ? bytes_in("/proc/net/udp", &peer) : 0;
    const uint64_t six = bytes_in("/proc/net/udp6", &peer);
    return four > six ? four : six;
}

static bool is_stopping(const udp_queue_t *queue)
{
    return queue->stopping != NULL && atomic_load(queue->stopping);
}

static bool falls_to(const udp_queue_t *queue, int fd, uint64_t bytes)
{
    static const struct timespec nap = {.tv_nsec = NAP_NS};
    const int64_t until_ns = monotonic_ns() + UDP_QUEUE_WAIT_NS;
    while (!is_stopping(queue) && udp_queue_bytes(fd) > bytes) {
        if (monotonic_ns() >= until_ns) {
            return false;
        }
        nanosleep(&nap, NULL);
    }
    return true;
}

void udp_queue_drain(const udp_queue_t *queue, int fd)
{
    (void)falls_to(queue, fd, 0);
}

void udp_queue_wait(udp_queue_t *queue, int fd, size_t bytes)
{
    queue->unchecked += bytes;
    if (queue->unchecked < UDP_QUEUE_CHECK_BYTES || monotonic_ns() < queue->ignored_until_ns) {
        return;
    }
    queue->unchecked = 0;
    if (!falls_to(queue, fd, UDP_QUEUE_LONG)) {
        queue->ignored_until_ns = monotonic_ns() + UDP_QUEUE_PAUSE_NS;
    }
}
