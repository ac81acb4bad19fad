/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * A datagram becomes a packet: the source writes its IP and UDP headers in front of it, so that the decoder
 * processes received and captured datagrams in the same way.
 */
#include "capture/sflow/sflow_source.h"

#include "base/byte_order.h"
#include "base/clock.h"
#include "base/stop_check.h"
#include "capture/sflow/other_datagram.h"
#include "values/bind_problem.h"
#include "values/endpoint.h"
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define DATAGRAMS    64u /* received in one turn */
#define DATAGRAM_MAX 65536u
#define LINKTYPE_RAW 101u
#define PROTOCOL_UDP 17u
#define UDP_HEADER   8u
#define IPV4_HEADER  20u
#define IPV6_HEADER  40u
#define HEADERS_MAX  (IPV6_HEADER + UDP_HEADER)

typedef struct slot {
    uint8_t bytes[HEADERS_MAX + DATAGRAM_MAX]; /* the headers end where the datagram begins */
} slot_t;

typedef struct sflow {
    const synfix_module_context_t *context; /* may be NULL */
    int fd;
    struct sockaddr_storage local;
    slot_t *slots;
    uint64_t number;
    uint32_t kernel_drops; /* counter of the socket at the last datagram */
    bool other_reported;   /* a datagram of another protocol: logged once */
    _Atomic uint64_t received;
    _Atomic uint64_t dropped;
} sflow_t;

static const synfix_option_t sflow_options[] = {
    {.name = "buffer",
     .type = SYNFIX_OPTION_INTEGER,
     .fallback = "16M",
     .minimum = 65536,
     .maximum = INT64_C(1073741824),
     .help = "bytes of the socket's receive buffer; without CAP_NET_ADMIN at most net.core.rmem_max"},
    {.name = NULL},
};

static synfix_status_t parse_target(const synfix_options_t *options, endpoint_t *endpoint,
                                    synfix_error_t *error)
{
    static const endpoint_rule_t rule = {.form = "sflow://ADDRESS:PORT or sflow://:PORT",
                                         .default_port = SFLOW_PORT_DEFAULT,
                                         .any_host = true};
    return endpoint_parse(synfix_options_target(options), &rule, endpoint, error);
}

static void sflow_check(const synfix_options_t *options, synfix_mistakes_t *mistakes)
{
    endpoint_t endpoint;
    synfix_error_t error;
    synfix_options_check(options, mistakes);
    (void)synfix_mistakes_add(mistakes, NULL, parse_target(options, &endpoint, &error), &error);
}

static int bind_address(const struct addrinfo *at)
{
    const int off = 0;
    const int fd = socket(at->ai_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return -1;
    }
    if (at->ai_family == AF_INET6) { /* `::` receives IPv4 too */
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    }
    if (bind(fd, at->ai_addr, at->ai_addrlen) == 0) {
        return fd;
    }
    const int reason = errno;
    (void)close(fd);
    errno = reason;
    return -1;
}

static synfix_status_t open_socket(sflow_t *sflow, const endpoint_t *endpoint, synfix_error_t *error)
{
    const bool any = endpoint->host[0] == '\0';
    const struct addrinfo hints = {.ai_socktype = SOCK_DGRAM, .ai_flags = AI_PASSIVE | AI_NUMERICHOST};
    const char *const hosts[2] = {any ? "::" : endpoint->host, any ? "0.0.0.0" : NULL};
    const char *reason = NULL;
    int number = 0;
    for (unsigned i = 0; i < 2 && hosts[i] != NULL && sflow->fd < 0; i++) { /* a host may have no IPv6 */
        struct addrinfo *list = NULL;
        const int found = getaddrinfo(hosts[i], endpoint->port, &hints, &list);
        sflow->fd = found == 0 ? bind_address(list) : -1;
        number = found == 0 ? errno : 0;
        reason = found != 0 ? gai_strerror(found) : bind_problem(number);
        if (found == 0) {
            freeaddrinfo(list);
        }
    }
    return sflow->fd >= 0
               ? SYNFIX_OK
               : synfix_fail(error, number == EACCES ? SYNFIX_PERMISSION : SYNFIX_IO, "sflow: %s port %s: %s",
                             any ? "all addresses" : endpoint->host, endpoint->port, reason);
}

static void warn(const synfix_module_context_t *context, const char *text)
{
    if (context != NULL && context->log != NULL) {
        context->log(context->user, 1, text);
    }
}

static void warn_of_buffer(const synfix_module_context_t *context, int granted, int wanted)
{
    char text[160];
    (void)snprintf(text, sizeof text,
                   "sflow: the kernel grants a receive buffer of %d KiB instead of %d KiB; raise "
                   "net.core.rmem_max",
                   granted / 1024, wanted / 1024);
    warn(context, text);
}

static void set_buffer(const sflow_t *sflow, const synfix_module_context_t *context, int buffer)
{
    int granted = 0;
    socklen_t size = sizeof granted;
    /* SO_RCVBUFFORCE needs CAP_NET_ADMIN and is not limited by net.core.rmem_max */
    if (setsockopt(sflow->fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof buffer) != 0) {
        (void)setsockopt(sflow->fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
    }
    /* socket(7): the kernel doubles the value for its own overhead, and returns the double */
    if (getsockopt(sflow->fd, SOL_SOCKET, SO_RCVBUF, &granted, &size) == 0 && granted / 2 < buffer) {
        warn_of_buffer(context, granted / 2, buffer);
    }
}

static void set_up_socket(const sflow_t *sflow)
{
    const int on = 1;
    (void)setsockopt(sflow->fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
    (void)setsockopt(sflow->fd, SOL_SOCKET, SO_RXQ_OVFL, &on, sizeof on);
}

static void sflow_close(void *instance)
{
    sflow_t *sflow = instance;
    if (sflow->fd >= 0) {
        (void)close(sflow->fd);
    }
    free(sflow->slots);
    free(sflow);
}

static synfix_status_t sflow_open(const synfix_module_context_t *context, const synfix_options_t *options,
                                  void **instance, synfix_error_t *error)
{
    endpoint_t endpoint;
    synfix_status_t status = parse_target(options, &endpoint, error);
    if (status != SYNFIX_OK) {
        return status;
    }
    sflow_t *sflow = calloc(1, sizeof *sflow);
    slot_t *slots = malloc(DATAGRAMS * sizeof *slots);
    if (sflow == NULL || slots == NULL) {
        free(sflow);
        free(slots);
        return synfix_fail(error, SYNFIX_NO_MEMORY, "sflow: out of memory");
    }
    sflow->context = context;
    sflow->slots = slots;
    sflow->fd = -1;
    status = open_socket(sflow, &endpoint, error);
    if (status != SYNFIX_OK) {
        sflow_close(sflow);
        return status;
    }
    socklen_t size = sizeof sflow->local;
    (void)getsockname(sflow->fd, (struct sockaddr *)&sflow->local, &size);
    set_up_socket(sflow);
    set_buffer(sflow, context, (int)synfix_options_integer(options, "buffer"));
    *instance = sflow;
    return SYNFIX_OK;
}

/* The decoder recognises sFlow by its standard port, so the header has this port. */
static void write_udp(uint8_t *udp, uint16_t source_port, size_t length)
{
    write_be16(udp, source_port);
    write_be16(udp + 2, SFLOW_PORT_DEFAULT);
    write_be16(udp + 4, (uint16_t)(UDP_HEADER + length));
    write_be16(udp + 6, 0);
}

/* Writes the headers in front of a datagram of @p length bytes. Returns their first byte. */
static uint8_t *write_ipv4(slot_t *slot, size_t length, const uint8_t *source, const uint8_t *local,
                           uint16_t source_port)
{
    static const uint8_t fixed[IPV4_HEADER] = {0x45, [6] = 0x40, [8] = 64, [9] = PROTOCOL_UDP};
    uint8_t *ip = slot->bytes + HEADERS_MAX - UDP_HEADER - IPV4_HEADER;
    memcpy(ip, fixed, sizeof fixed);
    write_be16(ip + 2, (uint16_t)(IPV4_HEADER + UDP_HEADER + length));
    memcpy(ip + 12, source, 4);
    memcpy(ip + 16, local, 4);
    write_udp(ip + IPV4_HEADER, source_port, length);
    return ip;
}

static uint8_t *write_ipv6(slot_t *slot, size_t length, const uint8_t *source, const uint8_t *local,
                           uint16_t source_port)
{
    static const uint8_t fixed[IPV6_HEADER] = {0x60, [6] = PROTOCOL_UDP, [7] = 64};
    uint8_t *ip = slot->bytes;
    memcpy(ip, fixed, sizeof fixed);
    write_be16(ip + 4, (uint16_t)(UDP_HEADER + length));
    memcpy(ip + 8, source, 16);
    memcpy(ip + 24, local, 16);
    write_udp(ip + IPV6_HEADER, source_port, length);
    return ip;
}

static uint8_t *write_headers(const sflow_t *sflow, slot_t *slot, size_t length,
                              const struct sockaddr_storage *from)
{
    static const uint8_t any[4] = {0};
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)from;
    const struct sockaddr_in *four = (const struct sockaddr_in *)from;
    const struct sockaddr_in6 *local6 = (const struct sockaddr_in6 *)&sflow->local;
    const struct sockaddr_in *local4 = (const struct sockaddr_in *)&sflow->local;
    if (from->ss_family == AF_INET) {
        return write_ipv4(slot, length, (const uint8_t *)&four->sin_addr, (const uint8_t *)&local4->sin_addr,
                          ntohs(four->sin_port));
    }
    if (IN6_IS_ADDR_V4MAPPED(&six->sin6_addr)) {
        return write_ipv4(slot, length, six->sin6_addr.s6_addr + 12, any, ntohs(six->sin6_port));
    }
    return write_ipv6(slot, length, six->sin6_addr.s6_addr, local6->sin6_addr.s6_addr, ntohs(six->sin6_port));
}

/* Time of arrival, and the kernel's counter of datagrams that did not fit into the buffer. */
static int64_t read_control(sflow_t *sflow, struct msghdr *message)
{
    int64_t time_ns = 0;
    for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part != NULL; part = CMSG_NXTHDR(message, part)) {
        if (part->cmsg_level != SOL_SOCKET) {
            continue;
        }
        if (part->cmsg_type == SCM_TIMESTAMPNS) {
            struct timespec at;
            memcpy(&at, CMSG_DATA(part), sizeof at);
            time_ns = (int64_t)at.tv_sec * 1000000000 + at.tv_nsec;
        } else if (part->cmsg_type == SO_RXQ_OVFL) {
            uint32_t drops = 0;
            memcpy(&drops, CMSG_DATA(part), sizeof drops);
            atomic_fetch_add_explicit(&sflow->dropped, (uint32_t)(drops - sflow->kernel_drops),
                                      memory_order_relaxed);
            sflow->kernel_drops = drops;
        }
    }
    return time_ns != 0 ? time_ns : wall_ns();
}

static void report_other(sflow_t *sflow, const uint8_t *bytes, size_t length,
                         const struct sockaddr_storage *from)
{
    const char *const protocol = sflow_other_protocol(bytes, length);
    if (protocol != NULL) {
        char text[320];
        sflow_describe_other(protocol, from, text, sizeof text);
        warn(sflow->context, text);
        sflow->other_reported = true;
    }
}

/* Receives one datagram. False: no datagram is waiting, or a failure with errno. */
static bool receive(sflow_t *sflow, slot_t *slot, synfix_packet_t *packet)
{
    struct sockaddr_storage from;
    _Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(struct timespec)) + CMSG_SPACE(sizeof(uint32_t))];
    struct iovec part = {.iov_base = slot->bytes + HEADERS_MAX, .iov_len = DATAGRAM_MAX};
    struct msghdr message = {.msg_name = &from,
                             .msg_namelen = sizeof from,
                             .msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control,
                             .msg_controllen = sizeof control};
    const ssize_t got = recvmsg(sflow->fd, &message, 0);
    if (got < 0) {
        return false;
    }
    if (!sflow->other_reported) {
        report_other(sflow, slot->bytes + HEADERS_MAX, (size_t)got, &from);
    }
    uint8_t *begin = write_headers(sflow, slot, (size_t)got, &from);
    const uint32_t length = (uint32_t)(slot->bytes + HEADERS_MAX - begin) + (uint32_t)got;
    *packet = (synfix_packet_t){.data = begin,
                                .captured_length = length,
                                .original_length = length,
                                .time_ns = read_control(sflow, &message),
                                .number = ++sflow->number,
                                .link_type = LINKTYPE_RAW};
    return true;
}

static synfix_status_t sflow_read(void *instance, synfix_packet_t *packets, size_t capacity, size_t *count,
                                  synfix_error_t *error)
{
    sflow_t *sflow = instance;
    struct pollfd waited = {.fd = sflow->fd, .events = POLLIN};
    const size_t wanted = capacity < DATAGRAMS ? capacity : DATAGRAMS;
    *count = 0;
    errno = 0;
    while (*count < wanted && receive(sflow, &sflow->slots[*count], &packets[*count])) {
        ++*count;
    }
    atomic_fetch_add_explicit(&sflow->received, *count, memory_order_relaxed);
    if (*count > 0) {
        return SYNFIX_OK;
    }
    if (errno != 0 && errno != EAGAIN && errno != EINTR) {
        return synfix_fail(error, SYNFIX_IO, "sflow: %s", strerror(errno));
    }
    (void)poll(&waited, 1, STOP_CHECK_MS);
    return SYNFIX_AGAIN;
}

static void sflow_stats(void *instance, synfix_source_stats_t *stats)
{
    sflow_t *sflow = instance;
    *stats = (synfix_source_stats_t){.received = atomic_load_explicit(&sflow->received, memory_order_relaxed),
                                     .dropped_kernel =
                                         atomic_load_explicit(&sflow->dropped, memory_order_relaxed)};
}

static const synfix_source_t sflow_source = {
    .open = sflow_open, .read = sflow_read, .stats = sflow_stats, .close = sflow_close};

const synfix_module_t capture_sflow_module = {
    .abi = SYNFIX_MODULE_ABI,
    .size = sizeof(synfix_module_t),
    .kind = SYNFIX_MODULE_SOURCE,
    .name = "sflow",
    .summary = "sampled packet headers of sFlow version 5, received over UDP: sflow://[ADDRESS]:PORT",
    .options = sflow_options,
    .source = &sflow_source,
    .check = sflow_check,
};
